"""Declare lineage in Atlan."""

import atlan_pulumi as atlan
import pulumi

config = pulumi.Config()
warehouse = config.require("warehouse")  # the connection with the tables


def table(path: str) -> atlan.AssetReference:
    """Return a reference to a table of the warehouse."""
    return atlan.table(f"{warehouse}/{path}")


load = atlan.Process(
    "load-orders",
    name="Load orders",
    description="Loads the orders, each night at two.",
    connection=warehouse,
    process_id="shop.load_orders",
    inputs=[table("RAW/PUBLIC/ORDERS")],
    outputs=[table("MART/PUBLIC/ORDERS")],
    sql="insert into MART.PUBLIC.ORDERS select ID, AMOUNT - DISCOUNT from RAW.PUBLIC.ORDERS",
    owner_groups=["data-platform"],
)
atlan.ColumnLineage(
    "load-orders-columns",
    process=load,
    columns={"ORDER_ID": "ID", "NET": ["AMOUNT", "DISCOUNT"]},
)
