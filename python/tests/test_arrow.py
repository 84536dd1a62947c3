"""Arrow tables give correct answers, or an exception that names the column."""

import ctypes
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
EXPECTED = [
    ("http://x/a", r"C:\a", "Download", "ws07", "corp.example"),
    ("D:\\b", "/upload", "Upload", "ws07", "corp.example"),
]


def detections(answer: object) -> list[tuple[Any, ...]]:
    names = ["RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain"]
    return [tuple(row[name] for name in names) for row in pa.table(answer).to_pylist()]


def test_dicts_and_arrow_give_the_same_answer() -> None:
    answer = rulespec.bitsadmin_activity(pa.Table.from_pylist(EVENTS))
    assert detections(answer) == EXPECTED
    assert (len(answer), answer.num_rows) == (2, 2)
    rows = rulespec.bitsadmin_activity(EVENTS)
    assert pa.table(answer).to_pylist() == rows
    assert answer.column_names == list(rows[0])


def test_the_answer_has_one_schema_and_pyarrow_casts_it() -> None:
    answer = rulespec.bitsadmin_activity(pa.Table.from_pylist(EVENTS))
    ours = pa.schema(answer)
    schema = pa.schema(field.with_type(pa.large_string()) if field.type == pa.string() else field for field in ours)
    assert schema != ours
    assert pa.RecordBatchReader.from_stream(answer, schema=schema).schema == ours
    assert pa.table(answer, schema=schema).schema == schema


def test_a_schema_of_other_columns_is_refused() -> None:
    answer = rulespec.bitsadmin_activity(pa.Table.from_pylist(EVENTS))
    ours = pa.schema(answer)
    first, second = ours.names[:2]
    for schema, expected in [
        (ours.remove(0), f"the schema leaves out {first}; "),
        (ours.append(pa.field("Other", pa.string())), "the table does not have Other; "),
        (ours.set(0, pa.field("Other", pa.string())), f"does not have Other, and the schema leaves out {first}; "),
        (pa.schema([ours.field(1), ours.field(0), *list(ours)[2:]]), f"the columns in order are {first}, {second}, "),
        (ours.append(ours.field(0)), f"the columns in order are {first}, {second}, "),
    ]:
        with pytest.raises(rulespec.Error) as caught:
            pa.RecordBatchReader.from_stream(answer, schema=schema)
        assert isinstance(caught.value, ValueError)
        assert (caught.value.kind, expected in str(caught.value)) == ("wrong-usage", True), str(caught.value)


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
def test_tables_of_any_library_are_accepted(library: str) -> None:
    answer = rulespec.bitsadmin_activity(LIBRARIES[library](pa.Table.from_pylist(EVENTS)))
    assert detections(answer) == EXPECTED


def test_any_library_reads_the_answer() -> None:
    answer = rulespec.bitsadmin_activity(pl.DataFrame(EVENTS))
    assert pl.DataFrame(answer)["HostName"].to_list() == ["ws07", "ws07"]
    assert pd.DataFrame.from_arrow(answer)["HostName"].to_list() == ["ws07", "ws07"]
    uploads: Any = duckdb.sql("select count(*) from answer where Direction = 'Upload'")
    assert uploads.fetchall() == [(1,)]
    assert pa.schema(answer).field("ParsedCommandLine").type == pa.list_(pa.string())


@given(strategies.events())
def test_chunks_and_layouts_do_not_change_the_answer(events: list[dict[str, object]]) -> None:
    if not events:
        return
    texts = [{name: cell for name, cell in event.items() if isinstance(cell, str)} for event in events]
    expected: Any
    try:
        expected = rulespec.bitsadmin_activity(texts)
    except rulespec.Error as error:
        expected = error.kind
    whole = pa.Table.from_pylist(texts, pa.schema([(name, pa.string()) for name in dict.fromkeys(sum(map(list, texts), []))]))
    chunks = pa.concat_tables([whole.slice(at, 1) for at in range(len(texts))])
    for table in [whole, chunks, pl.DataFrame(pl.from_arrow(chunks))]:
        try:
            answer: Any = pa.table(rulespec.bitsadmin_activity(table)).to_pylist()
        except rulespec.Error as error:
            answer = error.kind
        if isinstance(expected, str):
            assert answer == expected
        else:
            assert without_none(answer) == without_none(expected)


