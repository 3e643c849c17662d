"""The processes of a set whose tables or columns their SQL decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, without_resources
from atlan_pulumi.resources._sql_lineage import SqlLineage
from atlan_pulumi.resources._sql_tables import Wait
from atlan_pulumi.resources.process_forms import SIDES, TablePaths, as_list
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext, context_of


def with_derived(
    resource: AtlanResource,
    processes: Any,
    *,
    derive: SqlContext | bool | None,
    connection: AtlanResource | pulumi.Input[str],
    base: pulumi.Input[str] | None,
    wait: Wait,
    opts: pulumi.ResourceOptions | None,
    derived: list[SqlLineage],
) -> Any:
    """Return the processes of a set, with what their SQL decides.

    Args:
        resource: The set, which is not registered yet.
        processes: The processes, as the author passed them. What is derived for a mapping only.
        derive: What the names in the SQL mean; False to derive nothing.
        connection: The connection of the processes.
        base: The prefix of table paths.
        wait: What the set does about missing assets.
        opts: The options of the set.
        derived: Receives the lineage of each process whose SQL decides something.

    Raises:
        ResourceError: The extra `sql` is not installed, or a table of the context is not known.
    """
    context = context_of(derive)
    if not isinstance(processes, Mapping) or derive is False:
        return processes
    found = dict(processes)
    for process_id, data in processes.items():
        if isinstance(data, Mapping) and (missing := _missing(data, derive=bool(derive))):
            given = {side: _references(data.get(side), connection, base) for side in SIDES}
            lineage = SqlLineage(
                resource,
                process_id,
                sql=data["sql"],
                context=context,
                connection=connection,
                given=given,
                wait=wait,
                opts=opts,
            )
            derived.append(lineage)
            known = {name: without_resources(value) for name, value in data.items() if value is not None}
            found[process_id] = pulumi.Output.all(known, lineage.parts(missing)).apply(_merged)
    return found


def _missing(data: Mapping[str, Any], *, derive: bool) -> list[str]:
    """Return the properties that the SQL of a process decides."""
    sides = [side for side in SIDES if data.get(side) is None]
    if data.get("sql") is None or not (sides or derive):
        return []
    others = ("reads_own_output", "columns") if sides else ("columns",)
    return [*sides, *(name for name in others if data.get(name) is None)]


def _references(
    tables: Any, connection: AtlanResource | pulumi.Input[str], base: pulumi.Input[str] | None
) -> pulumi.Output[Any] | None:
    """Return tables as references with full names; None for tables that are to be derived."""
    if tables is None:
        return None

    def expanded(known: Any) -> list[Any]:
        paths = TablePaths(known[1] or known[0])
        return [paths.reference(each) for each in as_list(known[2])]

    every: pulumi.Output[Any] = pulumi.Output.all(qualified_name_of(connection), base, tables)
    return every.apply(expanded)


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    given, derived = parts
    return {**given, **derived}
