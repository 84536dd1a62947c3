"""Spark."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from ._answers import fetch, kind_named
from ._cells import to_arrow
from ._engine import Engine, answered, quoted
from ._require import require
from ._sql import Dialect, split
from ._types import Answer, Tables


class Spark(Engine):
    """Spark SQL, on a local master or in a session of yours."""

    name = "Apache Spark"
    DIALECT = Dialect(escapes=True)

    def __init__(self, now: datetime | None = None, session: Any = None) -> None:
        super().__init__(now)
        require("pyarrow", "pyspark pyarrow")
        builder = require("pyspark.sql", "pyspark pyarrow").SparkSession.builder
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
            session.createDataFrame(to_arrow(table)).createOrReplaceTempView(quoted(name, "`"))
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
        for statement, _ in split(text, self.DIALECT):
            frame = session.sql(statement)
            if frame.columns:
                columns = [(field.name, kind_named(field.dataType.simpleString())) for field in frame.schema]
                answer = columns, fetch(lambda most: self.rows(frame.limit(most)), len(columns))
        return answered(answer)

    @staticmethod
    def rows(frame: Any) -> list[tuple[Any, ...]]:
        return list(zip(*(column.to_pylist(maps_as_pydicts="strict") for column in frame.toArrow().columns)))
