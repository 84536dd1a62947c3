"""Ports of a rule: the same detection in SQL or Sigma, run over given rows.

A port is a function from a table to the rows that it selects. This module makes ports of SQL and of Sigma:

    from rulespec import ports

    port = ports.duckdb("SELECT * FROM DeviceProcessEvents WHERE FileName ILIKE 'certutil.exe'")
    rows = port(table)

It is also an engine of the specification's protocol. The text that its function ``query`` runs is SQL, or a
rule in Sigma:

    python3 ports.py --on duckdb
    python3 ports.py --on sqlite --language sigma

The text runs unchanged over tables that have only the rows of the call. What it creates is dropped afterwards,
unless it is in a session of Spark that is yours. If it has several statements, all of them run, and the answer is
that of the last query.

A datetime is a ``TIMESTAMP`` of the engine, in UTC, and all but ClickHouse cut off its seventh digit. SQLite has
no such type, so its datetimes are text in ISO 8601, and bools are 0 and 1. A dynamic value is its JSON. A text of
the table is never null. A column of the answer that has the name of a column of the table has the type of that
column, too, if all its values can be read as such. If a name occurs again, the column is renamed: ``Name_1``.
Bytes that are not UTF-8 are base64 after ``base64:``, and U+FFFD from ClickHouse.

A text reads the clock of the machine, unless another time is given, by ``now`` or ``--now``. DuckDB and SQLite
have that time. The others cannot set their clock, so if the time is not the present, a text that reads the clock is
unsupported.
"""

import argparse
import base64
import collections
import contextlib
import functools
import importlib
import importlib.metadata
import json
import math
import os
import re
import sqlite3 as _sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

#: A table as in the protocol: its ``columns``, each with a ``name`` and a ``type``, and its ``rows``.
Table: TypeAlias = dict[str, Any]
Tables: TypeAlias = dict[str, Table]
#: The columns of an answer, with their KQL types if the engine tells them, and its rows.
Answer: TypeAlias = tuple[Sequence[tuple[str, str | None]], Sequence[Sequence[Any]]]

MAX_MESSAGE = 16 << 20
MAX_VALUES = 262_144
MAX_DEPTH = 90
MAX_ERROR = 2_000


class PortError(Exception):
    """The port, its text or its answer cannot be used."""


class Unsupported(PortError):
    """The engine does not implement what the text asks for."""


# Values of tables, as Python's.

_DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?)?")
_TIMESPAN = re.compile(r"(-?)(?:(\d{1,8})\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _clean(cell: str | None) -> str:
    """Return a text. Half a pair of surrogates is U+FFFD, as in the protocol."""
    return "" if cell is None else cell if cell.isascii() else _SURROGATE.sub("\ufffd", cell)


def _ticks(cell: str) -> tuple[datetime, int]:
    """Read a datetime, and the tenths of its last microsecond."""
    parts = _DATETIME.fullmatch(cell)
    if not parts:
        raise ValueError(f"this is not a datetime: {cell[:40]!r}")
    digits = (parts[3] or "").ljust(7, "0")
    return datetime.fromisoformat(f"{parts[1]} {parts[2] or '00:00:00'}.{digits[:6]}"), int(digits[6])


def _datetime(cell: str) -> datetime:
    return _ticks(cell)[0]


def _timedelta(cell: str) -> timedelta:
    parts = _TIMESPAN.fullmatch(cell)
    if not parts:
        raise ValueError(f"this is not a timespan: {cell[:40]!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in parts.group(2, 3, 4, 5))
    microseconds = int((parts[6] or "").ljust(6, "0")[:6])
    value = timedelta(days, seconds, microseconds, minutes=minutes, hours=hours)
    return -value if parts[1] else value


def _dump(cell: Any) -> str:
    return _clean(json.dumps(cell, ensure_ascii=False, separators=(",", ":")))


_READERS: dict[str, Callable[[Any], Any]] = {
    "real": float,
    "datetime": _datetime,
    "timespan": _timedelta,
    "guid": uuid.UUID,
    "dynamic": _dump,
}


def _columns_in(table: Table, text: Iterable[str] = ()) -> list[list[Any]]:
    """Return the values of each column. Columns of the types in `text` stay text."""

    def column(at: int, kind: str) -> list[Any]:
        cells = [row[at] for row in table["rows"]]
        if kind == "string":
            return [_clean(cell) for cell in cells]
        reader = None if kind in text else _READERS.get(kind)
        return [None if cell is None else reader(cell) for cell in cells] if reader else cells

    return [column(at, named["type"]) for at, named in enumerate(table["columns"])]


# Values of engines, as the protocol's.


def _timestamp(value: datetime, tick: int = 0) -> str:
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}{tick}Z"


def _timespan(value: timedelta) -> str:
    microseconds = value // timedelta(microseconds=1)
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = (f"{days}." if days else "") + text + (f".{fraction:06}0" if fraction else "")
    return "-" + text if microseconds < 0 else text


def _time(value: time) -> str:
    return _timespan(datetime.combine(date.min, value.replace(tzinfo=None)) - datetime.min)


def _binary(value: Any) -> str:
    """Return the text that bytes are. If they are not UTF-8, return their base64 after ``base64:``."""
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(value).decode()


def _long(value: int) -> int | str:
    return value if -(2**63) <= value < 2**63 else str(value)


def _real(value: Any) -> float | str:
    value = float(value)
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"


#: The KQL types of Python's types, and how their values are written.
_WRITERS: list[tuple[Any, str, Callable[[Any], Any]]] = [
    (str, "string", str),
    (bool, "bool", bool),
    (int, "long", _long),
    (float, "real", _real),
    (Decimal, "real", _real),
    (datetime, "datetime", _timestamp),
    (date, "datetime", lambda value: f"{value.isoformat()}T00:00:00.0000000Z"),
    (timedelta, "timespan", _timespan),
    (time, "timespan", _time),
    ((bytes, bytearray, memoryview), "string", _binary),
    (uuid.UUID, "guid", str),
]
#: The types of nulls in pandas, and of times in NumPy.
_NULLS = ("NaTType", "NAType")
_NUMPY_TIMES = ("datetime64", "timedelta64")


def to_json(value: Any, depth: int = 0) -> Any:
    """Return a value of Python, NumPy or pandas as the protocol has it."""
    if value is None or type(value).__name__ in _NULLS:
        return None
    if depth > MAX_DEPTH:
        raise PortError(f"a value is nested more than {MAX_DEPTH} deep")
    for of, _, write in _WRITERS:
        if isinstance(value, of):
            return write(value)
    if hasattr(value, "tolist"):  # of NumPy
        kind = type(value).__name__
        return to_json((value.astype(f"{kind}[us]") if kind in _NUMPY_TIMES else value).tolist(), depth + 1)
    if isinstance(value, dict):
        return {str(name): to_json(member, depth + 1) for name, member in value.items()}
    return [to_json(element, depth + 1) for element in value] if isinstance(value, Iterable) else str(value)


def _json(text: str) -> Any:
    try:
        return to_json(json.loads(text))
    except RecursionError:
        raise PortError(f"a value is nested more than {MAX_DEPTH} deep") from None


def _kind(cells: Iterable[Any]) -> str:
    """Return the KQL type of values."""
    types = {type(cell) for cell in cells if cell is not None}
    kinds = {next((kind for of, kind, _ in _WRITERS if issubclass(type_, of)), "dynamic") for type_ in types}
    return "real" if kinds == {"long", "real"} else kinds.pop() if len(kinds) == 1 else "dynamic"


#: The KQL types of the engines' types. A value of the type json is a text in JSON.
_KINDS = {
    name: kind
    for kind, names in {
        "string": "varchar string utf8 char enum enum8 enum16 fixedstring blob binary categorical bit inet ipv4 ipv6",
        "bool": "boolean bool",
        "int": "tinyint smallint integer int int8 int16 int32 uint8 uint16 utinyint usmallint byte short",
        "long": "bigint hugeint ubigint uhugeint uinteger int64 int128 int256 uint32 uint64 uint128 uint256 bignum",
        "real": "float double float32 float64 bfloat16 decimal",
        "datetime": "timestamp timestamp_s timestamp_ms timestamp_ns timestamp_ntz date date32 datetime datetime64",
        "timespan": "interval time time_ns time64 duration",
        "guid": "uuid",
        "json": "json",
    }.items()
    for name in names.split()
}


def _kind_named(name: str) -> str:
    """Return the KQL type of an engine's type."""
    name = re.sub(r"^((nullable|lowcardinality)\()+", "", name.lower())
    return "dynamic" if name.endswith("]") else _KINDS.get(re.split(r"[()< ]", name)[0], "dynamic")


_FITS: dict[str, Any] = dict.fromkeys(("string", "datetime", "timespan", "guid"), str)
_FITS |= {"bool": bool, "int": int, "long": int, "real": (int, float, str)}


def _read(kind: str, cell: Any) -> Any:
    """Return a value of a KQL type, whatever the engine has for it. Raises ValueError."""
    if cell is None:
        return None
    if kind == "json" and isinstance(cell, str):
        return _json(cell)
    if kind == "bool" and cell in (0, 1):
        return bool(cell)
    value = to_json(cell)
    if not isinstance(value, _FITS.get(kind, object)) or isinstance(value, bool) and kind in ("int", "long", "real"):
        raise ValueError(f"this is not of the type {kind}: {str(value)[:40]!r}")
    if kind == "datetime":
        return _timestamp(*_ticks(value))
    if kind == "timespan":
        _timedelta(value)
    return _real(value) if kind == "real" else value


def _column(kind: str | None, declared: str | None, cells: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the type and the values of a column of an answer."""
    if {type(cell) for cell in cells} == {str} and (declared or kind or "string") == "string":
        return "string", list(cells)
    for wanted in ("json" if declared == "dynamic" else declared, kind or _kind(cells)):
        with contextlib.suppress(ValueError):
            if wanted:
                return "dynamic" if wanted == "json" else wanted, [_read(wanted, cell) for cell in cells]
    values = [to_json(cell) for cell in cells]
    if kind == "long":  # some are beyond 64 bits
        return "string", [None if value is None else str(value) for value in values]
    return "dynamic", values


def _unique(names: Iterable[str]) -> list[str]:
    taken: dict[str, None] = {}
    for name in names:
        free = (f"{name}_{number}" if number else name for number in range(len(taken) + 1))
        taken[next(name for name in free if name not in taken)] = None
    return list(taken)


def _table(answer: Answer, tables: Tables) -> Table:
    columns, rows = answer
    declared = {column["name"]: column["type"] for table in tables.values() for column in table["columns"]}
    cells = list(zip(*rows)) if rows else [()] * len(columns)
    typed = [_column(kind, declared.get(name), cells[at]) for at, (name, kind) in enumerate(columns)]
    names = _unique(name for name, _ in columns)
    return {
        "columns": [{"name": name, "type": kind} for name, (kind, _) in zip(names, typed)],
        "rows": [list(row) for row in zip(*(values for _, values in typed))],
    }


def _fetch(fetch: Callable[[int], Sequence[Sequence[Any]]], width: int) -> Sequence[Sequence[Any]]:
    """Fetch all rows, if they are not more than an answer may have."""
    most = MAX_VALUES // max(width, 1)
    rows = fetch(most + 1)
    if len(rows) > most:
        raise PortError(f"the query returns more than {most} rows of {width} columns; a message has no room for more")
    return rows


# Engines.


class Engine:
    """Runs texts over tables."""

    name: str
    version: str
    TYPES: dict[str, str] = {}

    def __init__(self, now: datetime | None = None) -> None:
        present = datetime.now(timezone.utc).replace(tzinfo=None)
        self.now = now.astimezone(timezone.utc).replace(tzinfo=None) if now and now.tzinfo else now
        self.has_own_clock = self.now is None or abs(present - self.now) < timedelta(minutes=1)

    def query(self, text: str, tables: Tables) -> Table:
        """Run a text, and return the rows that it selects, as a table of the protocol.

        What the engine finds wrong with the text is raised as the engine's own exception.
        """
        return _table(self.run(text, tables), tables)

    def run(self, text: str, tables: Tables) -> Answer:
        """Run a text, and return what the engine returns."""
        raise NotImplementedError

    def check_clock(self, text: str) -> None:
        """Refuse a text that reads the clock, if it shows another time."""
        found = None if self.has_own_clock else _CLOCK.search(_code(_TOKENS[True].findall(text)))
        if found:
            raise Unsupported(f"the text reads the clock, which this engine cannot set: {found[0]}")

    def create(self, name: str, table: Table, quote: str = '"') -> str:
        """Return the statement that creates a table."""
        columns = (f"{_quote(column['name'], quote)} {self.TYPES[column['type']]}" for column in table["columns"])
        return f"CREATE TABLE {_quote(name, quote)} ({', '.join(columns)})"


def _quote(name: str, quote: str = '"') -> str:
    return quote + name.replace(quote, quote * 2) + quote


def _import(name: str, packages: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise PortError(f"{error}: run `pip install {packages}`") from error


def _answered(answer: Answer | None) -> Answer:
    if answer is None:
        raise PortError("the text has no query: none of its statements returns rows")
    return answer


class DuckDB(Engine):
    """DuckDB in this process."""

    name = "DuckDB"
    TYPES = dict(string="VARCHAR", bool="BOOLEAN", int="INTEGER", long="BIGINT", real="DOUBLE")
    TYPES |= dict(datetime="TIMESTAMP", timespan="INTERVAL", guid="UUID", dynamic="JSON")
    CLOCK = {
        "TIMESTAMPTZ": ["now", "current_timestamp", "get_current_timestamp", "transaction_timestamp"],
        "TIMESTAMPTZ::TIMESTAMP": ["localtimestamp", "current_localtimestamp"],
        "TIMESTAMPTZ::DATE": ["today", "current_date"],
        "TIMESTAMPTZ::TIMETZ": ["current_time", "get_current_time"],
        "TIMESTAMP::TIME": ["localtime", "current_localtime"],
    }

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__(now)
        duckdb = _import("duckdb", "duckdb")
        self.version = duckdb.__version__
        self.database = duckdb.connect(":memory:", config={"threads": 1})
        if self.now:
            self.set_clock(_timestamp(self.now))

    def set_clock(self, now: str) -> None:
        for type_, names in self.CLOCK.items():
            for name in names:
                self.database.execute(f"CREATE MACRO {name}() AS '{now}'::{type_}")
        age = "system.main.age"
        self.database.execute(f"CREATE MACRO age(a) AS {age}(current_date::TIMESTAMP, a), (a, b) AS {age}(a, b)")

    def run(self, text: str, tables: Tables) -> Answer:
        with self.database.cursor() as session:
            session.execute("SET TimeZone = 'UTC'")
            session.execute("BEGIN")
            try:
                for name, table in tables.items():
                    session.execute(self.create(name, table).replace("CREATE", "CREATE OR REPLACE", 1))
                    self.insert(session, name, table)
                return self.statements(session, text)
            finally:
                with contextlib.suppress(Exception):  # the text may have ended the transaction
                    session.execute("ROLLBACK")

    def insert(self, session: Any, name: str, table: Table) -> None:
        """Insert rows in one statement, with a list for each column that does not have the same value in all rows."""
        if not table["rows"] or not table["columns"]:
            return
        values, cells = [], []
        for at, column in enumerate(_columns_in(table)):
            type_ = table["columns"][at]["type"]
            is_constant = at > 0 and type_ != "real" and column.count(column[0]) == len(column)
            cells.append(column[0] if is_constant else column)
            value = f"${len(cells)}::{self.TYPES[type_]}"
            values.append(value if is_constant else f"unnest({value}[])")
        session.execute(f"INSERT INTO {_quote(name)} SELECT {', '.join(values)}", cells)

    def statements(self, session: Any, text: str) -> Answer:
        answer: Answer | None = None
        for statement in session.extract_statements(text):
            result = session.execute(statement)
            columns = [(column[0], _kind_named(str(column[1]))) for column in result.description or ()]
            if self.is_query(statement, [name for name, _ in columns]):
                answer = columns, _fetch(result.fetchmany, len(columns))
        return _answered(answer)

    @staticmethod
    def is_query(statement: Any, columns: list[str]) -> bool:
        expected = {kind.name for kind in statement.expected_result_type}
        # A statement that changes rows returns their count, unless it has RETURNING. A PIVOT is several statements.
        is_count = "CHANGED_ROWS" in expected and columns == ["Count"] and statement.type.name != "MULTI"
        return "QUERY_RESULT" in expected and not is_count


class SQLite(Engine):
    """SQLite in this process, by Python's ``sqlite3``. ``REGEXP`` is Python's ``re.search``."""

    name = "SQLite"
    version = _sqlite3.sqlite_version
    failure: Exception | None
    TYPES = dict(string="TEXT", bool="INTEGER", int="INTEGER", long="INTEGER", real="REAL")
    TYPES |= dict(datetime="TEXT", timespan="TEXT", guid="TEXT", dynamic="TEXT")
    def run(self, text: str, tables: Tables) -> Answer:
        with contextlib.closing(_sqlite3.connect(":memory:", isolation_level=None)) as session:
            with contextlib.closing(_sqlite3.connect(":memory:")) as clock:
                session.create_function("REGEXP", 2, self.matches, deterministic=True)
                if self.now:
                    self.set_clock(session, clock, _timestamp(self.now))
                for name, table in tables.items():
                    session.execute(self.create(name, table))
                    self.insert(session, name, table)
                self.failure = None
                try:
                    return self.statements(session, text)
                except _sqlite3.OperationalError as error:
                    raise self.failure or error  # of an exception in a function, SQLite does not say which

    def set_clock(self, session: _sqlite3.Connection, clock: _sqlite3.Connection, now: str) -> None:
        """Replace the functions that read the clock by those of another connection, which are given the time."""

        def call(name: str, *arguments: Any) -> Any:
            given = arguments if len(arguments) > (name == "strftime") else (*arguments, "now")
            given = tuple(now if str(value).lower() == "now" else value for value in given)
            return clock.execute(f"SELECT {name}({', '.join('?' * len(given))})", given).fetchone()[0]

        for name in ("date", "time", "datetime", "julianday", "unixepoch", "strftime"):
            session.create_function(name, -1, functools.partial(call, name), deterministic=True)
        for constant, name in (("current_date", "date"), ("current_time", "time"), ("current_timestamp", "datetime")):
            session.create_function(constant, 0, functools.partial(call, name), deterministic=True)

    def insert(self, session: _sqlite3.Connection, name: str, table: Table) -> None:
        cells = _columns_in(table, ("datetime", "timespan", "guid"))
        session.execute("BEGIN")
        session.executemany(f"INSERT INTO {_quote(name)} VALUES ({', '.join('?' * len(cells))})", zip(*cells))
        session.execute("COMMIT")

    def statements(self, session: _sqlite3.Connection, text: str) -> Answer:
        answer: Answer | None = None
        for statement in self.split(text):
            result = session.execute(statement)
            if result.description:
                columns = [(column[0], None) for column in result.description]
                answer = columns, _fetch(result.fetchmany, len(columns))
        return _answered(answer)

    @staticmethod
    def split(text: str) -> Iterator[str]:
        statement = ""
        for part in re.split(r"(?<=;)", text):
            statement += part
            if _sqlite3.complete_statement(statement):
                yield statement
                statement = ""
        yield statement

    def matches(self, pattern: str, cell: Any) -> bool | None:
        try:
            return None if cell is None else re.search(pattern, str(cell)) is not None
        except re.error as error:
            self.failure = PortError(f"REGEXP has a pattern that Python does not accept: {error}")
            raise


class ClickHouse(Engine):
    """ClickHouse in this process, by chdb."""

    name = "ClickHouse (chdb)"
    TYPES = dict(string="String", bool="Nullable(Bool)", int="Nullable(Int32)", long="Nullable(Int64)")
    TYPES |= dict(real="Nullable(Float64)", datetime="Nullable(DateTime64(7, 'UTC'))", guid="Nullable(UUID)")
    TYPES |= dict(timespan="Nullable(String)", dynamic="Nullable(String)")
    SETTINGS = {
        "session_timezone": "'UTC'",
        "date_time_input_format": "'best_effort'",
        "date_time_output_format": "'iso'",
        "output_format_json_quote_64bit_integers": 0,
        "output_format_json_quote_denormals": 1,
        "output_format_json_validate_utf8": 1,
        "max_result_rows": MAX_VALUES,
    }
    YEARS = range(1900, 2300)

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__(now)
        self.session = _import("chdb.session", "chdb").Session()
        self.version = self.session.query("SELECT version()", "TSVRaw").bytes().decode().strip()

    def run(self, text: str, tables: Tables) -> Answer:
        self.check_clock(text)
        try:
            self.session.query("DROP DATABASE IF EXISTS rulespec; CREATE DATABASE rulespec; USE rulespec")
            for name, value in self.SETTINGS.items():
                self.session.query(f"SET {name} = {value}")
            for name, table in tables.items():
                self.session.query(self.create(name, table, "`") + " ENGINE = Memory")
                self.insert(name, table)
            return self.last(self.session.query(text, "JSONCompact").bytes().decode(errors="replace"))
        finally:
            self.session.query("USE default; DROP DATABASE IF EXISTS rulespec")

    def insert(self, name: str, table: Table) -> None:
        for column, named in zip(_columns_in(table), table["columns"]):
            if named["type"] == "datetime" and any(cell and cell.year not in self.YEARS for cell in column):
                raise PortError(f"ClickHouse has no times before 1900 or after 2299, as there are in {named['name']}")
        if not table["rows"]:
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows")
            rows = zip(*_columns_in(table, ("datetime", "timespan", "guid", "real")))
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
            source = "file({path:String}, 'JSONCompactEachRow')"
            self.session.query(f"INSERT INTO {_quote(name, '`')} SELECT * FROM {source}", params={"path": str(file)})

    @staticmethod
    def last(text: str) -> Answer:
        """Return the last of the answers, one JSON after the other."""
        answer: Answer | None = None
        at = 0
        while at < len(text):
            try:
                found, end = json.JSONDecoder().raw_decode(text, at)
                answer = [(column["name"], _kind_named(column["type"])) for column in found["meta"]], found["data"]
            except (ValueError, TypeError, KeyError):
                raise PortError("the answer is not in the format JSONCompact: the text must not have FORMAT") from None
            at = end + len(text[end:]) - len(text[end:].lstrip())
        return _answered(answer)


class Polars(Engine):
    """The SQL of Polars."""

    name = "Polars"

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__(now)
        self.polars = _import("polars", "polars")
        self.version = self.polars.__version__

    def run(self, text: str, tables: Tables) -> Answer:
        context = self.polars.SQLContext({name: self.frame(table) for name, table in tables.items()})
        answer: Answer | None = None
        for statement, code in _statements(text, escapes=False):
            frame = context.execute(statement, eager=True)
            if not re.match(r"\s*(CREATE|DROP|TRUNCATE|DELETE)\b", code, re.IGNORECASE):
                columns = [(name, _kind_named(str(type_))) for name, type_ in frame.schema.items()]
                answer = columns, _fetch(lambda most: frame.head(most).rows(), frame.width)
        return _answered(answer)

    def frame(self, table: Table) -> Any:
        pl = self.polars
        types = dict(bool=pl.Boolean, int=pl.Int32, long=pl.Int64, real=pl.Float64)
        types |= dict(datetime=pl.Datetime("us"), timespan=pl.Duration("us"))
        schema = {column["name"]: types.get(column["type"], pl.String) for column in table["columns"]}
        return pl.DataFrame(dict(zip(schema, _columns_in(table, ("guid",)))), schema=schema)


class Spark(Engine):
    """Spark SQL, on a local master or in a session of yours."""

    name = "Apache Spark"

    def __init__(self, now: datetime | None = None, session: Any = None) -> None:
        super().__init__(now)
        _import("pyarrow", "pyspark pyarrow")
        builder = _import("pyspark.sql", "pyspark pyarrow").SparkSession.builder
        self.is_own = session is None
        self.folder = tempfile.TemporaryDirectory(prefix="rulespec-")
        settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1"}
        settings["spark.sql.warehouse.dir"] = Path(self.folder.name).as_uri()
        self.session = session or builder.master("local[1]").config(map=settings).getOrCreate()
        self.version = self.session.version
        if self.is_own:  # the first query takes seconds, which hello has and a call has not
            self.run("SELECT * FROM t", {"t": {"columns": [{"name": "c", "type": "string"}], "rows": [["x"]]}})

    def run(self, text: str, tables: Tables) -> Answer:
        self.check_clock(text)
        session = self.session.newSession()
        session.conf.set("spark.sql.session.timeZone", "UTC")
        for name, table in tables.items():
            session.createDataFrame(to_arrow(table)).createOrReplaceTempView(_quote(name, "`"))
        if not self.is_own:
            return self.statements(session, text)
        session.sql("CREATE DATABASE rulespec")
        session.sql("USE rulespec")
        try:
            return self.statements(session, text)
        finally:
            session.sql("DROP DATABASE rulespec CASCADE")

    def statements(self, session: Any, text: str) -> Answer:
        answer: Answer | None = None
        for statement, _ in _statements(text, escapes=True):
            frame = session.sql(statement)
            if frame.columns:
                columns = [(field.name, _kind_named(field.dataType.simpleString())) for field in frame.schema]
                answer = columns, _fetch(lambda most: self.rows(frame.limit(most)), len(columns))
        return _answered(answer)

    @staticmethod
    def rows(frame: Any) -> list[tuple[Any, ...]]:
        return list(zip(*(column.to_pylist(maps_as_pydicts="strict") for column in frame.toArrow().columns)))


def to_arrow(table: Table) -> Any:
    """Return a table of Arrow. Times have microseconds."""
    pa = _import("pyarrow", "pyarrow")
    types = dict(bool=pa.bool_(), int=pa.int32(), long=pa.int64(), real=pa.float64())
    types |= dict(datetime=pa.timestamp("us", "UTC"), timespan=pa.duration("us"))
    columns = zip(_columns_in(table, ("guid",)), table["columns"])
    arrays = [pa.array(cells, types.get(column["type"], pa.string())) for cells, column in columns]
    return pa.table(arrays, names=[column["name"] for column in table["columns"]])


# Texts of SQL, for engines that do not take them apart themselves.

_COMMENT = r"--[^\n]*|/\*.*?\*/|\#[ !][^\n]*"  # the last one in ClickHouse
_TOKENS = {
    True: re.compile(rf"""{_COMMENT}|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|[^'"`/;#-]+|.""", re.DOTALL),
    False: re.compile(rf"""{_COMMENT}|'[^']*'|"[^"]*"|`[^`]*`|[^'"`/;#-]+|.""", re.DOTALL),
}
_CLOCK = re.compile(
    r"\b(now|now64|nowInBlock|today|yesterday|curdate|curtime|getdate|utc_?timestamp)\s*\("
    r"|\bunix_timestamp\s*\(\s*\)|\b(current_(timestamp|date|time)|localtimestamp)\b",
    re.IGNORECASE,
)


def _code(tokens: Iterable[str]) -> str:
    """Return SQL without its comments, and with empty strings."""
    comments = ("--", "/*", "# ", "#!")
    without = (" " if token.startswith(comments) else token for token in tokens)
    return "".join("''" if token[0] in "'\"`" else token for token in without)


def _statements(text: str, *, escapes: bool) -> Iterator[tuple[str, str]]:
    """Split SQL into statements. Each comes with its code; `escapes` says if a backslash escapes a quote."""
    statements: list[list[str]] = [[]]
    for token in _TOKENS[escapes].findall(text):
        statements[-1].append(token) if token != ";" else statements.append([])
    for tokens in statements:
        if code := _code(tokens).strip():
            yield "".join(tokens), code


# Sigma.

TABLE = "DeviceProcessEvents"

#: The columns of Sigma's fields. Those that begin with Sysmon are computed: see `_sysmon`.
_FIELDS = {
    "Image": "SysmonImage",
    "CommandLine": "ProcessCommandLine",
    "OriginalFileName": "ProcessVersionInfoOriginalFileName",
    "Company": "ProcessVersionInfoCompanyName",
    "Product": "ProcessVersionInfoProductName",
    "Description": "ProcessVersionInfoFileDescription",
    "FileVersion": "ProcessVersionInfoProductVersion",
    "IntegrityLevel": "ProcessIntegrityLevel",
    "ProcessId": "ProcessId",
    "TerminalSessionId": "CreatedProcessSessionId",
    "ParentImage": "SysmonParentImage",
    "ParentCommandLine": "InitiatingProcessCommandLine",
    "ParentProcessId": "InitiatingProcessId",
    "ParentIntegrityLevel": "InitiatingProcessIntegrityLevel",
    "Computer": "DeviceName",
    "ComputerName": "DeviceName",
    "md5": "MD5",
    "sha1": "SHA1",
    "sha256": "SHA256",
    "Hashes": "SysmonHashes",
    "User": "SysmonUser",
    "ParentUser": "SysmonParentUser",
    "LogonId": "SysmonLogonId",
} | {name: f"Sysmon{name}" for name in ("CurrentDirectory", "ProcessGuid", "ParentProcessGuid", "LogonGuid")}


def _sysmon(event: dict[str, Any]) -> dict[str, str]:
    """Return the fields that no single column has, as Sysmon writes them."""

    def account(prefix: str) -> str:
        names = (event.get(f"{prefix}Account{part}") or "" for part in ("Domain", "Name"))
        return "\\".join(filter(None, names))

    def image(prefix: str) -> str:
        file = event.get(f"{prefix}FileName")
        return event.get(f"{prefix}FolderPath") or (f"\\{file}" if file else "")

    bag = event.get("AdditionalFields") or {}
    with contextlib.suppress(ValueError, RecursionError):
        bag = json.loads(bag) if isinstance(bag, str) else bag
    bag = bag if isinstance(bag, dict) else {}
    hashes = {kind: event.get(kind) for kind in ("SHA1", "MD5", "SHA256")} | {"IMPHASH": bag.get("IMPHASH")}
    logon = event.get("LogonId")
    computed = {
        "SysmonHashes": ",".join(f"{kind}={value}" for kind, value in hashes.items() if value),
        "SysmonImage": image(""),
        "SysmonParentImage": image("InitiatingProcess"),
        "SysmonUser": account(""),
        "SysmonParentUser": account("InitiatingProcess"),
        "SysmonLogonId": "" if logon is None else hex(logon),
    }
    return {name: str(bag.get(field) or "") for field, name in _FIELDS.items() if name.startswith("Sysmon")} | computed


def _with_sysmon(table: Table) -> Table:
    names = [column["name"] for column in table["columns"]]
    computed = sorted(name for name in _FIELDS.values() if name.startswith("Sysmon"))
    more = [_sysmon(dict(zip(names, row))) for row in table["rows"]]
    return {
        "columns": [*table["columns"], *({"name": name, "type": "string"} for name in computed)],
        "rows": [[*row, *map(cells.get, computed)] for row, cells in zip(table["rows"], more)],
    }


class Sigma(Engine):
    """Rules of Sigma for process creations, converted by pySigma.

    The SQL is that of the backend. A row is selected if any rule of the text selects it. ``User``, ``Hashes`` and other
    fields that have no column of their own are computed, as Sysmon writes them. ``Image`` is ``FolderPath``, which has
    the full path; if it is empty, it is the file name after a backslash. ``ParentImage`` is computed in the same way.
    """

    BACKENDS = {
        # Sigma compares texts without regard to case, and the table has no COLLATE NOCASE.
        "sqlite": ("sigma.backends.sqlite", "sqliteBackend", "pysigma-backend-sqlite", {"collate_nocase": True}),
        "duckdb": ("sigma_backend_duckdb", "DuckDBBackend", "pysigma-backend-duckdb", {}),
    }

    def __init__(self, on: str = "sqlite", now: datetime | None = None) -> None:
        self.sql = ENGINES[on](now)
        self.now = self.sql.now
        module, self.backend, package, self.options = self.BACKENDS[on]
        self.backends = _import(module, f"pysigma {package}")
        versions = (f"{name} {importlib.metadata.version(name)}" for name in ("pysigma", package))
        self.name = f"Sigma on {self.sql.name}"
        self.version = ", ".join([self.sql.version, *versions])
        self.convert = functools.lru_cache(16)(self._convert)

    def run(self, text: str, tables: Tables) -> Answer:
        table = tables[TABLE]
        columns: list[tuple[str, str | None]] = [(column["name"], column["type"]) for column in table["columns"]]
        events = {TABLE: _with_sysmon(table)}
        found: collections.Counter[Any] = collections.Counter()
        for query in self.convert(text, tuple(name for name, _ in columns)):
            _, rows = self.sql.run(query, events)
            found |= collections.Counter(tuple(row) for row in rows)  # a row counts once, however many rules select it
        return [(name, None) for name, _ in columns], [row[: len(columns)] for row in found.elements()]

    def _convert(self, text: str, columns: tuple[str, ...]) -> list[str]:
        from sigma.collection import SigmaCollection
        from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
        from sigma.processing.transformations import FieldFunctionTransformation
        from sigma.rule import SigmaRule

        def column(field: str | None) -> str:
            name = _FIELDS.get(field or "", field or "")
            if name in columns or field in _FIELDS and name.startswith("Sysmon"):
                return name
            if field in _FIELDS:
                raise PortError(f"the field {field!r} of Sigma needs the column {name}")
            raise PortError(f"the field {field!r} of Sigma has no column in {TABLE}")

        try:
            rules = SigmaCollection.from_yaml(text)
        except (AttributeError, TypeError):
            raise PortError("the text is not a rule of Sigma in YAML") from None
        if not len(rules):
            raise PortError("the text has no rule of Sigma")
        for rule in rules:
            if not isinstance(rule, SigmaRule):
                raise Unsupported(f"the rule {rule.title!r} is a correlation, which selects no events")
            if rule.logsource.category != "process_creation":
                category = rule.logsource.category or "no category"
                raise PortError(f"the rule {rule.title!r} is about {category}, not about process_creation")
            rule.fields = []  # what to display
        pipeline = ProcessingPipeline(items=[ProcessingItem(FieldFunctionTransformation({}, column))])
        backend = getattr(self.backends, self.backend)(pipeline, **self.options)
        backend.table = TABLE
        return list(backend.convert(rules))


ENGINES: dict[str, Callable[[datetime | None], Engine]]
ENGINES = {"duckdb": DuckDB, "sqlite": SQLite, "chdb": ClickHouse, "polars": Polars, "spark": Spark}


# Ports.


class Port:
    """A function from a table to the rows that a text selects."""

    #: The form of the table: see `rulespec.forms`.
    takes = "table"

    def __init__(self, engine: Engine, text: str) -> None:
        self.engine = engine
        self.text = text

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"{self.engine.name} {self.engine.version}"

    @property
    def now(self) -> datetime | None:
        """The time that the text reads from the clock; None if it is the present."""
        return self.engine.now

    def __call__(self, table: Table) -> list[dict[str, Any]]:
        """Return the rows that the text selects, with values as in the protocol."""
        answer = self.engine.query(self.text, {TABLE: table})
        names = [column["name"] for column in answer["columns"]]
        return [dict(zip(names, row)) for row in answer["rows"]]


def duckdb(sql: str, now: datetime | None = None) -> Port:
    """Make a port of DuckDB's SQL. Needs the package duckdb."""
    return Port(DuckDB(now), sql)


def sqlite(sql: str, now: datetime | None = None) -> Port:
    """Make a port of SQLite's SQL."""
    return Port(SQLite(now), sql)


def chdb(sql: str, now: datetime | None = None) -> Port:
    """Make a port of ClickHouse's SQL. Needs the package chdb."""
    return Port(ClickHouse(now), sql)


def polars(sql: str, now: datetime | None = None) -> Port:
    """Make a port of Polars' SQL. Needs the package polars."""
    return Port(Polars(now), sql)


def spark(sql: str, session: Any = None, now: datetime | None = None) -> Port:
    """Make a port of Spark SQL. Needs the packages pyspark and pyarrow, and Java. Without a session, it starts one."""
    return Port(Spark(now, session), sql)


def sigma(text_or_path: str | os.PathLike[str], on: str = "sqlite", now: datetime | None = None) -> Port:
    """Make a port of a rule of Sigma, run by SQLite or DuckDB. Needs pysigma, and pysigma-backend-sqlite or -duckdb."""
    is_path = isinstance(text_or_path, os.PathLike) or "\n" not in text_or_path
    text = Path(text_or_path).read_text(encoding="utf-8") if is_path else str(text_or_path)
    return Port(Sigma(on, now), text)


# The protocol.


def _said(error: Exception) -> str:
    return _clean(str(error).strip() or type(error).__name__)[:MAX_ERROR]


def _answer(engine: Engine, call: dict[str, Any]) -> dict[str, Any]:
    try:
        if call["fn"] != "query":
            raise Unsupported("there is only the function query")
        return {"ok": engine.query(*call["args"])}
    except Unsupported as error:
        return {"unsupported": _said(error)}
    except Exception as error:  # whatever the engine raises is its answer
        return {"error": _said(error)}


def _size(line: str) -> int:
    """Return how many values a message has, as the protocol counts them."""
    most = sum(map(line.count, "[{,:"))
    return most if most <= MAX_VALUES else len(re.findall(r"[\[{,:]", re.sub(r'"(?:[^"\\]|\\.)*"', "", line)))


def _message(reply: dict[str, Any]) -> str:
    line = json.dumps(reply, allow_nan=False)
    if len(line) > MAX_MESSAGE or _size(line) > MAX_VALUES:
        return json.dumps({"id": reply["id"], "error": "the answer has more than a message has room for"})
    return line


def serve(make: Callable[[], Engine], calls: Iterable[bytes], out: Any) -> None:
    """Answer calls, one on each line, until there are no more."""
    engine = None
    for line in calls:
        call = json.loads(line)
        reply: dict[str, Any]
        if call.get("op") != "hello":
            reply = _answer(engine, call) if engine else {"error": "the first message must be hello"}
            reply["id"] = call["id"]
        else:
            try:
                engine = make()
                reply = {"engine": engine.name, "version": engine.version, "functions": ["query"]}
            except Exception as error:
                reply = {"error": _said(error)}
        print(_message(reply), file=out, flush=True)


def main() -> None:
    """Serve the protocol. What libraries print goes to standard error, and they cannot read the calls."""
    parser = argparse.ArgumentParser(description="An engine of rulespec's protocol that runs ports of a rule.")
    parser.add_argument("--on", choices=ENGINES, required=True, help="what runs the text")
    parser.add_argument("--language", choices=["sql", "sigma"], default="sql", help="the language of the text")
    parser.add_argument("--now", type=_datetime, metavar="TIME", help="the time, in ISO 8601; the present by default")
    options = parser.parse_args()
    if options.language == "sigma" and options.on not in Sigma.BACKENDS:
        parser.error("Sigma runs on sqlite or duckdb")
    make = ENGINES[options.on] if options.language == "sql" else functools.partial(Sigma, options.on)
    calls, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="ascii")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    serve(functools.partial(make, options.now), calls, out)


if __name__ == "__main__":
    main()
