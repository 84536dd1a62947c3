"""A call of protocol 1 as KQL text: a table, and what is piped from it."""
import json
import pathlib

RULE = pathlib.Path(__file__).parent.parent / "spec" / "rule.kql"
WRITTEN = {"datetime": "datetime({})", "timespan": "timespan({})", "guid": "guid({})"}


def literal(value, kind=None):
    """A JSON value as a KQL literal, of a column type where one is given."""
    if value is None:
        return '""' if kind == "string" else f"{kind or 'dynamic'}(null)"
    if kind in WRITTEN:
        return WRITTEN[kind].format(value)
    if kind == "dynamic" or isinstance(value, (list, dict)):
        return f"dynamic({json.dumps(value, ensure_ascii=False)})"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def datatable(columns, rows):
    """A table as KQL text; columns are pairs of name and type."""
    heads = ", ".join(f'["{name}"]: {kind}' for name, kind in columns)
    cells = [literal(cell, kind) for row in rows for cell, (_, kind) in zip(row, columns)]
    return f"datatable({heads})[{', '.join(cells)}]"


def expression(fn, args):
    text = [literal(arg) for arg in args]
    if fn in ("=~", "has"):
        return f"{text[0]} {fn} {text[1]}"
    if fn == "has_any":
        return f"{text[0]} has_any ({', '.join(map(literal, args[1])) or 'dynamic([])'})"
    if fn == "[]":
        return f"{text[0]}[{text[1]}]"
    if fn == "iff":
        text[0] = literal(args[0], "bool")
    return f"{fn}({', '.join(text)})"


def pipeline(fn, args):
    """The columns and rows of a call's table, what is piped from it, and whether
    the answer is one cell of the result, its columns, or all of it."""
    if fn in ("where", "extend", "bitsadmin_activity"):
        columns = [(column["name"], column["type"]) for column in args[0]["columns"]]
        if fn == "where":
            stage = f"| where {args[1]}"
        elif fn == "extend":
            stage = "| extend " + ", ".join(f"{name} = {source}" for name, source in args[1])
        else:
            stage = RULE.read_text().split("\n", 1)[1]
        return columns, args[0]["rows"], stage, "table"
    if fn == "project-reorder":
        return [(name, "long") for name in args[0]], [], f"| project-reorder {', '.join(args[1])}", "columns"
    if fn == "column_ifexists":
        kinds = {str: "string", bool: "bool", int: "long", float: "real"}
        columns = [(name, kinds.get(type(cell), "dynamic")) for name, cell in args[0].items()]
        stage = f"| project answer = column_ifexists({literal(args[1])}, {literal(args[2])})"
        return columns, [list(args[0].values())], stage, "cell"
    return [("one", "long")], [[1]], f"| project answer = {expression(fn, args)}", "cell"
