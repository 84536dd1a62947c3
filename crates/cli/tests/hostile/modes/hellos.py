"""What is wrong with the start, or with the answer to hello."""

from __future__ import annotations

import json
import os
import sys
import time

from protocol import FUNCTIONS, HOSTILE_TEXT, Engine
from registry import mode

# An engine has 30 seconds to answer hello.
START_SECONDS = 34.0
MIB = 1 << 20


def answer_all(engine: Engine) -> None:
    for call in engine.calls():
        engine.answer(call)


def answer_all_after(engine: Engine, hello: bytes | str) -> None:
    """Answers hello by this text, and every call by its right answer."""
    for call in engine.calls(lambda: engine.write(hello)):
        engine.answer(call)


@mode(3)
def exits_at_once(engine: Engine) -> None:
    """Exits with 0 before hello."""


@mode(3)
def exits_at_once_with_7(engine: Engine) -> None:
    """Writes escape sequences to standard error and exits with 7."""
    sys.stderr.write("bye \x1b[31m<b>\n")
    sys.exit(7)


@mode(3)
def crashes_at_once(engine: Engine) -> None:
    """Writes much to standard error and exits with 3 before hello."""
    os.write(2, b"\x1b]0;t\x07\x1b[2J<script>\xff\xfe\x00\n" * 100_000)
    os._exit(3)


@mode(3, seconds=START_SECONDS)
def never_says_hello(engine: Engine) -> None:
    """Reads nothing and writes nothing."""
    time.sleep(100_000)


@mode(3, seconds=START_SECONDS)
def drips_hello(engine: Engine) -> None:
    """Writes a byte of hello each second."""
    for byte in b'{"engine":"drip drip drip drip drip drip","version":"1"}\n':
        engine.write(bytes([byte]))
        time.sleep(1)


@mode(3)
def floods_before_hello(engine: Engine) -> None:
    """Writes bytes without a line feed, without end."""
    engine.write_for_ever(b"x" * 65_536)


@mode(3)
def answers_before_hello(engine: Engine) -> None:
    """Answers calls that nobody has made, and then hello."""
    engine.write("".join(f'{{"id":{number},"ok":true}}\n' for number in range(1, 10)))
    answer_all(engine)


@mode(3)
def banner(engine: Engine) -> None:
    """Writes a line of text before hello."""
    engine.write("Welcome!\n")
    answer_all(engine)


@mode(3)
def blank_line_before_hello(engine: Engine) -> None:
    """Writes a blank line before hello."""
    engine.write("\n")
    answer_all(engine)


@mode(0, explore=(0, 1))
def hello_late(engine: Engine) -> None:
    """Answers hello after two seconds."""
    time.sleep(2)
    answer_all(engine)


@mode(0)
def hello_in_single_bytes(engine: Engine) -> None:
    """Writes each byte of hello by itself."""

    def hello() -> None:
        for byte in json.dumps(engine.hello_message()).encode() + b"\n":
            engine.write(bytes([byte]))

    for call in engine.calls(hello):
        engine.answer(call)


@mode(0)
def hello_of_16_mib(engine: Engine) -> None:
    """Has a name of nearly 16 MiB, as long as a line may be."""
    for call in engine.calls(lambda: engine.hello(engine="n" * (16 * MIB - 400))):
        engine.answer(call)


@mode(3)
def hello_over_16_mib(engine: Engine) -> None:
    """Has a name of 17 MiB."""
    for call in engine.calls(lambda: engine.hello(engine="n" * 17 * MIB)):
        engine.answer(call)


@mode(0)
def hello_with_200000_functions(engine: Engine) -> None:
    """Lists functions that nobody knows, besides its own."""
    functions = [*FUNCTIONS, *(f"f{number}" for number in range(200_000))]
    for call in engine.calls(lambda: engine.hello(functions=functions)):
        engine.answer(call)


@mode(3)
def hello_with_a_million_functions(engine: Engine) -> None:
    """Lists more functions than a message may have values."""
    functions = [*FUNCTIONS, *(f"f{number}" for number in range(1_000_000))]
    for call in engine.calls(lambda: engine.hello(functions=functions)):
        engine.answer(call)


@mode((0, 3))
def hello_deep(engine: Engine) -> None:
    """Has a member of hello that nests 200,000 arrays."""
    text = json.dumps(engine.hello_message())[1:]
    answer_all_after(engine, '{"x":' + "[" * 200_000 + "]" * 200_000 + "," + text + "\n")


