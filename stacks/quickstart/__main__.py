"""Declare a jaffle shop's nightly pipeline: one Process per step, and one ColumnProcess per column.

The tables exist in Atlan, since a crawler found them. This stack declares the connection and the lineage.
"""

from __future__ import annotations

import pulumi
from pipeline import Dataset, Step, read_steps, schemas

import atlan_pulumi as atlan

DAG = "https://airflow.example.com/dags/jaffle_shop/grid"

config = pulumi.Config()

etl = atlan.Connection(
    "etl",
    name="jaffle-shop-etl",
    connector="airflow",
    # Set explicitly, and not from the clock at creation: a preview knows every name that depends on it,
    # and a stack that is recreated gets the same names.
    qualified_name=config.require("etl"),
    admin_roles=["$admin"],
    description="The nightly pipeline: application → raw → staging → marts.",
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
        inputs=[reference(dataset) for dataset in step.inputs],
        outputs=[reference(step.output)],
        sql=step.sql,
        source_url=f"{DAG}?task_id={step.key}",
        certificate_status=step.certificate_status,
    )
    for column, sources in step.columns.items():
        atlan.ColumnProcess(
            f"{step.key}/{column}",
            name=f"{step.name}: {column}",
            connection=etl,
            process=process,
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