def without_none(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: "" if cell is None else cell for name, cell in row.items()} for row in rows]


def table(**columns: pa.Array) -> pa.Table:
    """Return the events with some columns replaced, or removed by `None`."""
    events = pa.Table.from_pylist(EVENTS)
    for name, column in columns.items():
        if name in events.column_names:
            events = events.drop_columns(name)
        if column is not None:
            events = events.append_column(name, column)
    return events


def error_of(events: object) -> rulespec.Error:
    with pytest.raises(rulespec.Error) as error:
        rulespec.bitsadmin_activity(events)  # type: ignore[call-overload]
    return error.value


@pytest.mark.parametrize("name", tables.REQUIRED)
def test_a_missing_column_is_named(name: str) -> None:
    error = error_of(table(**{name: None}))
    assert error.kind == "unknown-column"
    assert f'there is no column "{name}"' in str(error)


DYNAMIC = [pa.list_(pa.string()), pa.null()]
WRONG_TYPES = [pa.int64(), pa.bool_(), pa.float64(), pa.timestamp("us"), pa.binary()]


@pytest.mark.parametrize("of_type", [*WRONG_TYPES, *DYNAMIC], ids=str)
@pytest.mark.parametrize("name", ["FileName", "ProcessCommandLine", "DeviceName"])
def test_a_column_of_a_wrong_type_is_refused(name: str, of_type: pa.DataType) -> None:
    if name == "FileName" and of_type in DYNAMIC:
        return  # see below
    error = error_of(table(**{name: pa.nulls(len(EVENTS), of_type)}))
    # Of a dynamic and a string, iff is not specified.
    is_dynamic = name == "DeviceName" and error.kind == "unsupported"
    assert error.kind == "wrong-type" or is_dynamic


@pytest.mark.parametrize("of_type", DYNAMIC, ids=str)
def test_a_dynamic_file_name_is_compared_as_text(of_type: pa.DataType) -> None:
    assert len(rulespec.bitsadmin_activity(table(FileName=pa.nulls(len(EVENTS), of_type)))) == 0


def test_a_repeated_column_is_named() -> None:
    events = table()
    twice = pa.Table.from_arrays([*events.columns, events["DeviceId"]], names=[*events.column_names, "DeviceId"])
    error = error_of(twice)
    assert (error.kind, "DeviceId" in str(error)) == ("repeated-column", True)


def test_the_answer_to_zero_rows_has_all_columns() -> None:
    events = table()
    whole = rulespec.bitsadmin_activity(events)
    for empty in [events.slice(0, 0), events.schema.empty_table(), events.slice(1, 1)]:
        answer = rulespec.bitsadmin_activity(empty)
        assert (len(answer), answer.column_names) == (0, whole.column_names)
    with_empty_chunks = pa.concat_tables([events.slice(0, 0), events, events.slice(0, 0)])
    assert detections(rulespec.bitsadmin_activity(with_empty_chunks)) == EXPECTED


def test_null_counts_as_empty_and_stays_null() -> None:
    events = table(DeviceName=pa.nulls(len(EVENTS), pa.string()))
    assert [row[3:] for row in detections(rulespec.bitsadmin_activity(events))] == [("", ""), ("", "")]
    assert pa.table(rulespec.bitsadmin_activity(events))["DeviceName"].to_pylist() == [None, None]
    assert len(rulespec.bitsadmin_activity(table(FileName=pa.nulls(len(EVENTS), pa.string())))) == 0


