"""The rule over a Spark cluster.

>>> from pyspark.sql import SparkSession                        # doctest: +SKIP
>>> spark = SparkSession.builder.getOrCreate()                  # doctest: +SKIP
>>> events = spark.read.parquet("events/")                      # doctest: +SKIP
>>> bitsadmin_activity(events).write.parquet("detections/")     # doctest: +SKIP

Every worker needs the package ``rulespec`` and ``pyarrow``.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

import rulespec


def bitsadmin_activity(events: DataFrame) -> DataFrame:
    """The rule, Bitsadmin Activity, over process creations, partition by partition.

    What comes out has the columns that :func:`rulespec.bitsadmin_activity` answers. A
    partition is streamed: a worker holds one batch at a time, of as many rows as
    ``spark.sql.execution.arrow.maxRecordsPerBatch`` says.

    Raises :class:`rulespec.Error` at once, before any job, where a column is missing
    or has a wrong type.
    """
    return events.mapInArrow(_partition, columns_out(events.schema))


def columns_out(columns: StructType) -> StructType:
    """The columns of the answer, of the columns of the events."""
    plan = rulespec.Plan(to_arrow_schema(columns))
    return from_arrow_schema(pa.schema(plan))


def _partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    plan = None
    for batch in batches:
        plan = plan or rulespec.Plan(batch.schema)
        yield from pa.table(plan.run(batch)).to_batches()
