"""The nightly Spark job whose OpenLineage events are recorded here, as emitted by Spark's listener."""

from __future__ import annotations

import os
import sys
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual alias

WAREHOUSE = "/tmp/warehouse"
POSTGRES = {
    "url": "jdbc:postgresql://pg.example:5432/shop",
    "user": "etl",
    "driver": "org.postgresql.Driver",
}
ORDERS = [
    (1, 10, "2024-05-01", 120.0, 12.0, "paid"),
    (2, 10, "2024-05-02", 80.0, 0.0, "paid"),
    (3, 11, "2024-05-02", 45.5, 5.5, "refunded"),
    (4, 12, "2024-05-03", 310.0, 31.0, "paid"),
]
CUSTOMERS = [
    (10, "Ada", "Lovelace", "GB"),
    (11, "Grace", "Hopper", "US"),
    (12, "Edsger", "Dijkstra", "NL"),
]
ORDER = "order_id int, customer_id int, order_date string, amount double, discount double, status string"
CUSTOMER = "customer_id int, first_name string, last_name string, country string"


def session(mode: str) -> SparkSession:
    settings = {
        "spark.jars": os.environ["JARS"],
        "spark.extraListeners": "io.openlineage.spark.agent.OpenLineageSparkListener",
        "spark.openlineage.transport.type": "file",
        "spark.openlineage.transport.location": os.environ["EVENTS"],
        "spark.openlineage.namespace": "ol-spark",
        "spark.sql.warehouse.dir": WAREHOUSE,
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
    }
    builder = SparkSession.builder.master("local[1]")
    builder = builder.appName("load_raw" if mode == "setup" else "nightly_orders")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return (builder if mode == "pg-mart" else builder.enableHiveSupport()).getOrCreate()


def mart(orders: DataFrame, customers: DataFrame) -> DataFrame:
    paid = orders.where(F.col("status") == "paid").join(customers, "customer_id")
    totals = paid.groupBy("customer_id", "first_name", "last_name", "country").agg(
        F.count("order_id").alias("order_count"),
        F.sum(F.col("amount") - F.col("discount")).alias("net_revenue"),
        F.max("order_date").alias("last_order_date"),
    )
    return totals.select(
        "customer_id",
        F.concat_ws(" ", "first_name", "last_name").alias("customer_name"),
        "country",
        "order_count",
        "net_revenue",
        F.when(F.col("net_revenue") > 200, "gold").otherwise("standard").alias("tier"),
        "last_order_date",
    )


def run(mode: str, spark: SparkSession) -> None:
    if mode == "setup":
        spark.createDataFrame(ORDERS, ORDER).write.mode("overwrite").saveAsTable("raw_orders")
        spark.createDataFrame(CUSTOMERS, CUSTOMER).write.mode("overwrite").saveAsTable("raw_customers")
    elif mode == "mart":
        made = mart(spark.table("raw_orders"), spark.table("raw_customers"))
        made.write.mode("overwrite").saveAsTable("mart_customer_orders")
    elif mode == "fail":
        refused = F.expr("if(status = 'refunded', raise_error('refunded order'), 'ok')")
        made = spark.table("raw_orders").withColumn("tier", refused)
        made.write.mode("overwrite").saveAsTable("mart_order_tiers")
    elif mode == "pg-mart":

        def table(name: str) -> Any:
            return spark.read.format("jdbc").options(dbtable=name, **POSTGRES)

        made = mart(table("public.raw_orders").load(), table("public.raw_customers").load())
        target = {"dbtable": "public.mart_customer_orders", **POSTGRES}
        made.write.format("jdbc").mode("overwrite").options(**target).save()


if __name__ == "__main__":
    spark = session(sys.argv[1])
    try:
        run(sys.argv[1], spark)
    finally:
        spark.stop()
