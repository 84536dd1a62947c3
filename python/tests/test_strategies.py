"""The strategies ask what the shared generators ask."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import rulespec
from rulespec import strategies
from test_conformance import ByArrow, ByDicts


@given(strategies.command_lines())
def test_a_command_line_is_read_into_texts(line: str) -> None:
    assert all(isinstance(word, str) for word in rulespec.parse_command_line(line))


class Rule:
    """The rule over the form of the protocol."""

    bitsadmin_activity = staticmethod(rulespec.bitsadmin_activity)


def answer(engine: Any, table: dict[str, Any]) -> Any:
    try:
        return engine.bitsadmin_activity(table)
    except rulespec.Error as error:
        return error.kind


@given(strategies.arguments("bitsadmin_activity"), st.sampled_from([pa.string(), pa.string_view(), "dictionary"]))
def test_dicts_and_arrow_answer_as_the_protocol(arguments: list[dict[str, Any]], texts: Any) -> None:
    (table,) = arguments
    wanted = answer(Rule(), table)
    assert answer(ByArrow(texts), table) == wanted
    assert answer(ByDicts(), table) == wanted


@given(strategies.events())
def test_events_are_the_rows_of_a_table(events: list[dict[str, Any]]) -> None:
    assert all(isinstance(name, str) for event in events for name in event)


def test_a_wrong_engine_is_found_and_the_example_is_small() -> None:
    def differs(arguments: list[str]) -> bool:
        text, lookup = arguments
        return (lookup.lower() in text.lower()) != rulespec.has(text, lookup)

    text, lookup = find(strategies.arguments("has"), differs, settings=settings(max_examples=10_000))
    assert len(text) + len(lookup) < 20


def test_there_is_no_strategy_for_what_is_no_function() -> None:
    with pytest.raises(rulespec.Error, match='there is no function "hasnt"'):
        strategies.arguments("hasnt")
