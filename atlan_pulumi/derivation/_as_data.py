"""Derived lineage as the plain data of a `LineageMap`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from atlan_pulumi.derivation._derive import CatalogLineage
from atlan_pulumi.derivation._tables import CatalogTable


def as_process(lineage: CatalogLineage, connection: str) -> dict[str, Any]:
    """Return the lineage of a process of a `LineageMap`: tables as paths, columns in short form.

    Args:
        lineage: The lineage.
        connection: The connection of the `LineageMap`, to which paths are relative.
    """
    process: dict[str, Any] = {
        "inputs": _tables(lineage.inputs, connection),
        "outputs": _tables(lineage.outputs, connection),
    }
    if {*lineage.inputs} & {*lineage.outputs}:
        process["reads_own_output"] = True
    columns = {
        _column(target, lineage.outputs, connection): [
            _column(each, lineage.inputs, connection) for each in sources
        ]
        for target, sources in lineage.columns.items()
    }
    if columns:
        process["columns"] = {target: _one_or_many(columns[target]) for target in sorted(columns)}
    return process


def _tables(tables: Iterable[CatalogTable], connection: str) -> Any:
    return _one_or_many([_table(each, connection) for each in tables])


def _table(table: CatalogTable, connection: str) -> Any:
    path = table.qualified_name.removeprefix(f"{connection}/")
    return path if table.type_name == "Table" else {"type_name": table.type_name, "qualified_name": path}


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _column(name: str, tables: Sequence[CatalogTable], connection: str) -> str:
    """Return the column alone if its side has one table, otherwise with the table's path."""
    only = f"{tables[0].qualified_name}/"
    return name.removeprefix(only if len(tables) == 1 else f"{connection}/")
