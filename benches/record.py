"""Keeps what `cargo bench` measured, and says what it comes to.

Usage, from the project's folder:
    python3 benches/record.py add        appends the medians of the last `cargo bench`
                                         to benches/record/times.csv
    python3 benches/record.py figures [COMMIT]
                                         prints how many times as long as each way its
                                         peers take (and of memcpy, the floor and the
                                         decoder, how many times as long as that it
                                         takes): the median over the runs of a commit,
                                         the last if none is named, the least, the most
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
BOUNDS = ["memcpy", "floor", "decoder"]
PEERS = BOUNDS + ["winsplit", "windows-args", "regex", "aho-corasick", "reference"]


def cpu():
    """The model of the processor; nothing that names the machine."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown"
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else "unknown"


def commit():
    """The commit that was measured, with a + where code was changed since."""
    said = subprocess.run(["git", "rev-parse", "--short=9", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "src", "benches/*.rs", "Cargo.lock"])
    return (said.stdout.strip() or "unknown") + ("+" if changed.returncode else "")


def medians():
    """Every way that criterion has a result of, with its median."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "criterion"
    for found in sorted(target.rglob("new/estimates.json")):
        name = json.loads((found.parent / "benchmark.json").read_text())["full_id"]
        median = json.loads(found.read_text())["median"]
        interval = median["confidence_interval"]
        times = (median["point_estimate"], interval["lower_bound"], interval["upper_bound"])
        yield name.rsplit("/", 1) + [f"{ns:.1f}" for ns in times]


def add():
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = [now, commit(), os.cpu_count(), cpu()]
    new = not RECORD.exists()
    with RECORD.open("a", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if new:
            rows.writerow(HEADER)
        rows.writerows(about + row for row in medians())


def figures(of=None):
    with RECORD.open(newline="") as file:
        rows = list(csv.DictReader(file))
    of = of or rows[-1]["commit"]
    runs = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in rows:
        if row["commit"] == of:
            runs[row["bench"]][row["time"]][row["way"]] = float(row["median_ns"])
    for bench, times in runs.items():
        ways = next(iter(times.values()))
        for way in (way for way in ways if way not in PEERS):
            told = []
            for peer in (peer for peer in PEERS if peer in ways):
                ratios = sorted(run[peer] / run[way] for run in times.values())
                if peer in BOUNDS:
                    ratios = sorted(1 / ratio for ratio in ratios)
                told.append(f"{peer} {statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
            print(f"{bench:<52} {way:<14}", "  ".join(told))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["add"]:
            add()
        case ["figures", *of] if len(of) < 2:
            figures(*of)
        case _:
            sys.exit(__doc__)
