"""Processes that the engine leaves behind, and resources that it takes."""

from __future__ import annotations

import os
import signal
import sys
import time

from protocol import Engine
from registry import mode

# How long a process that the engine leaves behind lives, if nobody ends it.
LIFE = 120


def answer_all(engine: Engine) -> None:
    for call in engine.calls():
        engine.answer(call)


def leave_behind(*, session: bool = False, group: bool = False, close: bool = False) -> None:
    """Starts a daemon by two forks: in a session or group of its own, without our pipes."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    if session:
        os.setsid()
    if group:
        os.setpgid(0, 0)
    if os.fork():
        os._exit(0)
    if close:
        os.closerange(0, 3)
    time.sleep(LIFE)
    os._exit(0)


@mode(0)
def child_in_its_group(engine: Engine) -> None:
    """Has a child that sleeps in its group and holds its pipes."""
    if os.fork() == 0:
        time.sleep(LIFE)
        os._exit(0)
    answer_all(engine)


@mode(0)
def daemon_in_its_group(engine: Engine) -> None:
    """Leaves a daemon behind in its group, which holds its pipes."""
    leave_behind()
    answer_all(engine)


@mode(0, escapes=True)
def daemon_holds_pipes(engine: Engine) -> None:
    """Leaves a daemon behind in a session of its own, which holds its pipes."""
    leave_behind(session=True)
    answer_all(engine)


@mode(0, escapes=True)
def daemon_without_pipes(engine: Engine) -> None:
    """Leaves a daemon behind in a session of its own, without its pipes."""
    leave_behind(session=True, close=True)
    answer_all(engine)


@mode(0, escapes=True)
def daemon_in_another_group(engine: Engine) -> None:
    """Leaves a daemon behind in a group of its own, which holds its pipes."""
    leave_behind(group=True)
    answer_all(engine)


@mode(1, escapes=True)
def exits_and_leaves_a_holder(engine: Engine) -> None:
    """Exits after hello; a daemon in another session holds its pipes open."""
    engine.await_hello()
    leave_behind(session=True)
    os._exit(0)


@mode(1, escapes=True, options=["--max-time", "20"])
def crashes_and_leaves_holders(engine: Engine) -> None:
    """Crashes after two answers, each time with a daemon that holds the pipes open."""
    for call in engine.calls():
        if engine.answered == 2:
            leave_behind(session=True)
            os._exit(1)
        engine.answer(call)


@mode(1, escapes=True)
def exits_and_leaves_a_flood(engine: Engine) -> None:
    """Exits after hello; a daemon in another session writes answers without end."""
    engine.await_hello()
    if os.fork() == 0:
        os.setsid()
        end = time.monotonic() + LIFE
        while time.monotonic() < end:
            os.write(1, b'{"id":1,"ok":true}\n' * 100)
        os._exit(0)
    os._exit(0)


def start_two_hundred_children() -> None:
    """Starts a chain of 200 processes in the engine's group, which ignore SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        for _ in range(199):
            if os.fork():
                time.sleep(LIFE)
                os._exit(0)
        time.sleep(LIFE)
        os._exit(0)


@mode(0)
def two_hundred_children(engine: Engine) -> None:
    """Has 200 children in its group, a chain of them, which ignore SIGTERM."""
    start_two_hundred_children()
    answer_all(engine)


@mode(1, stalls=True)
def two_hundred_children_and_stalls(engine: Engine) -> None:
    """Has 200 children in its group, and answers nothing after twenty answers."""
    start_two_hundred_children()
    for call in engine.calls():
        if engine.answered == 20:
            time.sleep(100_000)
        engine.answer(call)


@mode(0)
def child_that_moves(engine: Engine) -> None:
    """Has a child that is replaced by a child of its own every few milliseconds."""
    if os.fork() == 0:
        os.closerange(0, 3)
        end = time.monotonic() + LIFE
        while time.monotonic() < end:
            if os.fork():
                os._exit(0)
            time.sleep(0.005)
        os._exit(0)
    answer_all(engine)


@mode(0)
def zombies(engine: Engine) -> None:
    """Has fifty children that have ended, and waits for none of them."""
    for _ in range(50):
        if os.fork() == 0:
            os._exit(0)
    answer_all(engine)


@mode(0)
def child_answers(engine: Engine) -> None:
    """Has a child that answers, in a group of its own, and waits for it."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        answer_all(engine)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)


@mode(0, smoke=(0, 1))
def daemon_answers(engine: Engine) -> None:
    """Has a child that answers, in a session of its own, and exits before it."""
    child = os.fork()
    if child == 0:
        os.setsid()
        answer_all(engine)
        sys.stdout.flush()
        os._exit(0)
    time.sleep(1.5)
    os._exit(0)


@mode(1, commands=["check", "explore"], options=["--engine-memory", "256"])
def memory_hog(engine: Engine) -> None:
    """Takes a GiB of memory at the twentieth call; it may have 256 MiB."""
    taken = []
    for call in engine.calls():
        if engine.answered == 20:
            taken.append(bytearray(b"x") * (1 << 30))
        engine.answer(call)


@mode(0, commands=["check", "explore"], options=["--engine-memory", "256"])
def modest_memory(engine: Engine) -> None:
    """Takes 32 MiB of memory, where it may have 256 MiB."""
    taken = bytearray(b"x") * (32 << 20)
    answer_all(engine)
    del taken


@mode(0)
def many_descriptors(engine: Engine) -> None:
    """Opens 500 descriptors."""
    opened = [os.open("/dev/null", os.O_RDONLY) for _ in range(500)]
    answer_all(engine)
    del opened
