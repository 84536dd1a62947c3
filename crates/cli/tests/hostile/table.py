"""Runs rulespec against every mode of the fixture and prints a table. Run it by `.ci/hostile`.

Exits with 1 if a row is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import modes  # noqa: F401  fills the registry
from harness.row import Result, Row
from harness.rows import all_rows, sample_rows
from harness.run import Run, end_all

HEAD = ("mode", "command", "exit", "must", "time", "limit", "MiB", "threads", "fds", "orphans", "")
WIDTHS = (33, 22, 5, 6, 6, 6, 5, 7, 5, 7)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=".ci/hostile", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--rulespec", type=Path, metavar="FILE", help="the command to test; default: build it"
    )
    parser.add_argument("--sample", action="store_true", help="about a dozen modes, in about a minute")
    parser.add_argument("--mode", action="append", metavar="TEXT", help="only modes whose name contains this")
    parser.add_argument("--command", action="append", metavar="NAME", help="only this command, such as check")
    parser.add_argument("--signals", action="store_true", help="only the rows that send signals")
    parser.add_argument("--no-signals", action="store_true", help="only the other rows")
    parser.add_argument("--jobs", type=int, default=2, metavar="NUMBER", help="rows at a time; default: 2")
    parser.add_argument("--list", action="store_true", help="print the rows and run nothing")
    return parser.parse_args()


def selected(options: argparse.Namespace) -> list[Row]:
    rows = list(sample_rows()) if options.sample else all_rows()
    if options.mode:
        rows = [row for row in rows if any(text in row.mode for text in options.mode)]
    if options.command:
        rows = [row for row in rows if row.command in options.command]
    if options.signals or options.no_signals:
        rows = [row for row in rows if bool(row.signals) == options.signals]
    return rows


def line(cells: tuple[str, ...]) -> str:
    widths = zip(cells, WIDTHS, strict=False)
    padded = [cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(widths)]
    return " ".join([*padded, *cells[len(WIDTHS) :]]).rstrip()


def variant(row: Row) -> str:
    """The command, and what distinguishes the row from others of the same mode."""
    marks = [
        mark for option, mark in (("--allow-retries", "retries"), ("--format", "")) if option in row.options
    ]
    if "--format" in row.options:
        marks[-1] = row.options[row.options.index("--format") + 1]
    if row.command == "explore" and "--timeout" not in row.options and not row.signals:
        marks.append("slow timeout")
    marks.extend(f"{sent.number.name[3:]} {sent.after:g}" for sent in row.signals)
    return " ".join([row.command, *marks])


def cells(result: Result) -> tuple[str, ...]:
    row = result.row
    return (
        " ".join([row.mode, *row.arguments]),
        variant(row),
        str(result.code),
        "|".join(map(str, row.codes)),
        f"{result.seconds:.1f}",
        f"{row.seconds:g}",
        f"{result.peak_mib:.0f}",
        str(result.threads),
        str(result.descriptors),
        str(result.orphans),
        "; ".join(result.faults) or "ok",
    )


def interrupted(number: int, frame: object) -> None:
    end_all()
    os._exit(128 + number)


def main() -> int:
    options = arguments()
    rows = selected(options)
    if options.list:
        for row in rows:
            print(row.reproduction(Path("rulespec")))
        return 0
    if options.rulespec is None:
        sys.exit("name the command to test by --rulespec, or run .ci/hostile, which builds it")
    rulespec = options.rulespec.resolve()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    failed: list[Result] = []
    print(line(HEAD))
    with ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(lambda row: Run(rulespec, row).measure(), rows):
            print(line(cells(result)), flush=True)
            if result.faults:
                failed.append(result)
    if failed:
        print("\nto reproduce, from the root of the repository:")
    for result in failed:
        print(f"\n# {'; '.join(result.faults)}\n{result.row.reproduction(options.rulespec)}")
    print(f"\n{len(rows)} rows, {len(failed)} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
