"""Ports of a rule: the same detection in SQL or Sigma, run over given rows.

A port is a function from a table to the rows that it selects. This package makes ports of SQL and of Sigma:

    from rulespec import ports

    port = ports.duckdb("SELECT * FROM DeviceProcessEvents WHERE FileName ILIKE 'certutil.exe'")
    rows = port(table)

It is also an engine of the specification's protocol. The text that its function ``query`` runs is SQL, or a
rule in Sigma:

    python3 -m rulespec.ports --on duckdb
    python3 -m rulespec.ports --on sqlite --language sigma

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

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ._answers import to_json
from ._cells import to_arrow
from ._clickhouse import ClickHouse
from ._duckdb import DuckDB
from ._engine import Engine
from ._polars import Polars
from ._sigma import Sigma
from ._spark import Spark
from ._sqlite import SQLite
from ._types import TABLE, PortError, Table, Tables, Unsupported

__all__ = [
    "ENGINES",
    "TABLE",
    "ClickHouse",
    "DuckDB",
    "Engine",
    "Polars",
    "Port",
    "PortError",
    "SQLite",
    "Sigma",
    "Spark",
    "Table",
    "Tables",
    "Unsupported",
    "chdb",
    "duckdb",
    "polars",
    "sigma",
    "spark",
    "sqlite",
    "to_arrow",
    "to_json",
]

ENGINES: dict[str, Callable[[datetime | None], Engine]]
ENGINES = {"duckdb": DuckDB, "sqlite": SQLite, "chdb": ClickHouse, "polars": Polars, "spark": Spark}


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
