"""The package conforms to the specification."""

from typing import Any

import pyarrow as pa
import pytest

import rulespec
import tables

SCALARS = ["=~", "has", "has_any", "parse_command_line", "[]", "tostring", "indexof", "substring"]


def test_the_functions_conform() -> None:
    report = rulespec.check(rulespec, fn=SCALARS)
    assert report.conforms, str(report)


def test_the_rule_over_protocol_tables_conforms() -> None:
    report = rulespec.check(rulespec, fn="bitsadmin_activity")
    assert report.conforms, str(report)


def has_dynamic_name(table: tables.Table) -> bool:
    """Whether `FileName` is dynamic, which only protocol tables can express."""
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
        others = [name for name in columns if name not in texts]
        # In a dict, an object stands for a cell of another type than string.
        objects = {name: object() for name in others} if {*others} & {*tables.REQUIRED} else {}
        rows = [
            {name: objects.get(name, cell) for name, cell in zip(columns, row)} | {"#": index}
            for index, row in enumerate(table["rows"])
        ]
        expected = rulespec.bitsadmin_activity(table)
        answer = rulespec.bitsadmin_activity(rows)
        return expected | {"rows": [self.row(row, table, tables.names(expected)) for row in answer]}

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
    """The rule over an Arrow table, with strings of a given Arrow type."""

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
