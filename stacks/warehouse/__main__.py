"""Create a warehouse in PostgreSQL, and declare its lineage next to it.

Atlan learns about the tables only when its crawler runs. Until then, they are placeholders; or, with the
configuration `crawler`, the deployment runs the crawler between the tables and their lineage.
"""

from __future__ import annotations

import pulumi
from postgres import Schema, Table, View

import atlan_pulumi as atlan

atlan.register_asset_type(
    Table,
    lambda made: ("Table", [made.database, made.schema, made.name]),
    columns=lambda made: made.columns.apply(list),
)
atlan.register_asset_type(
    View, lambda made: ("View", [made.database, made.schema, made.name]), sql=lambda made: made.query
)

config = pulumi.Config()
url = config.require_secret("postgresUrl")
database = config.require("database")

# The crawler's connection, found by its name: its qualifiedName differs in each tenant.
warehouse = atlan.get_connection(connector="postgres", name=config.require("connection"))

# -- the warehouse ---------------------------------------------------------------------------------------

shop = Schema("shop", url=url, database=database, name="shop")
mart = Schema("mart", url=url, database=database, name="mart")

orders = Table(
    "orders",
    url=url,
    schema=shop,
    name="orders",
    columns={"id": "bigint", "customer": "text", "amount": "numeric", "ordered_at": "date"},
)
sales = View(
    "sales",
    url=url,
    schema=mart,
    name="sales",
    query="SELECT customer, sum(amount) AS total FROM shop.orders GROUP BY customer",
    opts=pulumi.ResourceOptions(depends_on=[orders]),
)

# -- its lineage -----------------------------------------------------------------------------------------

before = []
if crawler := config.get("crawler"):
    crawl = atlan.CrawlerRun(
        "crawl",
        workflow=crawler,
        triggers=[orders.columns, sales.query],
        wait_for=[atlan.table_of(each, connection=warehouse) for each in (orders, sales)],
    )
    before = [crawl]

# The view has its SQL, and the program knows the table's columns: nothing is written twice.
atlan.lineage_of(
    sales,
    connection=warehouse,
    context=atlan.SqlContext(default_database=database, tables=[orders]),
    process_id="shop.sales_by_customer",
    name="Sales by customer",
    description="The total of all orders of each customer.",
    owner_groups=[config.require("owner")],
    missing_assets="error" if before else "partial",
    opts=pulumi.ResourceOptions(depends_on=before),
)

pulumi.export("connection", warehouse)
