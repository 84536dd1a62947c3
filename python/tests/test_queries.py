"""Queries conform to the specification, as rules over any kind of table."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import rulespec
import tables
from rulespec import Rule

#: The time of PRO-25, without the part of a microsecond.
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, timezone.utc)

KINDS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "dicts": lambda rows: rows,
    "arrow": pa.Table.from_pylist,
    "batches": tables.in_batches,
    "reader": lambda rows: pa.Table.from_pylist(rows).to_reader(max_chunksize=2),
}


def engine(run: Callable[[Rule, tables.Table], tables.Table]) -> object:
    """An engine that runs queries as rules. Their table has another name."""

    class Engine:
        def query(self, text: str, named: dict[str, tables.Table]) -> tables.Table:
            for name, table in named.items():
                is_hidden = text.startswith(f"let {name} =")
                return run(Rule.from_kql(text if is_hidden else f"let {name} = DeviceProcessEvents;\n{text}"), table)
            return run(Rule.from_kql(text), {"columns": [], "rows": []})

    return Engine()


def test_queries_over_protocol_tables_conform() -> None:
    report = rulespec.check(engine(lambda rule, table: rule.run(table, now=NOW)), fn="query")
    assert report.conforms, str(report)


def from_json(value: Any, of_type: str) -> Any:
    if value is not None and of_type == "datetime":
        return datetime.fromisoformat(value[:26].rstrip("Z") + "+00:00")
    return float(value) if isinstance(value, str) and of_type == "real" else value


def fits(kind: str, rule: Rule, table: tables.Table) -> bool:
    """Whether a kind of table can have the columns and times of a vector."""
    types = {column["type"] for column in table["columns"]}
    is_typed = all(any(row[at] is not None for row in table["rows"]) for at in range(len(table["columns"])))
    times = json.dumps(table)
    has_ticks = re.search(r"\.\d{6}[1-9]Z", times) or "tick" in rule.text
    has_first_or_last_year = kind != "dicts" and re.search(r"0001-01|9999-12", times)
    return is_typed and not bool(types & {"int", "guid", "dynamic", "timespan"} or has_ticks or has_first_or_last_year)


def agrees(value: Any, want: Any, of_type: str) -> bool:
    """Whether a value is the expected one. In Arrow, a dynamic is JSON."""
    if of_type == "dynamic" and isinstance(value, str) and value != want:
        return bool(json.loads(value) == want)
    if of_type == "timespan" and value is not None:
        return bool(rulespec.tostring(value, "timespan") == want)
    want = from_json(want, of_type)
    value = value.floor("us") if isinstance(value, pd.Timestamp) else value
    both_nan = value != value and want != want
    return bool(both_nan or value == want)


def rows_of(kind: str, rule: Rule, table: tables.Table, used: list[Rule]) -> tables.Table:
    """The expected answer, with what the answer over another kind of table has instead."""
    expected = rule.run(table, now=NOW)
    if not table["columns"] or not fits(kind, rule, table):
        return expected
    used.append(rule)
    dicts = [
        {column["name"]: from_json(value, column["type"]) for column, value in zip(table["columns"], row)}
        for row in table["rows"]
    ]
    answer = tables.rows(rule.run(KINDS[kind](dicts), now=NOW))
    types = {column["name"]: column["type"] for column in expected["columns"]}
    assert all([*row] == [*types] for row in answer) and len(answer) == len(expected["rows"])
    for row, wanted in zip(answer, expected["rows"]):
        for at, (name, value) in enumerate(row.items()):
            if not agrees(value, wanted[at], types[name]):
                wanted[at] = repr(value)
    return expected


@pytest.mark.parametrize("kind", ["dicts", "arrow", "batches", "reader"])
def test_queries_over_other_tables_conform(kind: str) -> None:
    used: list[Rule] = []
    report = rulespec.check(engine(lambda rule, table: rows_of(kind, rule, table, used)), fn="query")
    assert report.conforms, str(report)
    assert len(used) > 300
