"""Answers that are wrong, malformed, or for another call."""

from __future__ import annotations

import json
import os
import random

from protocol import HOSTILE_TEXT, Call, Engine, Json
from registry import mode


@mode(0)
def good(engine: Engine) -> None:
    """Does nothing wrong."""
    for call in engine.calls():
        engine.answer(call)


@mode(1)
def always_true(engine: Engine) -> None:
    """Answers every call with true."""
    for call in engine.calls():
        engine.value(call, True)


@mode(1)
def always_an_error(engine: Engine) -> None:
    """Answers every call with an error."""
    for call in engine.calls():
        engine.write(json.dumps({"id": call["id"], "error": "no"}) + "\n")


@mode((1, 3), digest=(1, 2, 3))
def always_unsupported(engine: Engine) -> None:
    """Supports none of the functions that it lists."""
    for call in engine.calls():
        engine.write(json.dumps({"id": call["id"], "unsupported": "no"}) + "\n")


WRONG_FORMS = [
    '{"id":"%d","ok":1}',
    '{"id":%d.0,"ok":1}',
    "[%d]",
    '{"id":%d}',
    '{"id":%d,"ok":1,"error":"x"}',
    '{"id":%d,"error":5}',
    '{"id":-%d,"ok":1}',
    '"%d"',
    "%d",
    '{"id":%d,"unsupported":null}',
    '{"id":null,"ok":1,"x":%d}',
    '{"id":%d,"error":null}',
    '{"id":[%d],"ok":1}',
    '{"id":18446744073709551616,"ok":%d}',
    '{"ID":%d,"OK":true}',
    '{"id":%d,"ok":1',
    '{"id":%d,"ok":1}}',
    "{'id':%d,'ok':1}",
]


@mode(1)
def wrong_forms(engine: Engine) -> None:
    """Answers by JSON that is no answer, and by what is no JSON."""
    for call in engine.calls():
        engine.write(WRONG_FORMS[call["id"] % len(WRONG_FORMS)] % call["id"] + "\n")


def nested(depths: list[int], open_: str, inner: str, close: str, engine: Engine) -> None:
    for call in engine.calls():
        depth = depths[call["id"] % len(depths)]
        engine.write(f'{{"id":{call["id"]},"ok":{open_ * depth}{inner}{close * depth}}}\n')


@mode(1, options=["--max-time", "20"])
def deep_arrays(engine: Engine) -> None:
    """Nests arrays, some just as deep as is allowed and some a million deep."""
    nested([99, 100, 101, 120, 127, 128, 129, 1_000, 100_000, 1_000_000], "[", "", "]", engine)


@mode(1, options=["--max-time", "20"])
def deep_objects(engine: Engine) -> None:
    """Nests objects, some just as deep as is allowed and some 100,000 deep."""
    nested([99, 100, 101, 120, 127, 128, 1_000, 100_000], '{"a":', "1", "}", engine)


@mode(1, options=["--max-time", "20"])
def deep_and_not_closed(engine: Engine) -> None:
    """Opens 100,000 arrays and closes none."""
    nested([100_000], "[", "", "", engine)


@mode((0, 1), options=["--max-time", "20"])
def deep_extra_member(engine: Engine) -> None:
    """Adds a member that nests 200,000 arrays; members that are not known are ignored."""
    deep = '{"x":' + "[" * 200_000 + "]" * 200_000 + ","
    for call in engine.calls():
        engine.write(deep + json.dumps(engine.right(call))[1:] + "\n")


