"""adxlite: KQL over SQLite. It lacks `datatable`, so each table is ingested."""
import importlib.metadata
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import pandas  # noqa: E402
from adxlite import AdxLiteClient, KqlParseError, KqlUnsupportedError  # noqa: E402
from kql_text import string  # noqa: E402
from protocol import Unsupported, serve, table  # noqa: E402

EMPTY = {"bool": "bool", "int": "int64", "long": "int64", "real": "float64", "datetime": "datetime64[ns]"}
KQL_TYPES = {"bool": "bool", "boolean": "bool", "int64": "long", "float64": "real"}

DYNAMIC = re.compile(r"dynamic\((\[.*?\])\)")


def to_series(cells, kind):
    if kind == "dynamic":
        cells = [None if cell is None else json.dumps(cell) for cell in cells]
    if kind == "string":
        cells = [cell or "" for cell in cells]
    if not cells:
        return pandas.Series(cells, dtype=EMPTY.get(kind, "object"))
    return pandas.to_datetime(pandas.Series(cells)) if kind == "datetime" else pandas.Series(cells)


def to_json(cell, kind):
    if pandas.isna(cell):
        return None
    if kind == "datetime":
        return cell.strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{cell.nanosecond // 100}Z"
    return int(cell) if kind == "long" else cell.item() if hasattr(cell, "item") else cell


def kql_type(dtype):
    return "datetime" if dtype.startswith("datetime") else KQL_TYPES.get(dtype, "string")


def query(text, tables):
    # `dynamic([…])` accepts no array here. `parse_json` of a string is equivalent.
    text = DYNAMIC.sub(lambda found: f"parse_json({string(found[1])})", text)
    schema = {}  # a result has only the types of pandas
    with AdxLiteClient() as client:
        for name, rows in tables.items():
            columns = [(column["name"], column["type"]) for column in rows["columns"]]
            series = {column: to_series([row[at] for row in rows["rows"]], kind)
                      for at, (column, kind) in enumerate(columns)}
            client.ingest(name, pandas.DataFrame(series))
            schema |= client.get_schema(name)
        try:
            result = client.query(text)
        except (KqlParseError, KqlUnsupportedError) as error:
            raise Unsupported(str(error)) from error
    columns = [(name, schema.get(name, kql_type(str(dtype)))) for name, dtype in result.dtypes.items()]
    rows = [[to_json(*cell) for cell in zip(row, [kind for _, kind in columns])]
            for row in result.itertuples(index=False, name=None)]
    return table(columns, rows)


serve("adxlite", importlib.metadata.version("adxlite"), query)
