"""What runs the text of a port."""

from datetime import datetime, timedelta, timezone

from ._answers import to_table
from ._sql import Dialect, reads_clock
from ._types import Answer, PortError, Table, Tables, Unsupported


class Engine:
    """Runs texts over tables."""

    name: str
    version: str
    TYPES: dict[str, str] = {}
    DIALECT = Dialect()

    def __init__(self, now: datetime | None = None) -> None:
        present = datetime.now(timezone.utc).replace(tzinfo=None)
        self.now = now.astimezone(timezone.utc).replace(tzinfo=None) if now and now.tzinfo else now
        self.has_own_clock = self.now is None or abs(present - self.now) < timedelta(minutes=1)

    def query(self, text: str, tables: Tables) -> Table:
        """Run a text, and return the rows that it selects, as a table of the protocol.

        What the engine finds wrong with the text is raised as the engine's own exception.
        """
        return to_table(self.run(text, tables), tables)

    def run(self, text: str, tables: Tables) -> Answer:
        """Run a text, and return what the engine returns."""
        raise NotImplementedError

    def check_clock(self, text: str) -> None:
        """Refuse a text that reads the clock, if it shows another time."""
        found = None if self.has_own_clock else reads_clock(text, self.DIALECT)
        if found:
            raise Unsupported(f"the text reads the clock, which this engine cannot set: {found}")

    def create(self, name: str, table: Table, quote: str = '"') -> str:
        """Return the statement that creates a table."""
        columns = (f"{quoted(column['name'], quote)} {self.TYPES[column['type']]}" for column in table["columns"])
        return f"CREATE TABLE {quoted(name, quote)} ({', '.join(columns)})"


def quoted(name: str, quote: str = '"') -> str:
    return quote + name.replace(quote, quote * 2) + quote


def answered(answer: Answer | None) -> Answer:
    if answer is None:
        raise PortError("the text has no query: none of its statements returns rows")
    return answer
