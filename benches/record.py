"""Appends the medians of the last `cargo bench` to benches/record/times.csv.

Usage: python3 benches/record.py     after `cargo bench`, from the project's folder
"""

import csv
import datetime
import json
import os
import pathlib
import subprocess

RECORD = pathlib.Path("benches/record/times.csv")
HEADER = ["date", "commit", "cores", "cpu", "bench", "median_ns", "low_ns", "high_ns"]


def cpu():
    """The model of the processor; nothing that names the machine."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown"
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else "unknown"


def commit():
    """The commit that was measured, with a + where files were changed since."""
    said = subprocess.run(["git", "describe", "--always", "--dirty=+", "--exclude=*"], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def medians():
    """Every bench that criterion has a result of, with its median."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "criterion"
    for found in sorted(target.rglob("new/estimates.json")):
        name = json.loads((found.parent / "benchmark.json").read_text())["full_id"]
        median = json.loads(found.read_text())["median"]
        interval = median["confidence_interval"]
        yield [name] + [f"{ns:.1f}" for ns in (median["point_estimate"], interval["lower_bound"], interval["upper_bound"])]


def main():
    about = [datetime.date.today().isoformat(), commit(), os.cpu_count(), cpu()]
    new = not RECORD.exists()
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if new:
            rows.writerow(HEADER)
        rows.writerows(about + row for row in medians())


if __name__ == "__main__":
    main()
