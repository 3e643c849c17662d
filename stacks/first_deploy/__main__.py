"""Create a table and a view, and declare their lineage next to them: one program, one deployment.

Atlan learns about the two only when its crawler runs. Until then, they are placeholders.
"""

from __future__ import annotations

import pulumi
from sqlite import Table, View

import atlan_pulumi as atlan

# How Atlan names what these resources create: its type, and the names below the connection.
atlan.register_asset_type(Table, lambda made: ("Table", [made.database, made.schema, made.name]))
atlan.register_asset_type(View, lambda made: ("View", [made.database, made.schema, made.name]))

config = pulumi.Config()
file = config.require("file")
warehouse = atlan.get_connection(connector="sqlite", name=config.require("connection"))

orders = Table(
    "orders",
    file=file,
    name="orders",
    columns={"id": "INTEGER", "customer": "TEXT", "amount": "REAL"},
)
sales = View(
    "sales",
    file=file,
    name="sales",
    query="SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    opts=pulumi.ResourceOptions(depends_on=[orders]),
)

by_customer = atlan.Process(
    "sales",
    name="Sales by customer",
    description="The total of all orders of each customer.",
    owner_groups=[config.require("owner")],
    connection=warehouse,
    process_id="shop.sales_by_customer",
    inputs=[atlan.table_of(orders, connection=warehouse)],
    outputs=[atlan.table_of(sales, connection=warehouse)],
    sql=sales.query,
    missing_assets="partial",
)
atlan.ColumnLineage(
    "sales-columns",
    process=by_customer,
    columns={"customer": "customer", "total": "amount"},
    missing_assets="partial",
)
