"""Ports of a rule: the same detection in SQL, run over given rows.

A port is a function from a table to the rows it selects. This module makes ports from SQL:

    from rulespec import ports

    port = ports.duckdb("SELECT * FROM DeviceProcessEvents WHERE FileName ILIKE 'certutil.exe'")
    rows = port(table)

It is also an engine of the specification's protocol, whose function ``query`` runs a text of SQL:

    python3 ports.py --on duckdb

The text runs unchanged. Each call starts from tables that have only the rows of the call: what the text
creates or changes is undone. If it has several statements, all of them run, and the rows are those of the
last query.

Datetimes are ``TIMESTAMP`` in UTC, with microseconds: a seventh digit is cut off. SQLite has no types for
datetimes, timespans and bools, so they are text in ISO 8601, text and 0 or 1. A dynamic value is its JSON. Texts are
never null. In the answer, a column that has the name of a column of the table gets its type back if its
values can be read as such; a column whose name is taken is renamed: ``Name_1``.
"""

import argparse
import contextlib
import importlib
import json
import math
import os
import re
import sqlite3
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

#: A table as in the protocol: its ``columns``, each with a ``name`` and a ``type``, and its ``rows``.
Table: TypeAlias = dict[str, Any]
Tables: TypeAlias = dict[str, Table]

MAX_MESSAGE = 16 << 20
MAX_VALUES = 262_144
MAX_DEPTH = 90
MAX_ERROR = 2_000


class PortError(Exception):
    """The port cannot be run, or its text cannot."""


class Engine(Protocol):
    """Runs a text over tables."""

    name: str
    version: str

    def query(self, text: str, tables: Tables) -> Table: ...


# Values of tables, as Python's.

TICKS = 10_000_000
DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?")
TIMESPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?")
SURROGATE = re.compile("[\ud800-\udfff]")


def clean(cell: str | None) -> str:
    """Return a text. Half a pair of surrogates is U+FFFD, as in the protocol."""
    cell = cell or ""
    return cell if cell.isascii() else SURROGATE.sub("\ufffd", cell)


def moment(cell: str) -> datetime:
    """Read a datetime, in UTC."""
    parts = DATETIME.fullmatch(cell)
    if not parts:
        raise ValueError(f"not a datetime: {cell[:40]!r}")
    return datetime.fromisoformat(f"{parts[1]} {parts[2]}.{(parts[3] or '').ljust(6, '0')[:6]}")


