"""The examples run, and show what they say."""

import doctest
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SHOWN = {
    "duckdb_events": "3 detections, and 3 lines with /transfer anywhere",
    "polars_events": "│ Download  ┆ 2   │",
    "hunt": "has '",
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_example_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / f"{name}.py"))
    assert SHOWN[name] in capsys.readouterr().out


def test_every_example_is_run() -> None:
    examples = {path.stem for path in (ROOT / "examples").glob("*.py")}
    assert examples == {*SHOWN, "spark_job"}


def test_the_readme_holds() -> None:
    outcome = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (outcome.failed, outcome.attempted > 8) == (0, True)
