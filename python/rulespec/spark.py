"""The rule on a Spark cluster.

    from rulespec.spark import bitsadmin_activity

    bitsadmin_activity(spark.read.parquet("events/")).write.parquet("detections/")

Every worker needs the packages ``rulespec`` and ``pyarrow``.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructField, StructType

import rulespec


def bitsadmin_activity(events: DataFrame) -> DataFrame:
    """Run the rule, Bitsadmin Activity, over process creations, partition by partition.

    The answer has the columns of :func:`rulespec.bitsadmin_activity`; columns that the
    rule does not change keep their types. Partitions are streamed: a worker holds one
    batch at a time, of ``spark.sql.execution.arrow.maxRecordsPerBatch`` rows.

    Raises :class:`rulespec.Error` before any job starts if a column is missing or has a
    wrong type.
    """
    return events.mapInArrow(_partition, columns_out(events.schema))


def columns_out(columns: StructType) -> StructType:
    """Return the columns of the answer for these columns of events."""
    before = to_arrow_schema(columns)
    after = pa.schema(rulespec.Plan(before))

    def field(after: pa.Field) -> StructField:
        at = before.get_field_index(after.name)
        is_unchanged = at >= 0 and before.field(at).equals(after)
        return columns[at] if is_unchanged else from_arrow_schema(pa.schema([after]))[0]

    return StructType([field(column) for column in after])


def _partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    plan = None
    for batch in batches:
        plan = plan or rulespec.Plan(batch.schema)
        yield from pa.table(plan.run(batch)).to_batches()
