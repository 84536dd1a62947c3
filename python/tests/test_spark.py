"""The rule on a Spark cluster gives the detections of `rulespec run`."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark")

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as t

import recorded
import rulespec
import tables
from cluster import Cluster, kill, wait_until
from rulespec.spark import bitsadmin_activity, run

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
JOB = Path(__file__).parents[1] / "examples" / "spark_job.py"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "1000").getOrCreate()
    yield session
    session.stop()


def detections(answer: DataFrame) -> list[recorded.Detection]:
    return recorded.detections(row.asDict() for row in answer.collect())


def test_parquet_gives_the_detections_of_the_command(spark: SparkSession, tmp_path: Path) -> None:
    recorded.write(tmp_path / "events", 4, 5_000)
    expected = recorded.run_command(range(20_000))
    assert len(expected) == 200
    assert detections(bitsadmin_activity(spark.read.parquet(str(tmp_path / "events")))) == expected


def test_json_gives_the_detections_of_the_command(spark: SparkSession, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text("".join(json.dumps(recorded.event(number)) + "\n" for number in range(3_000)))
    expected = recorded.run_command(range(3_000))
    assert len(expected) == 30
    assert detections(bitsadmin_activity(spark.read.json(str(events)).repartition(3))) == expected


def test_the_schema_is_kept(spark: SparkSession) -> None:
    kept = [
        t.StructField("When", t.TimestampNTZType()),
        t.StructField("Price", t.DecimalType(12, 3)),
        t.StructField("Tags", t.MapType(t.StringType(), t.ArrayType(t.IntegerType()))),
        t.StructField("ProcessId", t.LongType(), nullable=False),
    ]
    texts = [t.StructField(name, t.StringType()) for name in tables.REQUIRED if name != "ProcessId"]
    events = spark.createDataFrame([], t.StructType([*kept, *texts]))
    after = {field.name: field for field in bitsadmin_activity(events).schema}
    assert [after[field.name] for field in [*kept, *texts]] == [*kept, *texts]
    assert after["HostName"].dataType == t.StringType()
    assert after["ParsedCommandLine"].dataType == t.ArrayType(t.StringType())
    assert set(after) == {field.name for field in [*kept, *texts]} | set(tables.ADDED)
    assert bitsadmin_activity(events).collect() == []


def test_a_missing_column_is_an_error_before_any_job(spark: SparkSession) -> None:
    with pytest.raises(rulespec.Error, match='there is no column "FileName"'):
        bitsadmin_activity(spark.range(3))


def test_any_rule_runs_over_partitions(spark: SparkSession) -> None:
    rule = rulespec.Rule(
        "DeviceProcessEvents | where TimeGenerated > ago(3h) and FileName has 'a'"
        "| project Id, Now = now(), Age = now() - TimeGenerated, Words = split(FileName, '.'), TimeGenerated"
    )
    rows = [(number, f"{'ab'[number % 2]}.exe", NOW - timedelta(hours=number)) for number in range(10)]
    events = spark.createDataFrame(rows, "Id int, FileName string, TimeGenerated timestamp").repartition(4)
    answer = sorted(run(rule, events, NOW).collect())
    assert [row["Id"] for row in answer] == [0, 2]
    assert [row["Age"] for row in answer] == [timedelta(0), timedelta(hours=2)]
    assert {row["Now"].astimezone(timezone.utc) for row in answer} == {NOW}
    assert [row["Words"] for row in answer] == [["a", "exe"]] * 2
    assert run(rule, events, NOW).schema["TimeGenerated"] == events.schema["TimeGenerated"]
    assert run(rule, events).collect() == []


@pytest.mark.parametrize("step", ["sort by id", "top 1 by id", "take 1", "distinct id", "count"])
def test_a_rule_that_needs_all_rows_is_refused(spark: SparkSession, step: str) -> None:
    with pytest.raises(rulespec.Error, match="the rule needs all rows at once") as error:
        run(rulespec.Rule(f"DeviceProcessEvents | {step}"), spark.range(3))
    assert (error.value.kind, error.value.diagnostics) == ("wrong-usage", [])
    with pytest.raises(rulespec.Error, match="the rule needs all rows at once"):
        run(rulespec.Rule("print 1"), spark.range(3))


def test_partitions_are_streamed() -> None:
    from rulespec.spark import _partition

    import pyarrow as pa

    requested = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(3):
            requested.append(number)
            yield pa.RecordBatch.from_pylist([tables.event()])

    rule = rulespec.Rule.bitsadmin_activity()
    columns = pa.schema(rule.plan(pa.RecordBatch.from_pylist([tables.event()]).schema))
    answers = _partition(rule, NOW, columns, batches())
    next(answers)
    assert requested == [0]
    assert sum(batch.num_rows for batch in answers) == 2


def test_a_killed_worker_neither_loses_nor_duplicates_detections(tmp_path: Path) -> None:
    files = recorded.write(tmp_path / "events", 40, 25_000)
    output = tmp_path / "detections"

    def committed() -> int:
        return len(list(output.glob("_temporary/0/task_*")))

    with Cluster(tmp_path / "cluster", workers=2) as cluster:
        job = cluster.submit("--conf", "spark.sql.files.maxPartitionBytes=1m", str(JOB), str(files[0].parent), str(output))
        wait_until("some tasks are done", lambda: committed() >= 4 or job.poll() is not None)
        assert not (output / "_SUCCESS").exists() and job.poll() is None, cluster.log("driver")
        before = committed()
        kill(cluster.workers[0])
        assert job.wait(300) == 0, cluster.log("driver")
        log = cluster.log("driver")
    assert "Lost executor" in log
    expected = recorded.run_command(range(1_000_000))
    assert len(expected) == 10_000
    assert recorded.detections(pq.read_table(output).to_pylist()) == expected
    print(f"killed one of two workers after {before} tasks: {len(expected)} detections, none lost or duplicated")
