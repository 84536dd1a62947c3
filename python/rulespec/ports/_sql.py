"""Texts of SQL, for engines that do not take them apart themselves."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Dialect(NamedTuple):
    """How an engine reads the tokens of SQL."""

    escapes: bool = False  # a backslash escapes a quote
    hash_comments: bool = False  # "# " and "#!" begin a comment

    def tokens(self, text: str) -> list[str]:
        """Take a text apart."""
        comment = r"--[^\n]*|/\*.*?\*/" + (r"|\#[ !][^\n]*" if self.hash_comments else "")
        inner = r"(?:[^{0}\\]|\\.)*" if self.escapes else "[^{0}]*"
        quoted = "|".join(quote + inner.format(quote) + quote for quote in "'\"")
        return re.findall(rf"{comment}|{quoted}|`[^`]*`|[^'\"`/;#-]+|.", text, re.DOTALL)


_CLOCK = re.compile(
    r"\b(now|now64|nowInBlock|today|yesterday|curdate|curtime|getdate|utc_?timestamp)\s*\("
    r"|\bunix_timestamp\s*\(\s*\)|\b(current_(timestamp|date|time)|localtimestamp)\b",
    re.IGNORECASE,
)


def reads_clock(text: str, dialect: Dialect) -> str | None:
    """Return the first call that reads the clock."""
    found = _CLOCK.search(_code(dialect.tokens(text)))
    return found[0] if found else None


def _code(tokens: Iterable[str]) -> str:
    """Return SQL without its comments, and with empty strings. A lone ``#`` is a token of one character."""
    comments = ("--", "/*", "# ", "#!")
    without = (" " if token.startswith(comments) else token for token in tokens)
    return "".join("''" if token[0] in "'\"`" else token for token in without)


def split(text: str, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Split SQL into statements. Each comes with its code."""
    statements: list[list[str]] = [[]]
    for token in dialect.tokens(text):
        statements[-1].append(token) if token != ";" else statements.append([])
    for tokens in statements:
        if code := _code(tokens).strip():
            yield "".join(tokens), code
