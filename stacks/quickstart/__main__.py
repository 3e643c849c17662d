"""Declare a jaffle shop's nightly pipeline: the process and the column lineage of each step, from its SQL.

The tables exist in Atlan, since a crawler found them. This stack declares the connection and the lineage.
"""

from __future__ import annotations

import pulumi
from pipeline import Step, read_steps

import atlan_pulumi as atlan

DAG = "jaffle_shop"
GRID = f"https://airflow.example.com/dags/{DAG}/grid"

config = pulumi.Config()
owners = [config.require("owner")]
warehouse = config.require("warehouse")

# Where the SQL runs: the connection has the tables that it names, and decides the dialect.
in_warehouse = atlan.SqlContext(connection=warehouse)
in_application = atlan.SqlContext(connection=config.require("source"))

etl = atlan.Connection(
    "etl",
    name="jaffle-shop-etl",
    connector="airflow",
    # Set explicitly, and not from the clock at creation: a preview knows every name that depends on it,
    # and a stack that is recreated gets the same names.
    qualified_name=config.require("etl"),
    admin_roles=["$admin"],
    description="The nightly pipeline: application → raw → staging → marts.",
    owner_groups=owners,
)


def declare(step: Step) -> atlan.ColumnLineage:
    """Declare the step's Process and, below it, its ColumnLineage: a ColumnProcess for each output column."""
    process = atlan.Process(
        step.key,
        name=step.name,
        description=step.description,
        connection=etl,
        # Not the resource's name, which is the default: it may change when the program is refactored.
        process_id=f"{DAG}.{step.key}",
        # Inputs and outputs come from the SQL. Only a load does not name the table that it fills.
        outputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/{step.loads}")] if step.loads else None,
        sql=step.sql,
        derive=in_application if step.loads else in_warehouse,
        source_url=f"{GRID}?task_id={step.key}",
        certificate_status=step.certificate_status,
        owner_groups=owners,
    )
    return atlan.ColumnLineage(
        f"{step.key}/columns",
        process=process,
        name=f"{step.name}: {{output}}",
        opts=pulumi.ResourceOptions(parent=process),
    )


declared = [declare(step) for step in read_steps()]
columns = pulumi.Output.all(*(each.columns for each in declared))

pulumi.export("connection", etl.qualified_name)
pulumi.export("processes", len(declared))
pulumi.export("column_processes", columns.apply(lambda of_each: sum(map(len, of_each))))
