"""The strategies give useful calls."""

from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import rulespec
from rulespec import strategies
from test_conformance import ByArrow, ByDicts


@given(strategies.command_lines())
def test_a_command_line_is_split_into_strings(line: str) -> None:
    assert all(isinstance(argument, str) for argument in rulespec.parse_command_line(line))


class ByProtocol:
    """The rule over protocol tables."""

    bitsadmin_activity = staticmethod(rulespec.bitsadmin_activity)


def answer(engine: Any, table: dict[str, Any]) -> Any:
    try:
        return engine.bitsadmin_activity(table)
    except rulespec.Error as error:
        return error.kind


@given(strategies.arguments("bitsadmin_activity"), st.sampled_from([pa.string(), pa.string_view(), "dictionary"]))
def test_all_forms_of_a_table_give_the_same_answer(arguments: list[dict[str, Any]], texts: Any) -> None:
    (table,) = arguments
    expected = answer(ByProtocol(), table)
    assert answer(ByArrow(texts), table) == expected
    assert answer(ByDicts(), table) == expected


@given(strategies.events())
def test_events_have_string_names(events: list[dict[str, Any]]) -> None:
    assert all(isinstance(name, str) for event in events for name in event)


def test_a_counterexample_for_a_faulty_engine_is_small() -> None:
    def differs(arguments: list[str]) -> bool:
        text, lookup = arguments
        return (lookup.lower() in text.lower()) != rulespec.has(text, lookup)

    options = settings(max_examples=10_000, database=None)
    text, lookup = find(strategies.arguments("has"), differs, settings=options, random=Random(7))
    assert len(text) + len(lookup) < 20


def test_an_unknown_function_has_no_strategy() -> None:
    with pytest.raises(rulespec.Error, match='there is no function "hasnt"'):
        strategies.arguments("hasnt")