@mode(1)
def invalid_utf8(engine: Engine) -> None:
    """Answers by a string that is not UTF-8."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"ok":"\xff\xfe\xc0\xaf\xed\xa0\x80"}\n' % call["id"])


@mode(1)
def nul_bytes(engine: Engine) -> None:
    """Writes NULs, within an answer and after it."""
    for call in engine.calls():
        engine.write(b'{"id":%d,"ok":"a\x00b"}\x00\n' % call["id"])


@mode(1)
def byte_order_marks(engine: Engine) -> None:
    """Begins each answer with a byte order mark."""
    for call in engine.calls():
        engine.write("\ufeff" + json.dumps(engine.right(call)) + "\n")


@mode(1)
def utf_16(engine: Engine) -> None:
    """Answers in UTF-16."""
    for call in engine.calls():
        engine.write((json.dumps(engine.right(call)) + "\n").encode("utf-16-le"))


@mode(1)
def lone_surrogates(engine: Engine) -> None:
    """Answers by strings with halves of surrogate pairs."""
    for call in engine.calls():
        engine.write('{"id":%d,"ok":"\\ud800\\udc00\\udfff x \\ud83d"}\n' % call["id"])


@mode(1)
def repeated_members(engine: Engine) -> None:
    """Repeats members, the last time with another value."""
    for call in engine.calls():
        engine.write('{"id":%d,"ok":true,"ok":false,"id":7}\n' % call["id"])


@mode(0)
def reordered_and_extra_members(engine: Engine) -> None:
    """Writes its members in another order, and further ones."""
    for call in engine.calls():
        answer = engine.right(call)
        engine.write(json.dumps({"ms": 0.1, "note": None} | dict(reversed(answer.items()))) + "\n")


@mode(0)
def escaped_text(engine: Engine) -> None:
    """Writes every character of a string, and of the names of members, as an escape."""

    def escape(value: Json) -> str:
        if isinstance(value, str):
            units = value.encode("utf-16-be", "surrogatepass")
            return (
                '"'
                + "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
                + '"'
            )
        if isinstance(value, list):
            return "[" + ",".join(map(escape, value)) + "]"
        if isinstance(value, dict):
            return "{" + ",".join(f"{escape(name)}:{escape(inner)}" for name, inner in value.items()) + "}"
        return json.dumps(value)

    for call in engine.calls():
        engine.write(escape(engine.right(call)) + "\n")


def all_at_hand(engine: Engine) -> list[Call]:
    """Waits for a call and returns it with those that can be read at once."""
    data = os.read(0, 1 << 20)
    while data and not data.endswith(b"\n"):
        data += os.read(0, 1 << 20)
    return [json.loads(line) for line in data.splitlines()]


def answer_in_order(engine: Engine, order: random.Random | None) -> None:
    while calls := all_at_hand(engine):
        if calls[0].get("op") == "hello":
            engine.hello()
            calls = calls[1:]
        if order is None:
            calls.reverse()
        else:
            order.shuffle(calls)
        for call in calls:
            engine.answer(call)


@mode(0)
def reversed_order(engine: Engine) -> None:
    """Answers the open calls in reverse order."""
    answer_in_order(engine, None)


@mode(0)
def random_order(engine: Engine) -> None:
    """Answers the open calls in random order."""
    answer_in_order(engine, random.Random(1))


# A second answer makes its call garbled only if it comes in time. Otherwise, it is a stray.
@mode((0, 1), smoke=1)
def twice_the_same(engine: Engine) -> None:
    """Gives each answer twice."""
    for call in engine.calls():
        engine.answer(call)
        engine.answer(call)


@mode((0, 1), smoke=1)
def twice_with_another_value(engine: Engine) -> None:
    """Answers each call rightly, and then with another value."""
    for call in engine.calls():
        engine.answer(call)
        engine.write(json.dumps({"id": call["id"], "ok": ["other"]}) + "\n")


@mode(1)
def unknown_ids(engine: Engine) -> None:
    """Answers calls that were never made."""
    for call in engine.calls():
        engine.answer(call, id=call["id"] + 1_000_000)


@mode(1)
def old_ids(engine: Engine) -> None:
    """Answers each call with the id of the one before."""
    for call in engine.calls():
        engine.answer(call, id=call["id"] - 1)


@mode(1)
def swapped_ids(engine: Engine) -> None:
    """Answers call 2 as 1 and 1 as 2, 4 as 3 and 3 as 4, and so on."""
    for call in engine.calls():
        engine.answer(call, id=(call["id"] - 1 ^ 1) + 1)


@mode(1)
def ids_of_an_earlier_process(engine: Engine) -> None:
    """Crashes once after ten calls; the next process answers those ten again, wrongly, and all others."""
    stale = engine.counted("crashes") > 0
    for call in engine.calls():
        if engine.answered == 10 and engine.count("crashes") == 1:
            raise SystemExit(1)
        if stale and engine.answered == 0:
            engine.write("".join(f'{{"id":{number},"ok":["stale"]}}\n' for number in range(1, 11)))
        engine.answer(call)


@mode(1)
def random_values(engine: Engine) -> None:
    """Answers by random JSON."""
    chance = random.Random(1)

    def value(depth: int = 0) -> Json:
        kind = chance.randrange(8 if depth < 4 else 5)
        some = range(chance.randrange(4))
        match kind:
            case 0:
                return None
            case 1:
                return True
            case 2:
                return chance.randrange(-9, 9)
            case 3:
                return chance.choice(["", "a", "x" * 9])
            case 4:
                return chance.random()
            case 5:
                return [value(depth + 1) for _ in some]
            case 6:
                return {str(number): value(depth + 1) for number in some}
            case _:
                column = {"name": "k", "type": chance.choice(["bool", "string", "x", 5])}
                return {"columns": [column], "rows": [[value(depth + 1)]]}

    for call in engine.calls():
        engine.value(call, value())


@mode(1)
def escape_sequences(engine: Engine) -> None:
    """Answers by values, errors, reasons and lines that a terminal or a page could act on."""
    for call in engine.calls(lambda: engine.hello(engine=HOSTILE_TEXT, version=HOSTILE_TEXT)):
        match call["id"] % 4:
            case 0:
                engine.value(call, HOSTILE_TEXT)
            case 1:
                engine.write(json.dumps({"id": call["id"], "error": HOSTILE_TEXT}) + "\n")
            case 2:
                engine.write(json.dumps({"id": call["id"], "unsupported": HOSTILE_TEXT}) + "\n")
            case _:
                engine.write(HOSTILE_TEXT.replace("\n", " ") + "\n")


@mode(1)
def raw_escape_sequences(engine: Engine) -> None:
    """Answers by characters that are legal in JSON but not on a screen."""
    text = "\u202e\u0085\u009b31m\u2028\ue000\U000e0041<script>alert(1)</script>\x7f"
    for call in engine.calls():
        engine.write(json.dumps({"id": call["id"], "ok": text}, ensure_ascii=False) + "\n")


@mode(1)
def formulas(engine: Engine) -> None:
    """Answers by spreadsheet formulas."""
    for call in engine.calls():
        if call["id"] % 2:
            engine.value(call, "=cmd|' /C calc'!A0")
        else:
            engine.write(json.dumps({"id": call["id"], "error": '=HYPERLINK("http://x")'}) + "\n")


@mode(1)
def paths(engine: Engine) -> None:
    """Answers by a path out of its folder."""
    for call in engine.calls():
        engine.value(call, "../../../../tmp/pwned")
