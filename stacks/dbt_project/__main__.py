"""Declare the lineage of a dbt project, as its artifacts describe it: nothing is written by hand."""

from __future__ import annotations

import pulumi

import atlan_pulumi as atlan

config = pulumi.Config()

# The warehouse's connection, found by its name: its qualifiedName differs in each tenant.
warehouse = atlan.get_connection(connector="postgres", name=config.require("connection"))

owners = [config.require("owner")]
models = atlan.lineage_from_dbt(config.require("target"), select=config.get("select"))

atlan.LineageMap(
    "shop",
    connection=warehouse,
    processes={name: {**model, "owner_groups": owners} for name, model in models.items()},
    missing_assets="partial",  # a new model is deployed before the crawler has found its table
)
