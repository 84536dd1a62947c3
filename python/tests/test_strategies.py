"""The strategies ask what the shared generators ask."""

import pytest
from hypothesis import find, given, settings

import rulespec
from rulespec import strategies


@given(strategies.arguments("parse_command_line"))
def test_command_lines_are_read_without_an_error(arguments: list[str]) -> None:
    line, parser = arguments
    assert all(isinstance(word, str) for word in rulespec.parse_command_line(line, parser))


@given(strategies.events())
def test_the_rule_selects_nothing_that_was_not_there(events: list[dict[str, object]]) -> None:
    if events:
        for row in rulespec.bitsadmin_activity(events):
            assert any(row["ProcessCommandLine"] == event["ProcessCommandLine"] for event in events)


def test_a_wrong_engine_is_found_and_the_example_is_small() -> None:
    def differs(arguments: list[str]) -> bool:
        text, lookup = arguments
        return (lookup.lower() in text.lower()) != rulespec.has(text, lookup)

    text, lookup = find(strategies.arguments("has"), differs, settings=settings(max_examples=10_000))
    assert len(text) + len(lookup) < 20


def test_there_is_no_strategy_for_what_is_no_function() -> None:
    with pytest.raises(rulespec.Error, match='there is no function "hasnt"'):
        strategies.arguments("hasnt")