@mode(3)
def hello_protocol_2(engine: Engine) -> None:
    """Speaks protocol 2."""
    for call in engine.calls(lambda: engine.hello(protocol=2)):
        engine.answer(call)


@mode(3)
def hello_protocol_text(engine: Engine) -> None:
    """Gives the protocol as a string."""
    for call in engine.calls(lambda: engine.hello(protocol="1")):
        engine.answer(call)


@mode(3)
def hello_protocol_real(engine: Engine) -> None:
    """Gives the protocol as 1.0."""
    for call in engine.calls(lambda: engine.hello(protocol=1.0)):
        engine.answer(call)


@mode((0, 3))
def hello_protocol_null(engine: Engine) -> None:
    """Gives the protocol as null."""
    for call in engine.calls(lambda: engine.hello(protocol=None)):
        engine.answer(call)


@mode(3)
def hello_array(engine: Engine) -> None:
    """Answers hello by an array."""
    answer_all_after(engine, "[1,2]\n")


@mode(3)
def hello_number_as_name(engine: Engine) -> None:
    """Gives its name as a number."""
    for call in engine.calls(lambda: engine.hello(engine=5)):
        engine.answer(call)


@mode(3)
def hello_repeated_member(engine: Engine) -> None:
    """Repeats its name in hello."""
    answer_all_after(engine, '{"engine":"a","engine":"b","version":"1"}\n')


@mode((0, 1), smoke=1)
def hello_twice(engine: Engine) -> None:
    """Answers hello twice."""

    def hello() -> None:
        engine.hello()
        engine.hello()

    for call in engine.calls(hello):
        engine.answer(call)


@mode((1, 3), digest=(1, 2, 3))
def hello_without_functions(engine: Engine) -> None:
    """Lists no function, so that nothing can be asked."""
    for call in engine.calls(lambda: engine.hello(functions=[])):
        engine.answer(call)


@mode((1, 3), digest=(1, 2, 3))
def hello_unknown_functions(engine: Engine) -> None:
    """Lists only functions that nobody knows."""
    for call in engine.calls(lambda: engine.hello(functions=["nope", "\x1b[31m"])):
        engine.answer(call)


@mode(3)
def hello_error(engine: Engine) -> None:
    """Answers hello by an error full of escape sequences."""
    answer_all_after(engine, json.dumps({"error": HOSTILE_TEXT}) + "\n")


@mode(3)
def hello_text(engine: Engine) -> None:
    """Answers hello by a line of escape sequences."""
    answer_all_after(engine, HOSTILE_TEXT.replace("\n", "") + "\n")


@mode(3)
def hello_bom(engine: Engine) -> None:
    """Begins hello with a byte order mark."""
    answer_all_after(engine, "\ufeff" + json.dumps(engine.hello_message()) + "\n")


@mode(3)
def hello_invalid_utf8(engine: Engine) -> None:
    """Has a name in hello that is not UTF-8."""
    answer_all_after(engine, b'{"engine":"\xff\xfe\xc0\xaf","version":"1"}\n')


@mode(3)
def hello_nul(engine: Engine) -> None:
    """Has a NUL within its name."""
    answer_all_after(engine, b'{"engine":"a\x00b","version":"1"}\n')


@mode(0)
def hello_crlf(engine: Engine) -> None:
    """Ends hello with CR and LF."""
    answer_all_after(engine, json.dumps(engine.hello_message()) + "\r\n")


@mode(0)
def hello_escapes(engine: Engine) -> None:
    """Has escape sequences as its name and version, escaped and as they are."""
    raw = "\u202e\u009b2J\u2028</title><script>alert(0)</script>\u0085\x7f<b>"
    for call in engine.calls(
        lambda: engine.write(
            json.dumps(
                engine.hello_message() | {"engine": HOSTILE_TEXT + raw, "version": HOSTILE_TEXT + raw},
                ensure_ascii=False,
            )
            + "\n"
        )
    ):
        engine.answer(call)


@mode(0)
def hello_formulas(engine: Engine) -> None:
    """Has spreadsheet formulas as its name and version."""
    for call in engine.calls(lambda: engine.hello(engine="=cmd|' /C calc'!A0", version="@SUM(1)")):
        engine.answer(call)


@mode(0)
def hello_path(engine: Engine) -> None:
    """Has paths as its name and version."""
    for call in engine.calls(lambda: engine.hello(engine="../../../../tmp/pwned", version="/etc/passwd")):
        engine.answer(call)