UNRELATED_COLUMNS = [
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


@pytest.mark.parametrize("column", UNRELATED_COLUMNS, ids=lambda column: str(column.type))
def test_columns_of_any_type_are_kept(column: pa.Array) -> None:
    answer = pa.table(rulespec.bitsadmin_activity(table(Other=column)))["Other"]
    assert answer.type == column.type
    assert answer.to_pylist() == [column[0].as_py(), column[2].as_py()]


def test_an_error_names_the_type_of_what_is_not_a_table() -> None:
    assert str(error_of(7)).endswith(", got int")
    assert str(error_of([7])) == "wrong-type: expected a list of dicts, got int"
    assert "expected a table, got an array of Int64" in str(error_of(pa.array([1])))
    structs = pa.array([EVENTS[0], None])
    assert "a row of the table is null" in str(error_of(structs))
    assert "expected a table" in str(error_of(pl.Series([1])))


def test_an_exception_of_the_producer_is_reported() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist(EVENTS)
        raise RuntimeError("the disk is gone")

    error = error_of(pa.RecordBatchReader.from_batches(pa.Table.from_pylist(EVENTS).schema, batches()))
    assert (error.kind, "the disk is gone" in str(error)) == ("unreadable", True)


class ArrowArray(ctypes.Structure):
    """The first members of the C structure."""

    n_buffers: int
    children: Any


ArrowArray._fields_ = [
    *((name, ctypes.c_int64) for name in ["length", "null_count", "offset", "n_buffers", "n_children"]),
    ("buffers", ctypes.c_void_p),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))),
]


def test_a_table_that_breaks_the_memory_layout_is_an_error() -> None:
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]

    class Broken:
        def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
            schema, array = pa.RecordBatch.from_pylist(EVENTS).__arrow_c_array__()
            ArrowArray.from_address(pointer_of(array, b"arrow_array")).children[0].contents.n_buffers = 0
            return schema, array

    error = error_of(Broken())
    assert error.kind == "unreadable"
    assert "its memory layout is not that of Arrow, or this is a bug of rulespec: " in str(error)


def test_a_plan_runs_over_batches_of_its_columns() -> None:
    events = table()
    rule = rulespec.Rule.bitsadmin_activity()
    plan = rule.plan(events.schema)
    assert not plan.needs_all_rows
    assert pa.schema(plan).names == rulespec.bitsadmin_activity(events).column_names
    assert [detections(plan.run(batch)) for batch in events.to_batches(max_chunksize=2)] == [EXPECTED[:1], EXPECTED[1:]]
    with pytest.raises(rulespec.Error, match="are not those of the plan"):
        plan.run(events.drop_columns("DeviceId"))
    with pytest.raises(rulespec.Error, match='there is no column "DeviceId"'):
        rule.plan(events.drop_columns("DeviceId").schema)


def test_other_threads_run_during_a_call() -> None:
    import threading

    class Reader:
        """Waits in its first batch until another thread has run."""

        def __init__(self) -> None:
            self.other_ran = threading.Event()

        def batches(self) -> Iterator[pa.RecordBatch]:
            threading.Thread(target=self.other_ran.set).start()
            assert self.other_ran.wait(10)
            yield pa.RecordBatch.from_pylist(EVENTS)

    reader = pa.RecordBatchReader.from_batches(table().schema, Reader().batches())
    assert detections(rulespec.bitsadmin_activity(reader)) == EXPECTED


def test_unchanged_cells_of_dicts_are_the_same_objects() -> None:
    cell = object()
    (row,) = rulespec.bitsadmin_activity([tables.event(Other=cell, HostName=cell)])
    assert row["Other"] is cell
    assert row["HostName"] == "ws07"
    sparse = rulespec.bitsadmin_activity([tables.event(), tables.event(Late=1)])
    assert [row["Late"] for row in sparse] == [None, 1]
    assert rulespec.bitsadmin_activity([tables.event(ProcessVersionInfoOriginalFileName=None)])[0]["HostName"] == "ws07"
