"""Declare a Spark pipeline of two jobs, the second reading what the first writes, and a dashboard extract.

Spark sends its own lineage to Atlan as OpenLineage events. Declare lineage that is needed before the first
run of the jobs, or if the jobs cannot use OpenLineage's listener.
"""

from __future__ import annotations

import pulumi

import atlan_pulumi as atlan

config = pulumi.Config()
warehouse = config.require("warehouse")
account = config.require("account")
owners = [config.require("owner")]

spark = atlan.OpenLineageConnection(
    "spark",
    name="shop-spark",
    connector="spark",
    admin_roles=["$admin"],
    partial_assets=False,  # every table exists in Atlan, so an unknown name is a mistake
    description="The shop's nightly Spark jobs.",
    owner_groups=owners,
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
        "SHOP.CLEAN.ORDERS.DAY": ["SHOP.RAW.ORDERS.PLACED_AT"],
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
    columns={
        "DAY": ["DAY"],
        "REVENUE": ["NET"],
        "CUSTOMERS": ["CUSTOMER"],
    },  # with one dataset on each side, column names suffice
    job_facets={
        "sourceCodeLocation": {"type": "git", "url": "https://git.example.com/shop/jobs/daily_revenue.py"},
    },
    producer="https://git.example.com/shop/jobs",
    opts=pulumi.ResourceOptions(depends_on=[clean]),
)

extract = atlan.Process(
    "revenue-extract",
    name="Extract for the dashboard",
    connection=spark,
    process_id="shop.revenue_extract",
    inputs=[atlan.table(f"{warehouse}/SHOP/MART/REVENUE")],
    outputs=[atlan.table(f"{warehouse}/SHOP/BI/REVENUE_EXTRACT")],
    source_url="https://git.example.com/shop/jobs/revenue_extract.sql",
    description="Copies the revenue to the table that the dashboard reads.",
    owner_groups=owners,
    opts=pulumi.ResourceOptions(depends_on=[revenue]),
)
atlan.ColumnLineage("revenue-extract-columns", process=extract, columns={"DAY": "DAY", "REVENUE": "REVENUE"})

pulumi.export("connection", spark.qualified_name)
pulumi.export("runs", {"clean-orders": clean.run_id, "daily-revenue": revenue.run_id})
