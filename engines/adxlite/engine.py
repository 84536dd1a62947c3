"""adxlite: KQL over SQLite. It has no `print` and no `datatable`, so every call
is asked of a table that was ingested."""
import importlib.metadata
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import pandas  # noqa: E402
from adxlite import AdxLiteClient, KqlParseError, KqlUnsupportedError  # noqa: E402
from kql_text import pipeline  # noqa: E402
from protocol import Unsupported, serve, shape  # noqa: E402


def stored(cell, kind):
    if kind == "datetime":
        return pandas.Timestamp(cell)
    return json.dumps(cell) if kind == "dynamic" and cell is not None else cell


def plain(cell, kind):
    if cell is None or cell is pandas.NA or cell is pandas.NaT:
        return None
    if kind == "datetime":
        return cell.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    return cell.item() if hasattr(cell, "item") else cell


def kql_type(dtype):
    names = {"bool": "bool", "boolean": "bool", "int64": "long", "float64": "real"}
    return "datetime" if str(dtype).startswith("datetime") else names.get(str(dtype), "string")


def answer(fn, args):
    columns, rows, stage, wanted = pipeline(fn, args)
    frame = {name: [stored(row[at], kind) for row in rows] for at, (name, kind) in enumerate(columns)}
    client = AdxLiteClient()
    try:
        client.ingest("T", pandas.DataFrame(frame))
        result = client.query(f"T {stage}")
    except (KqlParseError, KqlUnsupportedError) as error:
        raise Unsupported(str(error)) from error
    finally:
        client.close()
    columns = [(name, kql_type(dtype)) for name, dtype in result.dtypes.items()]
    rows = [[plain(cell, kind) for cell, (_, kind) in zip(row, columns)]
            for row in result.itertuples(index=False, name=None)]
    return shape(wanted, columns, rows)


serve("adxlite", importlib.metadata.version("adxlite"), answer)
