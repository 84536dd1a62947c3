"""Polars."""

import re
from datetime import datetime
from typing import Any

from ._answers import fetch, kind_named
from ._cells import columns_in
from ._engine import Engine, answered
from ._require import require
from ._sql import split
from ._types import Answer, Table, Tables


class Polars(Engine):
    """The SQL of Polars."""

    name = "Polars"

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__(now)
        self.polars = require("polars", "polars")
        self.version = self.polars.__version__

    def run(self, text: str, tables: Tables) -> Answer:
        self.check_clock(text)
        context = self.polars.SQLContext({name: self.frame(table) for name, table in tables.items()})
        answer: Answer | None = None
        for statement, code in split(text, self.DIALECT):
            frame = context.execute(statement, eager=True)
            if not re.match(r"\s*(CREATE|DROP|TRUNCATE|DELETE)\b", code, re.IGNORECASE):
                columns = [(name, kind_named(str(type_))) for name, type_ in frame.schema.items()]
                answer = columns, fetch(lambda most: frame.head(most).rows(), frame.width)
        return answered(answer)

    def frame(self, table: Table) -> Any:
        pl = self.polars
        types = dict(bool=pl.Boolean, int=pl.Int32, long=pl.Int64, real=pl.Float64)
        types |= dict(datetime=pl.Datetime("us"), timespan=pl.Duration("us"))
        schema = {column["name"]: types.get(column["type"], pl.String) for column in table["columns"]}
        return pl.DataFrame(dict(zip(schema, columns_in(table, ("guid",)))), schema=schema)
