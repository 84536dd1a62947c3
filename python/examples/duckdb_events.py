"""The rule between two queries of DuckDB."""

# %%
from pathlib import Path

import duckdb

import rulespec

EVENTS = Path(__file__).parents[2] / "examples" / "events" / "defender.jsonl"

# %% A lazy query: DuckDB streams its rows into the rule.
database = duckdb.connect()
events = database.sql(f"select Timestamp as TimeGenerated, * exclude (Timestamp) from read_json('{EVENTS}')")
detections = rulespec.bitsadmin_activity(events)
print(detections)

# %% DuckDB finds the answer by its variable name.
print(database.sql("select DeviceName, Direction, RemoteUrl from detections order by TimeGenerated"))

# %% `ilike` is not equivalent to `has`.
naive = database.sql("select count(*) from events where ProcessCommandLine ilike '%/transfer%'").fetchall()
print(f"{len(detections)} detections, and {naive[0][0]} lines that contain /transfer")
