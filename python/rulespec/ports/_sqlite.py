"""SQLite."""

import contextlib
import functools
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from ._answers import fetch, write_datetime
from ._cells import columns_in
from ._engine import Engine, answered, quoted
from ._types import Answer, PortError, Table, Tables


class SQLite(Engine):
    """SQLite in this process, by Python's ``sqlite3``. ``REGEXP`` is Python's ``re.search``."""

    name = "SQLite"
    version = sqlite3.sqlite_version
    failure: Exception | None
    TYPES = dict(string="TEXT", bool="INTEGER", int="INTEGER", long="INTEGER", real="REAL")
    TYPES |= dict(datetime="TEXT", timespan="TEXT", guid="TEXT", dynamic="TEXT")

    def run(self, text: str, tables: Tables) -> Answer:
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as session:
            with contextlib.closing(sqlite3.connect(":memory:")) as clock:
                session.create_function("REGEXP", 2, self.matches, deterministic=True)
                if self.now:
                    self.set_clock(session, clock, write_datetime(self.now))
                for name, table in tables.items():
                    session.execute(self.create(name, table))
                    self.insert(session, name, table)
                self.failure = None
                try:
                    return self.statements(session, text)
                except sqlite3.OperationalError as error:
                    raise self.failure or error  # of an exception in a function, SQLite does not say which

    def set_clock(self, session: sqlite3.Connection, clock: sqlite3.Connection, now: str) -> None:
        """Replace the functions that read the clock by those of another connection, which are given the time."""

        def call(name: str, *arguments: Any) -> Any:
            given = arguments if len(arguments) > (name == "strftime") else (*arguments, "now")
            given = tuple(now if str(value).lower() == "now" else value for value in given)
            return clock.execute(f"SELECT {name}({', '.join('?' * len(given))})", given).fetchone()[0]

        for name in ("date", "time", "datetime", "julianday", "unixepoch", "strftime"):
            session.create_function(name, -1, functools.partial(call, name), deterministic=True)
        for constant, name in (("current_date", "date"), ("current_time", "time"), ("current_timestamp", "datetime")):
            session.create_function(constant, 0, functools.partial(call, name), deterministic=True)

    def insert(self, session: sqlite3.Connection, name: str, table: Table) -> None:
        cells = columns_in(table, ("datetime", "timespan", "guid"))
        session.execute("BEGIN")
        session.executemany(f"INSERT INTO {quoted(name)} VALUES ({', '.join('?' * len(cells))})", zip(*cells))
        session.execute("COMMIT")

    def statements(self, session: sqlite3.Connection, text: str) -> Answer:
        answer: Answer | None = None
        for statement in self.split(text):
            result = session.execute(statement)
            if result.description:
                columns = [(column[0], None) for column in result.description]
                answer = columns, fetch(result.fetchmany, len(columns))
        return answered(answer)

    @staticmethod
    def split(text: str) -> Iterator[str]:
        statement = ""
        for part in re.split(r"(?<=;)", text):
            statement += part
            if sqlite3.complete_statement(statement):
                yield statement
                statement = ""
        yield statement

    def matches(self, pattern: str, cell: Any) -> bool | None:
        try:
            return None if cell is None else re.search(pattern, str(cell)) is not None
        except re.error as error:
            self.failure = PortError(f"REGEXP has a pattern that Python does not accept: {error}")
            raise
