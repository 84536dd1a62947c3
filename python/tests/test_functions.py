"""The functions convert their arguments and answers, and report errors."""

import doctest

import pytest

import rulespec
from rulespec import _rulespec


def test_the_doctests_pass() -> None:
    for module in (rulespec, _rulespec):
        assert doctest.testmod(module).failed == 0
    documented = [test for test in doctest.DocTestFinder().find(_rulespec) if test.examples]
    assert len(documented) >= 11


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rulespec.has(1, "a"), "wrong-type: expected a string, got int"),  # type: ignore[arg-type]
        (lambda: rulespec.has_any("a", "a"), "wrong-type: expected a list of terms, got str"),  # type: ignore[arg-type]
        (lambda: rulespec.element([1], True), "wrong-type: expected a 64-bit integer, got bool"),
        (lambda: rulespec.element([1], 2**63), "wrong-type: expected a 64-bit integer, got int"),
        (lambda: rulespec.tostring(object()), "wrong-type: expected a value that KQL can represent, got object"),
        (lambda: rulespec.tostring({1: 2}), "wrong-type: expected a string, got int"),
    ],
)
def test_an_error_names_the_type_of_the_argument(call: object, message: str) -> None:
    with pytest.raises(rulespec.Error) as error:
        call()  # type: ignore[operator]
    assert (str(error.value), error.value.kind) == (message, "wrong-type")


def test_an_error_has_the_kind_of_the_specification() -> None:
    with pytest.raises(rulespec.Error) as error:
        rulespec.parse_command_line("a", "bash")
    assert error.value.kind == "unknown-parser"


def test_an_unpaired_surrogate_becomes_the_replacement_character() -> None:
    assert rulespec.parse_command_line("a \ud800b\udc00") == ["a", "\ufffdb\ufffd"]
    assert rulespec.tostring("\ud83d\ude00") == "\U0001f600"


def test_a_cyclic_value_is_an_error() -> None:
    cyclic: list[object] = []
    cyclic.append(cyclic)
    with pytest.raises(rulespec.Error, match="nested deeper than 100"):
        rulespec.tostring(cyclic)


def test_values_survive_a_round_trip() -> None:
    from datetime import datetime, timedelta, timezone

    time = datetime(2026, 1, 2, 3, 4, 5, 670_001, timezone(timedelta(hours=1)))
    for value in [None, True, -(2**63), 2**63 - 1, 0.5, "ä", ["a", {"b": None}], time, timedelta(-1, 5, 7)]:
        assert rulespec.element([value], 0) == value
    assert rulespec.tostring(time) == "2026-01-02T02:04:05.6700010Z"
    assert rulespec.tostring(time.replace(tzinfo=None)) == "2026-01-02T03:04:05.6700010Z"
    assert rulespec.tostring(timedelta(days=-1, hours=1)) == "-23:00:00"
    with pytest.raises(rulespec.Error, match="the timespan is out of the range of KQL"):
        rulespec.tostring(timedelta.max)
