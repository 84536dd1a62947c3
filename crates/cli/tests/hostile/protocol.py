"""The fixture's side of protocol 1 (spec/80-protocol.md): reads calls and writes answers.

An answer is right unless the mode makes it wrong, so that a row of the table with exit status 0
means something. The right answers are those of engines/python.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "engines/python"))

import kql

Json = Any
Call = dict[str, Json]

FUNCTIONS: dict[str, Callable[..., Json]] = kql.FUNCTIONS

# Everything that a terminal, a page, a log or a spreadsheet could act on.
HOSTILE_TEXT = (
    "\x1b]0;pwned\x07\x1b[2J\x1b[31mRED\u202e\u0085\u009b31m<script>alert(1)</script>\"'>"
    "<img src=x onerror=alert(2)> &amp; ]]> %0A::error::x\r\n::error title=pwn::pwned\n"
    "|a|b|`c` **d** [l](javascript:alert(1)) ../../../etc/passwd"
)


class Engine:
    """One process of the fixture.

    `folder` is the folder of the run, which all processes of one run share. Without it, every
    process is a run of its own.
    """

    def __init__(self, mode: str, arguments: list[str], folder: Path | None) -> None:
        self.mode, self.arguments, self.folder = mode, arguments, folder
        self.answered = 0
        self.counts: dict[str, int] = {}
        self.start_number = self.count("starts")

    def argument(self, default: float) -> float:
        """The first argument after the mode, a number."""
        return float(self.arguments[0]) if self.arguments else default

    def count(self, name: str) -> int:
        """Counts across the processes of a run: 1 the first time, then 2, and so on."""
        if self.folder is None:
            self.counts[name] = self.counts.get(name, 0) + 1
            return self.counts[name]
        with open(self.folder / f"count-{name}", "ab") as file:
            file.write(b".")
            return file.tell()

    def counted(self, name: str) -> int:
        """How often `count` was called with this name in this run."""
        file = self.folder / f"count-{name}" if self.folder else None
        return file.stat().st_size if file and file.exists() else 0

    def messages(self) -> Iterator[Call]:
        for line in sys.stdin.buffer:
            yield json.loads(line)

    def calls(self, hello: Callable[[], None] | None = None) -> Iterator[Call]:
        """Answers hello, by `hello` if it is given, and yields every call."""
        for message in self.messages():
            if message.get("op") == "hello":
                (hello or self.hello)()
            else:
                yield message

    def hello(self, **members: Json) -> None:
        self.write(json.dumps(self.hello_message() | members) + "\n")

    def hello_message(self) -> dict[str, Json]:
        return {"engine": f"hostile {self.mode}", "version": "1", "functions": list(FUNCTIONS)}

    def await_hello(self) -> None:
        """Reads hello and answers it. The calls behind it may stay in a buffer of ours."""
        sys.stdin.buffer.readline()
        self.hello()

    def right(self, call: Call) -> dict[str, Json]:
        """The right answer."""
        function = FUNCTIONS[call["fn"]]
        try:
            return {"id": call["id"], "ok": function(*call["args"])}
        except Exception as error:
            return {"id": call["id"], "error": str(error)}

    def answer(self, call: Call, **members: Json) -> None:
        """Writes the right answer, with these members instead of its own."""
        self.write(json.dumps(self.right(call) | members) + "\n")
        self.answered += 1

    def value(self, call: Call, value: Json) -> None:
        """Writes an answer with this value."""
        self.write(json.dumps({"id": call["id"], "ok": value}) + "\n")
        self.answered += 1

    def write(self, data: bytes | str) -> None:
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def write_for_ever(self, data: bytes) -> NoReturn:
        while True:
            os.write(1, data)
