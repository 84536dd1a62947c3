"""ClickHouse's KQL dialect, run in this process by chdb."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from chdb import session  # noqa: E402
from kql_text import script  # noqa: E402
from protocol import Unsupported, refuse_clock, serve, table, timespan  # noqa: E402

TYPES = {"String": "string", "Bool": "bool", "Int64": "long", "Int32": "int", "Float64": "real",
         "UUID": "guid", "IntervalNanosecond": "timespan"}

clickhouse = session.Session()
version = clickhouse.query("select version()", "TSVRaw").bytes().decode().strip()
clickhouse.query("set allow_experimental_kusto_dialect = 1")
clickhouse.query("set output_format_json_quote_64bit_integers = 0")
clickhouse.query("set output_format_json_quote_denormals = 1")
clickhouse.query("set date_time_output_format = 'iso'")
clickhouse.query("set dialect = 'kusto'")


def kql_type(name):
    name = name.removeprefix("Nullable(").removesuffix(")")
    return "datetime" if name.startswith("DateTime") else TYPES.get(name, "dynamic")


def to_json(cell, kind):
    if cell is None:
        return None
    return timespan(cell // 100) if kind == "timespan" else float(cell) if kind == "real" else cell


def query(text, tables):
    try:
        result = json.loads(clickhouse.query(script(refuse_clock(text), tables), "JSONCompact").bytes())
    except Exception as error:
        # For example "'x' is not supported by the KQL dialect", "'x' is not a supported KQL operator"
        if "not support" in str(error) or "not a support" in str(error):
            raise Unsupported(str(error)) from error
        raise
    columns = [(column["name"], kql_type(column["type"])) for column in result["meta"]]
    rows = [[to_json(cell, kind) for cell, (_, kind) in zip(row, columns)] for row in result["data"]]
    return table(columns, rows)


serve("ClickHouse (chdb)", version, query)
