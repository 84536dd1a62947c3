"""Rules compared with other rules, and with ports."""

import contextlib
import doctest
import functools
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import rulespec
from rulespec import ports
from rulespec._source import text_of

Rows = list[dict[str, Any]]

RULE = "DeviceProcessEvents | where FileName =~ 'certutil.exe'"
NOW = datetime(2026, 1, 2, 3, 4, 5)
#: Fewer than the known ones, so that tables are small.
COLUMNS = {"FileName": "string", "ProcessId": "long"}


def is_certutil(event: dict[str, Any]) -> bool:
    return bool(rulespec.eq_ci(event["FileName"], "certutil.exe"))


def ways(difference: rulespec.Difference) -> list[str]:
    return [finding["differs"] for finding in difference.findings]


def test_the_example_runs() -> None:
    examples = doctest.DocTestFinder().find(rulespec.diff, "diff", globs={"diff": rulespec.diff})
    outcome = doctest.DocTestRunner().run(examples[0])
    assert outcome.attempted > outcome.failed == 0


def test_two_rules_are_compared() -> None:
    other = rulespec.Rule("DeviceProcessEvents | where FileName == 'certutil.exe'")
    difference = rulespec.diff(RULE, other)
    assert difference and not difference.is_none
    (finding,) = difference.findings
    assert (finding["differs"], finding["by"], list(finding["event"])) == ("selected", "a", ["FileName"])
    assert finding["event"]["FileName"].lower() == "certutil.exe"
    assert {"side": "b", "predicate": 'FileName == "certutil.exe"', "holds": False, "line": 1, "column": 29} in finding[
        "decided_by"
    ]
    same = rulespec.diff(rulespec.Rule(RULE), RULE, seed=7)
    assert not same and same.is_none and same.findings == []
    assert same.events > same.selected > 0


def test_a_template_has_its_name() -> None:
    template = rulespec.Rule("name: Certutil\nquery: DeviceProcessEvents | take 1")
    assert rulespec.diff(template, RULE, cases=10).sides == ("Certutil", RULE.replace("'", '"'))


def test_the_text_is_that_of_the_command() -> None:
    difference = rulespec.diff(RULE, lambda events: [event["FileName"] == "certutil.exe" for event in events])
    lines = str(difference).splitlines()
    assert lines[:3] == ['A  DeviceProcessEvents | where FileName =~ "certutil.exe"', "B  <lambda>", ""]
    assert lines[3] == "1  only A selects this event"
    assert lines[-1].startswith("1 difference among ") and " selected, seed 1, " in lines[-1]
    assert repr(difference).startswith("<rulespec.Difference: 1 difference among ")
    assert "only A selects this event" in repr(difference) and "\n" not in repr(difference)
    saved = json.loads(difference.json())
    assert saved["findings"] == difference.findings
    assert (saved["events"], saved["selected"]) == (difference.events, difference.selected)
    assert difference._repr_markdown_().startswith("### ")
    assert "1. only A selects this event" in difference._repr_markdown_()


def test_the_same_seed_gives_the_same_events() -> None:
    def seen(seed: int) -> list[Rows]:
        asked: list[Rows] = []

        def port(events: Rows) -> list[bool]:
            asked.append(events)
            return list(map(is_certutil, events))

        assert not rulespec.diff(RULE, port, cases=3000, seed=seed, now=NOW, columns=COLUMNS)
        return asked

    first = seen(1)
    assert first == seen(1) != seen(2)
    assert list(map(len, first))[-1] == 2  # one event twice, in the end
    assert sum(map(len, first)) == 3002


PORTS: list[Callable[[Rows], Any]] = [
    lambda events: [event for event in events if is_certutil(event)],
    lambda events: [at for at, event in enumerate(events) if is_certutil(event)],
    lambda events: map(is_certutil, events),
    functools.partial(filter, is_certutil),
]


@pytest.mark.parametrize("port", PORTS)
def test_a_right_port_on_dicts_does_not_differ(port: Callable[[Rows], Any]) -> None:
    difference = rulespec.diff(RULE, port)
    assert not difference
    assert difference.events == 8192 and difference.complete


def test_a_port_may_compute_columns() -> None:
    rule = "DeviceProcessEvents | project ProcessId, Name = tolower(FileName), Host = iff(DeviceName == '', 'none', DeviceName)"

    def port(events: Rows, fallback: str = "none") -> Rows:
        return [
            {"ProcessId": event["ProcessId"], "Name": event["FileName"].lower(), "Host": event["DeviceName"] or fallback}
            for event in events
        ]

    assert not rulespec.diff(rule, port, cases=500)
    wrong = rulespec.diff(rule, functools.partial(port, fallback=""), cases=500)
    (finding,) = (finding for finding in wrong.findings if "open" not in finding)
    assert finding["columns"] == [{"column": "Host", "a": "none", "b": ""}]


def arrow_port(events: pa.Table) -> pa.Table:
    return events.filter(pc.equal(events["FileName"], "certutil.exe"))


def pandas_port(events: Any) -> Any:
    return events[events.FileName == "certutil.exe"]


