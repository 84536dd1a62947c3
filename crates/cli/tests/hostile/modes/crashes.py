"""Crashes: always, at times and once."""

from __future__ import annotations

import os
import signal
import sys
import time

from protocol import Engine
from registry import mode


@mode(1, options=["--max-time", "20"])
def crashes_after_every_answer(engine: Engine) -> None:
    """Exits with 1 after the first answer."""
    for call in engine.calls():
        engine.answer(call)
        os._exit(1)


@mode(1)
def crashes_at_every_call(engine: Engine) -> None:
    """Exits with 1 at the first call."""
    for _ in engine.calls():
        os._exit(1)


@mode(1, options=["--max-time", "20"])
def crashes_by_signal(engine: Engine) -> None:
    """Ends with SIGSEGV at every twentieth call."""
    for call in engine.calls():
        if engine.answered == 19:
            os.kill(os.getpid(), signal.SIGSEGV)
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def exits_with_0(engine: Engine) -> None:
    """Exits with 0 in the middle, with calls open."""
    for call in engine.calls():
        if engine.answered == 10:
            os._exit(0)
        engine.answer(call)


@mode(1)
def exits_after_hello(engine: Engine) -> None:
    """Exits with 0 after hello."""
    engine.await_hello()
    os._exit(0)


def crash_at_call(engine: Engine, number: int) -> None:
    """Crashes once in a run, at this call of it, and is right in all else."""
    for call in engine.calls():
        if engine.count("calls") == number:
            os._exit(1)
        engine.answer(call)


@mode(1)
def crashes_once(engine: Engine) -> None:
    """Crashes once in a run, at the tenth call: a transient crash is no pass."""
    crash_at_call(engine, 10)


@mode(1)
def crashes_once_late(engine: Engine) -> None:
    """Crashes once in a run, at call 250."""
    crash_at_call(engine, 250)


@mode(1, options=["--max-time", "20"])
def crashes_at_one_call_in_a_hundred(engine: Engine) -> None:
    """Crashes at every hundredth call of a run, and answers when it is asked again."""
    for call in engine.calls():
        if engine.count("calls") % 100 == 0:
            os._exit(1)
        engine.answer(call)


def crash_once(engine: Engine, number: int = 10) -> None:
    """Crashes once in a run, after so many answers of a process."""
    for call in engine.calls():
        if engine.answered == number and engine.count("crashes") == 1:
            os._exit(1)
        engine.answer(call)


@mode(1)
def start_after_a_crash_fails(engine: Engine) -> None:
    """Crashes once; the next process exits before hello, and the third is well."""
    if engine.counted("crashes") and engine.count("failed starts") == 1:
        sys.exit("no licence found")
    crash_once(engine)


@mode(1)
def every_later_start_fails(engine: Engine) -> None:
    """Crashes once, and cannot be started again."""
    if engine.counted("crashes"):
        sys.exit("no licence found")
    crash_once(engine)


@mode((1, 3), options=["--max-time", "20"])
def one_start_in_three_fails(engine: Engine) -> None:
    """Exits before hello at every third start, and crashes after ten answers."""
    if engine.start_number % 3 == 0:
        sys.exit(1)
    for call in engine.calls():
        if engine.answered == 10:
            os._exit(1)
        engine.answer(call)


@mode(1, seconds=45)
def later_start_hangs(engine: Engine) -> None:
    """Crashes once; later processes never say hello."""
    if engine.counted("crashes"):
        time.sleep(100_000)
    crash_once(engine)


@mode((1, 3))
def changes_its_functions(engine: Engine) -> None:
    """Crashes once; later processes list only one function."""
    functions = {"functions": ["tostring"]} if engine.counted("crashes") else {}
    for call in engine.calls(lambda: engine.hello(**functions)):
        if engine.answered == 10 and engine.count("crashes") == 1:
            os._exit(1)
        engine.answer(call)


@mode(0, smoke=1)
def exits_with_3_at_the_end(engine: Engine) -> None:
    """Answers rightly, and exits with 3 at the end of its input."""
    for call in engine.calls():
        engine.answer(call)
    sys.exit(3)


@mode(0, smoke=1)
def crashes_at_the_end(engine: Engine) -> None:
    """Answers rightly, and ends with SIGABRT at the end of its input."""
    for call in engine.calls():
        engine.answer(call)
    os.kill(os.getpid(), signal.SIGABRT)


@mode(0, smoke=1)
def hangs_at_the_end(engine: Engine) -> None:
    """Does not exit at the end of its input."""
    for call in engine.calls():
        engine.answer(call)
    time.sleep(100_000)


@mode(0, smoke=1)
def ignores_signals(engine: Engine) -> None:
    """Ignores every signal that can be ignored, and the end of its input."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    for call in engine.calls():
        engine.answer(call)
    while True:
        time.sleep(1)


@mode(1)
def closes_standard_output(engine: Engine) -> None:
    """Closes its standard output after hello, and lives on."""
    engine.await_hello()
    os.close(1)
    time.sleep(100_000)


@mode(1)
def closes_standard_input(engine: Engine) -> None:
    """Closes its standard input after hello, answers 300 calls with true, and lives on."""
    engine.await_hello()
    os.close(0)
    for number in range(1, 300):
        engine.write(f'{{"id":{number},"ok":true}}\n')
    time.sleep(100_000)


@mode(0)
def closes_standard_error(engine: Engine) -> None:
    """Closes its standard error, and answers rightly."""
    os.close(2)
    for call in engine.calls():
        engine.answer(call)
