"""Writes the tables of a query as KQL text, for engines that cannot be given tables."""
import json
import re

LITERALS = {"datetime": "datetime({})", "timespan": "timespan({})", "guid": "guid({})"}
NOT_FINITE = {"NaN": "real(nan)", "Infinity": "real(+inf)", "-Infinity": "real(-inf)"}
# A name in brackets; not a subscript, nor text in quotes.
BRACKETED = re.compile(r"""(?<![\w\])'"])\[["']([A-Za-z_]\w*)["']\](?!['"])""")
# Only the escapes that every engine supports; other characters are not escaped.
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def string(text):
    return f'"{text.translate(ESCAPES)}"'


def literal(value, kind):
    """Return a JSON value as a literal of a type of KQL."""
    if kind == "dynamic":
        return f"dynamic({json.dumps(value, ensure_ascii=False)})"
    if value is None:
        return '""' if kind == "string" else f"{kind}(null)"
    if kind in LITERALS:
        return LITERALS[kind].format(value)
    if kind == "real" and value in NOT_FINITE:
        return NOT_FINITE[value]
    return string(value) if kind == "string" else json.dumps(value)


def simplify(text):
    """Write `dynamic(…)` as `parse_json("…")` and `["name"]` as `name`, for engines that lack these forms."""
    first, *others = text.split("dynamic(")
    return BRACKETED.sub(r"\1", first + "".join(map(dynamic_as_json, others)))


def dynamic_as_json(text):
    for json_text in (text, text.replace("'", '"')):
        try:
            value, end = json.JSONDecoder().raw_decode(json_text)
            return f"parse_json({string(json.dumps(value, ensure_ascii=False))}" + text[end:]
        except ValueError:
            pass
    return "dynamic(" + text


def datatable(table):
    if not table["columns"]:  # KQL has no such table
        table = {"columns": [{"name": "_", "type": "long"}], "rows": [[0] for _ in table["rows"]]}
    header = ", ".join(f'["{column["name"]}"]: {column["type"]}' for column in table["columns"])
    kinds = [column["type"] for column in table["columns"]]
    cells = [literal(cell, kind) for row in table["rows"] for cell, kind in zip(row, kinds)]
    return f"datatable({header})[{', '.join(cells)}]"


def script(text, tables):
    """Return a query with its tables: in place of their name if the query begins with it, and
    otherwise declared before it."""
    if len(tables) == 1:
        [(name, table)] = tables.items()
        if text.startswith((f"{name} ", f"{name}\n")) or text == name:
            return datatable(table) + text[len(name):]
    return "".join(f"let {name} = {datatable(table)};\n" for name, table in tables.items()) + text
