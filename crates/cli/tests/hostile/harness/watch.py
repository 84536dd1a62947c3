"""Processes, as /proc shows them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process that is alive or a zombie."""

    id: int
    parent: int
    group: int
    session: int
    state: str
    command: str


def process(id_: int) -> Process | None:
    """Reads a process, or None if there is none. Spaces in the name of the program do not matter."""
    try:
        stat = Path(f"/proc/{id_}/stat").read_text(errors="replace")
        command = Path(f"/proc/{id_}/cmdline").read_bytes()
    except OSError:
        return None
    state, parent, group, session = stat.rpartition(")")[2].split()[:4]
    text = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return Process(id_, int(parent), int(group), int(session), state, text)


def ids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def marked(mark: str) -> list[Process]:
    """The processes, other than zombies, with this text among their arguments or in their environment."""
    wanted = mark.encode()
    found = []
    for id_ in ids():
        if id_ == os.getpid():
            continue
        try:
            has_mark = any(
                wanted in Path(f"/proc/{id_}/{file}").read_bytes() for file in ("cmdline", "environ")
            )
        except OSError:
            continue
        this = process(id_) if has_mark else None
        if this and this.state not in "ZX":
            found.append(this)
    return found


@dataclass
class Usage:
    """What a process uses: the peak of its resident memory, and the rest at one moment."""

    peak_kib: int
    resident_kib: int
    threads: int
    descriptors: int
    is_stopped: bool


def usage(id_: int) -> Usage | None:
    """Reads what a process uses, or None if it has ended."""
    try:
        lines = Path(f"/proc/{id_}/status").read_text(errors="replace").splitlines()
        descriptors = len(os.listdir(f"/proc/{id_}/fd"))
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    if "VmHWM" not in fields:
        return None

    def number(name: str) -> int:
        return int(fields[name].split()[0])

    is_stopped = fields["State"].strip()[:1] == "T"
    return Usage(number("VmHWM"), number("VmRSS"), number("Threads"), descriptors, is_stopped)


def zombie_children(parent: int) -> int:
    """The number of children that have ended and that nobody has waited for."""
    found = (process(id_) for id_ in ids())
    return sum(1 for child in found if child and child.parent == parent and child.state == "Z")
