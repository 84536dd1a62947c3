"""The rule over a Polars data frame."""

# %%
from pathlib import Path

import polars as pl

import rulespec

EVENTS = Path(__file__).parents[2] / "examples" / "events" / "defender.jsonl"

# %% The events, as the Defender portal exports them.
events = pl.read_ndjson(EVENTS)
print(events.select("FileName", "ProcessCommandLine"))

# %% The rule needs the columns of Sentinel's table. The portal names one differently.
events = events.rename({"Timestamp": "TimeGenerated"})

# %% Input and answer are exchanged without a copy.
detections = pl.DataFrame(rulespec.bitsadmin_activity(events))
print(detections.select("DeviceName", "Direction", "RemoteUrl", "LocalFile"))

# %% The answer is a data frame like any other.
print(detections.group_by("Direction").len().sort("Direction"))
