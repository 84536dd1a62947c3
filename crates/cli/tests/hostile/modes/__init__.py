"""The modes of the fixture, by what is wrong with them."""

from registry import MODES

from . import answers, crashes, floods, hellos, lines, numbers, processes, signals, slow

__all__ = [
    "MODES",
    "answers",
    "crashes",
    "floods",
    "hellos",
    "lines",
    "numbers",
    "processes",
    "signals",
    "slow",
]
