"""Hypothesis strategies for calls of engines.

Hypothesis draws bytes, from which the library generates small calls, by the generators
of ``rulespec explore`` and the fuzzers. The calls are close to the points where an engine
with a misreading differs from a correct one. An example shrinks with its bytes.

    @given(strategies.arguments("has"))
    def test_has(arguments):
        assert my_has(*arguments) == rulespec.has(*arguments)
"""

from typing import Any

from hypothesis import strategies as st

from rulespec import _rulespec

_MAX_BYTES = 512


def arguments(function: str, *, wild: bool = False) -> st.SearchStrategy[list[Any]]:
    """Generate the arguments of a call of a function, given by its KQL name.

    If ``wild``, generate also what the specification does not cover: arbitrary
    characters, operands of wrong types, wrong numbers of arguments.
    """
    _rulespec.arguments(function, b"", wild)
    return st.binary(max_size=_MAX_BYTES).map(lambda source: _rulespec.arguments(function, source, wild))


def command_lines() -> st.SearchStrategy[str]:
    """Generate command lines, with quotes, backslashes and whitespace where they matter."""
    return arguments("parse_command_line").map(lambda arguments: str(arguments[0]))


def events() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Generate process creations as the rule accepts them, as a list of dicts."""

    def rows(arguments: list[Any]) -> list[dict[str, Any]]:
        (table,) = arguments
        names = [column["name"] for column in table["columns"]]
        return [dict(zip(names, row)) for row in table["rows"]]

    return arguments("bitsadmin_activity").map(rows)
