"""A schema of Unity Catalog with a table and a view."""

import pulumi_databricks as databricks

import atlan_pulumi as atlan

unity = "default/databricks/1657025257"

catalog = databricks.Catalog("shop", name="shop")
schema = databricks.Schema("sales", catalog_name=catalog.name, name="sales")
orders = databricks.SqlTable(
    "orders",
    catalog_name=catalog.name,
    schema_name=schema.name,
    name="orders",
    table_type="MANAGED",
    data_source_format="DELTA",
    columns=[
        databricks.SqlTableColumnArgs(name="id", type="bigint"),
        databricks.SqlTableColumnArgs(name="amount", type="decimal(38,2)"),
    ],
)
open_orders = databricks.SqlTable(
    "open-orders",
    catalog_name=catalog.name,
    schema_name=schema.name,
    name="open_orders",
    table_type="VIEW",
    view_definition="SELECT id FROM shop.sales.orders",
)

atlan.Process(
    "open-orders",
    name="Open orders",
    connection=unity,
    inputs=[atlan.table_of(orders, connection=unity)],
    outputs=[atlan.table_of(open_orders, connection=unity)],
    sql=open_orders.view_definition,
    missing_assets="partial",
)
