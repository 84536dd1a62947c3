"""streaming-kql: KQL over single events. A table is one event, which is expanded into its rows."""
import datetime
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import streaming_kql  # noqa: E402
from kql_text import simplify  # noqa: E402
from protocol import Unsupported, serve, table_of_records  # noqa: E402

# The clock of the protocol, to the microsecond.
OPTIONS = streaming_kql.Options(now=datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.UTC))
TIMESPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d{6}))?")


def from_json(cell, kind):
    if kind == "string":
        return cell or ""
    if kind == "datetime" and cell is not None:
        return datetime.datetime.fromisoformat(cell)
    if kind == "timespan" and cell is not None:
        sign, *parts = TIMESPAN.match(cell).groups("0")
        days, hours, minutes, seconds, microseconds = map(int, parts)
        span = datetime.timedelta(days, seconds, microseconds, 0, minutes, hours)
        return -span if sign == "-" else span
    return float(cell) if kind == "real" and cell is not None else cell


def query(text, tables):
    event = {}
    for name, rows in tables.items():
        event[name] = [{column["name"]: from_json(cell, column["type"])
                        for column, cell in zip(rows["columns"], row)} for row in rows["rows"]]
        if not re.search(rf"\blet\s+{name}\b", text):
            expanded = rf"\1source | mv-expand {name} | evaluate bag_unpack({name})"
            text = re.sub(rf"(^|;\s*){name}\b", expanded, text)
    # Kusto has both names of this function.
    text = simplify(text).replace("column_ifexists(", "columnifexists(")
    try:
        rows = streaming_kql.compile(text, options=OPTIONS).transform(event)
    except streaming_kql.KqlCompileError as error:
        raise Unsupported(str(error)) from error
    return table_of_records(rows, dict.fromkeys(name for row in rows for name in row), tables)


serve("streaming-kql", streaming_kql.__version__, query)
