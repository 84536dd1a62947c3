"""Ports in SQL: what they select, whatever the events and the text are."""

import json
import math
import re
import time
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_engines import ALWAYS, ENGINES, cells, run, table
from rulespec import ports

ALL_TYPES = {
    "FileName": "string",
    "ProcessId": "long",
    "Exit": "int",
    "Score": "real",
    "IsRemote": "bool",
    "TimeGenerated": "datetime",
    "Age": "timespan",
    "Machine": "guid",
    "AdditionalFields": "dynamic",
}
ROWS: list[list[Any]] = [
    [
        "certutil.exe",
        2**53 + 1,
        -1,
        0.5,
        True,
        "2026-01-02T03:04:05.6789010Z",
        "-1.02:03:04.5000000",
        "74be27de-1e4e-49d9-b579-fe0b331d3642",
        {"a": [1, 2.5, None, "é", {"b": False}]},
    ],
    ["", None, None, None, None, None, None, None, None],
    ["CMD.EXE", 0, 0, -1.0, False, "2026-12-31T23:59:59.0000000Z", "00:00:01", str(uuid.UUID(int=0)), "x"],
]


@pytest.mark.parametrize("name", ENGINES)
def test_every_type_comes_back(name: str) -> None:
    events = table(ALL_TYPES, *ROWS)
    assert run(name, "SELECT * FROM DeviceProcessEvents", events) == events


@pytest.mark.parametrize("name", ENGINES)
def test_a_column_of_nulls_and_a_table_without_rows_come_back(name: str) -> None:
    nulls = table(ALL_TYPES, ["", *[None] * (len(ALL_TYPES) - 1)])
    assert run(name, "SELECT * FROM DeviceProcessEvents", nulls) == nulls
    nothing = table(ALL_TYPES)
    assert run(name, "SELECT * FROM DeviceProcessEvents", nothing) == nothing


@pytest.mark.parametrize("name", ENGINES)
def test_columns_are_named_and_typed(name: str) -> None:
    columns = "ProcessId + 1 AS next, upper(FileName) AS FileName, ProcessId AS pid, 'x' AS x"
    answer = run(name, f"SELECT {columns} FROM DeviceProcessEvents", table(ALL_TYPES, ROWS[2]))
    assert answer == table({"next": "long", "FileName": "string", "pid": "long", "x": "string"}, [1, "CMD.EXE", 0, "x"])


@pytest.mark.parametrize("name", ALWAYS)
def test_a_repeated_name_is_numbered(name: str) -> None:
    text = "SELECT FileName, 1 AS FileName_1, *, FileName FROM DeviceProcessEvents"
    answer = run(name, text, table({"FileName": "string"}, ["a"]))
    assert [column["name"] for column in answer["columns"]] == ["FileName", "FileName_1", "FileName_2", "FileName_3"]
    assert answer["rows"] == [["a", 1, "a", "a"]]


@pytest.mark.parametrize("name", ENGINES)
def test_a_column_that_changes_its_type_has_the_new_one(name: str) -> None:
    text = "SELECT length(FileName) AS FileName FROM DeviceProcessEvents"
    answer = run(name, text, table({"FileName": "string"}, ["abc"]))
    assert answer["columns"][0]["type"] in ("int", "long") and answer["rows"] == [[3]]


@pytest.mark.parametrize("name", ENGINES)
def test_all_statements_run_and_the_last_query_counts(name: str) -> None:
    text = """
        -- first; 'this
        SELECT 1 AS one; /* then; "that */
        SELECT FileName AS "a;b" FROM DeviceProcessEvents WHERE FileName <> ';' -- the end
        ;
        -- nothing
    """
    if name == "spark":
        text = text.replace('"a;b"', "`a;b`")
    assert run(name, text, table({"FileName": "string"}, [";"], ["x"])) == table({"a;b": "string"}, ["x"])
    common = "WITH few AS (SELECT * FROM DeviceProcessEvents) SELECT FileName FROM few;"
    assert run(name, common, table({"FileName": "string"}, ["x"]))["rows"] == [["x"]]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("text", ["", " ;; ", "-- SELECT 1\n", "/* SELECT 1 */"])
