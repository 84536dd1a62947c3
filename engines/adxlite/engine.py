"""adxlite: KQL over SQLite. It lacks `datatable`, so each table is ingested."""
import importlib.metadata
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import pandas  # noqa: E402
from adxlite import AdxLiteClient, KqlParseError, KqlUnsupportedError  # noqa: E402
from kql_text import pipeline, string  # noqa: E402
from protocol import Unsupported, serve, shape  # noqa: E402

EMPTY = {"bool": "bool", "int": "int64", "long": "int64", "real": "float64", "datetime": "datetime64[ns]"}
KQL_TYPES = {"bool": "bool", "boolean": "bool", "int64": "long", "float64": "real"}


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


def dynamic(value):
    # adxlite's `dynamic([…])` accepts no array. `parse_json` of a string is equivalent.
    return f"parse_json({string(json.dumps(value, ensure_ascii=False))})"


def kql_type(dtype):
    return "datetime" if dtype.startswith("datetime") else KQL_TYPES.get(dtype, "string")


def answer(fn, args):
    columns, rows, stage, form = pipeline(fn, args, dynamic)
    frame = {name: to_series([row[at] for row in rows], kind) for at, (name, kind) in enumerate(columns)}
    with AdxLiteClient() as client:
        client.ingest("T", pandas.DataFrame(frame))
        schema = client.get_schema("T")  # a result has only the types of pandas
        try:
            result = client.query(f"T {stage}")
        except (KqlParseError, KqlUnsupportedError) as error:
            raise Unsupported(str(error)) from error
    columns = [(name, schema.get(name, kql_type(str(dtype)))) for name, dtype in result.dtypes.items()]
    rows = [[to_json(*cell) for cell in zip(row, [kind for _, kind in columns])]
            for row in result.itertuples(index=False, name=None)]
    return shape(form, columns, rows)


serve("adxlite", importlib.metadata.version("adxlite"), answer)
