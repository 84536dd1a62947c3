"""Output without end, and input that is not read."""

from __future__ import annotations

import os
import sys
import threading
import time

from protocol import Engine
from registry import mode


@mode(1)
def floods_lines(engine: Engine) -> None:
    """Writes lines that are no answers, without end."""
    engine.await_hello()
    engine.write_for_ever(b"garbage\n" * 8_192)


@mode(1)
def floods_blank_lines(engine: Engine) -> None:
    """Writes blank lines without end."""
    engine.await_hello()
    engine.write_for_ever(b"\n" * 65_536)


@mode(1)
def floods_strays(engine: Engine) -> None:
    """Writes answers to a call that was never made, without end."""
    engine.await_hello()
    engine.write_for_ever(b'{"id":99999999,"ok":1}\n' * 2_000)


@mode(1)
def floods_strays_and_answers(engine: Engine) -> None:
    """Writes a thousand strays before each right answer."""
    for call in engine.calls():
        engine.write(b'{"id":99999999,"ok":1}\n' * 1_000)
        engine.answer(call)


@mode(0, smoke=(0, 1))
def floods_after_the_end(engine: Engine) -> None:
    """Answers rightly, and writes without end at the end of its input."""
    for call in engine.calls():
        engine.answer(call)
    engine.write_for_ever(b"x" * 65_535 + b"\n")


@mode(1)
def answers_before_asked(engine: Engine) -> None:
    """Answers all calls of the future, without end."""
    engine.await_hello()
    first = 1
    while True:
        engine.write("".join(f'{{"id":{number},"ok":true}}\n' for number in range(first, first + 500)))
        first += 500


@mode(1)
def never_reads(engine: Engine) -> None:
    """Reads nothing after hello, but answers about as fast as it is asked."""
    engine.await_hello()
    first = 1
    while True:
        engine.write("".join(f'{{"id":{number},"ok":true}}\n' for number in range(first, first + 16)))
        first += 16
        time.sleep(0.0002)


@mode(1, stalls=True)
def stops_reading(engine: Engine) -> None:
    """Reads nothing after twenty answers, and writes nothing."""
    for call in engine.calls():
        if engine.answered == 20:
            time.sleep(100_000)
        engine.answer(call)


def floods_stderr_in_a_thread(data: bytes) -> None:
    def flood() -> None:
        while True:
            os.write(2, data)

    threading.Thread(target=flood, daemon=True).start()


@mode(0)
def floods_standard_error(engine: Engine) -> None:
    """Writes escape sequences to standard error without end, and answers rightly."""
    floods_stderr_in_a_thread(b"\x1b[31me" * 9_000)
    for call in engine.calls():
        engine.answer(call)
    sys.stdout.flush()
    os._exit(0)


@mode(1, stalls=True)
def floods_standard_error_and_stalls(engine: Engine) -> None:
    """Writes escape sequences to standard error without end, and answers nothing after twenty answers."""
    floods_stderr_in_a_thread(b"\x1b[31me\n" * 9_000)
    for call in engine.calls():
        if engine.answered == 20:
            time.sleep(100_000)
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def floods_standard_error_and_crashes(engine: Engine) -> None:
    """Writes a line without end to standard error, and crashes after every fifty answers."""
    floods_stderr_in_a_thread(b"\x00\xff\x1b[2J" * 10_000)
    for call in engine.calls():
        if engine.answered == 50:
            os._exit(9)
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def crashes_with_a_last_word(engine: Engine) -> None:
    """Writes hostile text to standard error before each crash."""
    for call in engine.calls():
        if engine.answered == 5:
            os.write(2, b"\x1b]0;t\x07\x1b[2J\xe2\x80\xae<script>\xff\x00\r\n::error::x\n" * 1_000)
            os._exit(9)
        engine.answer(call)
