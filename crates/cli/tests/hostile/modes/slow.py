"""Engines that are slow, that stall, or that stall now and then."""

from __future__ import annotations

import json
import signal
import time

from protocol import Engine
from registry import mode

# Until the time limit of the whole run, which leaves calls that were not asked: no pass.
UNTIL_MAX_TIME = ["--max-time", "20"]
NOT_ALL_ASKED = (1, 3)


@mode(NOT_ALL_ASKED, explore=0, options=UNTIL_MAX_TIME)
def slow_answers(engine: Engine) -> None:
    """Needs 0.2 s for an answer, or as long as the argument says, and is right."""
    seconds = engine.argument(0.2)
    for call in engine.calls():
        time.sleep(seconds)
        engine.answer(call)


@mode(1, options=UNTIL_MAX_TIME)
def slow_and_wrong(engine: Engine) -> None:
    """Needs 0.05 s for an answer, or as long as the argument says, and answers true."""
    seconds = engine.argument(0.05)
    for call in engine.calls():
        time.sleep(seconds)
        engine.value(call, True)


@mode(NOT_ALL_ASKED, explore=(0, 1), options=UNTIL_MAX_TIME)
def answers_just_in_time(engine: Engine) -> None:
    """Needs 4.5 s for each answer, where 5 s are allowed."""
    for call in engine.calls():
        time.sleep(4.5)
        engine.answer(call)


@mode(1, options=UNTIL_MAX_TIME, stalls=True)
def drips_answers(engine: Engine) -> None:
    """Writes a byte of an answer each second."""
    for call in engine.calls():
        for byte in json.dumps(engine.right(call)).encode() + b"\n":
            engine.write(bytes([byte]))
            time.sleep(1)


@mode(1, stalls=True)
def never_answers(engine: Engine) -> None:
    """Reads every call and answers none."""
    for _ in engine.calls():
        pass


@mode(1, stalls=True)
def hangs_after_50_answers(engine: Engine) -> None:
    """Answers nothing after fifty answers."""
    for call in engine.calls():
        if engine.answered == 50:
            time.sleep(100_000)
        engine.answer(call)


@mode(1)
def stalls_once(engine: Engine) -> None:
    """Stalls once in a run, and is right in all else."""
    for call in engine.calls():
        if engine.answered == 10 and engine.count("stalls") == 1:
            time.sleep(100_000)
        engine.answer(call)


@mode(1, stalls=True)
def stalls_now_and_then(engine: Engine) -> None:
    """Hangs after every twenty answers: never three times in a row, but too often."""
    for call in engine.calls():
        if engine.answered == 20:
            time.sleep(100_000)
        engine.answer(call)


@mode(1, explore=(0, 1))
def late_now_and_then(engine: Engine) -> None:
    """Answers every hundredth call of a process 6 s late, and does not hang."""
    for call in engine.calls():
        if engine.answered == 99:
            time.sleep(6)
        engine.answer(call)


@mode(1, stalls=True)
def loses_one_call_in_fifty(engine: Engine) -> None:
    """Never answers every fiftieth call."""
    for call in engine.calls():
        if call["id"] % 50:
            engine.answer(call)


@mode(1, stalls=True)
def ignores_signals_and_stalls(engine: Engine) -> None:
    """Ignores every signal that can be ignored, and answers nothing after twenty answers."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    for call in engine.calls():
        while engine.answered == 20:
            time.sleep(1)
        engine.answer(call)
