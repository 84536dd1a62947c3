"""Protocol 1 over standard input and output, for adapters in Python."""
import datetime
import decimal
import json
import math
import re
import sys
import uuid

KQL_TYPES = {bool: "bool", int: "long", float: "real", datetime.datetime: "datetime",
             datetime.timedelta: "timespan", decimal.Decimal: "decimal", list: "dynamic", dict: "dynamic"}


class Unsupported(Exception):
    """The engine does not implement the call."""


def refuse_clock(text):
    """Return a query, unless it asks for the time. For engines whose clock cannot be set."""
    if re.search(r"\b(now|ago)\s*\(", text):
        raise Unsupported("the clock of this engine cannot be set")
    return text


def serve(engine, version, answer, function="query"):
    """Answer each call of a function with `answer(*arguments)` until standard input ends."""
    # If the engine prints, that must not get between the answers.
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        call = json.loads(line)
        if call.get("op") == "hello":
            reply = {"engine": engine, "version": version, "functions": [function]}
        else:
            reply = {"id": call["id"]}
            try:
                reply["ok"] = to_json(answer(*call["args"]))
            except Unsupported as error:
                reply["unsupported"] = str(error)[:500]
            except Exception as error:  # any exception of the engine is its answer
                reply["error"] = f"{type(error).__name__}: {error}"[:500]
        print(json.dumps(reply), file=out, flush=True)


def table(columns, rows):
    """Return a result as a table. Columns are pairs of a name and a KQL type."""
    typed = [{"name": name, "type": kind} for name, kind in columns]
    return {"columns": typed, "rows": [list(row) for row in rows]}


def table_of_records(records, names, tables):
    """Return dictionaries as a table with these columns. For engines that have no types of columns."""
    declared = {column["name"]: column["type"] for rows in tables.values() for column in rows["columns"]}
    cells = {name: [record.get(name) for record in records] for name in names}
    columns = [(name, kql_type(cells[name], declared.get(name, "string"))) for name in names]
    return table(columns, zip(*cells.values()))


def kql_type(cells, declared):
    """Return the type of the first cell that is not null. It decides less than the type of the input's column."""
    kind = next((KQL_TYPES.get(type(cell), "string") for cell in cells if cell is not None), declared)
    fits = declared in {"long": ["int"], "string": ["guid", "datetime", "timespan"]}.get(kind, [])
    return declared if fits or declared == "dynamic" else kind


def to_json(cell):
    """Convert a value of Python to JSON, as the protocol writes it."""
    if isinstance(cell, dict):
        return {name: to_json(value) for name, value in cell.items()}
    if isinstance(cell, list):
        return [to_json(element) for element in cell]
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "Infinity" if cell > 0 else "-Infinity"
    if isinstance(cell, uuid.UUID | decimal.Decimal):
        return str(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(timespec="microseconds")[:26] + "0Z"
    if isinstance(cell, datetime.timedelta):
        return timespan(cell // datetime.timedelta(microseconds=1) * 10)
    return cell


def timespan(ticks):
    """Format a number of 100 ns ticks as KQL formats a timespan."""
    seconds, fraction = divmod(abs(ticks), 10_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = (f"{days}." if days else "") + text + (f".{fraction:07}" if fraction else "")
    return "-" + text if ticks < 0 else text
