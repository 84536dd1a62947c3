"""A row of the table: a run of rulespec, and what must become of it."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FIXTURE = Path(__file__).resolve().parents[1] / "engine.py"

# What is allowed in any row.
MAX_MIB = 300
MAX_THREADS = 40
MAX_DESCRIPTORS = 100
MAX_OUTPUT = 2_000_000


# A requirement on standard output and standard error: it returns what is wrong, or None.
Want = Callable[[str, str], str | None]


@dataclass(frozen=True)
class Signal:
    """A signal to rulespec, so many seconds after its start or after the engine has said hello."""

    number: signal.Signals
    after: float


@dataclass(frozen=True)
class Row:
    """A run of rulespec with the fixture."""

    mode: str
    command: str
    # The arguments of rulespec before `--`.
    options: tuple[str, ...]
    # The exit statuses that are right.
    codes: tuple[int, ...]
    # The time limit: of the whole run, or from the first signal to the end.
    seconds: float
    arguments: tuple[str, ...] = ()
    escapes: bool = False
    terminal: bool = False
    stops_parent: bool = False
    signals: tuple[Signal, ...] = ()
    # Further requirements on the output.
    wants: tuple[Want, ...] = ()
    # The files that the run writes into its folder, by their name; they are read like its output.
    files: tuple[str, ...] = ()
    # The maximum resident memory of one process of the engine.
    max_engine_mib: int | None = None

    def engine(self, folder: Path) -> list[str]:
        return [sys.executable, str(FIXTURE), self.mode, *self.arguments, "--run", str(folder)]

    def argv(self, rulespec: Path, folder: Path) -> list[str]:
        options = [option.replace("{folder}", str(folder)) for option in self.options]
        return [str(rulespec), self.command, *options, "--", *self.engine(folder)]

    def reproduction(self, rulespec: Path) -> str:
        """The command line to run by hand, from the root of the repository."""
        fixture = "crates/cli/tests/hostile/engine.py"
        folder = "/tmp/run"
        options = [option.replace("{folder}", folder) for option in self.options]
        engine = ["python3", fixture, self.mode, *self.arguments, "--run", folder]
        line = shlex.join([str(rulespec), self.command, *options, "--", *engine])
        sent = "".join(f"; {one.number.name} after {one.after:g} s" for one in self.signals)
        return f"rm -rf {folder}; mkdir {folder}; {line}{'  # ' + sent[2:] if sent else ''}"


@dataclass
class Result:
    """What was measured, and what is wrong with it."""

    row: Row
    code: int | None = None
    seconds: float = 0.0
    peak_mib: float = 0.0
    engine_mib: float = 0.0
    threads: int = 0
    descriptors: int = 0
    orphans: int = 0
    faults: list[str] = field(default_factory=list)
