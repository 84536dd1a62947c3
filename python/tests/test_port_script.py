"""The script: an engine of the protocol."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from port_engines import ENGINES, SIGMA, engine, table
from rulespec import ports
from test_port_sigma import DOWNLOADS, event, events

# The folder is that of the package `ports`, so that the package `rulespec` is not needed.
SCRIPT = [
    "-c",
    f"import sys; sys.path.insert(0, {str(Path(ports.__file__).parents[1])!r}); from ports.__main__ import main; main()",
]
HELLO = {"op": "hello", "protocol": 1}


def serve(arguments: list[str], calls: list[dict[str, Any]], *options: str) -> list[dict[str, Any]]:
    command = [sys.executable, *options, *SCRIPT, *arguments]
    lines = "".join(json.dumps(call) + "\n" for call in calls)
    served = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in served.stdout.splitlines()]


def call(text: str, events: ports.Table, number: int = 1) -> dict[str, Any]:
    return {"id": number, "fn": "query", "args": [text, {"DeviceProcessEvents": events}]}


@pytest.mark.parametrize("name", ENGINES)
def test_the_script_is_an_engine_of_the_protocol(name: str) -> None:
    given = table({"FileName": "string"}, ["a\ud800'\0"], ["b"])
    text = "SELECT * FROM DeviceProcessEvents WHERE FileName <> 'b'"
    hello, *answers = serve(["--on", name], [HELLO, call(text, given), call("SELEC", given, 2), call(text, given, 3)])
    assert hello == {"engine": engine(name).name, "version": engine(name).version, "functions": ["query"]}
    expected = table({"FileName": "string"}, ["a\ufffd'\0"])
    assert answers[0] == {"id": 1, "ok": expected} and answers[2] == {"id": 3, "ok": expected}
    assert set(answers[1]) == {"id", "error"} and 0 < len(answers[1]["error"]) <= 2_000


@pytest.mark.parametrize("name", SIGMA)
def test_the_script_runs_sigma(name: str) -> None:
    hello, answer = serve(["--on", name, "--language", "sigma"], [HELLO, call(DOWNLOADS, events(event()))])
    assert hello["engine"] == f"Sigma on {engine(name).name}"
    assert f"pysigma-backend-{name} " in hello["version"] and engine(name).version in hello["version"]
    assert answer == {"id": 1, "ok": events(event())}


def test_the_script_says_what_to_install() -> None:
    without = ["-S", "-E"]  # the packages of the environment
    given = [HELLO, call("SELECT 1", table({"a": "string"}))]
    hello, answer = serve(["--on", "duckdb"], given, *without)
    assert hello == {"error": "No module named 'duckdb': run `pip install duckdb`"}
    assert answer == {"id": 1, "error": "the first message must be hello"}
    (hello, _) = serve(["--on", "sqlite", "--language", "sigma"], given, *without)
    assert hello["error"].endswith("run `pip install pysigma pysigma-backend-sqlite`")
    (hello, _) = serve(["--on", "spark"], given, *without)
    assert hello["error"].endswith("run `pip install pyspark pyarrow`")


def test_only_the_protocol_is_on_standard_output() -> None:
    given = table({"a": "string"})
    write = call("COPY (SELECT 'noise' AS n) TO '/dev/stdout'; SELECT 1 AS one", given)
    source = "read_csv('/dev/stdin', header = false, columns = {'a': 'VARCHAR'})"
    read = call(f"SELECT count(*) AS n FROM {source}", given, 2)
    _, *answers = serve(["--on", "duckdb"], [HELLO, write, read, call("SELECT 3 AS n", given, 3)])
    assert [answer.get("ok", {}).get("rows") for answer in answers] == [[[1]], [[0]], [[3]]]


def test_what_a_message_has_no_room_for_is_an_error() -> None:
    given = table({"a": "string"}, ["x"])
    many = call("SELECT range(300000) AS n", given)
    long = call("SELECT repeat('x', 17 * 1048576) AS n", given, 2)
    _, *answers = serve(["--on", "duckdb"], [HELLO, many, long, call("SELECT ',[{:' AS n", given, 3)])
    assert [answer.get("error") for answer in answers[:2]] == ["the answer has more than a message has room for"] * 2
    assert answers[2]["ok"]["rows"] == [[",[{:"]]


def test_the_script_is_told_the_time() -> None:
    given = table({"a": "string"}, ["x"])
    for name in ("duckdb", "sqlite"):
        asked = call("SELECT current_timestamp AS now FROM DeviceProcessEvents", given)
        _, answer = serve(["--on", name, "--now", "2026-01-02T03:04:05.0000000Z"], [HELLO, asked])
        assert answer["ok"]["rows"][0][0][:19].replace("T", " ") == "2026-01-02 03:04:05"


def test_other_functions_are_unsupported() -> None:
    _, answer = serve(["--on", "sqlite"], [HELLO, {"id": 7, "fn": "has", "args": ["a", "a"]}])
    assert answer == {"id": 7, "unsupported": "there is only the function query"}
    status = subprocess.run([sys.executable, *SCRIPT, "--on", "chdb", "--language", "sigma"], capture_output=True)
    assert status.returncode == 2
