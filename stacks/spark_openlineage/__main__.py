"""A Spark pipeline of two jobs, the second reading what the first writes, and a dashboard's extract after it.

Spark's own lineage reaches Atlan by OpenLineage events. Here it is declared beside the pipeline: before the
jobs have run for the first time, and for jobs that cannot carry OpenLineage's listener.
"""

from __future__ import annotations

import pulumi

import atlan_pulumi as atlan

config = pulumi.Config()
warehouse = config.require("warehouse")
account = config.require("account")

spark = atlan.OpenLineageConnection(
    "spark",
    name="shop-spark",
    connector="spark",
    admin_roles=["$admin"],
    partial_assets=False,  # every table is in Atlan: a name that is not is a slip
    description="The shop's nightly Spark jobs.",
)


def dataset(schema: str, table: str) -> atlan.DatasetReference:
    return atlan.dataset(account, f"SHOP.{schema}.{table}")


clean = atlan.OpenLineageJob(
    "clean-orders",
    connection=spark,
    inputs=[dataset("RAW", "ORDERS"), dataset("RAW", "CUSTOMERS")],
    outputs=[dataset("CLEAN", "ORDERS")],
    columns={
        "SHOP.CLEAN.ORDERS.ORDER_ID": ["SHOP.RAW.ORDERS.ID"],
        "SHOP.CLEAN.ORDERS.CUSTOMER": ["SHOP.RAW.CUSTOMERS.FIRST_NAME", "SHOP.RAW.CUSTOMERS.LAST_NAME"],
        "SHOP.CLEAN.ORDERS.NET": ["SHOP.RAW.ORDERS.AMOUNT", "SHOP.RAW.ORDERS.DISCOUNT"],
    },
    job_facets={
        "jobType": {"processingType": "BATCH", "integration": "SPARK", "jobType": "JOB"},
        "sourceCodeLocation": {"type": "git", "url": "https://git.example.com/shop/jobs/clean_orders.py"},
    },
    producer="https://git.example.com/shop/jobs",
)

revenue = atlan.OpenLineageJob(
    "daily-revenue",
    connection=spark,
    inputs=[dataset("CLEAN", "ORDERS")],
    outputs=[dataset("MART", "REVENUE")],
    columns={"REVENUE": ["NET"], "CUSTOMERS": ["CUSTOMER"]},  # one dataset at each side: its columns will do
    producer="https://git.example.com/shop/jobs",
    opts=pulumi.ResourceOptions(depends_on=[clean]),
)

extract = atlan.Process(
    "revenue-extract",
    name="Extract for the dashboard",
    connection=spark,
    inputs=[atlan.table(f"{warehouse}/SHOP/MART/REVENUE")],
    outputs=[atlan.table(f"{warehouse}/SHOP/BI/REVENUE_EXTRACT")],
    opts=pulumi.ResourceOptions(depends_on=[revenue]),
)

pulumi.export("connection", spark.qualified_name)
pulumi.export("runs", {"clean-orders": clean.run_id, "daily-revenue": revenue.run_id})
