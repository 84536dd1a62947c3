"""The `rulespec` command of the wheel."""

import subprocess
import sys
from pathlib import Path

import pyarrow
from pyarrow import parquet


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("rulespec")), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_embedded_engine_conforms() -> None:
    checked = run("check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "rulespec fast" in checked.stdout.splitlines()[-1]


def test_the_exit_status_is_passed_on() -> None:
    assert run("show", "TRM-05").returncode == 0
    usage = run("--nonsense")
    assert usage.returncode == 2
    assert "unexpected argument '--nonsense'" in usage.stderr
    assert run("check", "--", "no-such-program").returncode == 3
    module = [sys.executable, "-m", "rulespec", "--version"]
    assert subprocess.run(module, capture_output=True, encoding="utf-8").stdout.startswith("rulespec 0.")


def test_the_command_runs_the_rule_over_events() -> None:
    events = Path(__file__).parents[2] / "examples" / "events" / "defender.jsonl"
    result = run("run", "--format", "jsonl", str(events))
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 3)


def test_lint_is_left_to_other_builds() -> None:
    result = run("lint", "spec")
    assert (result.returncode, result.stdout) == (2, "")
    assert "this build does not have the subcommand lint" in result.stderr
    assert "cargo install rulespec-cli --features lint" in result.stderr


def test_a_parquet_file_is_left_to_other_builds(tmp_path: Path) -> None:
    parquet.write_table(pyarrow.table({"FileName": ["bitsadmin.exe"]}), tmp_path / "events.parquet")
    result = run("run", str(tmp_path / "events.parquet"))
    assert (result.returncode, result.stdout) == (1, "")
    assert "events.parquet: is parquet, which this build does not read" in result.stderr
    assert "use a build whose --version names parquet, or export it as csv" in result.stderr
