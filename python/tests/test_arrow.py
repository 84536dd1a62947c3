"""Tables of Arrow: right answers, or an exception that names the column."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given

import rulespec
import tables
from rulespec import strategies

EVENTS = [
    tables.event(),
    tables.event(FileName="cmd.exe"),
    tables.event(FileName="BITSADMIN.EXE", ProcessCommandLine='x /ADDFILE j "http://y/b c" D:\\b /upload'),
    tables.event(ProcessCommandLine="bitsadmin /list"),
]
FOUND = [
    ("http://x/a", r"C:\a", "Download", "ws07", "corp.example"),
    ("D:\\b", "/upload", "Upload", "ws07", "corp.example"),
]


def found(answer: object) -> list[tuple[Any, ...]]:
    names = ["RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain"]
    return [tuple(row[name] for name in names) for row in pa.table(answer).to_pylist()]


def test_dicts_and_arrow_have_one_answer() -> None:
    answer = rulespec.bitsadmin_activity(pa.Table.from_pylist(EVENTS))
    assert found(answer) == FOUND
    assert (len(answer), answer.num_rows) == (2, 2)
    rows = rulespec.bitsadmin_activity(EVENTS)
    assert pa.table(answer).to_pylist() == rows
    assert answer.column_names == list(rows[0])


def duckdb_relation(table: pa.Table) -> Any:
    return duckdb.connect().from_arrow(table)


LIBRARIES: dict[str, Any] = {
    "pyarrow table": lambda table: table,
    "pyarrow batch": lambda table: table.to_batches()[0],
    "pyarrow reader": lambda table: table.to_reader(),
    "pyarrow structs": lambda table: table.to_struct_array(),
    "polars": pl.from_arrow,
    "pandas": lambda table: table.to_pandas(),
    "duckdb": duckdb_relation,
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_of_any_library_is_taken(library: str) -> None:
    answer = rulespec.bitsadmin_activity(LIBRARIES[library](pa.Table.from_pylist(EVENTS)))
    assert found(answer) == FOUND


def test_any_library_takes_the_answer() -> None:
    answer = rulespec.bitsadmin_activity(pl.DataFrame(EVENTS))
    assert pl.DataFrame(answer)["HostName"].to_list() == ["ws07", "ws07"]
    assert pd.DataFrame.from_arrow(answer)["HostName"].to_list() == ["ws07", "ws07"]
    uploads: Any = duckdb.sql("select count(*) from answer where Direction = 'Upload'")
    assert uploads.fetchall() == [(1,)]
    assert pa.schema(answer).field("ParsedCommandLine").type == pa.list_(pa.string())


@given(strategies.events())
def test_chunks_and_layouts_change_nothing(events: list[dict[str, object]]) -> None:
    if not events:
        return
    texts = [{name: cell for name, cell in event.items() if isinstance(cell, str)} for event in events]
    wanted: Any
    try:
        wanted = rulespec.bitsadmin_activity(texts)
    except rulespec.Error as error:
        wanted = error.kind
    whole = pa.Table.from_pylist(texts, pa.schema([(name, pa.string()) for name in dict.fromkeys(sum(map(list, texts), []))]))
    chunks = pa.concat_tables([whole.slice(at, 1) for at in range(len(texts))])
    for table in [whole, chunks, pl.DataFrame(pl.from_arrow(chunks))]:
        try:
            answer: Any = pa.table(rulespec.bitsadmin_activity(table)).to_pylist()
        except rulespec.Error as error:
            answer = error.kind
        assert answer == wanted if isinstance(wanted, str) else without_none(answer) == without_none(wanted)


def without_none(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: "" if cell is None else cell for name, cell in row.items()} for row in rows]


def table(**columns: pa.Array) -> pa.Table:
    """The events, some columns exchanged; `None` takes one away."""
    events = pa.Table.from_pylist(EVENTS)
    for name, column in columns.items():
        if name in events.column_names:
            events = events.drop_columns(name)
        if column is not None:
            events = events.append_column(name, column)
    return events


def failing(events: object) -> rulespec.Error:
    with pytest.raises(rulespec.Error) as error:
        rulespec.bitsadmin_activity(events)  # type: ignore[call-overload]
    return error.value


@pytest.mark.parametrize("name", tables.NEEDED)
def test_a_missing_column_is_named(name: str) -> None:
    error = failing(table(**{name: None}))
    assert (error.kind, str(error)) == ("unknown-column", f'unknown-column: there is no column "{name}"')


WRONG = [pa.int64(), pa.bool_(), pa.float64(), pa.timestamp("us"), pa.binary(), pa.list_(pa.string()), pa.null()]


@pytest.mark.parametrize("of_type", WRONG, ids=str)
@pytest.mark.parametrize("name", ["FileName", "ProcessCommandLine", "DeviceName"])
def test_a_column_of_a_wrong_type_is_named(name: str, of_type: pa.DataType) -> None:
    error = failing(table(**{name: pa.nulls(len(EVENTS), of_type)}))
    assert error.kind == "wrong-type"
    assert name in str(error)


def test_a_repeated_column_is_named() -> None:
    events = table()
    twice = pa.Table.from_arrays([*events.columns, events["DeviceId"]], names=[*events.column_names, "DeviceId"])
    error = failing(twice)
    assert (error.kind, "DeviceId" in str(error)) == ("repeated-column", True)


def test_zero_rows_and_empty_chunks_have_the_columns_of_the_answer() -> None:
    events = table()
    whole = rulespec.bitsadmin_activity(events)
    for empty in [events.slice(0, 0), events.schema.empty_table(), events.slice(1, 1)]:
        answer = rulespec.bitsadmin_activity(empty)
        assert (len(answer), answer.column_names) == (0, whole.column_names)
    holey = pa.concat_tables([events.slice(0, 0), events, events.slice(0, 0)])
    assert found(rulespec.bitsadmin_activity(holey)) == FOUND


def test_a_null_text_is_empty_and_is_null_after_it() -> None:
    events = table(DeviceName=pa.nulls(len(EVENTS), pa.string()))
    assert [row[3:] for row in found(rulespec.bitsadmin_activity(events))] == [("", ""), ("", "")]
    assert pa.table(rulespec.bitsadmin_activity(events))["DeviceName"].to_pylist() == [None, None]
    assert len(rulespec.bitsadmin_activity(table(FileName=pa.nulls(len(EVENTS), pa.string())))) == 0


PASSED = [
    pa.array([1, None, 3, 4], pa.int8()),
    pa.array([1, 2, 3, 4], pa.decimal128(10, 2)),
    pa.array([b"a", None, b"c", b"d"], pa.binary_view()),
    pa.array([[1], None, [3], []], pa.list_view(pa.int64())),
    pa.array([{"a": 1}, None, {"a": 3}, {}], pa.struct([("a", pa.int64())])),
    pa.array([[("k", 1)], None, [], []], pa.map_(pa.string(), pa.int64())),
    pa.UnionArray.from_sparse(pa.array([0, 1, 0, 1], pa.int8()), [pa.array([1, 2, 3, 4]), pa.array(["a", "b", "c", "d"])]),
    pa.RunEndEncodedArray.from_arrays(pa.array([2, 4], pa.int32()), pa.array(["a", "b"])),
    pa.array([1, 2, 3, 4], pa.date64()),
    pa.array([(1, 2, 3)] * 4, pa.month_day_nano_interval()),
    pa.nulls(4),
    pa.array([b"0123456789abcdef"] * 4, pa.uuid()),
]


@pytest.mark.parametrize("column", PASSED, ids=lambda column: str(column.type))
def test_a_column_of_any_type_is_passed_on(column: pa.Array) -> None:
    answer = pa.table(rulespec.bitsadmin_activity(table(Other=column)))["Other"]
    assert answer.type == column.type
    assert answer.to_pylist() == [column[0].as_py(), column[2].as_py()]


def test_what_is_no_table_is_named() -> None:
    assert str(failing(7)).endswith(", got int")
    assert str(failing([7])) == "wrong-type: wanted a list of dicts, got int"
    assert "wanted a table, got an array of Int64" in str(failing(pa.array([1])))
    structs = pa.array([EVENTS[0], None])
    assert "a row of the table is null as a whole" in str(failing(structs))
    assert "wanted a table" in str(failing(pl.Series([1])))


def test_what_a_producer_raises_is_told() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist(EVENTS)
        raise RuntimeError("the disk is gone")

    error = failing(pa.RecordBatchReader.from_batches(pa.Table.from_pylist(EVENTS).schema, batches()))
    assert (error.kind, "the disk is gone" in str(error)) == ("unreadable", True)


def test_a_plan_takes_batches_of_its_columns() -> None:
    events = table()
    plan = rulespec.Plan(events.schema)
    assert pa.schema(plan).names == rulespec.bitsadmin_activity(events).column_names
    assert [found(plan.run(batch)) for batch in events.to_batches(max_chunksize=2)] == [FOUND[:1], FOUND[1:]]
    with pytest.raises(rulespec.Error, match="other columns than the plan"):
        plan.run(events.drop_columns("DeviceId"))
    with pytest.raises(rulespec.Error, match='there is no column "DeviceId"'):
        rulespec.Plan(events.drop_columns("DeviceId").schema)


def test_other_threads_run_meanwhile() -> None:
    import threading

    class Reader:
        """Waits, as its first batch is asked for, until another thread has had its turn."""

        def __init__(self) -> None:
            self.turn = threading.Event()

        def batches(self) -> Iterator[pa.RecordBatch]:
            threading.Thread(target=self.turn.set).start()
            assert self.turn.wait(10)
            yield pa.RecordBatch.from_pylist(EVENTS)

    reader = pa.RecordBatchReader.from_batches(table().schema, Reader().batches())
    assert found(rulespec.bitsadmin_activity(reader)) == FOUND


def test_dicts_keep_the_objects_that_are_only_passed_on() -> None:
    mine = object()
    (row,) = rulespec.bitsadmin_activity([tables.event(Mine=mine, HostName=mine)])
    assert row["Mine"] is mine
    assert row["HostName"] == "ws07"
    sparse = rulespec.bitsadmin_activity([tables.event(), tables.event(Late=1)])
    assert [row["Late"] for row in sparse] == [None, 1]
    assert rulespec.bitsadmin_activity([tables.event(ProcessVersionInfoOriginalFileName=None)])[0]["HostName"] == "ws07"
