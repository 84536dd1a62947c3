"""The record set engine of otel-arrow, run by main.rs. It reads and writes records as JSON."""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from protocol import Unsupported, refuse_clock, serve, table_of_records  # noqa: E402

engine = subprocess.Popen([os.environ["OTEL_ARROW"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def to_record(columns, row):
    return {column["name"]: "" if cell is None and column["type"] == "string" else cell
            for column, cell in zip(columns, row)}


def query(text, tables):
    rows = [rows for rows in tables.values()] or [{"columns": [], "rows": []}]
    columns = rows[0]["columns"]
    names = [column["name"] for column in columns]
    records = [to_record(columns, row) for row in rows[0]["rows"]]
    print(json.dumps([refuse_clock(text), records]), file=engine.stdin, flush=True)
    line = engine.stdout.readline()
    if not line:
        sys.exit(f"the engine ended with status {engine.wait()}")
    answer = json.loads(line)
    if "unsupported" in answer:
        raise Unsupported(answer["unsupported"])
    if "error" in answer:
        raise ValueError(answer["error"])
    if "[Error]" in answer["diagnostics"]:
        raise ValueError(answer["diagnostics"])
    # A record has no order. Its columns get the order of the input, and then that of the text of the query.
    found = {name for record in answer["records"] for name in record}
    ordered = sorted(found, key=lambda name: (name not in names, names.index(name) if name in names else text.find(name)))
    return table_of_records(answer["records"], ordered, tables)


serve("otel-arrow", os.environ.get("OTEL_ARROW_VERSION", "unknown"), query)
