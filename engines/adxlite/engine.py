"""adxlite: KQL over SQLite. It lacks `datatable`, so each table is ingested."""
import importlib.metadata
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import pandas  # noqa: E402
from adxlite import AdxLiteClient, KqlParseError, KqlUnsupportedError  # noqa: E402
from kql_text import simplify  # noqa: E402
from protocol import Unsupported, refuse_clock, serve, table  # noqa: E402

DTYPES = {"bool": "bool", "int": "int64", "long": "int64", "real": "float64", "datetime": "datetime64[ns]"}
KQL_TYPES = {"bool": "bool", "boolean": "bool", "int64": "long", "float64": "real"}


def from_json(cell, kind):
    if kind == "dynamic":
        return None if cell is None else json.dumps(cell)
    return float(cell) if kind == "real" and cell is not None else cell or "" if kind == "string" else cell


def ingest(client, name, rows):
    """Ingest a table without rows first, because pandas changes the type of a column with nulls."""
    kinds = {column["name"]: column["type"] for column in rows["columns"]}
    empty = {column: pandas.Series([], dtype=DTYPES.get(kind, "object")) for column, kind in kinds.items()}
    client.ingest(name, pandas.DataFrame(empty))
    cells = [[from_json(*cell) for cell in zip(row, kinds.values())] for row in rows["rows"]]
    client.ingest(name, pandas.DataFrame(cells, columns=list(kinds), dtype="object"), "append")


def to_json(cell, kind):
    if pandas.isna(cell):
        return None
    if kind == "datetime":
        return cell.strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{cell.nanosecond // 100}Z"
    return int(cell) if kind == "long" else cell.item() if hasattr(cell, "item") else cell


def kql_type(dtype):
    return "datetime" if dtype.startswith("datetime") else KQL_TYPES.get(dtype, "string")


def query(text, tables):
    schema = {}  # a result has only the types of pandas
    with AdxLiteClient() as client:
        for name, rows in tables.items():
            ingest(client, name, rows)
            schema |= client.get_schema(name)
        try:
            result = client.query(simplify(refuse_clock(text)))
        except (KqlParseError, KqlUnsupportedError) as error:
            raise Unsupported(str(error)) from error
    columns = [(name, schema.get(name, kql_type(str(dtype)))) for name, dtype in result.dtypes.items()]
    rows = [[to_json(*cell) for cell in zip(row, [kind for _, kind in columns])]
            for row in result.itertuples(index=False, name=None)]
    return table(columns, rows)


serve("adxlite", importlib.metadata.version("adxlite"), query)
