"""ClickHouse."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

from ._answers import kind_named
from ._cells import columns_in
from ._engine import Engine, answered, quoted
from ._require import require
from ._sql import Dialect
from ._types import MAX_VALUES, Answer, PortError, Table, Tables


class ClickHouse(Engine):
    """ClickHouse in this process, by chdb."""

    name = "ClickHouse (chdb)"
    DIALECT = Dialect(escapes=True, hash_comments=True)
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
        self.session = require("chdb.session", "chdb").Session()
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
        for column, named in zip(columns_in(table), table["columns"]):
            if named["type"] == "datetime" and any(cell and cell.year not in self.YEARS for cell in column):
                raise PortError(f"ClickHouse has no times before 1900 or after 2299, as there are in {named['name']}")
        if not table["rows"]:
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows")
            rows = zip(*columns_in(table, ("datetime", "timespan", "guid", "real")))
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
            source = "file({path:String}, 'JSONCompactEachRow')"
            self.session.query(f"INSERT INTO {quoted(name, '`')} SELECT * FROM {source}", params={"path": str(file)})

    @staticmethod
    def last(text: str) -> Answer:
        """Return the last of the answers, one JSON after the other."""
        answer: Answer | None = None
        at = 0
        while at < len(text):
            try:
                found, end = json.JSONDecoder().raw_decode(text, at)
                answer = [(column["name"], kind_named(column["type"])) for column in found["meta"]], found["data"]
            except (ValueError, TypeError, KeyError):
                raise PortError("the answer is not in the format JSONCompact: the text must not have FORMAT") from None
            at = end + len(text[end:]) - len(text[end:].lstrip())
        return answered(answer)
