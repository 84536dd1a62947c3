"""Explores for long against a slow, a crashing and a flooding engine, and watches rulespec.

Its memory, threads and descriptors must be flat: their means in the last third of the time must
not exceed those in the first third by more than a little. Exits with 1 if they do.

Usage: python3 soak.py RULESPEC [SECONDS]      600 seconds by default, for all engines at once
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import watch
from harness.row import FIXTURE
from harness.run import ROOT, kill

MODES = {
    "slow": ["slow-and-wrong", "0.02"],
    "crashing": ["crashes-at-one-call-in-a-hundred"],
    "leaving holders": ["crashes-and-leaves-holders"],
    "flooding": ["floods-strays-and-answers"],
    "large": ["strings-of-1-mb"],
}
SAMPLE_SECONDS = 1.0
# What the last third may have more than the first.
MAX_GROWTH = {"MiB": 12.0, "threads": 1.0, "descriptors": 2.0, "zombies": 1.0}
MAX_MIB = 300
# How long a search may take to explain what it found; the table is stricter.
ENDING_SECONDS = 15


@dataclass
class Soak:
    """A search, and what was seen of it."""

    name: str
    folder: Path
    child: subprocess.Popen[bytes]
    samples: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MAX_GROWTH})

    def sample(self) -> None:
        used = watch.usage(self.child.pid)
        if used:
            zombies = watch.zombie_children(self.child.pid)
            seen = (used.resident_kib / 1024, used.threads, used.descriptors, zombies)
            for name, value in zip(MAX_GROWTH, seen):
                self.samples[name].append(value)

    def faults(self) -> list[str]:
        code = self.child.returncode
        faults = [] if code in (0, 1) else [f"exit status {code}"]
        for name, values in self.samples.items():
            first, last = thirds(values)
            if last - first > MAX_GROWTH[name]:
                faults.append(f"{name} grew from {first:.1f} to {last:.1f}")
        if max(self.samples["MiB"], default=0) > MAX_MIB:
            faults.append(f"over {MAX_MIB} MiB")
        if b"panicked at" in (self.folder / "stderr").read_bytes():
            faults.append("panicked")
        return faults

    def line(self) -> str:
        means = {name: thirds(values) for name, values in self.samples.items()}
        cells = [f"{name} {first:.1f} → {last:.1f}" for name, (first, last) in means.items()]
        return "  ".join(
            [f"{self.name:16} exit {self.child.returncode}", *cells, "; ".join(self.faults()) or "ok"]
        )


def thirds(values: list[float]) -> tuple[float, float]:
    """The means of the first third and of the last, without the start."""
    values = values[len(values) // 20 :] or [0.0]
    count = max(1, len(values) // 3)
    return statistics.fmean(values[:count]), statistics.fmean(values[-count:])


def start(rulespec: Path, name: str, seconds: float) -> Soak:
    folder = Path(tempfile.mkdtemp(prefix="rulespec-soak-"))
    options = ["--time", str(seconds), "--timeout", "2", "--seed", "7", "--jobs", "1"]
    engine = [sys.executable, str(FIXTURE), *MODES[name], "--run", str(folder)]
    with open(folder / "stderr", "wb") as errors:
        child = subprocess.Popen(
            [rulespec, "explore", *options, "--", *engine],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=os.environ | {"RULESPEC_HOSTILE": str(folder)},
        )
    return Soak(name, folder, child)


def main() -> int:
    rulespec = Path(sys.argv[1]).resolve()
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 600.0
    soaks = [start(rulespec, name, seconds) for name in MODES]
    end = time.monotonic() + seconds + ENDING_SECONDS
    has_failed = False
    try:
        while time.monotonic() < end and any(soak.child.poll() is None for soak in soaks):
            for soak in soaks:
                soak.sample()
            end_escaped(soaks)
            time.sleep(SAMPLE_SECONDS)
        for soak in soaks:
            if soak.child.poll() is None:
                print(f"{soak.name}: did not end")
                soak.child.send_signal(signal.SIGKILL)
                soak.child.wait()
            print(soak.line())
            has_failed |= bool(soak.faults())
    finally:
        for soak in soaks:
            for process in watch.marked(str(soak.folder)):
                kill(process.id)
            shutil.rmtree(soak.folder, ignore_errors=True)
    return 1 if has_failed else 0


def end_escaped(soaks: list[Soak]) -> None:
    """Ends the oldest daemons that engines leave behind, so that they do not fill the machine."""
    for soak in soaks:
        running = watch.marked(str(soak.folder))
        parents = {one.id for one in running}
        daemons = [one for one in running if one.parent not in parents and one.id != soak.child.pid]
        for daemon in sorted(daemons, key=lambda one: one.id)[:-50]:
            kill(daemon.id)


if __name__ == "__main__":
    sys.exit(main())
