"""Sigma, converted to SQL."""

import collections
import functools
import importlib.metadata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ._duckdb import DuckDB
from ._engine import Engine
from ._require import require
from ._sqlite import SQLite
from ._sysmon import FIELDS, with_sysmon
from ._types import TABLE, Answer, PortError, Tables, Unsupported

#: Sigma compares texts without regard to case, and the table has no COLLATE NOCASE.
SQLITE_OPTIONS = {"collate_nocase": True}


class Sigma(Engine):
    """Rules of Sigma for process creations, converted by pySigma.

    The SQL is that of the backend. A row is selected if any rule of the text selects it. ``User``, ``Hashes`` and other
    fields that have no column of their own are computed, as Sysmon writes them. ``Image`` is ``FolderPath``, which has
    the full path; if it is empty, it is the file name after a backslash. ``ParentImage`` is computed in the same way.
    """

    BACKENDS: dict[str, tuple[Callable[[datetime | None], Engine], str, str, str, dict[str, Any]]] = {
        "sqlite": (SQLite, "sigma.backends.sqlite", "sqliteBackend", "pysigma-backend-sqlite", SQLITE_OPTIONS),
        "duckdb": (DuckDB, "sigma_backend_duckdb", "DuckDBBackend", "pysigma-backend-duckdb", {}),
    }

    def __init__(self, on: str = "sqlite", now: datetime | None = None) -> None:
        engine, module, self.backend, package, self.options = self.BACKENDS[on]
        self.sql = engine(now)
        self.now = self.sql.now
        self.backends = require(module, f"pysigma {package}")
        versions = (f"{name} {importlib.metadata.version(name)}" for name in ("pysigma", package))
        self.name = f"Sigma on {self.sql.name}"
        self.version = ", ".join([self.sql.version, *versions])
        self.convert = functools.lru_cache(16)(self._convert)

    def run(self, text: str, tables: Tables) -> Answer:
        table = tables[TABLE]
        columns: list[tuple[str, str | None]] = [(column["name"], column["type"]) for column in table["columns"]]
        events = {TABLE: with_sysmon(table)}
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
            name = FIELDS.get(field or "", field or "")
            if name in columns or field in FIELDS and name.startswith("Sysmon"):
                return name
            if field in FIELDS:
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
