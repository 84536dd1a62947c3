"""What values of the engines are in the protocol, and what time it is."""

import time
from datetime import datetime, timezone
from typing import Any

import pytest

from port_engines import ENGINES, cells, is_installed, run, table
from rulespec import ports
from rulespec.ports._sql import reads_clock, split


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("1.5::DECIMAL(9, 2)", "real", 1.5),
        ("'nan'::DOUBLE", "real", "NaN"),
        ("'-inf'::DOUBLE", "real", "-Infinity"),
        ("2::DOUBLE", "real", 2.0),
        ("1::UTINYINT", "int", 1),
        ("1::HUGEINT", "long", 1),
        ("(2^64)::HUGEINT", "string", "18446744073709551616"),
        ("DATE '2026-01-02'", "datetime", "2026-01-02T00:00:00.0000000Z"),
        ("TIMESTAMPTZ '2026-01-02 03:04:05+02'", "datetime", "2026-01-02T01:04:05.0000000Z"),
        ("TIME '03:04:05.5'", "timespan", "03:04:05.5000000"),
        ("INTERVAL '-36 hours'", "timespan", "-1.12:00:00"),
        ("'ab'::BLOB", "string", "ab"),
        (r"'\xff'::BLOB", "string", "base64:/w=="),
        ("[1, NULL, 3]", "dynamic", [1, None, 3]),
        ("{'a': [DATE '2026-01-02']}", "dynamic", {"a": ["2026-01-02T00:00:00.0000000Z"]}),
        ("MAP {'k': 18446744073709551615}", "dynamic", {"k": "18446744073709551615"}),
        ("""'{"a": [1e999, 9223372036854775808]}'::JSON""", "dynamic", {"a": ["Infinity", "9223372036854775808"]}),
        ("uuid '74be27de-1e4e-49d9-b579-fe0b331d3642'", "guid", "74be27de-1e4e-49d9-b579-fe0b331d3642"),
        ("NULL::VARCHAR", "string", None),
        ("NULL::BIGINT", "long", None),
    ],
)
def test_values_of_duckdb(expression: str, kind: str, value: Any) -> None:
    assert repr(cells("duckdb", expression)) == repr([kind, value])


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("1", "long", 1),
        ("1.0", "real", 1.0),
        ("9e999", "real", "Infinity"),
        ("'a'", "string", "a"),
        ("x'6162'", "string", "ab"),
        ("x'ff'", "string", "base64:/w=="),
        ("NULL", "dynamic", None),
        ("'bitsadmin' REGEXP '^bits'", "long", 1),
        ("NULL REGEXP 'a'", "dynamic", None),
    ],
)
def test_values_of_sqlite(expression: str, kind: str, value: Any) -> None:
    assert repr(cells("sqlite", expression)) == repr([kind, value])


def test_a_bad_pattern_is_an_error() -> None:
    with pytest.raises(ports.PortError, match="REGEXP has a pattern that Python does not accept: .*position 5"):
        cells("sqlite", "'bitsadmin' REGEXP '^bits('")


def test_sqlite_may_have_several_types_in_a_column() -> None:
    text = "SELECT 1 AS n UNION ALL SELECT 2.5 UNION ALL SELECT NULL"
    assert run("sqlite", text, table({"a": "string"})) == table({"n": "real"}, [1.0], [2.5], [None])
    text = "SELECT 1 AS n UNION ALL SELECT '[1]'"
    assert run("sqlite", text, table({"a": "string"})) == table({"n": "dynamic"}, [1], ["[1]"])


@pytest.mark.skipif(not is_installed("chdb"), reason="chdb is not installed")
@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("1.0", "real", 1.0),
        ("nan", "real", "NaN"),
        ("toDate('2026-01-02')", "datetime", "2026-01-02T00:00:00.0000000Z"),
        ("toDateTime('2026-01-02 03:04:05', 'Europe/Berlin')", "datetime", "2026-01-02T02:04:05.0000000Z"),
        ("18446744073709551615", "string", "18446744073709551615"),
        ("map('k', [1, NULL])", "dynamic", {"k": [1, None]}),
        ("toLowCardinality('a')", "string", "a"),
    ],
)
def test_values_of_clickhouse(expression: str, kind: str, value: Any) -> None:
    assert repr(cells("chdb", expression)) == repr([kind, value])


def test_a_text_for_clickhouse_has_no_format() -> None:
    pytest.importorskip("chdb")
    with pytest.raises(ports.PortError, match="the text must not have FORMAT"):
        run("chdb", "SELECT 1 FORMAT TSV", table({"a": "string"}))


