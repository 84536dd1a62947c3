"""Lines: how long they are, and how they are written."""

from __future__ import annotations

import json
import os

from protocol import Call, Engine
from registry import mode

MIB = 1 << 20
# The maximum length of a line.
MAX_LINE = 16 * MIB


@mode(0)
def single_bytes(engine: Engine) -> None:
    """Writes each byte of every hundredth answer by itself."""
    for call in engine.calls():
        if call["id"] % 100:
            engine.answer(call)
        else:
            for byte in json.dumps(engine.right(call)).encode() + b"\n":
                engine.write(bytes([byte]))


@mode(0)
def crlf(engine: Engine) -> None:
    """Ends lines with CR and LF."""
    for call in engine.calls():
        engine.write(json.dumps(engine.right(call)) + "\r\n")


@mode(0)
def white_space(engine: Engine) -> None:
    """Puts tabs and spaces around each token."""
    for call in engine.calls():
        text = json.dumps(engine.right(call), separators=(" ,\t", "\t : "))
        engine.write(f" \t {text} \t \n")


@mode(1)
def two_answers_in_a_line(engine: Engine) -> None:
    """Writes two answers without a line feed between them."""
    for call in engine.calls():
        text = json.dumps(engine.right(call))
        engine.write(f"{text}{text}\n")


@mode(1)
def pretty_printed(engine: Engine) -> None:
    """Writes an answer in several lines."""
    for call in engine.calls():
        engine.write(json.dumps(engine.right(call), indent=2) + "\n")


@mode(1)
def noise_between_answers(engine: Engine) -> None:
    """Writes a line of text before each answer."""
    for call in engine.calls():
        engine.write(f"calling {call['fn']}\n")
        engine.answer(call)


@mode(1)
def blank_lines(engine: Engine) -> None:
    """Writes a blank line before each answer."""
    for call in engine.calls():
        engine.write("\n")
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def unfinished_line(engine: Engine) -> None:
    """Exits after half an answer."""
    for call in engine.calls():
        if engine.answered == 20:
            engine.write('{"id":%d,"ok":' % call["id"])
            return
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def no_last_line_feed(engine: Engine) -> None:
    """Exits after a right answer without a line feed."""
    for call in engine.calls():
        if engine.answered == 20:
            engine.write(json.dumps(engine.right(call)))
            return
        engine.answer(call)


def padded(engine: Engine, call: Call, length: int) -> None:
    """Writes the right answer as a line of this length, which counts the line feed not."""
    text = json.dumps(engine.right(call))
    engine.write(text[:-1] + " " * (length - len(text)) + "}\n")
    engine.answered += 1


@mode(0, seconds=120)
def lines_of_64_kib(engine: Engine) -> None:
    """Pads every right answer to 64 KiB."""
    for call in engine.calls():
        padded(engine, call, 65_536)


@mode(0)
def lines_of_16_mib_now_and_then(engine: Engine) -> None:
    """Pads the first answer of a process, and every five hundredth call, to just 16 MiB."""
    for call in engine.calls():
        if engine.answered == 0 or call["id"] % 500 == 0:
            padded(engine, call, MAX_LINE - 1)
        else:
            engine.answer(call)


@mode(1)
def line_over_16_mib_once(engine: Engine) -> None:
    """Pads one right answer of a run to a byte more than is allowed."""
    for call in engine.calls():
        if engine.answered == 10 and engine.count("long lines") == 1:
            padded(engine, call, MAX_LINE + 1)
        else:
            engine.answer(call)


@mode(1)
def line_of_1_gib(engine: Engine) -> None:
    """Answers by a string of 1 GiB."""
    for call in engine.calls():
        engine.write('{"id":%d,"ok":"' % call["id"])
        for _ in range(16_384):
            os.write(1, b"y" * 65_536)
        engine.write('"}\n')


@mode(1)
def endless_line(engine: Engine) -> None:
    """Writes bytes without a line feed after hello, without end."""
    engine.await_hello()
    engine.write_for_ever(b"x" * 65_536)


def values(engine: Engine, text: bytes) -> None:
    """Answers each call by this JSON."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"ok":' % call["id"] + text + b"}\n")


@mode(1, options=["--max-time", "20"])
def strings_of_16_mib(engine: Engine) -> None:
    """Answers each call by a string of nearly 16 MiB."""
    values(engine, b'"' + b"x" * (MAX_LINE - 100) + b'"')


@mode(1, options=["--max-time", "20"])
def escapes_of_16_mib(engine: Engine) -> None:
    """Answers each call by a string of nearly 16 MiB that is longer when it is shown."""
    values(engine, b'"' + "\u202e".encode() * (MAX_LINE // 3 - 100) + b'"')


@mode(1, options=["--max-time", "20"])
def strings_of_1_mb(engine: Engine) -> None:
    """Answers each call by a string of 1 MB."""
    values(engine, b'"' + b"x" * 1_000_000 + b'"')


@mode(1, options=["--max-time", "20"])
def errors_of_1_mb(engine: Engine) -> None:
    """Answers each call by an error of 1 MB."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"error":"' % call["id"] + b"x" * 1_000_000 + b'"}\n')


@mode((1, 3), digest=(1, 2, 3), options=["--max-time", "20"])
def reasons_of_1_mb(engine: Engine) -> None:
    """Supports no function, with a reason of 1 MB."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"unsupported":"' % call["id"] + b"x" * 1_000_000 + b'"}\n')


@mode(1, options=["--max-time", "20"])
def arrays_of_1_mb(engine: Engine) -> None:
    """Answers each call by 333,000 empty arrays, which need more memory than text."""
    values(engine, b"[" + b"[]," * 333_000 + b"[]]")


@mode(1, options=["--max-time", "20"])
def arrays_of_16_mib(engine: Engine) -> None:
    """Answers each call by five million empty arrays: a legal line."""
    values(engine, b"[" + b"[]," * (MAX_LINE // 3 - 100) + b"[]]")


@mode(1, options=["--max-time", "20"])
def objects_of_1_mb(engine: Engine) -> None:
    """Answers each call by an object of 80,000 empty objects."""
    values(engine, b"{" + b",".join(b'"%d":{}' % number for number in range(80_000)) + b"}")


@mode(1, options=["--max-time", "20"])
def tables_of_1_mb(engine: Engine) -> None:
    """Answers each call by a table of 200,000 rows."""
    rows = b",".join([b"[1]"] * 200_000)
    values(engine, b'{"columns":[{"name":"k","type":"long"}],"rows":[' + rows + b"]}")


@mode(1, options=["--max-time", "20"])
def numbers_of_1_mb(engine: Engine) -> None:
    """Answers each call by a number of a million digits."""
    values(engine, b"9" * 1_000_000)


@mode(1, options=["--max-time", "20"])
def names_of_1_mb(engine: Engine) -> None:
    """Has a member with a name of 1 MB instead of `ok`."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"' % call["id"] + b"x" * 1_000_000 + b'":1}\n')


@mode(1, options=["--max-time", "20"])
def garbage_of_1_mb(engine: Engine) -> None:
    """Answers each call by a line of 1 MB that is no JSON."""
    for _ in engine.calls():
        engine.write(b"g" * 1_000_000 + b"\n")
