"""Engines that send signals, and engines that look for the terminal."""

from __future__ import annotations

import os
import signal
import time

from protocol import HOSTILE_TEXT, Engine
from registry import mode


def signals_at_20(engine: Engine, send: signal.Signals, *, group: bool = False) -> None:
    """Answers rightly, and sends a signal at the twentieth call."""
    for call in engine.calls():
        if engine.answered == 20:
            if group:
                os.killpg(0, send)
            else:
                os.kill(os.getppid(), send)
            time.sleep(0.2)
        engine.answer(call)


@mode(130)
def interrupts_its_parent(engine: Engine) -> None:
    """Sends SIGINT to rulespec."""
    signals_at_20(engine, signal.SIGINT)


@mode(143)
def terminates_its_parent(engine: Engine) -> None:
    """Sends SIGTERM to rulespec."""
    signals_at_20(engine, signal.SIGTERM)


@mode(129)
def hangs_up_its_parent(engine: Engine) -> None:
    """Sends SIGHUP to rulespec."""
    signals_at_20(engine, signal.SIGHUP)


@mode((0, 1), stops_parent=True)
def stops_its_parent(engine: Engine) -> None:
    """Stops rulespec, which is continued a second later."""
    signals_at_20(engine, signal.SIGSTOP)


@mode(0)
def disturbs_its_parent(engine: Engine) -> None:
    """Sends rulespec signals that mean nothing to it, without pause."""
    parent = os.getppid()
    for call in engine.calls():
        for send in (signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT, signal.SIGURG):
            os.kill(parent, send)
        engine.answer(call)


@mode(1, options=["--max-time", "20"])
def interrupts_its_group(engine: Engine) -> None:
    """Sends SIGINT to its group, which is not that of rulespec."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signals_at_20(engine, signal.SIGINT, group=True)


@mode(1, options=["--max-time", "20"])
def kills_its_group(engine: Engine) -> None:
    """Sends SIGKILL to its group, which is not that of rulespec."""
    signals_at_20(engine, signal.SIGKILL, group=True)


@mode(1, stalls=True)
def stops_its_group(engine: Engine) -> None:
    """Stops its group, itself included."""
    signals_at_20(engine, signal.SIGSTOP, group=True)


def write_to_terminal() -> None:
    try:
        with open("/dev/tty", "wb", buffering=0) as terminal:
            terminal.write(HOSTILE_TEXT.encode())
    except OSError:
        pass


@mode(0, terminal=True)
def writes_to_the_terminal(engine: Engine) -> None:
    """Writes escape sequences to /dev/tty, if there is one."""
    write_to_terminal()
    for call in engine.calls():
        engine.answer(call)


@mode(0, terminal=True)
def takes_the_terminal(engine: Engine) -> None:
    """Reads and sets /dev/tty in the background, which stops a process that has one."""
    for call in engine.calls():
        if engine.answered == 20:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            try:
                terminal = os.open("/dev/tty", os.O_RDWR)
                os.tcsetpgrp(terminal, os.getpgrp())
            except OSError:
                pass
            write_to_terminal()
        engine.answer(call)