def test_a_text_without_a_query_is_an_error(name: str, text: str) -> None:
    with pytest.raises(Exception, match="(?i)has no query|empty query"):
        run(name, text, table({"FileName": "string"}))


@pytest.mark.parametrize("name", ALWAYS)
def test_what_a_text_creates_is_dropped(name: str) -> None:
    text = """
        CREATE TABLE kept AS SELECT * FROM DeviceProcessEvents;
        CREATE VIEW seen AS SELECT * FROM kept;
        INSERT INTO DeviceProcessEvents VALUES ('b');
        SELECT FileName FROM seen;
        DROP TABLE DeviceProcessEvents;
    """
    for _ in range(2):
        assert run(name, text, table({"FileName": "string"}, ["a"]))["rows"] == [["a"]]
    with pytest.raises(ports.PortError, match="has no query"):
        run(name, "CREATE TABLE kept (a INTEGER); INSERT INTO kept VALUES (1)", table({"FileName": "string"}))


@pytest.mark.parametrize("name", ENGINES)
def test_a_table_is_dropped(name: str) -> None:
    engine = "ENGINE = Memory" if name == "chdb" else ""
    text = f"CREATE TABLE kept {engine} AS SELECT FileName FROM DeviceProcessEvents; SELECT * FROM kept"
    for file in ("a", "b"):
        assert run(name, text, table({"FileName": "string"}, [file]))["rows"] == [[file]]
    with pytest.raises(Exception, match="kept"):
        run(name, "SELECT * FROM kept", table({"FileName": "string"}))


def test_duckdb_recovers_from_a_text_that_commits() -> None:
    for _ in range(2):
        assert run("duckdb", "SELECT 1 AS one; COMMIT", table({"FileName": "string"}, ["a"]))["rows"] == [[1]]


@pytest.mark.parametrize("name", ENGINES)
def test_errors_are_the_engines(name: str) -> None:
    events = table({"FileName": "string"}, ["a"])
    with pytest.raises(Exception, match="(?i)nope"):
        run(name, "SELECT nope FROM DeviceProcessEvents", events)
    with pytest.raises(Exception, match="(?i)syntax|parser|SELEC"):
        run(name, "SELEC * FROM DeviceProcessEvents", events)
    assert run(name, "SELECT * FROM DeviceProcessEvents", events) == events


DROP = "'; DROP TABLE DeviceProcessEvents; --"
HOSTILE = [DROP, "\\", "\\'", '"', "`", "{{x}}", "?", "$1", "%s", "\n\r\t", "\u2028", "😀"]


@pytest.mark.parametrize("name", ENGINES)
def test_texts_are_never_code(name: str) -> None:
    events = table({"FileName": "string", "AdditionalFields": "dynamic"}, *([text, {text: text}] for text in HOSTILE))
    assert run(name, "SELECT * FROM DeviceProcessEvents", events) == events


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=20)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.booleans() | NUMBERS | TEXTS, lambda values: st.lists(values) | st.dictionaries(TEXTS, values), max_leaves=5
)


