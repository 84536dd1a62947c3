"""duckdb-kql: translates KQL to SQL, which DuckDB runs."""
import importlib.metadata
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import duckdb_kql  # noqa: E402
from kql_text import script  # noqa: E402
from protocol import Unsupported, refuse_clock, serve, table  # noqa: E402

TYPES = {"VARCHAR": "string", "BOOLEAN": "bool", "BIGINT": "long", "INTEGER": "int", "DOUBLE": "real",
         "TIMESTAMP": "datetime", "INTERVAL": "timespan", "UUID": "guid", "JSON": "dynamic"}
# An error code of Kusto means that the engine rejects the call, not that it lacks a feature.
KUSTO_ERROR = re.compile(r"\b(SEM|SYN)\d{4}\b")

duckdb = duckdb_kql.connect()


def query(text, tables):
    try:
        result = duckdb_kql.kql(duckdb, script(refuse_clock(text), tables))
        columns = [(name, TYPES.get(str(kind), "dynamic")) for name, kind in zip(result.columns, result.types)]
        rows = [[json.loads(cell) if kind == "dynamic" and isinstance(cell, str) else cell
                 for cell, (_, kind) in zip(row, columns)] for row in result.fetchall()]
    except duckdb_kql.KqlUnsupportedError as error:
        if KUSTO_ERROR.search(str(error)):
            raise
        raise Unsupported(str(error)) from error
    return table(columns, rows)


serve("duckdb-kql", importlib.metadata.version("duckdb-kql"), query)
