"""The rule over files of events on a Spark cluster.

    spark-submit --master spark://host:7077 spark_job.py events.parquet detections/
    spark-submit --master 'local[2]' spark_job.py --format json events/ detections/

The detections are written as Parquet. An existing folder is overwritten.
"""

# %%
import argparse

from pyspark.sql import SparkSession

from rulespec.spark import bitsadmin_activity

# %%
parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("events", nargs="+", help="files or folders of process creations")
parser.add_argument("detections", help="the folder to write")
parser.add_argument("--format", choices=["parquet", "json"], default="parquet", help="the format of the events")
arguments = parser.parse_args()

# %%
spark = SparkSession.builder.appName("Bitsadmin Activity").getOrCreate()
events = spark.read.format(arguments.format).load(arguments.events)
bitsadmin_activity(events).write.mode("overwrite").parquet(arguments.detections)

# %%
print(f"{spark.read.parquet(arguments.detections).count()} detections in {arguments.detections}")
spark.stop()
