"""A rule gives the same rows for every kind of table, or an exception that says why not."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulespec
import tables
from rulespec import Rule, strategies

SPEC = Path(__file__).parents[2] / "spec"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
TABLE = "DeviceProcessEvents"

EVENTS: list[dict[str, Any]] = [
    {"FileName": name, "ProcessId": number, "TimeGenerated": NOW - timedelta(hours=number)}
    for number, name in enumerate(["cmd.exe", "CertUtil.exe", "cmd.exe", "certutil.exe", "sc.exe"])
]


def kql(steps: str) -> Rule:
    return Rule(f"{TABLE} {steps}")


KINDS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "dicts": lambda rows: rows,
    "arrow": pa.Table.from_pylist,
    "batches": tables.in_batches,
    "reader": lambda rows: pa.Table.from_pylist(rows).to_reader(max_chunksize=2),
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
}

STEPS: dict[str, list[Any]] = {
    "| where FileName =~ 'CERTUTIL.EXE' | project ProcessId": [{"ProcessId": 1}, {"ProcessId": 3}],
    "| where TimeGenerated between (ago(2h) .. ago(1h)) | project ProcessId": [{"ProcessId": 1}, {"ProcessId": 2}],
    "| sort by ProcessId | project ProcessId": [{"ProcessId": number} for number in (4, 3, 2, 1, 0)],
    "| top 2 by FileName asc | project ProcessId": [{"ProcessId": 1}, {"ProcessId": 3}],
    "| take 3 | project ProcessId": [{"ProcessId": number} for number in (0, 1, 2)],
    "| distinct FileName | take 2": [{"FileName": "cmd.exe"}, {"FileName": "CertUtil.exe"}],
    "| where ProcessId > 1 | count": [{"Count": 3}],
    "| count | extend Twice = Count * 2": [{"Count": 5, "Twice": 10}],
    "| project Span = now() - TimeGenerated | where Span > 3h": [{"Span": timedelta(hours=4)}],
    "| where ProcessId > 9 | project FileName": [],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", STEPS)
def test_every_kind_of_table_gives_the_same_rows(steps: str, kind: str) -> None:
    answer = kql(steps).run(KINDS[kind](EVENTS), now=NOW)
    assert [
        {name: cell.to_pytimedelta() if isinstance(cell, pd.Timedelta) else cell for name, cell in row.items()}
        for row in tables.rows(answer)
    ] == STEPS[steps]


@given(strategies.events())
def test_batches_do_not_change_the_answer(events: list[dict[str, object]]) -> None:
    names = dict.fromkeys([*tables.REQUIRED, *(name for event in events for name in event)])
    texts = [{name: cell if isinstance(cell, str) else "" for name in names for cell in [event.get(name)]} for event in events]
    if not texts:
        return
    for steps in [
        "| distinct FileName",
        "| sort by ProcessCommandLine asc, DeviceName | take 2",
        "| where FileName has 'bitsadmin' | top 3 by strlen(ProcessCommandLine) | project-away DeviceId",
        "| where ProcessCommandLine has '/transfer' | count",
        "| extend Parsed = parse_command_line(ProcessCommandLine, 'windows') | where Parsed[0] has 'a'",
    ]:
        rule = kql(steps)
        expected = rule.run(texts)
        for kind in ("arrow", "batches", "reader"):
            assert tables.rows(rule.run(KINDS[kind](texts))) == expected, steps


SPARSE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
import rulespec
keys = int(sys.argv[2])
rows = [{"FileName": "a", f"Key{number % keys}": number} for number in range(40_000)]
try:
    answer = rulespec.Rule(sys.argv[1]).run(rows + [{"FileName": "b", "Last": 1}])
    print([(len(row), row.get("FileName"), row.get("Key0"), row.get("Last")) for row in answer])
except rulespec.Error as error:
    print(error.kind)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
@pytest.mark.parametrize(
    ("steps", "keys", "expected"),
    [
        ("| where FileName == 'b' | project FileName", 1_900, "[(1, 'b', None, None)]"),
        ("| where FileName == 'b'", 1_900, "[(1902, 'b', None, 1)]"),
        ("| extend New = strlen(FileName) | take 1", 1_900, "[(1903, 'a', 0, None)]"),
        ("| where Key7 == 7 | count", 1_900, "[(1, None, None, None)]"),
        ("| where Absent == 'b'", 1_900, "unknown-column"),
        ("| project-rename Key7 = FileName", 1_900, "repeated-column"),
        ("| project FileName", 40_000, "syntax"),
    ],
)
def test_dicts_with_other_keys_take_bounded_memory(steps: str, keys: int, expected: str) -> None:
    command = [sys.executable, "-c", SPARSE, f"{TABLE} {steps}", str(keys)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (answer.stdout.strip(), answer.returncode) == (expected, 0), answer.stderr[-500:]


def test_a_template_has_attributes() -> None:
    text = (SPEC / "rule.yaml").read_text()
    rule = Rule(text)
    assert rule.text == text
    assert (rule.name, rule.severity, rule.kind) == ("Bitsadmin Activity", "Medium", "Scheduled")
    assert rule.techniques == ["T1197", "T1105", "T1048"]
    assert rule.schedule == {"frequency": timedelta(hours=1), "period": timedelta(hours=1), "operator": "gt", "threshold": 0}
    assert (rule.id, rule.tactics) == (Rule.bitsadmin_activity().id, Rule.bitsadmin_activity().tactics)
    assert repr(rule) == "<rulespec.Rule: Bitsadmin Activity>"
    assert rule.problems() == []
    assert Rule.from_yaml(text) == rule


def test_a_query_has_no_metadata() -> None:
    rule = kql("| take 1")
    assert rule.text == f"{TABLE} | take 1"
    assert [rule.id, rule.name, rule.description, rule.version, rule.kind, rule.severity, rule.status, rule.schedule] == [None] * 8
    assert (rule.tactics, rule.techniques, rule.problems(), rule.entities({"A": "b"})) == ([], [], [], [])
    assert repr(rule) == f"<rulespec.Rule: {TABLE} | take 1>"
    assert len(repr(kql("| where " + " and ".join(["FileName has 'a'"] * 20)))) < 90


def test_the_built_in_rule_is_a_rule() -> None:
    rule = Rule.bitsadmin_activity()
    events = [tables.event(), tables.event(FileName="cmd.exe")]
    assert rule(events) == rulespec.bitsadmin_activity(events)
    assert Rule((SPEC / "rule.yaml").read_text())(events) == rule(events)
    assert Rule((SPEC / "rule.kql").read_text()).query == rule.query
    assert rule.columns()["RemoteUrl"] == "string"


def test_rules_are_equal_if_they_mean_the_same() -> None:
    rule = kql("| where FileName has 'a'")
    same = kql("\n|  where FileName has \"a\" // the same")
    assert (rule == same, hash(rule) == hash(same), rule == kql("| take 1"), rule == 7) == (True, True, False, False)


RULES = [kql("| take 1"), Rule.bitsadmin_activity(), Rule.from_yaml(f"x y: 1\nquery: {TABLE} | take 1\nname: A")]


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_rule_can_be_pickled(rule: Rule) -> None:
    copy = pickle.loads(pickle.dumps(rule))
    assert (copy, copy.text, copy.name) == (rule, rule.text, rule.name)


def test_a_plan_tells_whether_it_needs_all_rows() -> None:
    schema = pa.Table.from_pylist(EVENTS).schema
    assert {steps: kql(steps).plan(schema).needs_all_rows for steps in STEPS} == {
        steps: any(word in steps for word in ("sort", "top", "take", "distinct", "count")) for steps in STEPS
    }
    assert Rule("print 1").plan(schema).needs_all_rows
    assert pa.schema(kql("| project Time = now()").plan(schema)).names == ["Time"]


def test_the_time_of_a_plan_is_fixed_or_that_of_the_run() -> None:
    table = pa.table({"A": [1]})
    rule = kql("| project Time = now()")
    fixed = rule.plan(table.schema, now=NOW)
    assert [pa.table(fixed.run(table))["Time"][0].as_py().to_pydatetime() for _ in range(2)] == [NOW, NOW]
    current = rule.plan(table.schema)
    first, second = (pa.table(current.run(table))["Time"][0].as_py() for _ in range(2))
    assert NOW < first <= second
    assert rule([{}], now=NOW.replace(tzinfo=None))[0]["Time"] == NOW
    assert rule([{}], now=NOW.astimezone(timezone(timedelta(hours=-5))))[0]["Time"] == NOW
    assert abs(datetime.now(timezone.utc) - rule([{}])[0]["Time"]) < timedelta(minutes=1)


def test_unchanged_values_of_dicts_are_the_same_objects() -> None:
    value = object()
    events = [{"A": value, "B": 2}, {"A": value, "B": 1}]
    answer = kql("| sort by B asc | project-rename C = A | extend D = B + 1").run(events)
    assert answer == [{"C": value, "B": 1, "D": 2}, {"C": value, "B": 2, "D": 3}]
    with pytest.raises(rulespec.Error, match='cannot read column "A": expected a value that KQL can represent, got object'):
        kql("| distinct A").run(events)
    with pytest.raises(rulespec.Error, match='cannot read column "A"'):
        kql("| where A == 'a'").run(events)


def test_columns_that_a_rule_does_not_name_are_read_if_needed() -> None:
    events = [{"A": 1, "B": "x"}, {"A": 1, "B": "y"}, {"A": 1, "B": "x"}]
    assert kql("| distinct *").run(events) == events[:2]
    assert kql("| project-away A* | distinct *").run(events) == [{"B": "x"}, {"B": "y"}]
    shared: list[Any] = []
    for _ in range(60):
        shared = [shared, shared]
    assert len(kql("| where B == 'x'").run([event | {"A": shared} for event in events])) == 2


def test_values_of_dicts_have_the_types_of_kql() -> None:
    event = {"b": True, "l": 1, "r": 1.5, "s": "x", "t": NOW, "d": timedelta(seconds=1), "o": {"k": [1]}, "n": None}
    rule = kql("| where b and l == 1 and r > 1 and s == 'x' and t < now() and d == 1s and o.k[0] == 1 and n == ''")
    assert rule.run([event]) == [event]
    assert kql("| where r > 1").run([{"r": 1}, {"r": 1.5}, {}]) == [{"r": 1.5}]
    assert kql("| where tostring(m) == '1'").run([{"m": 1}, {"m": "1"}, {"m": [1]}]) == [{"m": 1}, {"m": "1"}]


def test_texts_are_datetimes_where_the_table_has_datetimes() -> None:
    rule = kql("| where TimeGenerated > ago(1h) | project TimeGenerated")
    events = [{"TimeGenerated": "2026-01-02T02:30:00Z"}, {"TimeGenerated": "2026-01-02T01:30:00Z"}, {"TimeGenerated": ""}]
    assert rule.run(events, now=NOW) == events[:1]
    assert kql("| where ProcessId > 1").run([{"ProcessId": None}]) == []
    with pytest.raises(rulespec.Error, match="there is no > for string and datetime"):
        rule.run([*events, {"TimeGenerated": "soon"}], now=NOW)


def test_an_empty_list_has_the_columns_of_device_process_events() -> None:
    assert kql("| where FileName has 'a'").run([]) == []
    assert kql("| count").run([]) == [{"Count": 0}]
    with pytest.raises(rulespec.Error, match='there is no column "Filename"'):
        kql("| where Filename has 'a'").run([])


def test_an_explanation_names_what_decides() -> None:
    rule = kql("| where FileName =~ 'a.exe' and ProcessCommandLine has_any ('/x', '/y')\n| extend L = strlen(FileName)")
    explanation = rule.explain({"FileName": "A.EXE", "ProcessCommandLine": "a.exe /Y"})
    assert explanation["matched"]
    assert explanation["computed"] == [{"column": "L", "value": 5}]
    finding = explanation["findings"][1]
    assert finding["occurrence"] == {"term": "/y", "at": 6, "length": 2}
    assert (finding["decides"], finding["operand"], finding["line"], finding["column"]) == (True, "ProcessCommandLine", 1, 53)
    assert not rule.explain({"FileName": "A.EXE", "ProcessCommandLine": "a.exe"})["matched"]
    with pytest.raises(rulespec.Error, match='there is no column "FileName"'):
        rule.explain({})


def test_entities_are_those_of_the_mappings() -> None:
    (row,) = rulespec.bitsadmin_activity([tables.event(InitiatingProcessAccountName="ann")])
    entities = Rule.bitsadmin_activity().entities(row)
    assert {entity["type"]: entity["identifiers"] for entity in entities}["Host"] == {
        "FullName": "ws07.corp.example",
        "HostName": "ws07",
        "DnsDomain": "corp.example",
    }
    assert Rule.bitsadmin_activity().entities({}) == []


def error_of(call: Callable[[], object]) -> rulespec.Error:
    with pytest.raises(rulespec.Error) as error:
        call()
    return error.value


def test_a_syntax_error_has_its_place() -> None:
    error = error_of(lambda: Rule(f"{TABLE}\n| wher true"))
    assert str(error) == 'syntax: 2:3: there is no operator "wher"'
    assert error.diagnostics == [
        {"kind": "syntax", "message": 'there is no operator "wher"', "line": 2, "column": 3, "help": "did you mean where?"}
    ]
    in_template = error_of(lambda: Rule(f"name: A\nquery: |\n  {TABLE}\n  | wher true\n"))
    assert str(in_template) == 'syntax: 4:5: there is no operator "wher"'
    unknown = error_of(lambda: kql("| where Filename has 'a'").run([{"FileName": ""}]))
    assert (unknown.kind, unknown.diagnostics[0]["help"]) == ("unknown-column", "names are case-sensitive: FileName")
    assert error_of(lambda: rulespec.has(1, "")).diagnostics == []  # type: ignore[arg-type]


def test_a_problem_of_a_template_has_its_place() -> None:
    text = f"id: 1\nname: A\ndescription: B\nquery: {TABLE} | count\n"
    assert [(problem["line"], problem["message"]) for problem in Rule(text).problems()] == [(1, 'the id "1" is no GUID')]


HOSTILE_TEXTS: dict[str, Any] = {
    "nothing": "",
    "null": "\0",
    "null in a string": f"{TABLE} | where FileName has '\0' | wher",
    "surrogate": "\ud800",
    "huge": "x" * 3_000_000,
    "huge template": "name: " + "x" * 3_000_000,
    "nested": f"{TABLE} | where " + "(" * 10_000,
    "nested template": "query: " + "[" * 10_000,
    "aliases": "a: &a [x,x]\n" + "".join(f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(9)),
    "no query": "name: A",
    "other table": "SecurityEvent | take 1 | foo",
    "not specified": f"{TABLE} | summarize count()",
    "bytes": b"print 1",
    "none": None,
    "number": 7,
    "list": ["print 1"],
}


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_a_hostile_text_is_an_error(name: str) -> None:
    for make in (Rule, Rule.from_kql, Rule.from_yaml):
        assert error_of(lambda: make(HOSTILE_TEXTS[name])).kind in ("syntax", "wrong-type", "unsupported", "unknown-function")


WORDS = ["| where", "| project", "| sort by", "| count", "A", "B =", "==", "ago(1h)", "'x'", "(", ")", "[", ",", "\n", "query:", "name: |", "\0"]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5)), st.booleans())
def test_any_text_is_a_rule_or_an_error(words: list[str], is_query: bool) -> None:
    text = " ".join([TABLE, *words] if is_query else words)
    try:
        rule = Rule(text)
        rule.run([{"A": 1, "x": "y"}, {"A": 2}])
        rule.run(pa.table({"A": [1, 2]}))
    except rulespec.Error as error:
        assert error.kind and all(found["line"] >= 1 for found in error.diagnostics)


class Unfit:
    """Has the attribute of a table, and is none."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return 7


