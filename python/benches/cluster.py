"""Measures the rule over ten million events on a Spark cluster of one worker and of two.

    pip install ./python pyspark==4.3.0 pyarrow
    python3 python/benches/cluster.py [ROWS]

A job reads 40 Parquet files in small partitions, so that neither worker waits for the
other, runs the rule and writes Parquet. The job does this twice and times the second run,
because the first starts Python on the workers and warms up the JVM. Each worker is pinned
to one core; driver and master are not pinned. The number of detections is checked.
"""

import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import recorded
from cluster import Cluster

FILES = 40

JOB = '''
import sys, time
from pyspark.sql import SparkSession
from rulespec.spark import bitsadmin_activity

spark = SparkSession.builder.getOrCreate()
def run(events):
    bitsadmin_activity(spark.read.parquet(*events)).write.mode("overwrite").parquet(sys.argv[2])

events = [f"{sys.argv[1]}/{file:03}.parquet" for file in range(int(sys.argv[3]))]
run(events)
start = time.monotonic()
run(events)
print("seconds", time.monotonic() - start)
print("detections", spark.read.parquet(sys.argv[2]).count())
'''


def write(folder: Path, rows: int) -> None:
    """Write files with `rows` rows in total, which differ only in the process ids."""
    folder.mkdir()
    each = rows // FILES
    first = pa.Table.from_pylist([recorded.event(number) for number in range(each)])
    column = first.schema.get_field_index("ProcessId")
    for file in range(FILES):
        numbers = pc.add(first["ProcessId"], file * each)
        pq.write_table(first.set_column(column, "ProcessId", numbers), folder / f"{file:03}.parquet")


def seconds(folder: Path, workers: int) -> float:
    with Cluster(folder / f"cluster{workers}", workers) as cluster:
        job = folder / "job.py"
        job.write_text(JOB)
        options = ["--conf", "spark.sql.files.maxPartitionBytes=8m"]
        arguments = [str(folder / "events"), str(folder / f"detections{workers}"), str(FILES)]
        process = cluster.submit(*options, str(job), *arguments)
        assert process.wait() == 0, cluster.log("driver")
        lines = cluster.log("driver").splitlines()
    result = dict(line.split() for line in lines if line.startswith(("seconds ", "detections ")))
    assert int(result["detections"]) == ROWS // 100, result
    return float(result["seconds"])


ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "events", ROWS)
        times = {workers: seconds(folder, workers) for workers in (1, 2)}
    for workers, taken in times.items():
        print(f"{workers} worker{'s' if workers > 1 else ' '} {taken:7.1f} s   {ROWS / taken / 1e6:6.2f} million rows per second")
    print(f"two are {times[1] / times[2]:.2f} times as fast as one")
