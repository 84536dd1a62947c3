"""The package answers every vector as the specification wants it."""

from typing import Any

import pyarrow as pa
import pytest

import rulespec
import tables

SCALARS = ["=~", "has", "has_any", "parse_command_line", "[]", "tostring", "indexof", "substring"]


def test_the_functions_conform() -> None:
    report = rulespec.check(rulespec, fn=SCALARS)
    assert report.conforms, str(report)


def test_the_rule_over_the_form_of_the_protocol_conforms() -> None:
    report = rulespec.check(rulespec, fn="bitsadmin_activity")
    assert report.conforms, str(report)


def has_dynamic_name(table: tables.Table) -> bool:
    """Whether `FileName` is dynamic, which only the form of the protocol can say."""
    return {"name": "FileName", "type": "dynamic"} in table["columns"]


class ByDicts:
    """The rule over a list of dicts."""

    def bitsadmin_activity(self, table: tables.Table) -> tables.Table:
        columns = tables.names(table)
        if not isinstance(table, dict) or not table["rows"] or len(set(columns)) != len(columns):
            return rulespec.bitsadmin_activity(table)
        if has_dynamic_name(table):
            return rulespec.bitsadmin_activity(table)
        texts = {column["name"] for column in table["columns"] if column["type"] == "string"}
        if any(column["name"] in tables.NEEDED and column["name"] not in texts for column in table["columns"]):
            marked = {name: object() for name in columns if name not in texts}
        else:
            marked = {}
        rows = [
            {name: marked.get(name, cell) for name, cell in zip(columns, row)} | {"#": at}
            for at, row in enumerate(table["rows"])
        ]
        wanted = rulespec.bitsadmin_activity(table)
        answer = rulespec.bitsadmin_activity(rows)
        return wanted | {"rows": [self.row(row, table, tables.names(wanted)) for row in answer]}

    def row(self, row: dict[str, Any], table: tables.Table, columns: list[str]) -> list[Any]:
        assert [name for name in row if name != "#"] == columns
        before = dict(zip(tables.names(table), table["rows"][row["#"]]))
        types = {column["name"]: column["type"] for column in table["columns"]}

        def cell(name: str) -> Any:
            if name in tables.ADDED:
                return row[name]
            return "" if before[name] is None and types[name] == "string" else before[name]

        return [cell(name) for name in columns]


class ByArrow:
    """The rule over a table of Arrow, its texts laid out in one way."""

    def __init__(self, texts: Any) -> None:
        self.texts = texts

    def bitsadmin_activity(self, table: tables.Table) -> tables.Table:
        columns = tables.names(table)
        if len(set(columns)) != len(columns) or has_dynamic_name(table):
            return rulespec.bitsadmin_activity(table)
        answer = rulespec.bitsadmin_activity(tables.to_arrow(table, self.texts))
        return tables.from_arrow(pa.table(answer), table)


def test_the_rule_over_dicts_conforms() -> None:
    report = rulespec.check(ByDicts(), fn="bitsadmin_activity")
    assert report.conforms, str(report)


@pytest.mark.parametrize("texts", [pa.string(), pa.large_string(), pa.string_view(), "dictionary"], ids=str)
def test_the_rule_over_arrow_conforms(texts: Any) -> None:
    report = rulespec.check(ByArrow(texts), fn="bitsadmin_activity")
    assert report.conforms, str(report)
