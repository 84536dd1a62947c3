"""ClickHouse's KQL dialect, run in this process by chdb."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from chdb import session  # noqa: E402
from kql_text import script  # noqa: E402
from protocol import Unsupported, refuse_clock, serve, table, timespan  # noqa: E402

TYPES = {"String": "string", "Bool": "bool", "UUID": "guid", "DateTime": "datetime", "Interval": "timespan",
         "Int32": "int", "Int": "long", "UInt": "long", "Float": "real"}  # by how a name begins
TICKS = {"Nanosecond": 0.01, "Second": 10**7, "Minute": 60 * 10**7, "Hour": 3600 * 10**7, "Day": 86400 * 10**7}
# A `datatable` has no nulls here. So a table is created, if it has only columns of these types.
COLUMNS = {"string": "String", "bool": "Nullable(Bool)", "int": "Nullable(Int32)", "long": "Nullable(Int64)",
           "real": "Nullable(Float64)", "datetime": "Nullable(DateTime64(7, 'UTC'))", "guid": "Nullable(UUID)"}

clickhouse = session.Session()
version = clickhouse.query("select version()", "TSVRaw").bytes().decode().strip()
clickhouse.query("""set allow_experimental_kusto_dialect = 1, output_format_json_quote_64bit_integers = 0,
    output_format_json_quote_denormals = 1, date_time_output_format = 'iso', date_time_input_format = 'best_effort'""")


def create(name, rows):
    columns = ", ".join(f"`{column['name']}` {COLUMNS[column['type']]}" for column in rows["columns"])
    clickhouse.query(f"create or replace table {name} ({columns}) engine = Memory")
    if lines := "\n".join(map(json.dumps, rows["rows"])):
        clickhouse.query(f"insert into {name} format JSONCompactEachRow {lines}")


def run(text, tables):
    if all(rows["columns"] and all(column["type"] in COLUMNS for column in rows["columns"]) for rows in tables.values()):
        clickhouse.query("set dialect = 'clickhouse'")
        for name, rows in tables.items():
            create(name, rows)
    else:
        text = script(text, tables)
    clickhouse.query("set dialect = 'kusto'")  # this also drops what chdb has left of a failed result
    return json.loads(clickhouse.query(text, "JSONCompact").bytes())


def to_json(cell, name):
    if cell is None or not name.startswith(("Interval", "Float")):
        return cell
    return float(cell) if name.startswith("Float") else timespan(round(cell * TICKS[name[8:]]))


def query(text, tables):
    try:
        result = run(refuse_clock(text), tables)
    except Exception as error:
        # For example "'x' is not supported by the KQL dialect", "'x' is not a supported KQL operator"
        raise Unsupported(str(error)) if "not support" in str(error) or "not a support" in str(error) else error
    names = [column["type"].removeprefix("Nullable(").removesuffix(")") for column in result["meta"]]
    kinds = [next((TYPES[start] for start in TYPES if name.startswith(start)), "dynamic") for name in names]
    return table(zip((column["name"] for column in result["meta"]), kinds),
                 [[to_json(*cell) for cell in zip(row, names)] for row in result["data"]])


serve("ClickHouse (chdb)", version, query)
