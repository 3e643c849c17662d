"""One process of `stacks/wide`, as single resources, to measure what a user of a small stack waits for."""

from __future__ import annotations

import catalog

import atlan_pulumi as atlan

RAW, MART = (f"{catalog.CONNECTION}/{schema}/{catalog.table(0)}" for schema in (catalog.RAW, catalog.MART))

load = atlan.Process(
    "load",
    name="Load",
    connection=catalog.CONNECTION,
    inputs=[atlan.table(RAW)],
    outputs=[atlan.table(MART)],
)
columns = map(catalog.column, range(catalog.COLUMNS))
atlan.ColumnLineage("columns", process=load, columns={column: column for column in columns})
