"""Numbers that JSON allows and others, and right numbers in another form."""

from __future__ import annotations

import json
from collections.abc import Callable

from protocol import Engine, Json
from registry import mode

EDGES = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e400",
    "9" * 5_000,
    "1e-400",
    "0." + "0" * 100_000 + "1",
    "-0",
    "-0.0",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775808",
    "-9223372036854775809",
    "[1e308,1e309]",
    "1e999999999999",
    "0e999999999999",
    "01",
    "+1",
    ".5",
    "1.",
    "0x10",
    "1_000",
]


@mode(1)
def number_edges(engine: Engine) -> None:
    """Answers by numbers at the limits of JSON and of 64 bits, and beyond them."""
    for call in engine.calls():
        engine.write(f'{{"id":{call["id"]},"ok":{EDGES[call["id"] % len(EDGES)]}}}\n')


def rewritten(engine: Engine, integer: Callable[[int], str]) -> None:
    """Answers rightly, but writes whole numbers in another form."""

    def text(value: Json) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return integer(value)
        if isinstance(value, list):
            return "[" + ",".join(map(text, value)) + "]"
        if isinstance(value, dict):
            return "{" + ",".join(f"{json.dumps(name)}:{text(inner)}" for name, inner in value.items()) + "}"
        return json.dumps(value)

    for call in engine.calls():
        answer = engine.right(call)
        if "ok" in answer:
            engine.write(f'{{"id":{call["id"]},"ok":{text(answer["ok"])}}}\n')
        else:
            engine.write(json.dumps(answer) + "\n")


@mode(1)
def integers_as_reals(engine: Engine) -> None:
    """Writes 4 as 4.0."""
    rewritten(engine, lambda value: f"{value}.0")


@mode(1)
def integers_with_exponents(engine: Engine) -> None:
    """Writes 4 as 4e0."""
    rewritten(engine, lambda value: f"{value}e0")


@mode(1, explore=(0, 1), bench=0, digest=0)
def integers_rounded(engine: Engine) -> None:
    """Rounds whole numbers to doubles, and so changes those beyond 2^53."""
    rewritten(engine, lambda value: str(int(float(value))))
