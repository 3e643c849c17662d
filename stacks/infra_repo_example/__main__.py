"""Declare the lineage of a shop's warehouse, from raw tables to the extracts of its dashboards.

In your repository, this is next to the code that creates the warehouse and the pipelines. Here those exist,
and only the lineage is declared.
"""

from __future__ import annotations

from pathlib import Path

import pulumi

import atlan_pulumi as atlan

DAG = "shop_nightly"
OWNERS = ["data-platform"]
SQL = Path(__file__).parent / "sql"

config = pulumi.Config()
warehouse = config.require("warehouse")

etl = atlan.Connection(
    "etl",
    name="shop-etl",
    connector="airflow",
    # Set explicitly: a preview on one machine and the deployment on another name the same connection.
    qualified_name=config.require("etl"),
    admin_roles=["$admin"],
    description="The shop's nightly pipeline: raw → staging → mart → extracts.",
    owner_groups=OWNERS,
    opts=pulumi.ResourceOptions(protect=True),
)


def table(path: str) -> atlan.AssetReference:
    return atlan.table(f"{warehouse}/SHOP/{path}")


def step(task: str, does: str, *, reads: list[str], writes: str, columns: dict[str, str | list[str]]) -> None:
    """Declare a task of the pipeline: the process between its tables, and its column lineage."""
    process = atlan.Process(
        task,
        name=task.replace("_", " ").capitalize(),
        description=does,
        connection=etl,
        process_id=f"{DAG}.{task}",
        inputs=[table(path) for path in reads],
        outputs=[table(writes)],
        sql=(SQL / f"{task}.sql").read_text(),
        source_url=f"https://airflow.example.com/dags/{DAG}/grid?task_id={task}",
        owner_groups=OWNERS,
        certificate_status="VERIFIED",
    )
    atlan.ColumnLineage(f"{task}-columns", process=process, columns=columns)


step(
    "stage_orders",
    "Names the columns of orders; cents become euros.",
    reads=["RAW/ORDERS"],
    writes="STAGING/ORDERS",
    columns={
        "ORDER_ID": "ID",
        "CUSTOMER_ID": "CUSTOMER_ID",
        "AMOUNT": "AMOUNT_CENTS",
        "ORDERED_ON": "PLACED_AT",
    },
)
step(
    "stage_customers",
    "Names the columns of customers.",
    reads=["RAW/CUSTOMERS"],
    writes="STAGING/CUSTOMERS",
    columns={"CUSTOMER_ID": "ID", "NAME": ["FIRST_NAME", "LAST_NAME"], "COUNTRY": "COUNTRY"},
)
step(
    "revenue",
    "Revenue by day and country.",
    reads=["STAGING/ORDERS", "STAGING/CUSTOMERS"],
    writes="MART/REVENUE",
    columns={"DAY": "ORDERS/ORDERED_ON", "COUNTRY": "CUSTOMERS/COUNTRY", "REVENUE": "ORDERS/AMOUNT"},
)
step(
    "customer_value",
    "What each customer has spent.",
    reads=["STAGING/CUSTOMERS", "STAGING/ORDERS"],
    writes="MART/CUSTOMER_VALUE",
    columns={
        "CUSTOMER_ID": "CUSTOMERS/CUSTOMER_ID",
        "NAME": "CUSTOMERS/NAME",
        "LIFETIME_VALUE": "ORDERS/AMOUNT",
    },
)

#: What the dashboards read. These are plain copies, so plain data suffices.
EXTRACTS = {
    "REVENUE": ["DAY", "COUNTRY", "REVENUE"],
    "CUSTOMER_VALUE": ["CUSTOMER_ID", "NAME", "LIFETIME_VALUE"],
}
atlan.ProcessSet(
    "extracts",
    connection=etl,
    base=f"{warehouse}/SHOP",
    processes={
        f"{DAG}.extract_{name.lower()}": {
            "name": f"Extract {name.lower().replace('_', ' ')}",
            "description": f"A copy of {name} for the dashboards.",
            "inputs": f"MART/{name}",
            "outputs": f"BI/{name}",
            "columns": {column: column for column in columns},
            "source_url": f"https://airflow.example.com/dags/{DAG}/grid?task_id=extract_{name.lower()}",
            "owner_groups": OWNERS,
            "certificate_status": "VERIFIED",
        }
        for name, columns in EXTRACTS.items()
    },
)

pulumi.export("connection", etl.qualified_name)
