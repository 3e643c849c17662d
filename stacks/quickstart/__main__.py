"""Declare a jaffle shop's nightly pipeline: one Process per step, and one ColumnProcess per column.

The tables exist in Atlan, since a crawler found them. This stack declares the connection and the lineage.
"""

from __future__ import annotations

import pulumi
from pipeline import Dataset, Step, read_steps, schemas

import atlan_pulumi as atlan

DAG = "jaffle_shop"
GRID = f"https://airflow.example.com/dags/{DAG}/grid"

config = pulumi.Config()
owners = [config.require("owner")]

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


def reference(dataset: Dataset) -> atlan.AssetReference:
    return atlan.asset(dataset.type_name, qualified_name=dataset.qualified_name)


def declare(step: Step) -> None:
    """Declare the step's Process and, below it, a ColumnProcess for each output column."""
    process = atlan.Process(
        step.key,
        name=step.name,
        description=step.description,
        connection=etl,
        # Not the resource's name, which is the default: it may change when the program is refactored.
        process_id=f"{DAG}.{step.key}",
        inputs=[reference(dataset) for dataset in step.inputs],
        outputs=[reference(step.output)],
        sql=step.sql,
        source_url=f"{GRID}?task_id={step.key}",
        certificate_status=step.certificate_status,
        owner_groups=owners,
    )
    for column, sources in step.columns.items():
        atlan.ColumnProcess(
            f"{step.key}/{column}",
            name=f"{step.name}: {column}",
            connection=etl,
            process=process,
            process_id=f"{DAG}.{step.key}/column/{column}",
            inputs=[atlan.column(source) for source in sources],
            outputs=[atlan.column(step.output.column(column))],
            sql=step.sql,
            opts=pulumi.ResourceOptions(parent=process),
        )


steps = list(read_steps(schemas(source=config.require("source"), warehouse=config.require("warehouse"))))
for step in steps:
    declare(step)

pulumi.export("connection", etl.qualified_name)
pulumi.export("processes", len(steps))
pulumi.export("column_processes", sum(len(step.columns) for step in steps))
