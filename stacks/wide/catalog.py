"""Generate the lineage of a wide warehouse: each table of RAW is loaded into a table of MART.

Nothing is random: the same sizes give the same names, so that runs can be compared. As a program, this module
writes the seed catalog for a local Atlan.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

CONNECTION = "default/snowflake/1657025257"
RAW, MART = "RAW/PUBLIC", "MART/PUBLIC"
OWNER = "data-platform"
TABLES, COLUMNS = 200, 50

_SUBJECTS = ("orders", "customers", "payments", "shipments", "returns", "products", "stock", "visits")


def table(number: int) -> str:
    """Return the name of a table, in RAW and in MART."""
    return f"T{number:03}"


def column(number: int) -> str:
    """Return the name of a column, in every table."""
    return f"C{number:02}"


def processes(tables: int = TABLES, columns: int = COLUMNS, changed: int = 0) -> dict[str, dict[str, Any]]:
    """Return one process per table with one edge per column, by process id.

    Args:
        tables: Number of tables in RAW and in MART.
        columns: Number of columns per table.
        changed: Number of edges that get a second source, evenly distributed.
    """
    second = set(_spread(tables * columns, changed))
    return {f"load-{table(number).lower()}": _process(number, columns, second) for number in range(tables)}


def seed(tables: int = TABLES, columns: int = COLUMNS) -> dict[str, Any]:
    """Return the seed of a local Atlan for these processes: `atlan-pulumi local --seed`."""
    rows = [{"name": column(number), "data_type": "NUMBER"} for number in range(columns)]
    relations = [{"name": table(number), "columns": rows} for number in range(tables)]
    databases = [
        {"name": database, "schemas": [{"name": schema, "tables": relations}]}
        for database, schema in (RAW.split("/"), MART.split("/"))
    ]
    warehouse = {"name": "warehouse", "connector": "snowflake", "qualified_name": CONNECTION}
    return {"groups": [OWNER], "connections": [{**warehouse, "databases": databases}]}


def _process(number: int, columns: int, second: set[int]) -> dict[str, Any]:
    name = table(number)
    return {
        "description": f"Loads {MART}/{name} from {RAW}/{name}.",
        "owner_groups": [OWNER],
        "name": f"Load {_SUBJECTS[number % len(_SUBJECTS)]} {number:03}",
        "inputs": [f"{RAW}/{name}"],
        "outputs": [f"{MART}/{name}"],
        "sql": _sql(name, columns),
        "columns": {
            column(position): _sources(position, columns, number * columns + position in second)
            for position in range(columns)
        },
    }


def _sources(position: int, columns: int, two: bool) -> list[str]:
    return [column(position), *([column((position + 1) % columns)] if two and columns > 1 else ())]


def _sql(name: str, columns: int) -> str:
    listed = ", ".join(column(position) for position in range(columns))
    return f"insert into MART.PUBLIC.{name} ({listed}) select {listed} from RAW.PUBLIC.{name}"  # noqa: S608


def _spread(edges: int, changed: int) -> Iterator[int]:
    return (index * edges // changed for index in range(changed))


def main() -> None:
    """Write the seed to stdout."""
    import yaml  # noqa: PLC0415 - the program that imports this module needs no YAML

    parser = argparse.ArgumentParser(description="Write the catalog for `atlan-pulumi local --seed`.")
    parser.add_argument(
        "--tables", type=int, default=TABLES, help=f"tables in RAW and in MART (default: {TABLES})"
    )
    parser.add_argument(
        "--columns", type=int, default=COLUMNS, help=f"columns per table (default: {COLUMNS})"
    )
    given = parser.parse_args()
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    yaml.dump(seed(given.tables, given.columns), sys.stdout, Dumper=dumper, sort_keys=False)


if __name__ == "__main__":
    main()
