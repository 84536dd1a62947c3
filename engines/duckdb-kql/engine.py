"""duckdb-kql: KQL translated to SQL and run by DuckDB."""
import datetime
import importlib.metadata
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import duckdb_kql  # noqa: E402
from kql_text import datatable, pipeline  # noqa: E402
from protocol import Unsupported, serve, shape  # noqa: E402

TYPES = {"VARCHAR": "string", "BOOLEAN": "bool", "BIGINT": "long", "INTEGER": "int", "DOUBLE": "real",
         "TIMESTAMP": "datetime", "INTERVAL": "timespan", "JSON": "dynamic"}

duckdb = duckdb_kql.connect()


def cell(value, kind):
    if kind == "dynamic" and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    return value


def answer(fn, args):
    columns, rows, stage, wanted = pipeline(fn, args)
    text = datatable(columns, rows) + stage
    try:
        result = duckdb_kql.kql(duckdb, text)
        columns = [(name, TYPES.get(str(kind), "dynamic")) for name, kind in zip(result.columns, result.types)]
        rows = [[cell(value, kind) for value, (_, kind) in zip(row, columns)] for row in result.fetchall()]
    except duckdb_kql.KqlUnsupportedError as error:
        raise Unsupported(str(error)) from error
    return shape(wanted, columns, rows)


serve("duckdb-kql", importlib.metadata.version("duckdb-kql"), answer)
