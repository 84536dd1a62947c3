"""The engines that run ports, for tests."""

import importlib.util
from datetime import datetime
from typing import Any

import pytest

from rulespec import ports


def is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of a package around it
        return False


def _installed(modules: dict[str, str]) -> list[Any]:
    """Return the names as parameters of a test, of which those without their module are skipped."""
    return [
        pytest.param(name, marks=pytest.mark.skipif(not is_installed(module), reason=f"{module} is not installed"))
        for name, module in modules.items()
    ]


#: Those that every run of the tests has.
ALWAYS = ["duckdb", "sqlite"]
ENGINES = _installed({"duckdb": "duckdb", "sqlite": "sqlite3", "chdb": "chdb", "polars": "polars", "spark": "pyspark"})
SIGMA = _installed({"sqlite": "sigma.backends.sqlite", "duckdb": "sigma_backend_duckdb"})
#: What the clock shows.
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901)
made: dict[str, ports.Engine] = {}


def engine(name: str) -> ports.Engine:
    """Return one engine of each kind: making them takes seconds, and calls must not affect each other anyway."""
    if name not in made:
        made[name] = ports.ENGINES[name](NOW)
    return made[name]


def table(columns: dict[str, str], *rows: list[Any]) -> ports.Table:
    return {"columns": [{"name": name, "type": kind} for name, kind in columns.items()], "rows": list(rows)}


def run(name: str, text: str, events: ports.Table) -> ports.Table:
    return engine(name).query(text, {"DeviceProcessEvents": events})


def cells(name: str, expression: str) -> list[Any]:
    """Return the type and the value of an expression."""
    answer = run(name, f"SELECT {expression} AS answer FROM DeviceProcessEvents", table({"FileName": "string"}, [""]))
    return [answer["columns"][0]["type"], answer["rows"][0][0]]
