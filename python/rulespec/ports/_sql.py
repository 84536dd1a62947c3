"""Texts of SQL, for engines that do not take them apart themselves."""

import re
from collections.abc import Iterable, Iterator

_COMMENT = r"--[^\n]*|/\*.*?\*/|\#[ !][^\n]*"  # the last one in ClickHouse
_TOKENS = {
    True: re.compile(rf"""{_COMMENT}|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|[^'"`/;#-]+|.""", re.DOTALL),
    False: re.compile(rf"""{_COMMENT}|'[^']*'|"[^"]*"|`[^`]*`|[^'"`/;#-]+|.""", re.DOTALL),
}
_CLOCK = re.compile(
    r"\b(now|now64|nowInBlock|today|yesterday|curdate|curtime|getdate|utc_?timestamp)\s*\("
    r"|\bunix_timestamp\s*\(\s*\)|\b(current_(timestamp|date|time)|localtimestamp)\b",
    re.IGNORECASE,
)


def reads_clock(text: str) -> str | None:
    """Return the first call that reads the clock."""
    found = _CLOCK.search(_code(_TOKENS[True].findall(text)))
    return found[0] if found else None


def _code(tokens: Iterable[str]) -> str:
    """Return SQL without its comments, and with empty strings."""
    comments = ("--", "/*", "# ", "#!")
    without = (" " if token.startswith(comments) else token for token in tokens)
    return "".join("''" if token[0] in "'\"`" else token for token in without)


def split(text: str, *, escapes: bool) -> Iterator[tuple[str, str]]:
    """Split SQL into statements. Each comes with its code; `escapes` says if a backslash escapes a quote."""
    statements: list[list[str]] = [[]]
    for token in _TOKENS[escapes].findall(text):
        statements[-1].append(token) if token != ";" else statements.append([])
    for tokens in statements:
        if code := _code(tokens).strip():
            yield "".join(tokens), code