@pytest.mark.skipif(not is_installed("pyspark"), reason="pyspark is not installed")
@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("1.5", "real", 1.5),
        ("double('nan')", "real", "NaN"),
        ("timestamp '2026-01-02 03:04:05.5'", "datetime", "2026-01-02T03:04:05.5000000Z"),
        ("timestamp_ntz '2026-01-02 03:04:05'", "datetime", "2026-01-02T03:04:05.0000000Z"),
        ("map(1, array(date '2026-01-02', null))", "dynamic", {"1": ["2026-01-02T00:00:00.0000000Z", None]}),
        ("interval '1' day", "timespan", "1.00:00:00"),
        ("X'ff'", "string", "base64:/w=="),
        (r"'it\'s; ok'", "string", "it's; ok"),
    ],
)
def test_values_of_spark(expression: str, kind: str, value: Any) -> None:
    assert repr(cells("spark", expression)) == repr([kind, value])


@pytest.mark.parametrize(
    "expression", ["now()", "current_timestamp", "get_current_timestamp()", "localtimestamp"]
)
def test_the_clock_of_duckdb(expression: str) -> None:
    assert cells("duckdb", expression) == ["datetime", "2026-01-02T03:04:05.6789010Z"]
    assert cells("duckdb", "today() = DATE '2026-01-02' AND current_date = today()") == ["bool", True]
    assert cells("duckdb", "age(DATE '2026-01-01')") == ["timespan", "1.00:00:00"]
    assert cells("duckdb", "localtime") == ["timespan", "03:04:05.6789010"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("datetime('now')", "2026-01-02 03:04:05"),
        ("datetime('NOW', '-1 hour')", "2026-01-02 02:04:05"),
        ("datetime('2020-02-29', '+1 day')", "2020-03-01 00:00:00"),
        ("datetime()", "2026-01-02 03:04:05"),
        ("strftime('%Y-%m')", "2026-01"),
        ("strftime('%s', 'now')", "1767323045"),
        ("current_timestamp", "2026-01-02 03:04:05"),
        ("current_date || current_time", "2026-01-0203:04:05"),
        ("datetime('x') IS NULL", 1),
    ],
)
def test_the_clock_of_sqlite(expression: str, value: Any) -> None:
    assert cells("sqlite", expression)[1] == value


@pytest.mark.parametrize("name", ENGINES)
def test_without_a_time_the_clock_is_the_machines(name: str) -> None:
    expression = {"sqlite": "unixepoch()", "chdb": "toUnixTimestamp(now())", "spark": "unix_timestamp()"}.get(name)
    if name == "polars":
        pytest.skip("Polars has no clock")
    text = f"SELECT {expression or 'epoch(now())'} AS now"
    for now in (None, datetime.now(timezone.utc)):
        answer = ports.ENGINES[name](now).query(text, {"DeviceProcessEvents": table({"a": "string"})})
        assert abs(answer["rows"][0][0] - time.time()) < 60


@pytest.mark.parametrize("name", ENGINES)
def test_a_clock_that_cannot_be_set_is_unsupported(name: str) -> None:
    if name not in ("chdb", "spark"):
        pytest.skip("DuckDB and SQLite can set their clock, and Polars has none")
    for expression in ["now()", "current_timestamp", "CURRENT_DATE"]:
        with pytest.raises(ports.Unsupported, match="reads the clock"):
            cells(name, expression)
    assert cells(name, "'now()' -- current_timestamp\n") == ["string", "now()"]


def test_a_comment_of_clickhouse_hides_no_clock() -> None:
    pytest.importorskip("chdb")
    with pytest.raises(ports.Unsupported, match="reads the clock"):
        cells("chdb", "1 # isn't\n, now(), 'x'")


def test_what_a_comment_and_a_string_are_depends_on_the_engine() -> None:
    comment, string = "SELECT a # now()", r"SELECT 'a\', now(), 'b'"
    for engine, clocks, count in (
        (ports.Polars, ("now(", "now("), 2),
        (ports.ClickHouse, (None, None), 1),
        (ports.Spark, ("now(", None), 2),
    ):
        dialect = engine.DIALECT
        assert (reads_clock(comment, dialect), reads_clock(string, dialect)) == clocks, engine
        assert len(list(split("SELECT 1 # 2; SELECT 3", dialect))) == count, engine
