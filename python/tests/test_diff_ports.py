"""Ready-made ports compared with their rule: right ones, and those with errors that people make."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import tables
from port_engines import SIGMA
from rulespec import Difference, Rule, diff, ports

#: All columns of the events, so that the tables are small.
COLUMNS: dict[str, str] = dict.fromkeys([*tables.REQUIRED, "ProcessVersionInfoOriginalFileName"], "string")
COLUMNS |= {"TimeGenerated": "datetime", "ProcessId": "long"}

PORT = """
SELECT *, {direction} AS Direction, {host} AS HostName, {domain} AS DnsDomain {argument}
FROM DeviceProcessEvents
WHERE ({name} {original}) AND ({terms})
"""
UP_TO_DOT = """
CASE WHEN instr(DeviceName, '.') > 0 THEN substr(DeviceName, 1, instr(DeviceName, '.') - 1) ELSE DeviceName END
"""
AFTER_DOT = """
CASE WHEN instr(DeviceName, '.') > 0 THEN substr(DeviceName, instr(DeviceName, '.') + 1) ELSE {otherwise} END
"""


def has(*terms: str) -> str:
    """Return what `has` is in DuckDB."""
    return rf"regexp_matches(ProcessCommandLine, '(?i)({'|'.join(terms)})($|[^\pL\pN])')"


def has_in_ascii(*terms: str) -> str:
    """Return what `has` is in SQLite, which has no classes of characters beyond ASCII."""
    return " OR ".join(f"lower(ProcessCommandLine) || ' ' GLOB '*{term}[^0-9a-z]*'" for term in terms)


TERMS = ["/transfer", "/addfile", "/addfileset", "/addfilewithranges"]
COMMON = {"host": UP_TO_DOT, "domain": AFTER_DOT.format(otherwise="''"), "argument": ""}
RIGHT: dict[str, dict[str, str]] = {
    "duckdb": {
        "direction": f"CASE WHEN {has('/upload')} THEN 'Upload' ELSE 'Download' END",
        "name": r"regexp_full_match(FileName, '(?i)bitsadmin\.exe')",
        "original": r"OR regexp_full_match(ProcessVersionInfoOriginalFileName, '(?i)bitsadmin\.exe')",
        "terms": has(*TERMS),
        **COMMON,
    },
    "sqlite": {
        "direction": f"CASE WHEN {has_in_ascii('/upload')} THEN 'Upload' ELSE 'Download' END",
        "name": "FileName = 'bitsadmin.exe' COLLATE NOCASE",
        "original": "OR ProcessVersionInfoOriginalFileName = 'bitsadmin.exe' COLLATE NOCASE",
        "terms": has_in_ascii(*TERMS),
        **COMMON,
    },
}
#: What is wrong in a port, and the clause that tells.
WRONG: dict[str, tuple[dict[str, dict[str, str]], str]] = {
    "a search for substrings instead of terms": (
        {
            "duckdb": {"terms": "ProcessCommandLine ILIKE '%/transfer%' OR ProcessCommandLine ILIKE '%/addfile%'"},
            "sqlite": {"terms": "ProcessCommandLine LIKE '%/transfer%' OR ProcessCommandLine LIKE '%/addfile%'"},
        },
        "TRM-01",
    ),
    "a command line that is split at spaces": (
        {
            "duckdb": {"argument": ", list_extract(string_split(ProcessCommandLine, ' '), -1) AS LocalFile"},
            "sqlite": {"argument": ", substr(ProcessCommandLine, instr(ProcessCommandLine, ' ') + 1) AS LocalFile"},
        },
        "CMD-",
    ),
    "null instead of empty text": (
        dict.fromkeys(RIGHT, {"domain": AFTER_DOT.format(otherwise="NULL")}),
        "TXT-04",
    ),
    "no original name": (dict.fromkeys(RIGHT, {"original": ""}), "RUL-02"),
    "lower case on one side only": (dict.fromkeys(RIGHT, {"name": "FileName = lower('Bitsadmin.exe')"}), "TXT-01"),
    "the last dot instead of the first": (
        {
            "duckdb": {"domain": r"regexp_extract(DeviceName, '\.([^.]*)$', 1)"},
            "sqlite": {
                "domain": "CASE WHEN instr(DeviceName, '.') > 0"
                " THEN replace(DeviceName, rtrim(DeviceName, replace(DeviceName, '.', '')), '') ELSE '' END"
            },
        },
        "TXT-05",
    ),
}
MAKE: dict[str, Callable[[str], ports.Port]] = {"duckdb": ports.duckdb, "sqlite": ports.sqlite}


def compared(name: str, /, **changes: str) -> Difference:
    port = MAKE[name](PORT.format_map(RIGHT[name] | changes))
    return diff(Rule.bitsadmin_activity(), port, columns=COLUMNS)


def beyond_ascii(finding: Any) -> bool:
    return not json.dumps(finding["event"], ensure_ascii=False).isascii()


def test_a_right_port_on_duckdb_does_not_differ() -> None:
    difference = compared("duckdb")
    assert not difference, str(difference)
    assert difference.selected > 500
    assert difference.sides[1].startswith("DuckDB ")


def test_a_right_port_on_sqlite_differs_only_beyond_ascii() -> None:
    difference = compared("sqlite")
    assert all(map(beyond_ascii, difference.findings)), str(difference)
    assert difference.selected > 500


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("error", WRONG)
def test_an_error_of_a_port_is_found(name: str, error: str) -> None:
    changes, clause = WRONG[error]
    difference = compared(name, **changes[name])
    found = [finding for finding in difference.findings if any(one.startswith(clause) for one in finding["clauses"])]
    others = [finding for finding in difference.findings if finding not in found]
    assert found, str(difference)
    assert all(map(beyond_ascii, others)), str(difference)


def test_all_errors_of_a_port_are_told_apart() -> None:
    changes = {part: text for of_engine, _ in WRONG.values() for part, text in of_engine["duckdb"].items()}
    changes["domain"] = rf"CASE WHEN instr(DeviceName, '.') > 0 THEN {changes['domain']} END"  # both errors of it
    clauses = {clause for finding in compared("duckdb", **changes).findings for clause in finding["clauses"]}
    assert {clause for _, clause in WRONG.values() if clause != "CMD-"} <= clauses
    assert any(clause.startswith("CMD-") for clause in clauses)


def test_an_error_in_the_text_is_one_of_the_port() -> None:
    difference = diff(Rule.bitsadmin_activity(), ports.sqlite("SELECT missing FROM DeviceProcessEvents"), cases=20)
    assert not difference.findings and not difference.is_none
    assert str(difference.given_up).endswith("OperationalError: no such column: missing")


def test_a_port_that_cannot_be_asked_is_no_difference() -> None:
    class Port(ports.Port):
        def __call__(self, table: ports.Table) -> list[dict[str, Any]]:
            raise ports.Unsupported("the text reads the clock")

    with pytest.raises(ports.Unsupported, match="the text reads the clock"):
        diff(Rule.bitsadmin_activity(), Port(ports.SQLite(), ""), cases=20)


SIGMA_RULE = """
title: Certutil
logsource:
    category: process_creation
detection:
    download:
        OriginalFileName: 'certutil.exe'
        CommandLine|contains: 'urlcache'
    condition: download
"""


@pytest.mark.parametrize("name", SIGMA)
def test_sigma_is_compared(name: str) -> None:
    port = ports.sigma(SIGMA_RULE, on=name)
    where = "DeviceProcessEvents | where ProcessVersionInfoOriginalFileName =~ 'certutil.exe' and ProcessCommandLine"
    right = diff(f"{where} contains 'urlcache'", port, cases=1000, columns=COLUMNS)
    assert all(map(beyond_ascii, right.findings)), str(right)
    wrong = diff(f"{where} has 'urlcache'", port, cases=1000, columns=COLUMNS)
    findings = [finding for finding in wrong.findings if not beyond_ascii(finding)]
    assert findings and all(finding["by"] == "b" for finding in findings), str(wrong)
    assert findings[0]["misreading"]["name"] == "has-as-substring"
