"""Compares twelve rules over Arrow record batches with DuckDB, chdb and Polars.

    pip install duckdb chdb polars pyarrow pandas
    python3 benches/peers/rules.py

The rules are those of rules.json, and the rows those of benches/rules.rs, which is run first. The peers
only count the rows, on one thread. DuckDB and chdb read the same batches and a table of their
own, of which the faster counts. Each query runs seven times, after its result is checked.
"""

import json
import math
import os
import pathlib
import subprocess
import time

os.environ["POLARS_MAX_THREADS"] = "1"

import chdb.session
import duckdb
import polars as pl
import pyarrow as pa
from datetime import datetime, timedelta

from rows import rows

ROOT = pathlib.Path(__file__).parents[2]
PARENTS = ["explorer.exe", "services.exe", "svchost.exe", "outlook.exe", "cmd.exe"]
RULES = json.loads((pathlib.Path(__file__).parent / "rules.json").read_text())


def ours(name):
    file = ROOT / "target" / "criterion" / "rules" / name / "new" / "estimates.json"
    return json.loads(file.read_text())["median"]["point_estimate"] / 1e6


def table():
    names, lines = zip(*rows())
    generated = [(1_767_312_000 + row // 2) * 1_000_000 for row in range(len(names))]
    created = [time - row * 7919 % 7200 * 1_000_000 for row, time in enumerate(generated)]
    return pa.table({
        "TimeGenerated": pa.array(generated, pa.timestamp("us")),
        "ProcessCreationTime": pa.array(created, pa.timestamp("us")),
        "FileName": names,
        "InitiatingProcessFileName": [PARENTS[row % 5] for row in range(len(names))],
        "ProcessCommandLine": lines,
        "ProcessId": pa.array(range(len(names)), pa.int64()),
    })


def median(run, expected):
    found = run()
    assert found == expected, (found, expected)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)[3] * 1e3


bench = subprocess.run(
    ["cargo", "bench", "-p", "rulespec", "--features", "arrow", "--bench", "rules"],
    cwd=ROOT, check=True, capture_output=True, text=True,
)
counts = dict(line.removesuffix(" rows").split(": ") for line in bench.stdout.splitlines() if line.endswith(" rows"))

batches = pa.Table.from_batches(table().to_batches(max_chunksize=65_536))
duck = duckdb.connect(config={"threads": 1})
duck.execute("set timezone = 'UTC'")
duck.register("batches", batches)
duck.execute("create table native as select * from batches")
session = chdb.session.Session()
settings = "settings max_threads = 1, short_circuit_function_evaluation = 'enable', session_timezone = 'UTC'"
session.query("create table native (TimeGenerated DateTime64(6), ProcessCreationTime DateTime64(6), FileName String,"
              " InitiatingProcessFileName String, ProcessCommandLine String, ProcessId Int64) engine = Memory")
session.query(f"insert into native select * from Python(batches) {settings}")
frame = pl.from_arrow(batches)

ratios = {"duckdb": [], "chdb": [], "polars": []}
for rule in RULES:
    name, expected = rule["name"], int(counts[rule["name"]])
    expression = eval(rule["polars"], {"c": pl.col, "datetime": datetime, "timedelta": timedelta})
    peers = {
        "duckdb": [lambda source=source: duck.execute(
            f"select count(*) from {source} where {rule['duckdb']}").fetchone()[0] for source in ("batches", "native")],
        "chdb": [lambda source=source: int(str(session.query(
            f"select count() from {source} where {rule['chdb']} {settings}", "CSV")).strip())
            for source in ("Python(batches)", "native")],
        "polars": [lambda: frame.lazy().filter(expression).select(pl.len()).collect().item()],
    }
    mine = ours(name)
    line = f"{name:16} {mine:8.2f} ms"
    for peer, runs in peers.items():
        fastest = min(median(run, expected) for run in runs)
        ratios[peer].append(fastest / mine)
        line += f"   {peer} {fastest:8.2f} ms, {fastest / mine:6.2f} times"
    print(line, flush=True)
for peer, values in ratios.items():
    print(f"{peer}: {math.prod(values) ** (1 / len(values)):.2f} times as a geometric mean, at least {min(values):.2f}")
