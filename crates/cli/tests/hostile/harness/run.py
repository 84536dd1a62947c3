"""Runs one row and measures it."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import tempfile
import time
import unicodedata
from pathlib import Path

from . import watch
from .row import MAX_DESCRIPTORS, MAX_MIB, MAX_OUTPUT, MAX_THREADS, Result, Row

ROOT = Path(__file__).resolve().parents[5]
POLL_SECONDS = 0.01
# A run that uses this much is ended, so that it does not take the machine along.
TOO_MUCH_MIB = 1_500
# How long a group that was killed may take to be gone.
KILL_SECONDS = 2.0


# The folders of the runs that are going on.
_going_on: set[Path] = set()


def end_all() -> None:
    """Ends every run that is going on, with its engine."""
    for folder in list(_going_on):
        for process in watch.marked(str(folder)):
            kill(process.id)
        shutil.rmtree(folder, ignore_errors=True)


class Run:
    """A run of a row."""

    def __init__(self, rulespec: Path, row: Row) -> None:
        self.row, self.result = row, Result(row)
        self.folder = Path(tempfile.mkdtemp(prefix="rulespec-hostile-"))
        _going_on.add(self.folder)
        self.terminal: int | None = None
        argv = row.argv(rulespec, self.folder)
        stdin: int = subprocess.DEVNULL
        if row.terminal:
            self.terminal, stdin = pty.openpty()
            argv = ["setsid", "--ctty", *argv]
        with open(self.folder / "stdout", "wb") as out, open(self.folder / "stderr", "wb") as err:
            self.start = time.monotonic()
            self.child = subprocess.Popen(
                argv,
                cwd=ROOT,
                stdin=stdin,
                stdout=out,
                stderr=err,
                env=os.environ | {"RULESPEC_HOSTILE": str(self.folder), "COLUMNS": "100"},
                start_new_session=not row.terminal,
            )
        if row.terminal:
            os.close(stdin)

    def measure(self) -> Result:
        """Waits for the end and measures it. Nothing of the run is left afterwards."""
        try:
            self.wait()
            self.find_orphans()
            self.check()
        finally:
            for process in watch.marked(str(self.folder)):
                kill(process.id)
            if self.terminal is not None:
                os.close(self.terminal)
            shutil.rmtree(self.folder, ignore_errors=True)
            _going_on.discard(self.folder)
        return self.result

    def wait(self) -> None:
        """Waits for the end of rulespec, and sends it the signals of the row."""
        result, row = self.result, self.row
        signals = list(row.signals)
        first_signal: float | None = None
        stopped_since: float | None = None
        was_killed = False
        hello: float | None = None if signals else self.start
        while True:
            pid, status = os.waitpid(self.child.pid, os.WNOHANG)
            now = time.monotonic()
            if pid:
                break
            now_used = watch.usage(self.child.pid)
            if now_used:
                self.note(now_used)
            if hello is None and (self.folder / "engines").exists():
                hello = now
            if signals and hello is not None and now - hello > signals[0].after:
                os.kill(self.child.pid, signals.pop(0).number)
                first_signal = first_signal or now
            if now_used and now_used.is_stopped and row.stops_parent:
                stopped_since = stopped_since or now
                if now - stopped_since > 1:
                    os.kill(self.child.pid, signal.SIGCONT)
                    stopped_since = None
            elapsed = now - (first_signal or self.start)
            limit = row.seconds if first_signal or not row.signals else 90.0
            if elapsed > limit * 1.25 + 2 or result.peak_mib > TOO_MUCH_MIB:
                if not was_killed:
                    result.faults.append("did not end, and was killed")
                was_killed = True
                kill(self.child.pid)
            time.sleep(POLL_SECONDS)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        result.code = self.child.returncode
        result.seconds = now - (first_signal or self.start)
        if row.signals and first_signal is None:
            result.faults.append(f"ended before {signals[0].number.name}")
        # The peak is that of the last look at /proc. The count of wait4 is no help: it includes the
        # processes that rulespec has waited for, so it is the engine's, if the engine is larger.

    def note(self, used: watch.Usage) -> None:
        result = self.result
        result.peak_mib = max(result.peak_mib, used.peak_kib / 1024)
        result.threads = max(result.threads, used.threads)
        result.descriptors = max(result.descriptors, used.descriptors)
        if self.row.max_engine_mib is not None:
            for id_ in self.engines():
                engine = watch.usage(id_)
                if engine:
                    result.engine_mib = max(result.engine_mib, engine.peak_kib / 1024)

    def engines(self) -> set[int]:
        """The ids of the engine's processes, which are those of their groups."""
        try:
            return set(map(int, (self.folder / "engines").read_text().split()))
        except OSError:
            return set()

    def find_orphans(self) -> None:
        """Counts the processes of the run that are left. Those that have left the group may be."""
        end = time.monotonic() + KILL_SECONDS
        while True:
            engines = self.engines()
            left = watch.marked(str(self.folder))
            if self.row.escapes:
                left = [one for one in left if one.group in engines or "engine.py" not in one.command]
            if not left or time.monotonic() > end:
                break
            time.sleep(0.05)
        self.result.orphans = len(left)
        if left:
            self.result.faults.append(f"left behind: {left[0].command[:60]!r}")

    def check(self) -> None:
        """Compares what was measured with what is required."""
        result, row = self.result, self.row
        if result.code not in row.codes:
            wanted = " or ".join(map(str, row.codes))
            result.faults.append(f"exit status {result.code}, not {wanted}")
        if result.seconds > row.seconds:
            result.faults.append(f"{result.seconds:.1f} s, over {row.seconds:g} s")
        for what, value, limit in (
            ("MiB of memory", result.peak_mib, MAX_MIB),
            ("threads", result.threads, MAX_THREADS),
            ("descriptors", result.descriptors, MAX_DESCRIPTORS),
            ("MiB of the engine", result.engine_mib, row.max_engine_mib or float("inf")),
        ):
            if value > limit:
                result.faults.append(f"{value:.0f} {what}, over {limit}")
        out, err = (self.read(name) for name in ("stdout", "stderr"))
        for name in row.files:
            self.read(name)
        if "panicked at" in out + err:
            result.faults.append("panicked")
        result.faults.extend(fault for want in row.wants if (fault := want(out, err)))
        if self.terminal is not None and (written := read_terminal(self.terminal)):
            result.faults.append(f"the engine wrote to the terminal: {written[:20]!r}")

    def read(self, name: str) -> str:
        """Reads an output, and checks that it is short and safe to show."""
        faults = self.result.faults
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            faults.append(f"{name} is missing")
            return ""
        if len(data) > MAX_OUTPUT:
            faults.append(f"{len(data) / 1e6:.1f} MB on {name}")
        try:
            text = data.decode()
        except UnicodeDecodeError:
            faults.append(f"{name} is not UTF-8")
            text = data.decode(errors="replace")
        unsafe = sorted({character for character in text if is_unsafe(character)})
        if unsafe:
            faults.append(f"unsafe characters on {name}: {''.join(unsafe)[:8]!a}")
        return text


def is_unsafe(character: str) -> bool:
    """Whether a terminal could act on a character, or a reader be misled by it."""
    if character in "\n\t":
        return False
    return character < " " or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Co")


def kill(id_: int) -> None:
    try:
        os.kill(id_, signal.SIGKILL)
    except ProcessLookupError:
        pass


def read_terminal(terminal: int) -> bytes:
    """What was written to a terminal. Reading fails when its other side is closed and empty."""
    os.set_blocking(terminal, False)
    try:
        return os.read(terminal, 4_096)
    except OSError:
        return b""
