"""Compares the rule over Arrow record batches with DuckDB and chdb.

The peers evaluate only the first stage of the rule, over the same rows in memory.

    pip install duckdb chdb pyarrow
    python3 benches/peers/columns.py

The rows are those of benches/columns.rs, which is run first. Each query runs on one thread,
seven times, after its result is checked.
"""

import json
import pathlib
import subprocess
import time

import chdb
import duckdb
import pyarrow as pa

from rows import MATCH_INTERVAL, ROWS, rows

ROOT = pathlib.Path(__file__).parents[2]


def rust_median(what):
    file = ROOT / "target" / "criterion" / "columns" / what / "new" / "estimates.json"
    return json.loads(file.read_text())["median"]["point_estimate"] / 1e6


subprocess.run(
    ["cargo", "bench", "-p", "rulespec", "--features", "arrow", "--bench", "columns"], cwd=ROOT, check=True
)
ours = rust_median("rule")
print(f"{'rule, Rust':24} median {ours:8.2f} ms  {ours / rust_median('floor'):5.2f} times the floor")

names, lines = zip(*rows())
table = pa.table({"FileName": names, "ProcessVersionInfoOriginalFileName": names, "ProcessCommandLine": lines})
events = pa.Table.from_batches(table.to_batches(max_chunksize=65_536))


def measure(what, run):
    assert run() == ROWS // MATCH_INTERVAL, what
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    median = sorted(times)[3] * 1e3
    print(f"{what:36} median {median:8.2f} ms  {median / ours:6.2f} times ours  best {min(times) * 1e3:8.2f} ms")


# Neither engine has Kusto's `has`, so a regular expression checks the term boundaries. It is
# evaluated only for rows with a matching name. Names are compared in three ways.
SWITCH = r"(^|[^a-z0-9])?/(transfer|addfile|addfileset|addfilewithranges)($|[^a-z0-9])"
PHRASINGS = {
    "lower": "lower({0}) = 'bitsadmin.exe'",
    "length": "(length({0}) = 13 and lower({0}) = 'bitsadmin.exe')",
    "ilike": "{0} ilike 'bitsadmin.exe'",
}


def name_matches(phrasing):
    columns = "FileName", "ProcessVersionInfoOriginalFileName"
    return "(" + " or ".join(PHRASINGS[phrasing].format(column) for column in columns) + ")"


duck = duckdb.connect(config={"threads": 1})
duck.register("batches", events)
duck.execute("create table native as select * from batches")
for source in ("batches", "native"):
    for phrasing in PHRASINGS:
        query = f"""select count(*) from {source} where {name_matches(phrasing)}
            and regexp_matches(lower(ProcessCommandLine), '{SWITCH}')"""
        measure(f"duckdb, {source}, {phrasing}", lambda: duck.execute(query).fetchone()[0])

session = chdb.session.Session()
switch = f"match(lower(ProcessCommandLine), '{SWITCH}')"
settings = "settings max_threads = 1, short_circuit_function_evaluation = 'enable'"
session.query("create table native (FileName String, ProcessVersionInfoOriginalFileName String,"
              " ProcessCommandLine String) engine = Memory")
session.query("insert into native select * from Python(events) settings max_threads = 1")
for source in ("Python(events)", "native"):
    for phrasing in PHRASINGS:
        query = f"select count() from {source} where {name_matches(phrasing)} and {switch} {settings}"
        measure(f"chdb, {source}, {phrasing}", lambda: int(str(session.query(query, 'CSV')).strip()))
