"""Converts a call of protocol 1 to KQL text: a table, and a pipeline that starts from it."""
import json
import pathlib

KINDS = {str: "string", bool: "bool", int: "long", float: "real"}
RULE = pathlib.Path(__file__).parent.parent / "spec" / "rule.kql"
LITERALS = {"datetime": "datetime({})", "timespan": "timespan({})", "guid": "guid({})"}
# Only the escapes that every engine supports; other characters are not escaped.
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def string(text):
    return f'"{text.translate(ESCAPES)}"'


def dynamic(value):
    return f"dynamic({json.dumps(value, ensure_ascii=False)})"


def kind_of(value, other):
    """Return the type of a value, or that of `other` if the value is null."""
    return KINDS.get(type(other if value is None else value), "dynamic")


def literal(value, kind=None, dynamic=dynamic):
    """Return a JSON value as a KQL literal, of a given column type if there is one."""
    if value is None and kind:
        return '""' if kind == "string" else f"{kind}(null)"
    if kind in LITERALS:
        return LITERALS[kind].format(value)
    if kind == "dynamic" or value is None or isinstance(value, (list, dict)):
        return dynamic(value)
    if isinstance(value, str):
        return string(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def datatable(columns, rows):
    """Return a table as KQL text. Columns are pairs of a name and a type."""
    header = ", ".join(f'["{name}"]: {kind}' for name, kind in columns)
    cells = [literal(cell, kind) for row in rows for cell, (_, kind) in zip(row, columns)]
    return f"datatable({header})[{', '.join(cells)}]"


def has_any(text, lookups):
    """Use a list of literals, or an array if the list is empty or contains null."""
    if not lookups or None in lookups:
        return f"{literal(text)} has_any ({dynamic(lookups)})"
    return f"{literal(text)} has_any ({', '.join(map(literal, lookups))})"


def stages(fn, args, dynamic):
    """Return the operators that compute the answer from a table with one row."""
    if fn == "[]":
        return f"| extend d = {literal(args[0], 'dynamic', dynamic)} | project answer = d[{args[1]}]"
    text = [literal(arg, dynamic=dynamic) for arg in args]
    if fn == "tostring":
        text = [literal(args[0], args[1] if args[1:] else "dynamic", dynamic)]
    if fn == "iff":
        kinds = ["bool", kind_of(args[1], args[2]), kind_of(args[2], args[1])]
        text = [literal(arg, kind, dynamic) for arg, kind in zip(args, kinds)]
    source = f"{text[0]} {fn} {text[1]}" if fn in ("=~", "has") else f"{fn}({', '.join(text)})"
    return f"| project answer = {has_any(*args) if fn == 'has_any' else source}"


def pipeline(fn, args, dynamic=dynamic):
    """Return the columns of a call's table, its rows, the operators after it, and whether
    the answer is the result's first "cell", its "columns", or the whole "table"."""
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
        names = args[0] or ["one"]  # a table needs a column
        return [(name, "long") for name in names], [], f"| project-reorder {', '.join(args[1])}", "columns"
    if fn == "column_ifexists" and args[0]:
        columns = [(name, kind_of(cell, args[2])) for name, cell in args[0].items()]
        stage = f"| project answer = column_ifexists({literal(args[1])}, {literal(args[2])})"
        return columns, [list(args[0].values())], stage, "cell"
    # For a row without columns, use a row with some other column.
    rest = args[1:] if fn == "column_ifexists" else args
    return [("one", "long")], [[1]], stages(fn, rest, dynamic), "cell"
