"""The examples run and print what they should."""

import doctest
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

EXPECTED = {
    "duckdb_events": "3 detections, and 3 lines that contain /transfer",
    "polars_events": "│ Download  ┆ 2   │",
    "hunt": "has '",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_example_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / f"{name}.py"))
    assert EXPECTED[name] in capsys.readouterr().out


def test_every_example_is_tested() -> None:
    examples = {path.stem for path in (ROOT / "examples").glob("*.py")}
    assert examples == {*EXPECTED, "spark_job"}


@pytest.mark.parametrize("document, examples", [("README.md", 7), ("../docs/python.md", 20)])
def test_the_document_is_correct(document: str, examples: int) -> None:
    outcome = doctest.testfile(str(ROOT / document), module_relative=False)
    assert (outcome.failed, outcome.attempted > examples) == (0, True)
