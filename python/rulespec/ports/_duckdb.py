"""DuckDB."""

import contextlib
from datetime import datetime
from typing import Any

from ._answers import fetch, kind_named, write_datetime
from ._cells import columns_in
from ._engine import Engine, answered, quoted
from ._require import require
from ._types import Answer, Table, Tables


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
        duckdb = require("duckdb", "duckdb")
        self.version = duckdb.__version__
        self.database = duckdb.connect(":memory:", config={"threads": 1})
        if self.now:
            self.set_clock(write_datetime(self.now))

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
        for at, column in enumerate(columns_in(table)):
            type_ = table["columns"][at]["type"]
            is_constant = at > 0 and type_ != "real" and column.count(column[0]) == len(column)
            cells.append(column[0] if is_constant else column)
            value = f"${len(cells)}::{self.TYPES[type_]}"
            values.append(value if is_constant else f"unnest({value}[])")
        session.execute(f"INSERT INTO {quoted(name)} SELECT {', '.join(values)}", cells)

    def statements(self, session: Any, text: str) -> Answer:
        answer: Answer | None = None
        for statement in session.extract_statements(text):
            result = session.execute(statement)
            columns = [(column[0], kind_named(str(column[1]))) for column in result.description or ()]
            if self.is_query(statement, [name for name, _ in columns]):
                answer = columns, fetch(result.fetchmany, len(columns))
        return answered(answer)

    @staticmethod
    def is_query(statement: Any, columns: list[str]) -> bool:
        expected = {kind.name for kind in statement.expected_result_type}
        # A statement that changes rows returns their count, unless it has RETURNING. A PIVOT is several statements.
        is_count = "CHANGED_ROWS" in expected and columns == ["Count"] and statement.type.name != "MULTI"
        return "QUERY_RESULT" in expected and not is_count