def without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, dict):
        return {without_surrogates(name): without_surrogates(member) for name, member in value.items()}
    return [without_surrogates(element) for element in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("name", ALWAYS)
@given(rows=st.lists(st.tuples(TEXTS, st.none() | VALUES), max_size=3))
def test_any_text_and_any_dynamic_value_comes_back(name: str, rows: list[tuple[str, Any]]) -> None:
    columns = {"FileName": "string", "AdditionalFields": "dynamic"}
    answer = run(name, "SELECT * FROM DeviceProcessEvents", table(columns, *map(list, rows)))
    assert json.dumps(answer["rows"], sort_keys=True) == json.dumps(without_surrogates(rows), sort_keys=True)


@pytest.mark.parametrize("name", ENGINES)
def test_nul_is_kept_and_half_a_surrogate_pair_is_replaced(name: str) -> None:
    answer = run(name, "SELECT * FROM DeviceProcessEvents", table({"FileName": "string"}, ["a\0b"], ["a\ud800b"]))
    assert answer["rows"] == [["a\0b"], ["a\ufffdb"]]
    answer = run(name, "SELECT * FROM DeviceProcessEvents", table({"AdditionalFields": "dynamic"}, ["\udfff\0"]))
    assert answer["rows"] == [["\ufffd\0"]]


@pytest.mark.parametrize("name", ENGINES)
def test_a_datetime_may_have_any_digits(name: str) -> None:
    given = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.678901299Z"]
    events = table({"TimeGenerated": "datetime"}, *([text] for text in given))
    text = "SELECT TimeGenerated FROM DeviceProcessEvents"
    tick = 2 if name in ("sqlite", "chdb") else 0  # the others have microseconds
    assert [row[0] for row in run(name, text, events)["rows"]] == [
        "2026-01-02T03:04:05.0000000Z",
        "2026-01-02T03:04:05.6000000Z",
        f"2026-01-02T03:04:05.678901{tick}Z",
    ]
    with pytest.raises(ValueError, match="this is not a datetime|Invalid isoformat|month"):
        run("duckdb", text, table({"TimeGenerated": "datetime"}, ["2026-13-01T00:00:00Z"]))


def test_clickhouse_has_no_early_times() -> None:
    pytest.importorskip("chdb")
    with pytest.raises(ports.PortError, match="before 1900 .* TimeGenerated"):
        run("chdb", "SELECT 1", table({"TimeGenerated": "datetime"}, ["0001-01-01T00:00:00Z"]))


def test_deep_and_long_answers_are_errors() -> None:
    deep = "'" + "[" * 200 + "]" * 200 + "'::JSON"
    with pytest.raises(ports.PortError, match="nested more than 90 deep"):
        cells("duckdb", deep)
    with pytest.raises(ports.PortError, match="nested more than 90 deep|not a"):
        cells("duckdb", deep.replace("[" * 200, "[" * 200_000).replace("]" * 200, "]" * 200_000))
    for name in ALWAYS:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n"
        with pytest.raises(ports.PortError, match="more than 262144 rows of 1 columns"):
            run(name, endless, table({"a": "string"}))


def wide(rows: int) -> ports.Table:
    """Return events as wide as DeviceProcessEvents, with a different value in every cell of half of its columns."""
    kinds = ["string"] * 60 + ["long"] * 13 + ["datetime"] * 4 + ["bool"] * 2 + ["dynamic"]

    def cell(kind: str, row: int, at: int) -> Any:
        number = row * at if at % 2 else at
        return {
            "string": f"C:\\Windows\\System32\\{number}.exe /transfer http://x/{number}",
            "long": number,
            "datetime": f"2026-01-02T03:04:05.{number:07}Z",
            "bool": number % 3 == 0,
            "dynamic": {"a": number},
        }[kind]

    columns = {f"{kind}{at}": kind for at, kind in enumerate(kinds)}
    return table(columns, *([cell(kind, row, at) for at, kind in enumerate(kinds)] for row in range(rows)))


@pytest.mark.parametrize("name", ALWAYS)
def test_512_events_are_inserted_quickly(name: str) -> None:
    events = wide(512)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        assert run(name, "SELECT count(*) AS n FROM DeviceProcessEvents", events)["rows"] == [[512]]
        seconds.append(time.perf_counter() - start)
    print(f"{name}: {min(seconds) * 1000:.0f} ms")
    assert min(seconds) < 0.3  # it is a tenth of that on an idle machine


def test_ports_return_dicts() -> None:
    given = table({"FileName": "string", "Score": "real"}, ["a", math.pi], ["b", None])
    text = "SELECT *, 1 AS one FROM DeviceProcessEvents WHERE FileName = 'a';"
    for port in (ports.duckdb(text), ports.sqlite(text)):
        assert port(given) == [{"FileName": "a", "Score": math.pi, "one": 1}]
        assert port.takes == "table"