RULE = kql("| where A > ago(1h) | sort by A")
NESTED: list[Any] = []
NESTED.append(NESTED)
HOSTILE_CALLS: dict[str, Callable[[], object]] = {
    "none": lambda: RULE.run(None),  # type: ignore[call-overload]
    "text": lambda: RULE.run("A"),  # type: ignore[call-overload]
    "other rows": lambda: RULE.run([EVENTS]),  # type: ignore[list-item]
    "other names": lambda: RULE.run([{7: 7}]),  # type: ignore[dict-item]
    "no table": lambda: RULE.run({"A": 1}),
    "no rows": lambda: RULE.run({"columns": []}),
    "unknown column": lambda: RULE.run([{"B": 1}]),
    "unknown column in arrow": lambda: RULE.run(pa.table({"B": [1]})),
    "wrong type": lambda: RULE.run(pa.table({"A": [1]})),
    "unreadable type": lambda: kql("| distinct A").run(pa.table({"A": [b"x"]})),
    "an array": lambda: RULE.run(pa.array([1])),
    "too many rows": lambda: kql("| count").run(pa.table({"A": pa.nulls(5_000_000_000)})),
    "nested": lambda: kql("| where tostring(A) has 'a'").run([{"A": NESTED}]),
    "now is text": lambda: RULE.run([{"A": NOW}], now="now"),  # type: ignore[call-overload]
    "now is a date": lambda: RULE.run([{"A": NOW}], now=date(2026, 1, 1)),  # type: ignore[call-overload]
    "now is too early": lambda: RULE.run([{"A": NOW}], now=datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))),
    "now is too late": lambda: RULE.run([{"A": NOW}], now=datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))),
    "now does not fit in arrow": lambda: kql("| project now()").run(pa.table({"A": [1]}), now=datetime.max),
    "no schema": lambda: RULE.plan(7),  # type: ignore[arg-type]
    "schema of other columns": lambda: RULE.plan(pa.schema([("B", pa.string())])),
    "repeated column": lambda: RULE.plan(pa.schema([("A", pa.string()), ("A", pa.string())])),
    "plan over a list": lambda: RULE.plan(pa.schema([("A", pa.timestamp("us"))])).run([]),  # type: ignore[arg-type]
    "explain a list": lambda: RULE.explain([]),  # type: ignore[arg-type]
    "explain an object": lambda: RULE.explain({"A": object()}),
    "entities of a list": lambda: Rule.bitsadmin_activity().entities([]),  # type: ignore[arg-type]
    "entities of an object": lambda: Rule.bitsadmin_activity().entities({"HostName": object()}),
}


@pytest.mark.parametrize("name", HOSTILE_CALLS)
def test_a_hostile_argument_is_an_error(name: str) -> None:
    assert error_of(HOSTILE_CALLS[name]).kind


def test_what_is_no_table_is_an_error() -> None:
    with pytest.raises((rulespec.Error, TypeError)):
        RULE.run(Unfit())


def test_times_at_the_ends_of_the_range_are_compared() -> None:
    ends = [{"A": datetime.min}, {"A": datetime.max}]
    assert RULE.run(ends, now=datetime.min) == []
    assert RULE.run(ends, now=datetime.max) == ends[1:]
    assert len(RULE.run(pa.table({"A": pa.array([0, 2**62, -(2**62)], pa.timestamp("us"))}), now=datetime.max)) == 0
