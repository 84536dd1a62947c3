"""The rows of the table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from signal import SIGHUP, SIGINT, SIGTERM, Signals

import protocol
from registry import COMMANDS, MODES, Mode

from .row import Row, Signal, Want

FUNCTIONS = ("--fn", "has", "--fn", "indexof")
# Every function that the engine has: all but whole queries.
ALL_FUNCTIONS = tuple(word for name in protocol.FUNCTIONS for word in ("--fn", name))
OPTIONS = {
    "check": ALL_FUNCTIONS,
    "explore": ("--time", "5", "--timeout", "1", "--seed", "7", "--jobs", "2"),
    "bench": (*FUNCTIONS, "--time", "0.05", "--rounds", "6"),
    "smoke": (),
    "digest": (*FUNCTIONS, "--length", "2"),
}
# A search of 5 seconds ends within a second of it; starting and ending are extra.
SECONDS = {"check": 60.0, "explore": 7.5, "bench": 60.0, "smoke": 60.0, "digest": 60.0}
# After the time limit of the whole run, and after a signal.
ENDING_SECONDS = 3.0
SIGNAL_SECONDS = 2.0

# About a minute on two cores: a mode of each kind.
SAMPLE: dict[str, tuple[str, ...]] = {
    "good": COMMANDS,
    "always-true": ("smoke", "digest"),
    "exits-after-hello": ("check",),
    "crashes-once": ("check", "explore", "digest"),
    "crashes-and-leaves-holders": ("smoke",),
    "daemon-holds-pipes": ("check",),
    "two-hundred-children": ("smoke",),
    "escape-sequences": ("smoke", "digest"),
    "arrays-of-1-mb": ("check",),
    "endless-line": ("digest",),
    "floods-strays": ("check",),
    "integers-as-reals": ("check",),
    "hello-error": ("bench",),
    "terminates-its-parent": ("check",),
}


def seconds_of(mode: Mode, command: str) -> float:
    if "--max-time" in mode.options and command != "explore":
        return float(mode.options[mode.options.index("--max-time") + 1]) + ENDING_SECONDS
    # A search is as short as it must be, unless the engine does not even start.
    if mode.seconds is not None and (command != "explore" or mode.codes[command] == (3,)):
        return mode.seconds
    return SECONDS[command]


def row_of(mode: Mode, command: str) -> Row:
    options = mode.options
    if command == "explore" and "--max-time" in options:
        options = ()
    return Row(
        mode=mode.name,
        command=command,
        options=(*OPTIONS[command], *options),
        codes=mode.codes[command],
        seconds=seconds_of(mode, command),
        escapes=mode.escapes,
        terminal=mode.terminal,
        stops_parent=mode.stops_parent,
        max_engine_mib=400 if "--engine-memory" in options else None,
    )


def mode_rows() -> Iterator[Row]:
    """Each mode with each command."""
    for mode in MODES.values():
        for command in mode.commands:
            yield row_of(mode, command)


def with_default_timeouts() -> Iterator[Row]:
    """A search that is over before its engine has stalled: an answer that is missing is no find yet."""
    for mode in MODES.values():
        if mode.stalls:
            options = ("--time", "5", "--jobs", "2")
            yield Row(mode.name, "explore", options, (0, 1), SECONDS["explore"], escapes=mode.escapes)


def with_retries() -> Iterator[Row]:
    """A transient failure is a pass only if the user says so."""
    for name in ("crashes-once", "crashes-once-late", "stalls-once"):
        for command in ("check", "explore"):
            options = (*OPTIONS[command], "--allow-retries")
            yield Row(name, command, options, (0,), SECONDS[command], wants=(is_told,))
            yield Row(name, command, OPTIONS[command], (1,), SECONDS[command], wants=(is_told,))
        for output in ("json", "junit", "github", "html"):
            options = ("--format", output)
            yield Row(name, "check", options, (1,), SECONDS["check"], wants=(is_told,))


def with_formats() -> Iterator[Row]:
    """Every format of a report, of engines that answer at length and with escape sequences."""
    modes = (
        "escape-sequences",
        "raw-escape-sequences",
        "strings-of-1-mb",
        "names-of-1-mb",
        "hello-of-16-mib",
    )
    for name in modes:
        for output in ("json", "junit", "github", "html"):
            mode = MODES[name]
            codes = mode.codes["check"]
            options = ("--format", output, "-o", "{folder}/report", *mode.options)
            yield Row(name, "check", options, codes, seconds_of(mode, "check"), files=("report",))
        for command in ("explore", "bench", "digest"):
            row = row_of(MODES[name], command)
            options = (*row.options, "--format", "json")
            yield Row(name, command, options, row.codes, row.seconds, wants=(is_json,))


def with_max_time() -> Iterator[Row]:
    """The time limit of the whole run, of engines that are right but slow."""
    slow = {"check": (), "bench": OPTIONS["bench"], "digest": OPTIONS["digest"], "smoke": ()}
    for command, options in slow.items():
        for mode in ("slow-answers", "hangs-after-50-answers"):
            limit = ("--max-time", "3")
            yield Row(mode, command, (*options, *limit), (1, 3), 3 + ENDING_SECONDS, wants=(says_something,))


def says(*words: str) -> Want:
    def want(out: str, err: str) -> str | None:
        text = (out + err).lower()
        return None if any(word in text for word in words) else f"does not say {' or '.join(words)}"

    return want


def says_something(out: str, err: str) -> str | None:
    return None if (out + err).strip() else "says nothing"


def is_json(out: str, err: str) -> str | None:
    try:
        json.loads(out)
    except ValueError as error:
        return f"standard output is not JSON: {error}"
    return None


def is_not_a_green_result(out: str, err: str) -> str | None:
    return "says that nothing was found in 0 cases" if "nothing found in 0 cases" in out + err else None


# A failure that did not repeat must be told, in any format.
is_told = says("again", "flaky", "retr")

STATUS = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129}
# Commands that run for long, so that a signal finds them at work.
LONG = {
    "check": (),
    "explore": ("--time", "60", "--seed", "7"),
    "bench": (*FUNCTIONS, "--time", "30", "--rounds", "1000"),
    "digest": ("--fn", "has", "--length", "3"),
    "smoke": (),
}


def signal_row(
    command: str,
    mode: str,
    signals: list[tuple[Signals, float]],
    *,
    argument: str | None = None,
    seconds: float = SIGNAL_SECONDS,
    options: tuple[str, ...] = (),
    wants: tuple[Want, ...] = (),
) -> Row:
    return Row(
        mode=mode,
        command=command,
        options=(*LONG[command], *options),
        codes=(STATUS[signals[0][0]],),
        seconds=seconds,
        arguments=(argument,) if argument else (),
        signals=tuple(Signal(number, after) for number, after in signals),
        wants=(is_not_a_green_result, *wants),
    )


def signal_rows() -> Iterator[Row]:
    """SIGINT, SIGTERM and SIGHUP to every command that runs an engine, at several moments."""
    shown = {"check": (says("not asked"),), "explore": (says("fnd-"),)}
    for command in LONG:
        for number in STATUS:
            yield signal_row(command, "never-says-hello", [(number, 0.5)])
            yield signal_row(command, "never-answers", [(number, 0.5)])
            yield signal_row(command, "ignores-signals-and-stalls", [(number, 1.5)])
            for after in (0.05, 1.0):
                yield signal_row(command, "slow-answers", [(number, after)], argument="0.05")
            yield signal_row(
                command, "slow-and-wrong", [(number, 4.0)], argument="0.02", wants=shown.get(command, ())
            )
        yield signal_row(command, "two-hundred-children-and-stalls", [(SIGINT, 1.5)])
        yield signal_row(command, "ignores-signals-and-stalls", [(SIGINT, 1.0), (SIGINT, 1.1)], seconds=0.6)
        yield signal_row(command, "floods-standard-error-and-stalls", [(SIGTERM, 1.0)])
    for number in STATUS:
        for command in ("explore", "bench", "digest"):
            yield signal_row(command, "good", [(number, 1.5)])
        for command in ("check", "explore", "bench", "digest"):
            yield signal_row(
                command,
                "slow-and-wrong",
                [(number, 3.0)],
                argument="0.02",
                options=("--format", "json"),
                wants=(is_json,),
            )


def sample_rows() -> Iterator[Row]:
    """A dozen modes and a few signals."""
    for name, commands in SAMPLE.items():
        for command in commands:
            yield row_of(MODES[name], command)
    yield signal_row("bench", "good", [(SIGINT, 1.0)])
    yield signal_row("check", "slow-and-wrong", [(SIGTERM, 1.0)], argument="0.02", wants=(says("not asked"),))
    # It names the causes of its finds before it ends. That takes longer here: the command is not optimised.
    yield signal_row(
        "explore", "slow-and-wrong", [(SIGINT, 3.0)], argument="0.02", seconds=8, wants=(says("fnd-"),)
    )


def all_rows() -> list[Row]:
    groups = (mode_rows, with_default_timeouts, with_retries, with_formats, with_max_time, signal_rows)
    return [row for group in groups for row in group()]
