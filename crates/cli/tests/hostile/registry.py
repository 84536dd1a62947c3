"""The list of modes, and what each command must make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from protocol import Engine

COMMANDS = ("check", "explore", "bench", "smoke", "digest")

Codes = int | tuple[int, ...]


@dataclass(frozen=True)
class Mode:
    """One way to misbehave."""

    name: str
    run: Callable[[Engine], None]
    about: str
    # The exit statuses that are right: 0 if what was asked is right, 1 if not, 3 if it cannot be run.
    codes: dict[str, tuple[int, ...]]
    # The commands that the mode is tried with, and the options they get.
    commands: tuple[str, ...]
    options: tuple[str, ...]
    # The time limit in seconds, if it is not that of the command.
    seconds: float | None
    # Whether it leaves a process outside its group, which nobody must end.
    escapes: bool
    # Whether rulespec gets a terminal, on which the engine must not write.
    terminal: bool
    # Whether it stops rulespec itself, so that the harness must continue it.
    stops_parent: bool
    # Whether calls get no answer in time, so that the default timeouts are worth a row.
    stalls: bool


MODES: dict[str, Mode] = {}


def mode(
    codes: Codes,
    *,
    check: Codes | None = None,
    explore: Codes | None = None,
    bench: Codes | None = None,
    smoke: Codes | None = None,
    digest: Codes | None = None,
    commands: Iterable[str] = COMMANDS,
    options: Iterable[str] = (),
    seconds: float | None = None,
    escapes: bool = False,
    terminal: bool = False,
    stops_parent: bool = False,
    stalls: bool = False,
) -> Callable[[Callable[[Engine], None]], Callable[[Engine], None]]:
    """Adds a function to the modes: its name with dashes, and the first line of its text."""
    own = {"check": check, "explore": explore, "bench": bench, "smoke": smoke, "digest": digest}

    def expected(command: str) -> tuple[int, ...]:
        given = own[command]
        given = codes if given is None else given
        return (given,) if isinstance(given, int) else given

    def add(run: Callable[[Engine], None]) -> Callable[[Engine], None]:
        name = run.__name__.replace("_", "-")
        MODES[name] = Mode(
            name=name,
            run=run,
            about=(run.__doc__ or "").strip(),
            codes={command: expected(command) for command in COMMANDS},
            commands=tuple(commands),
            options=tuple(options),
            seconds=seconds,
            escapes=escapes,
            terminal=terminal,
            stops_parent=stops_parent,
            stalls=stalls,
        )
        return run

    return add
