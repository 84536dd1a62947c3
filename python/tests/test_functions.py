"""The functions answer as the library does, and say why where they do not."""

import doctest

import pytest

import rulespec
from rulespec import _rulespec


def test_the_examples_of_the_documentation_hold() -> None:
    for module in (rulespec, _rulespec):
        assert doctest.testmod(module).failed == 0
    documented = [test for test in doctest.DocTestFinder().find(_rulespec) if test.examples]
    assert len(documented) >= 11


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rulespec.has(1, "a"), "wrong-type: wanted a string, got int"),  # type: ignore[arg-type]
        (lambda: rulespec.has_any("a", "a"), "wrong-type: wanted a list of terms, got str"),  # type: ignore[arg-type]
        (lambda: rulespec.element([1], True), "wrong-type: wanted a whole number of 64 bits, got bool"),
        (lambda: rulespec.element([1], 2**63), "wrong-type: wanted a whole number of 64 bits, got int"),
        (lambda: rulespec.tostring(object()), "wrong-type: wanted a value that KQL has, got object"),
        (lambda: rulespec.tostring({1: 2}), "wrong-type: wanted a string, got int"),
    ],
)
def test_an_argument_of_a_wrong_type_is_named(call: object, message: str) -> None:
    with pytest.raises(rulespec.Error) as error:
        call()  # type: ignore[operator]
    assert (str(error.value), error.value.kind) == (message, "wrong-type")


def test_an_error_has_the_kind_that_vectors_name() -> None:
    with pytest.raises(rulespec.Error) as error:
        rulespec.parse_command_line("a", "bash")
    assert error.value.kind == "unknown-parser"


def test_half_of_a_surrogate_pair_is_the_replacement_character() -> None:
    assert rulespec.parse_command_line("a \ud800b\udc00") == ["a", "\ufffdb\ufffd"]
    assert rulespec.tostring("\ud83d\ude00") == "\U0001f600"


def test_a_value_that_never_ends_is_an_error() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(rulespec.Error, match="nested deeper than 100"):
        rulespec.tostring(endless)


def test_values_come_back_as_they_went_in() -> None:
    from datetime import datetime, timedelta, timezone

    time = datetime(2026, 1, 2, 3, 4, 5, 670_001, timezone(timedelta(hours=1)))
    for value in [None, True, -(2**63), 2**63 - 1, 0.5, "ä", ["a", {"b": None}], time, timedelta(-1, 5, 7)]:
        assert rulespec.element([value], 0) == value
    assert rulespec.tostring(time) == "2026-01-02T02:04:05.6700010Z"
    assert rulespec.tostring(time.replace(tzinfo=None)) == "2026-01-02T03:04:05.6700010Z"
    assert rulespec.tostring(timedelta(days=-1, hours=1)) == "-23:00:00"
    with pytest.raises(rulespec.Error, match="a timespan beyond those of KQL"):
        rulespec.tostring(timedelta.max)
