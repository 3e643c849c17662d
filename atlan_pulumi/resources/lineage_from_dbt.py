"""`lineage_from_dbt`: the lineage of a dbt project, as the processes of a `LineageMap`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data import Lineage, read_lineage
from atlan_pulumi.resources._file_lineage import plain_errors
from atlan_pulumi.text import counted, printable

if TYPE_CHECKING:
    from atlan_pulumi.dbt import NodeLineage, Selection

_ANY_CONNECTION = "default/dbt/0"
"""Stands for the connection of the `LineageMap`, to which the paths of tables are relative."""
_MOST = 3


def lineage_from_dbt(
    target: str | os.PathLike[str] = "target",
    *,
    select: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    default_database: str | None = None,
) -> Lineage:
    """Return the lineage of a dbt project, as `processes` of a `LineageMap` or a `ProcessSet`.

    Reads `manifest.json` and `catalog.json`, which `dbt docs generate` writes, and needs neither the
    warehouse nor Atlan. Each model and each snapshot is a process with its unique id, such as
    `model.shop.orders`. Its inputs are the tables in its compiled SQL, and those of the models, seeds,
    snapshots, and sources on which it depends; ephemeral models are part of the SQL of others. Its columns
    come from its SQL, with the columns of all tables from `catalog.json`. Without that file, they have no
    lineage, unless the `LineageMap` has `derive=True`, which looks the columns up in Atlan. What cannot be
    decided is a warning.

    An exposure is a process if its `meta` has `atlan`, with the `type_name` and the `qualified_name` of the
    asset that it feeds.

    Tables are paths below the connection, as a crawler names them: database, schema, and name, as the
    warehouse spells them. Needs the extra `dbt`.

    Args:
        target: The target folder of the dbt project, or the path of its `manifest.json`.
        select: Which nodes have processes, in dbt's syntax: `tag:nightly`, `models/marts`, `+orders`,
            `source:erp+`, `config.materialized:table`, and so on. Default: all.
        exclude: Which nodes have none, in the same syntax.
        default_database: The database of tables without one, which some adapters do not have.

    Returns:
        Process id to process.

    Raises:
        LineageDataError: A file is missing or invalid, nothing is selected, the name of a table cannot be a
            path in Atlan, or the extra `dbt` is not installed.

    Example:
        ```python
        # Part of the program
        atlan.LineageMap(
            "dbt",
            connection=warehouse,
            processes=atlan.lineage_from_dbt("../shop/target", select="tag:nightly"),
        )
        ```
    """
    with plain_errors():
        return _lineage(Path(target), select, exclude, default_database)


def _lineage(target: Path, select: Selection, exclude: Selection, default_database: str | None) -> Lineage:
    try:
        from atlan_pulumi.dbt import (  # noqa: PLC0415 - brings sqlglot
            ProjectLineage,
            no_lineage,
            read_project,
            select_nodes,
        )
    except ModuleNotFoundError as error:
        raise LineageDataError(str(error)) from None
    project = read_project(target)
    lineage = ProjectLineage(project, connection=_ANY_CONNECTION, default_database=default_database)
    found = lineage.derive(select_nodes(project, select, exclude))
    if not found:
        raise no_lineage(target)
    if not project.has_catalog:
        found = [each.without_columns() for each in found]
        pulumi.log.warn(
            f"{target} has no catalog.json, so that columns have no lineage: run `dbt docs generate`, "
            "or pass derive=True to the LineageMap"
        )
    _warn(found)
    return read_lineage({each.node.unique_id: each.process(_ANY_CONNECTION) for each in found})


def _warn(found: Iterable[NodeLineage]) -> None:
    """Warn about columns without lineage, in one line."""
    lines = [f"{each.node.unique_id}: {problem}" for each in found for problem in each.lineage.problems]
    if lines:
        more = f" (and {counted(len(lines) - _MOST, 'more problem')})" if len(lines) > _MOST else ""
        shown = "; ".join(lines[:_MOST])
        pulumi.log.warn(printable(f"columns of the dbt project have no lineage: {shown}{more}"))
