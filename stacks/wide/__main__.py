"""Declare ten thousand edges of column lineage with one resource. See README.md."""

from __future__ import annotations

import catalog
import pulumi

import atlan_pulumi as atlan

config = pulumi.Config()

lineage = atlan.LineageMap(
    "wide",
    connection=catalog.CONNECTION,
    processes=catalog.processes(
        config.require_int("tables"), config.require_int("columns"), config.require_int("changed")
    ),
)
