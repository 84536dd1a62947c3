"""The port of Sigma's rule in `spec/kin`: what pySigma's backend for SQLite makes of it."""

from pathlib import Path
from typing import Any

import pytest

from port_engines import table
from rulespec import ports

KIN = Path(__file__).parents[2] / "spec" / "kin"
RULE = (KIN / "sigma-download.yml").read_text()
STATEMENT = (KIN / "sigma-download.sql").read_text()
FIELDS = {
    "Image": "FolderPath",
    "OriginalFileName": "ProcessVersionInfoOriginalFileName",
    "CommandLine": "ProcessCommandLine",
}
COLUMNS = dict.fromkeys(["FileName", *FIELDS.values()], "string")
LINE = r"b /transfer j http://example.com/a C:\a"


def written(**options: Any) -> str:
    """Return the statement that the backend writes, with the columns of DeviceProcessEvents."""
    sqlite = pytest.importorskip("sigma.backends.sqlite")
    from sigma.collection import SigmaCollection
    from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
    from sigma.processing.transformations import FieldMappingTransformation

    mapping = ProcessingPipeline(items=[ProcessingItem(FieldMappingTransformation({name: column for name, column in FIELDS.items()}))])
    backend = sqlite.sqliteBackend(mapping, **options)
    backend.table = "DeviceProcessEvents"
    return str(backend.convert(SigmaCollection.from_yaml(RULE))[0])


def names_selected(statement: str) -> list[str]:
    """Return the original file names with which the statement selects a renamed program."""
    names = ["bitsadmin.exe", "Bitsadmin.exe", "other.exe"]
    rows = [["b.exe", "C:\\b.exe", name, LINE] for name in names]
    selected = ports.sqlite(statement)(table(COLUMNS, *rows))
    return [row["ProcessVersionInfoOriginalFileName"] for row in selected]


def test_the_statement_is_that_of_pysigma() -> None:
    assert "".join(written().split()) == "".join(STATEMENT.split())


def test_pysigma_on_sqlite_compares_the_original_file_name_with_case() -> None:
    assert names_selected(STATEMENT) == ["bitsadmin.exe"]


def test_pysigma_on_sqlite_ignores_case_if_it_is_told_to() -> None:
    assert names_selected(written(collate_nocase=True)) == ["bitsadmin.exe", "Bitsadmin.exe"]