def span(cell: str) -> timedelta:
    """Read a timespan."""
    parts = TIMESPAN.fullmatch(cell)
    if not parts:
        raise ValueError(f"not a timespan: {cell[:40]!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in parts.group(2, 3, 4, 5))
    microseconds = int((parts[6] or "").ljust(6, "0")[:6])
    value = timedelta(days, seconds, microseconds, minutes=minutes, hours=hours)
    return -value if parts[1] else value


def dump(cell: Any) -> str:
    """Write a dynamic value as JSON."""
    return clean(json.dumps(cell, ensure_ascii=False, separators=(",", ":")))


READERS: dict[str, Callable[[Any], Any]] = {
    "real": float,
    "datetime": moment,
    "timespan": span,
    "guid": uuid.UUID,
    "dynamic": dump,
}


def cells_in(table: Table, readers: dict[str, Callable[[Any], Any]] = READERS) -> list[list[Any]]:
    """Return the columns of a table, with values as an engine takes them."""

    def read(at: int, kind: str) -> list[Any]:
        column = [row[at] for row in table["rows"]]
        if kind == "string":
            return [clean(cell) for cell in column]
        reader = readers.get(kind)
        return [None if cell is None else reader(cell) for cell in column] if reader else column

    return [read(at, column["type"]) for at, column in enumerate(table["columns"])]


# Values of engines, as the protocol's.


def timespan(value: timedelta) -> str:
    """Write a timespan as KQL does."""
    microseconds = value // timedelta(microseconds=1)
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    written = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    written = (f"{days}." if days else "") + written + (f".{fraction:06}0" if fraction else "")
    return "-" + written if microseconds < 0 else written


def timestamp(value: datetime) -> str:
    """Write a datetime with seven digits. It is in UTC if it has no time zone."""
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "0Z"


def binary(value: bytes) -> str:
    """Return the text that bytes are, or else their base64 after ``base64:``."""
    import base64

    try:
        return value.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(value).decode()


def since_midnight(value: time) -> str:
    return timespan(datetime.combine(date.min, value.replace(tzinfo=None)) - datetime.min)


def number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


#: How the values of a Python type are written, and the KQL type they have.
WRITERS: list[tuple[Any, str, Callable[[Any], Any]]] = [
    (bool, "bool", bool),
    (int, "long", lambda value: value if -(2**63) <= value < 2**63 else str(value)),
    (float, "real", number),
    (str, "string", str),
    (Decimal, "real", lambda value: number(float(value))),
    (datetime, "datetime", timestamp),
    (date, "datetime", lambda value: value.isoformat() + "T00:00:00.0000000Z"),
    (timedelta, "timespan", timespan),
    (time, "timespan", since_midnight),
    ((bytes, bytearray, memoryview), "string", lambda value: binary(bytes(value))),
    (uuid.UUID, "guid", str),
]


def value_out(value: Any, depth: int = 0) -> Any:
    """Return a value as the protocol has it."""
    if depth > MAX_DEPTH:
        raise PortError(f"a value is nested more than {MAX_DEPTH} deep")
    for of, _, write in WRITERS:
        if isinstance(value, of):
            return write(value)
    if isinstance(value, dict):
        return {str(name): value_out(member, depth + 1) for name, member in value.items()}
    if value is None:
        return None
    to_list = getattr(value, "tolist", None) or getattr(value, "to_list", None)
    value = to_list() if to_list else value
    return [value_out(element, depth + 1) for element in value] if isinstance(value, Iterable) else str(value)


def kind_of(cells: Iterable[Any]) -> str:
    """Return the KQL type of values whose engine tells none."""
    types = {type(cell) for cell in cells if cell is not None}
    kinds = {next((kind for of, kind, _ in WRITERS if issubclass(type_, of)), "dynamic") for type_ in types}
    if kinds == {"long", "real"}:
        return "real"
    return kinds.pop() if len(kinds) == 1 else "dynamic"


#: The KQL types of the types of engines.
KINDS = {
    name: kind
    for kind, names in {
        "string": "varchar string utf8 char enum enum8 enum16 fixedstring blob binary categorical bit",
        "bool": "boolean bool",
        "int": "tinyint smallint integer int int8 int16 int32 uint8 uint16 utinyint usmallint byte short",
        "long": "bigint hugeint ubigint uhugeint uinteger int64 int128 int256 uint32 uint64 uint128 uint256 long",
        "real": "float double float32 float64 bfloat16 decimal",
        "datetime": "timestamp timestamp_s timestamp_ms timestamp_ns timestamp_ntz date date32 datetime datetime64",
        "timespan": "interval time time_ns duration",
        "guid": "uuid",
        "json": "json",
    }.items()
    for name in names.split()
}


def restore(kind: str, cell: Any) -> Any:
    """Read a value that the engine returned for a column that had a KQL type. Raises ValueError."""
    if kind == "datetime" and isinstance(cell, str):
        return timestamp(moment(cell))[:-2] + ((DATETIME.fullmatch(cell) or [""] * 4)[3] or "").ljust(7, "0")[6] + "Z"
    if kind == "bool" and cell in (0, 1):
        return bool(cell)
    if kind == "dynamic" and isinstance(cell, str):
        return value_out(json.loads(cell))
    if kind == "real" and isinstance(cell, int):
        return float(cell)
    if kind in ("timespan", "guid") and isinstance(cell, str):
        return READERS[kind](cell) and cell
    if kind in ("long", "int") and isinstance(cell, int):
        return cell
    raise ValueError


def column_out(kind: str | None, declared: str | None, cells: list[Any]) -> tuple[str, list[Any]]:
    """Return the KQL type and the values of a column of an answer."""
    kind = kind or kind_of(cells)
    if declared and declared != kind:
        with contextlib.suppress(ValueError):
            return declared, [None if cell is None else restore(declared, cell) for cell in cells]
    if kind == "json":
        return "dynamic", [value_out(json.loads(cell)) if isinstance(cell, str) else value_out(cell) for cell in cells]
    values = [value_out(cell) for cell in cells]
    if kind == "real":
        values = [float(cell) if type(cell) is int else cell for cell in values]
    if kind == "long" and any(isinstance(cell, str) for cell in values):
        kind, values = "string", [cell if cell is None else str(cell) for cell in values]
    return kind, ["" if cell is None else cell for cell in values] if kind == "string" else values


def unique(names: Iterable[str]) -> list[str]:
    """Rename names that are taken: the second ``Name`` is ``Name_1``."""
    taken: dict[str, None] = {}
    for name in names:
        free = (f"{name}_{number}" if number else name for number in range(len(taken) + 1))
        taken[next(name for name in free if name not in taken)] = None
    return list(taken)


def table_out(columns: Sequence[tuple[str, str | None]], rows: Sequence[Sequence[Any]], tables: Tables) -> Table:
    """Return an answer as the protocol has it. Columns are pairs of a name and a type, if it is known."""
    declared = {column["name"]: column["type"] for table in tables.values() for column in table["columns"]}
    typed = [
        column_out(kind, declared.get(name), [row[at] for row in rows]) for at, (name, kind) in enumerate(columns)
    ]
    names = unique(name for name, _ in columns)
    return {
        "columns": [{"name": name, "type": kind} for name, (kind, _) in zip(names, typed)],
        "rows": [list(row) for row in zip(*(cells for _, cells in typed))],
    }


def kind_named(name: str) -> str:
    """Return the KQL type of an engine's type, by its name."""
    name = name.lower()
    return "dynamic" if name.endswith("]") else KINDS.get(re.split(r"[( ]", name)[0], "dynamic")


# Engines.


def quoted(name: str, quote: str = '"') -> str:
    return quote + name.replace(quote, quote * 2) + quote


def declaration(name: str, table: Table, types: dict[str, str], quote: str = '"') -> str:
    """Return the statement that creates a table."""
    columns = ", ".join(f"{quoted(column['name'], quote)} {types[column['type']]}" for column in table["columns"])
    return f"CREATE TABLE {quoted(name, quote)} ({columns})"


def fetched(fetch: Callable[[int], Sequence[Sequence[Any]]], width: int) -> list[Sequence[Any]]:
    """Fetch rows, but not more than an answer may have."""
    most = MAX_VALUES // max(width, 1)
    rows = list(fetch(most + 1))
    if len(rows) > most:
        raise PortError(f"the answer has more than {most} rows of {width} columns, which is more than a message may have")
    return rows


def no_query() -> PortError:
    return PortError("the text has no query: nothing in it returns rows")


class DuckDB:
    """SQL in this process, by the package ``duckdb``."""

    name = "DuckDB"
    TYPES = {
        "string": "VARCHAR",
        "bool": "BOOLEAN",
        "int": "INTEGER",
        "long": "BIGINT",
        "real": "DOUBLE",
        "datetime": "TIMESTAMP",
        "timespan": "INTERVAL",
        "guid": "UUID",
        "dynamic": "JSON",
    }

    def __init__(self) -> None:
        self.duckdb = module("duckdb")
        self.version = self.duckdb.__version__
        self.database = self.duckdb.connect(":memory:", config={"threads": 1})

    def query(self, text: str, tables: Tables) -> Table:
        with self.database.cursor() as session:
            session.execute("SET TimeZone = 'UTC'")
            session.execute("BEGIN")
            try:
                for name, table in tables.items():
                    self.create(session, name, table)
                return self.run(session, text, tables)
            finally:
                session.execute("ROLLBACK")

    def create(self, session: Any, name: str, table: Table) -> None:
        session.execute(declaration(name, table, self.TYPES))
        if table["rows"] and table["columns"]:
            types = [self.TYPES[column["type"]] for column in table["columns"]]
            values = ", ".join(f"unnest(${at}::{type_}[])" for at, type_ in enumerate(types, 1))
            session.execute(f"INSERT INTO {quoted(name)} SELECT {values}", cells_in(table))

    def run(self, session: Any, text: str, tables: Tables) -> Table:
        answer = None
        for statement in session.extract_statements(text):
            result = session.execute(statement)
            columns = [(column[0], kind_named(str(column[1]))) for column in result.description]
            if self.is_query(statement, [name for name, _ in columns]):
                answer = columns, fetched(result.fetchmany, len(columns))
        if answer is None:
            raise no_query()
        return table_out(*answer, tables)

    @staticmethod
    def is_query(statement: Any, columns: list[str]) -> bool:
        expected = {kind.name for kind in statement.expected_result_type}
        # A statement that changes rows answers their count, except if it has RETURNING.
        is_count = "CHANGED_ROWS" in expected and columns == ["Count"] and statement.type.name != "MULTI"
        return "QUERY_RESULT" in expected and not is_count


class SQLite:
    """SQL in this process, by Python's ``sqlite3``. ``REGEXP`` is Python's ``re.search``."""

    name = "SQLite"
    version = sqlite3.sqlite_version
    TYPES = {
        "string": "TEXT",
        "bool": "INTEGER",
        "int": "INTEGER",
        "long": "INTEGER",
        "real": "REAL",
        "datetime": "TEXT",
        "timespan": "TEXT",
        "guid": "TEXT",
        "dynamic": "TEXT",
    }

    def query(self, text: str, tables: Tables) -> Table:
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as session:
            session.create_function("REGEXP", 2, matches_regex, deterministic=True)
            for name, table in tables.items():
                self.create(session, name, table)
            answer = None
            for statement in self.statements(text):
                result = session.execute(statement)
                if result.description:
                    names = [(column[0], None) for column in result.description]
                    answer = names, fetched(result.fetchmany, len(names))
            if answer is None:
                raise no_query()
            return table_out(*answer, tables)

    def create(self, session: sqlite3.Connection, name: str, table: Table) -> None:
        session.execute(declaration(name, table, self.TYPES))
        places = ", ".join("?" * len(table["columns"]))
        session.execute("BEGIN")
        session.executemany(f"INSERT INTO {quoted(name)} VALUES ({places})", zip(*cells_in(table, {"real": float, "dynamic": dump})))
        session.execute("COMMIT")

    @staticmethod
    def statements(text: str) -> Iterator[str]:
        statement = ""
        for part in re.split(r"(?<=;)", text):
            statement += part
            if sqlite3.complete_statement(statement):
                yield statement
                statement = ""
        if statement.strip():
            yield statement


def matches_regex(pattern: str, cell: Any) -> bool | None:
    return None if cell is None else re.search(pattern, str(cell)) is not None


def module(name: str, package: str | None = None) -> Any:
    """Import a package that an engine needs."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise PortError(f"{error}; pip install {package or name}") from error


ENGINES: dict[str, Callable[[], Engine]] = {"duckdb": DuckDB, "sqlite": SQLite}


# Ports for Python.


class Port:
    """A function from a table to rows."""

    takes = "table"

    def __init__(self, engine: Engine, text: str) -> None:
        self.engine = engine
        self.text = text

    def __call__(self, table: Table) -> list[dict[str, Any]]:
        """Return the rows that the port selects from a table of the protocol."""
        answer = self.engine.query(self.text, {"DeviceProcessEvents": table})
        names = [column["name"] for column in answer["columns"]]
        return [dict(zip(names, row)) for row in answer["rows"]]


def duckdb(sql: str) -> Port:
    """Return a port in DuckDB's SQL. Needs the package ``duckdb``."""
    return Port(DuckDB(), sql)


def sqlite(sql: str) -> Port:
    """Return a port in SQLite's SQL."""
    return Port(SQLite(), sql)


# The protocol.


def said(error: Exception) -> str:
    """Return what an engine says of an error."""
    lines = str(error).strip() or type(error).__name__
    return clean(lines)[:MAX_ERROR]


def answer(engine: Engine, call: dict[str, Any]) -> dict[str, Any]:
    if call["fn"] != "query":
        return {"unsupported": f"there is no function {call['fn']!r}; there is query"}
    try:
        return {"ok": engine.query(*call["args"])}
    except Exception as error:  # any exception is the engine's answer
        return {"error": said(error)}


def message(reply: dict[str, Any]) -> str:
    """Return the line of a reply, or of an error if no message may have as much."""
    line = json.dumps(reply, allow_nan=False)
    if "ok" in reply and (len(line) > MAX_MESSAGE or values_in(line) > MAX_VALUES):
        return message({"id": reply["id"], "error": "the answer is larger than a message may be"})
    return line


def values_in(line: str) -> int:
    most = sum(map(line.count, "[{,:"))
    return most if most <= MAX_VALUES else len(re.findall(r'[\[{,:]', re.sub(r'"(?:[^"\\]|\\.)*"', "", line)))


def serve(make: Callable[[], Engine], lines: Iterable[bytes], out: Any) -> None:
    """Answer calls until there are no more lines."""
    engine = None
    for line in lines:
        call = json.loads(line)
        if call.get("op") == "hello":
            try:
                engine = make()
                reply = {"engine": engine.name, "version": engine.version, "functions": ["query"]}
            except Exception as error:
                reply = {"error": said(error)}
        else:
            reply = {"id": call["id"]} | (answer(engine, call) if engine else {"error": "no hello came first"})
        print(message(reply), file=out, flush=True)


def main() -> None:
    """Serve the protocol. What libraries print goes to standard error, and they cannot read standard input."""
    parser = argparse.ArgumentParser(description="Run ports of a rule: an engine of the rulespec protocol.")
    parser.add_argument("--on", choices=ENGINES, required=True, help="the engine that runs the text")
    options = parser.parse_args()
    calls, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="ascii")
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    serve(ENGINES[options.on], calls, out)


if __name__ == "__main__":
    main()
