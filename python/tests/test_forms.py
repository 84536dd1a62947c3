"""The forms in which ports take tables and return rows."""

import doctest
from datetime import datetime, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import duckdb
import rulespec
from rulespec import forms
from rulespec.ports import PortError, Table

TABLE: Table = {
    "columns": [
        {"name": "FileName", "type": "string"},
        {"name": "ProcessId", "type": "long"},
        {"name": "TimeGenerated", "type": "datetime"},
        {"name": "AdditionalFields", "type": "dynamic"},
    ],
    "rows": [["a.exe", 1, "2026-01-02T03:04:05.6789010Z", {"a": 1}], ["", None, None, None]],
}
TIME = datetime(2026, 1, 2, 3, 4, 5, 678901, timezone.utc)
ROWS = [{"FileName": "a", "ProcessId": 1}, {"FileName": None, "ProcessId": None}]


def test_the_example_runs() -> None:
    assert doctest.testmod(forms).attempted > 0 == doctest.testmod(forms).failed


def test_dicts_have_values_as_in_json() -> None:
    assert forms.take(TABLE)[0]["TimeGenerated"] == "2026-01-02T03:04:05.6789010Z"
    assert forms.take(TABLE)[1] == {"FileName": "", "ProcessId": None, "TimeGenerated": None, "AdditionalFields": None}
    assert forms.take(TABLE, "table") is TABLE
    with pytest.raises(PortError, match="and not 'csv'"):
        forms.take(TABLE, "csv")  # type: ignore[arg-type]


def test_arrow_and_pandas_have_types() -> None:
    arrow = forms.take(TABLE, "arrow")
    assert list(arrow.to_pylist()[0].values()) == ["a.exe", 1, TIME, '{"a":1}']
    assert arrow.column("FileName").to_pylist() == ["a.exe", ""]
    frame = forms.take(TABLE, "pandas")
    assert list(frame.columns) == [column["name"] for column in TABLE["columns"]]
    assert frame["TimeGenerated"][0] == TIME
    assert rulespec.Rule("DeviceProcessEvents | where FileName == 'a.exe' | project ProcessId").run(arrow).num_rows == 1


@pytest.mark.parametrize(
    "result",
    [
        ROWS,
        tuple(ROWS),
        iter(ROWS),
        pa.Table.from_pylist(ROWS),
        pa.Table.from_pylist(ROWS).to_reader().read_all(),
        pl.DataFrame(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS, index=[7, 3]),
        duckdb.sql("SELECT * FROM (VALUES ('a', 1), (NULL, NULL)) AS t(FileName, ProcessId)"),
    ],
)
def test_rows_may_be_dicts_or_tables(result: Any) -> None:
    assert forms.rows(result, 2) == ROWS


@pytest.mark.parametrize(
    "result",
    [
        [0, 2],
        {0: 0, 2: 0}.keys(),
        np.array([0, 2]),
        np.array([True, False, True]),
        [True, False, True],
        list(np.array([True, False, True])),
        pd.Series([True, False, True]),
        pd.Series([0, 2]),
        pl.Series([0, 2]),
        pl.Series([True, False, True]),
        pa.array([0, 2]),
        pa.chunked_array([[True], [False, True]]),
    ],
)
def test_rows_may_be_numbers_or_bools(result: Any) -> None:
    assert forms.rows(result, 3) == [0, 2]


def test_no_rows_are_no_rows() -> None:
    results: list[Any] = [[], (), np.array([], dtype=int), pa.table({"a": []}), pd.DataFrame(), pl.DataFrame()]
    for result in results:
        assert forms.rows(result, 3) == []


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "and not NoneType"),
        ("ab", "and not str"),
        ({"a": 1}, "and not dict"),
        ([1.0], "and not float"),
        ([{"a": 1}, 0], "and not dict, int"),
        ([True, False], "returned 2 bools for 3 rows"),
        ([3], "returned the row 3 of 3, counted from 0"),
        ([-1], "returned the row -1 of 3"),
    ],
)
def test_anything_else_is_an_error(result: Any, message: str) -> None:
    with pytest.raises(PortError, match=message):
        forms.rows(result, 3)
