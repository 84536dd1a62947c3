"""The rule over a Polars data frame."""

# %%
from pathlib import Path

import polars as pl

import rulespec

EVENTS = Path(__file__).parents[2] / "examples" / "events" / "defender.jsonl"

# %% The events, as the Defender portal exports them.
events = pl.read_ndjson(EVENTS)
print(events.select("FileName", "ProcessCommandLine"))

# %% The rule wants the columns of Sentinel's table; the portal's differ in one.
events = events.rename({"Timestamp": "TimeGenerated"})

# %% Nothing is copied on the way in, and Polars takes the answer as it is.
detections = pl.DataFrame(rulespec.bitsadmin_activity(events))
print(detections.select("DeviceName", "Direction", "RemoteUrl", "LocalFile"))

# %% From here on it is Polars.
print(detections.group_by("Direction").len().sort("Direction"))