def pandas_mask(events: Any) -> Any:
    return events["FileName"] == "certutil.exe"


@pytest.mark.parametrize(("port", "takes"), [(arrow_port, "arrow"), (pandas_port, "pandas"), (pandas_mask, "pandas")])
def test_a_port_takes_and_returns_tables(port: Any, takes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "takes", takes, raising=False)
    assert not rulespec.diff("DeviceProcessEvents | where FileName == 'certutil.exe'", port, cases=500)
    (finding,) = rulespec.diff(RULE, port, cases=500).findings
    assert (finding["by"], finding["event"]["FileName"].lower()) == ("a", "certutil.exe")


def test_values_may_be_those_of_numpy_and_pandas() -> None:
    import numpy as np
    import pandas as pd

    rule = "DeviceProcessEvents | project TimeGenerated, ProcessId, Twice = ProcessId * 2, Big = ProcessId > 4, Words = split(FileName, '.')"

    def port(events: Rows) -> Rows:
        def row(event: dict[str, Any]) -> dict[str, Any]:
            number = np.nan if event["ProcessId"] is None else np.int64(event["ProcessId"])
            missing = event["ProcessId"] is None
            return {
                "TimeGenerated": pd.Timestamp(event["TimeGenerated"]),
                "ProcessId": pd.NA if missing else number,
                "Twice": pd.NaT if missing else number * 2,
                "Big": None if missing else number > 4,
                "Words": np.array(event["FileName"].split(".")),
            }

        return [row(event) for event in events]

    difference = rulespec.diff(rule, port, cases=500)
    assert not difference, str(difference)


def test_an_exception_is_an_error_of_the_port() -> None:
    def port(events: Rows) -> list[bool]:
        for event in events:
            if event["ProcessId"] == 4:
                raise KeyError("no user\nfor the process")
        return list(map(is_certutil, events))

    difference = rulespec.diff(RULE + " and ProcessId != 4 or ProcessId == 4", port, columns=COLUMNS)
    errors = [finding for finding in difference.findings if finding["differs"] == "error"]
    assert [(error["of"], error["event"], error["error"]) for error in errors] == [
        ("b", {"ProcessId": 4}, "KeyError: 'no user\\nfor the process'")
    ]
    assert "only B has an error" in str(difference)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, pytest.fail.Exception])
def test_what_is_no_exception_ends_the_search(error: type[BaseException]) -> None:
    calls = []

    def port(events: Rows) -> list[int]:
        calls.append(len(events))
        raise error("now")

    with pytest.raises(error):
        rulespec.diff(RULE, port)
    assert len(calls) == 1


@contextlib.contextmanager
def interrupted_after(seconds: float) -> Any:
    # A process that a shell began in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.join()
    signal.signal(signal.SIGINT, before)


def test_a_signal_interrupts_a_search_about_two_rules() -> None:
    rule = rulespec.Rule.bitsadmin_activity()
    start = time.monotonic()
    with interrupted_after(0.3), pytest.raises(KeyboardInterrupt):
        rulespec.diff(rule, rule, cases=10**9)
    assert time.monotonic() - start < 20


def test_a_signal_interrupts_a_search_about_a_port() -> None:
    rule = rulespec.Rule.bitsadmin_activity()
    start = time.monotonic()
    with interrupted_after(0.3), pytest.raises(KeyboardInterrupt):
        rulespec.diff(rule, rule.run, cases=10**9)
    assert time.monotonic() - start < 20


def test_other_threads_run_during_a_search() -> None:
    counted: list[float] = []
    over = threading.Event()

    def count() -> None:
        while not over.wait(0.001):
            counted.append(time.monotonic())

    thread = threading.Thread(target=count)
    thread.start()
    rule = rulespec.Rule.bitsadmin_activity()
    start = time.monotonic()
    assert not rulespec.diff(rule, rule, time=1, cases=10**9)
    took = time.monotonic() - start
    over.set()
    thread.join()
    assert len(counted) > 20
    assert 0.9 < took < 20


def test_the_time_is_limited() -> None:
    for limit in (0.2, timedelta(milliseconds=200)):
        difference = rulespec.diff(RULE, lambda events: map(is_certutil, events), time=limit, cases=10**9)
        assert not difference
        assert difference.events > 0 and not difference.complete
    # Nothing was asked, so nothing is known.
    difference = rulespec.diff(RULE, lambda events: map(is_certutil, events), time=0)
    assert difference and not difference.findings and not difference.is_none
    assert "no difference so far among 0 events" in str(difference)


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "a port returns rows, and not NoneType"),
        ("rows", "a port returns rows, and not str"),
        ([1.5], "a port returns dicts, numbers of rows or bools, and not float"),
        ([True], "the port returned 1 bools for "),
        ([10**9], "the port returned the row 1000000000 of "),
        ([10**30], "the port returned the row "),
        ([{"FileName": nested(200)}], "nested more than 90 deep"),
    ],
)
def test_a_result_without_the_form_of_one_is_raised(result: Any, message: str) -> None:
    with pytest.raises(ports.PortError, match=message):
        rulespec.diff(RULE, lambda events: result)


