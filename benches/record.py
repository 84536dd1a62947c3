"""Records the results of `cargo bench`, and compares implementations.

Usage, from the project's root:
    python3 benches/record.py add               append the medians of the last `cargo bench`
                                                to benches/record/times.csv
    python3 benches/record.py figures [COMMIT]  compare each implementation with its peers

The figures are the time of each peer as a multiple of the implementation's time. For the lower
bounds (memcpy, floor, decoder), they are the inverse. Each is the median (minimum-maximum)
over the runs of a commit, by default the last one recorded.
"""

import collections
import csv
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys

RECORD = pathlib.Path("benches/record/times.csv")
HEADER = ["time", "commit", "cores", "cpu", "bench", "way", "median_ns", "low_ns", "high_ns"]
LOWER_BOUNDS = ["memcpy", "floor", "decoder"]
PEERS = LOWER_BOUNDS + ["winsplit", "windows-args", "regex", "aho-corasick", "reference"]


def cpu():
    """The model of the processor, which does not identify the machine."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown"
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else "unknown"


def commit():
    """The current commit, followed by a + if the code has uncommitted changes."""
    head = subprocess.run(["git", "rev-parse", "--short=9", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "src", "benches/*.rs", "Cargo.lock"])
    return (head.stdout.strip() or "unknown") + ("+" if changed.returncode else "")


def medians():
    """The benchmark, implementation, median and confidence interval of each criterion result."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "criterion"
    for estimates in sorted(target.rglob("new/estimates.json")):
        name = json.loads((estimates.parent / "benchmark.json").read_text())["full_id"]
        median = json.loads(estimates.read_text())["median"]
        interval = median["confidence_interval"]
        times = (median["point_estimate"], interval["lower_bound"], interval["upper_bound"])
        yield name.rsplit("/", 1) + [f"{ns:.1f}" for ns in times]


def add():
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    run = [now, commit(), os.cpu_count(), cpu()]
    is_new = not RECORD.exists()
    with RECORD.open("a", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if is_new:
            rows.writerow(HEADER)
        rows.writerows(run + row for row in medians())


def figures(commit=None):
    with RECORD.open(newline="") as file:
        rows = list(csv.DictReader(file))
    commit = commit or rows[-1]["commit"]
    runs = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in rows:
        if row["commit"] == commit:
            runs[row["bench"]][row["time"]][row["way"]] = float(row["median_ns"])
    for bench, times in runs.items():
        ways = next(iter(times.values()))
        for way in (way for way in ways if way not in PEERS):
            comparisons = []
            for peer in (peer for peer in PEERS if peer in ways):
                ratios = sorted(run[peer] / run[way] for run in times.values())
                if peer in LOWER_BOUNDS:
                    ratios = sorted(1 / ratio for ratio in ratios)
                comparisons.append(f"{peer} {statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
            print(f"{bench:<52} {way:<14}", "  ".join(comparisons))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["add"]:
            add()
        case ["figures", *commits] if len(commits) < 2:
            figures(*commits)
        case _:
            sys.exit(__doc__)
