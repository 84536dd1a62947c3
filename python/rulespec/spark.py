"""Rules on a Spark cluster.

    import rulespec
    from rulespec.spark import run

    rule = rulespec.Rule(open("certutil.yaml").read())
    run(rule, spark.read.parquet("events/")).write.parquet("detections/")

Every worker needs the packages ``rulespec`` and ``pyarrow``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from functools import partial

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructField, StructType

import rulespec


def run(rule: rulespec.Rule, events: DataFrame, now: datetime | None = None) -> DataFrame:
    """Run a rule over process creations, partition by partition.

    The answer has the columns of :meth:`rulespec.Rule.run`; columns that the rule does not change
    keep their types. Partitions are streamed: a worker holds one batch at a time, of
    ``spark.sql.execution.arrow.maxRecordsPerBatch`` rows. ``now`` is what ``now()`` returns for all
    partitions; without it, the time of this call. Computed times have microseconds, as in Spark.

    Raises :class:`rulespec.Error` before any job starts if the rule does not fit the columns, or if
    it needs all rows at once, as with ``sort``, ``top``, ``take``, ``distinct`` and ``count``.
    """
    now = now or datetime.now(timezone.utc)
    columns = columns_out(rule, events.schema, now)
    if rule.plan(_arrow_schema(events.schema), now).needs_all_rows:
        error = rulespec.Error(
            "the rule needs all rows at once, but Spark gives it one batch at a time: "
            "leave out sort, top, take, distinct and count, and do them with Spark"
        )
        error.kind, error.diagnostics = "wrong-usage", []
        raise error
    return events.mapInArrow(partial(_partition, rule, now, _arrow_schema(columns)), columns)


def bitsadmin_activity(events: DataFrame) -> DataFrame:
    """Run the rule Bitsadmin Activity over process creations, partition by partition."""
    return run(rulespec.Rule.bitsadmin_activity(), events)


def columns_out(rule: rulespec.Rule, columns: StructType, now: datetime | None = None) -> StructType:
    """Return the columns of the answer for these columns of events."""
    before = _arrow_schema(columns)
    after = pa.schema(rule.plan(before, now))

    def field(after: pa.Field) -> StructField:
        at = before.get_field_index(after.name)
        is_unchanged = at >= 0 and before.field(at).equals(after)
        return columns[at] if is_unchanged else from_arrow_schema(pa.schema([after]))[0]

    return StructType([field(column) for column in after])


def _arrow_schema(columns: StructType) -> pa.Schema:
    try:
        return to_arrow_schema(columns, timezone="UTC")
    except TypeError:  # PySpark 4.0 has no such parameter, and always UTC
        return to_arrow_schema(columns)


def _partition(
    rule: rulespec.Rule, now: datetime, columns: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    plan = None
    for batch in batches:
        plan = plan or rule.plan(batch.schema, now)
        yield from _in_microseconds(pa.table(plan.run(batch)), columns).to_batches()


def _in_microseconds(answer: pa.Table, columns: pa.Schema) -> pa.Table:
    """Convert computed times, which have nanoseconds."""
    for at, column in enumerate(answer.schema):
        if column.type in (pa.timestamp("ns", "UTC"), pa.duration("ns")):
            times = answer.column(at).cast(columns.field(at).type, safe=False)
            answer = answer.set_column(at, columns.field(at), times)
    return answer