def test_a_wrong_form_of_tables_is_raised() -> None:
    def port(events: Any) -> list[int]:
        return []

    port.takes = "csv"  # type: ignore[attr-defined]
    with pytest.raises(ports.PortError, match="a port takes dicts, arrow, pandas or table, and not 'csv'"):
        rulespec.diff(RULE, port)


def test_wrong_arguments_are_errors() -> None:
    with pytest.raises(rulespec.Error, match="expected a rule or its text, got function"):
        rulespec.diff(is_certutil, RULE)  # type: ignore[arg-type]
    with pytest.raises(rulespec.Error, match="expected a rule, its text or a port, which is a function, got int"):
        rulespec.diff(RULE, 1)  # type: ignore[arg-type]
    with pytest.raises(rulespec.Error, match='syntax: 1:23: there is no operator "wher"'):
        rulespec.diff(RULE, "DeviceProcessEvents | wher true")
    with pytest.raises(rulespec.Error) as error:
        rulespec.diff(RULE, "DeviceProcessEvents | where Filename == ''")
    assert (error.value.kind, error.value.diagnostics[0]["help"]) == (
        "unknown-column",
        "names are case-sensitive: FileName",
    )
    with pytest.raises(rulespec.Error, match="time: "):
        rulespec.diff(RULE, RULE, time=-1)
    with pytest.raises(rulespec.Error, match="expected seconds or a timedelta, got str"):
        rulespec.diff(RULE, RULE, time="1")  # type: ignore[arg-type]
    with pytest.raises(rulespec.Error, match='column "FileName": expected the name of a KQL type, got text'):
        rulespec.diff(RULE, RULE, columns={"FileName": "text"})
    with pytest.raises(rulespec.Error, match="unknown-column"):
        rulespec.diff(RULE, RULE, columns={"ProcessId": "long"})


def test_events_have_the_columns_that_are_given() -> None:
    seen: set[str] = set()

    def port(events: Rows) -> list[bool]:
        seen.update(*events)
        return list(map(is_certutil, events))

    assert not rulespec.diff(RULE, port, cases=50, columns=COLUMNS)
    assert seen == {"FileName", "ProcessId"}
    assert not rulespec.diff(RULE, port, cases=50)
    assert "InitiatingProcessSHA256" in seen


def test_a_port_has_its_own_clock() -> None:
    class Port:
        now: datetime | None = None

        def __call__(self, events: Rows) -> list[int]:
            self.latest = max(event["TimeGenerated"] for event in events)
            return []

    rule = "DeviceProcessEvents | where TimeGenerated > now()"
    port = Port()
    rulespec.diff(rule, port, cases=20)
    assert abs(datetime.fromisoformat(port.latest[:19]) - datetime.now(timezone.utc).replace(tzinfo=None)) < timedelta(days=2)
    port.now = NOW
    rulespec.diff(rule, port, cases=20)
    assert abs(datetime.fromisoformat(port.latest[:19]) - NOW) < timedelta(days=2)


TERMS = ("/planted",)


def is_planted(line: str) -> bool:
    return any(term in line for term in TERMS)


def planted(events: Rows) -> list[bool]:
    return [is_planted(event["ProcessCommandLine"]) or event["FileName"].endswith("certutil.exe") for event in events]


class Planted:
    """A port that is an object."""

    def __call__(self, events: Rows) -> list[bool]:
        return planted(events)


@pytest.mark.parametrize("port", [planted, Planted(), Planted().__call__, functools.partial(planted)])
def test_words_are_taken_from_the_source_of_a_port(port: Callable[[Rows], list[bool]]) -> None:
    assert {"- ProcessCommandLine", "- /planted", "- certutil.exe"} <= set(text_of(port).splitlines())
    rule = "DeviceProcessEvents | where FileName endswith_cs 'certutil.exe'"
    difference = rulespec.diff(rule, port, cases=1000)
    assert {"ProcessCommandLine": "/planted"} in [finding["event"] for finding in difference.findings]


def test_a_port_without_source_has_no_text() -> None:
    assert text_of(len) == text_of(functools.partial(print)) == ""
    assert text_of(eval("lambda events: 'word'")) == ""
    assert text_of(ports.sqlite("SELECT 'a word'")) == "SELECT 'a word'"


TEST = '''
import rulespec

RULE = "DeviceProcessEvents | where FileName =~ 'certutil.exe'"

def port(events):
    return [event["FileName"] == "certutil.exe" for event in events]

def test_inline():
    assert not rulespec.diff(RULE, port)

def test_named():
    difference = rulespec.diff(RULE, port, seed=3)
    assert difference.is_none

def test_none():
    assert not rulespec.diff(RULE, RULE)
'''

pytest_plugins = ["pytester"]


def test_a_failed_assertion_shows_the_differences(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TEST)
    run = pytester.runpytest_subprocess("-q")
    assert run.parseoutcomes() == {"failed": 2, "passed": 1}
    shown = ["*- rulespec.diff -*", "B  port", "1  only A selects this event", "     FileName  *", "1 difference among *"]
    run.stdout.fnmatch_lines([*shown, *shown[:-1], "1 difference among * seed 3, *"])
