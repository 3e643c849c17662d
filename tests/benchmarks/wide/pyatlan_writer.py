"""Write the lineage of `stacks/wide` with Atlan's SDK in batches of a given size, in one process."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore")  # the SDK's own

import catalog  # noqa: E402
from pyatlan.client.asset import Batch  # noqa: E402
from pyatlan.client.atlan import AtlanClient  # noqa: E402
from pyatlan.model.assets import Column, ColumnProcess, Process, Table  # noqa: E402

HERE = catalog.CONNECTION


def process(process_id: str, values: dict[str, Any]) -> Process:
    """Return the process between two tables."""
    made = Process.creator(
        name=values["name"],
        connection_qualified_name=HERE,
        process_id=process_id,
        inputs=[Table.ref_by_qualified_name(f"{HERE}/{name}") for name in values["inputs"]],
        outputs=[Table.ref_by_qualified_name(f"{HERE}/{name}") for name in values["outputs"]],
    )
    made.sql = values["sql"]
    return made


def column_process(process_id: str, values: dict[str, Any], column: str) -> ColumnProcess:
    """Return the edge of a column."""
    source, target = (f"{HERE}/{values[side][0]}" for side in ("inputs", "outputs"))
    sources = values["columns"][column]
    return ColumnProcess.creator(
        name=f"{', '.join(sources)} -> {column}",
        connection_qualified_name=HERE,
        process_id=f"{process_id}/{column}",
        inputs=[Column.ref_by_qualified_name(f"{source}/{name}") for name in sources],
        outputs=[Column.ref_by_qualified_name(f"{target}/{column}")],
        parent=Process.ref_by_qualified_name(f"{HERE}/{process_id}"),
    )


def main() -> None:
    """Write the processes, then their column processes."""
    client = AtlanClient(base_url=os.environ["ATLAN_BASE_URL"], api_key=os.environ["ATLAN_API_KEY"])
    batch = Batch(client=client, max_size=int(sys.argv[1]))
    size = [int(os.environ[f"WIDE_{name}"]) for name in ("TABLES", "COLUMNS", "CHANGED")]
    processes = catalog.processes(*size)
    for process_id, values in processes.items():
        batch.add(process(process_id, values))
    batch.flush()
    for process_id, values in processes.items():
        for column in values["columns"]:
            batch.add(column_process(process_id, values, column))
    batch.flush()
    if batch.num_created + batch.num_updated + batch.num_restored < len(processes):
        sys.exit("the SDK wrote less than it was given")


if __name__ == "__main__":
    main()
