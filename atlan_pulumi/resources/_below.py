"""The column processes that hang on processes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import PartKey

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


def children_of(process: Entity | None) -> list[str]:
    """The qualifiedNames of the column processes that a process shows, which was read with relationships."""
    stubs = process.related("columnProcesses", drop_archived=True) if process else []
    return [stub.qualified_name for stub in stubs if stub.qualified_name]


def columns_below(
    client: AtlanClient, processes: Iterable[Entity], settled: Collection[PartKey]
) -> list[Entity]:
    """The live column processes of these processes, but for those of which all is known."""
    children = dict.fromkeys(child for process in processes for child in children_of(process))
    return live_columns(client, [name for name in children if PartKey("ColumnProcess", name) not in settled])


def live_columns(client: AtlanClient, names: Iterable[str]) -> list[Entity]:
    """The column processes of these names that are there: what shows them may be behind."""
    listed = list(names)
    found = client.entities.get_many_by_qualified_name("ColumnProcess", listed) if listed else {}
    return [each for each in found.values() if each.status == "ACTIVE"]
