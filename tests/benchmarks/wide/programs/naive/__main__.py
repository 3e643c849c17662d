"""The lineage of `stacks/wide` with one resource per edge."""

from __future__ import annotations

import os
from typing import Any

import catalog
from naive_lineage import Edge

tables, columns, changed = (int(os.environ[f"WIDE_{name}"]) for name in ("TABLES", "COLUMNS", "CHANGED"))
here = catalog.CONNECTION


def declare(process_id: str, process: dict[str, Any]) -> None:
    source, target = (f"{here}/{process[side][0]}" for side in ("inputs", "outputs"))
    parent = Edge(
        process_id,
        {
            "type_name": "Process",
            "qualified_name": f"{here}/{process_id}",
            "name": process["name"],
            "inputs": [source],
            "outputs": [target],
            "sql": process["sql"],
        },
    )
    for column, sources in process["columns"].items():
        edge = {
            "type_name": "ColumnProcess",
            "qualified_name": f"{here}/{process_id}/{column}",
            "name": f"{', '.join(sources)} -> {column}",
            "inputs": [f"{source}/{each}" for each in sources],
            "outputs": [f"{target}/{column}"],
            "parent": parent.id,
        }
        Edge(f"{process_id}/{column}", edge)


for id_, values in catalog.processes(tables, columns, changed).items():
    declare(id_, values)
