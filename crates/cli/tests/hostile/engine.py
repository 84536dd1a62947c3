"""An engine that misbehaves as its first argument says.

Usage: python3 engine.py MODE [ARGUMENT...] [--run FOLDER]
       python3 engine.py --list

FOLDER is shared by all processes of one run: it has the counts of modes that fail only now and
then, and `engines`, the ids of the processes. Its path marks the processes of the run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from modes import MODES
from protocol import Engine


def main(arguments: list[str]) -> None:
    if arguments == ["--list"]:
        for mode in MODES.values():
            print(f"{mode.name:28} {mode.about}")
        return
    folder = None
    if "--run" in arguments:
        at = arguments.index("--run")
        folder = Path(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
        with open(folder / "engines", "a") as file:
            file.write(f"{os.getpid()}\n")
    if not arguments or arguments[0] not in MODES:
        sys.exit("usage: engine.py MODE [ARGUMENT...] [--run FOLDER]; --list lists the modes")
    MODES[arguments[0]].run(Engine(arguments[0], arguments[1:], folder))


if __name__ == "__main__":
    main(sys.argv[1:])
