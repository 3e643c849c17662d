"""From what was asked for to the names of the entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.importer._errors import ImporterError
from atlan_pulumi.importer._kinds import Kind
from atlan_pulumi.importer._progress import Progress
from atlan_pulumi.importer._selection import Selection
from atlan_pulumi.lifecycle import did_you_mean

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_SIDES = ("inputToProcesses", "outputFromProcesses")


class Found(NamedTuple):
    """An entity by its names; it may be of a type that no resource makes."""

    type_name: str
    qualified_name: str


def find(client: AtlanClient, selection: Selection, edges: Sequence[Kind], progress: Progress) -> list[Found]:
    """What a selection asks for, each once.

    Args:
        client: The tenant.
        selection: What is asked for.
        edges: The kinds of edges that can be imported.
        progress: Is told how many were found.

    Raises:
        ImporterError: A connection, process or asset that was named does not exist.
        AtlanRequestError: There is no usable answer.
    """
    connections = _connections(client, selection)
    named_ones = _named_processes(client, selection, [kind.type_name for kind in edges])
    below = [kind.type_name for kind in edges if kind.is_below]
    types = [kind.type_name for kind in edges if selection.columns or not kind.is_below]
    narrowing: list[dict[Found, None]] = []  # ordered sets
    if selection.connections or selection.name_prefix:
        narrowing.append(dict.fromkeys(_searched(client, selection, types, progress)))
    if selection.assets:
        narrowing.append(dict.fromkeys(_around_assets(client, selection.assets)))
    first, *others = narrowing or [{}]
    selected = [one for one in first if all(one in other for other in others)]
    if not selection.columns:
        selected = [one for one in selected if one.type_name not in below]
    return list(dict.fromkeys([*connections, *selected, *named_ones]))


def _connections(client: AtlanClient, selection: Selection) -> list[Found]:
    """The connections themselves, where all that lies in them is asked for."""
    known = client.entities.get_many_by_qualified_name("Connection", selection.connections)
    for name in selection.connections:
        if name not in known:
            raise ImporterError(f"Atlan has no connection {name!r}{_near(client, name)}")
        if known[name].status != "ACTIVE":
            raise ImporterError(f"the connection {name!r} is archived in Atlan: restore it first")
    wanted = selection.with_connections and not selection.narrowed
    return [Found("Connection", name) for name in selection.connections] if wanted else []


def _near(client: AtlanClient, name: str) -> str:
    every = client.search.live({"term": {"__typeName.keyword": "Connection"}}, attributes=["qualifiedName"])
    return did_you_mean(name, [entity.qualified_name for entity in every])


def _searched(
    client: AtlanClient, selection: Selection, types: Sequence[str], progress: Progress
) -> list[Found]:
    found = []
    for entity in client.search.live(*selection.conditions(types), attributes=["qualifiedName"]):
        found.append(Found(entity.type_name, entity.qualified_name))
        progress("Searching", len(found), None)
    return found


def _around_assets(client: AtlanClient, qualified_names: Sequence[str]) -> list[Found]:
    """The edges that read or write the assets."""
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    named = {"terms": {"qualifiedName": list(qualified_names)}}
    for entity in client.search.live(named, attributes=["qualifiedName"]):
        by_type[entity.type_name].append(entity.qualified_name)
    _all_there(qualified_names, {name for names in by_type.values() for name in names})
    assets = [
        asset
        for type_name, names in by_type.items()
        for asset in client.entities.get_many_by_qualified_name(type_name, names).values()
    ]
    edges = [edge for asset in assets for side in _SIDES for edge in asset.related(side, drop_archived=True)]
    return [Found(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name]


def _all_there(wanted: Iterable[str], there: Iterable[str]) -> None:
    for name in wanted:
        if name not in there:
            raise ImporterError(f"Atlan has no asset {name!r}: give its whole qualifiedName (case matters)")


def _named_processes(client: AtlanClient, selection: Selection, types: Sequence[str]) -> list[Found]:
    """Those that are named outright; a process and a column process may share a name."""
    found = [
        Found(type_name, name)
        for type_name in types
        for name, entity in client.entities.get_many_by_qualified_name(type_name, selection.processes).items()
        if entity.status == "ACTIVE"
    ]
    there = {name for _, name in found}
    for name in selection.processes:
        if name not in there:
            raise ImporterError(
                f"Atlan has no live process {name!r}: give its whole qualifiedName (case matters)"
            )
    return found
