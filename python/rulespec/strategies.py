"""Hypothesis strategies for questions to engines.

They are made of the generators that ``rulespec explore`` and the fuzzers use:
Hypothesis draws bytes, and the library makes of them small questions that lie where
clauses can be told from their misreadings. An example shrinks as its bytes do.

    @given(strategies.arguments("has"))
    def test_has(arguments):
        assert my_has(*arguments) == rulespec.has(*arguments)
"""

from typing import Any

from hypothesis import strategies as st

from rulespec import _rulespec

_BYTES = 512


def arguments(function: str, *, wild: bool = False) -> st.SearchStrategy[list[Any]]:
    """The arguments of a call of a function, by the name KQL gives it.

    ``wild`` asks what the specification leaves unsaid too: any characters, operands
    of wrong types, wrong numbers of arguments.
    """
    _rulespec.arguments(function, b"", wild)
    return st.binary(max_size=_BYTES).map(lambda source: _rulespec.arguments(function, source, wild))


def command_lines() -> st.SearchStrategy[str]:
    """Command lines: quotes, backslashes and blanks where they matter."""
    return arguments("parse_command_line").map(lambda arguments: str(arguments[0]))


def events() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Process creations as the rule takes them, a dict each."""

    def rows(arguments: list[Any]) -> list[dict[str, Any]]:
        (table,) = arguments
        names = [column["name"] for column in table["columns"]]
        return [dict(zip(names, row)) for row in table["rows"]]

    return arguments("bitsadmin_activity").map(rows)
