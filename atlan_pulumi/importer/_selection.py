"""Select entities to import, find them, and read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer._kinds import ResourceKind
from atlan_pulumi.naming import connection_of
from atlan_pulumi.text import did_you_mean

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

Query = dict[str, Any]
#: Called with the current step, the number of finished entities, and the total (None if unknown).
Progress = Callable[[str, int, int | None], None]
_SIDES = ("inputToProcesses", "outputFromProcesses")
_AT_ONCE = 400
"""Names between two progress reports. The client splits them into requests."""


@dataclass(frozen=True)
class Selection:
    """What to import.

    `processes` are always included. If several of the other options are set, each narrows the selection.

    Attributes:
        connections: qualifiedNames of connections, whose processes are included.
        processes: qualifiedNames of processes or column processes.
        name_prefix: Prefix of process names, not case-sensitive.
        assets: qualifiedNames of assets that processes read or write.
        columns: Whether to include column processes.
        with_connections: Whether to include the `connections` themselves.
        with_assets: Whether to include assets in the `connections` that have neither the mark of a stack nor
            the id of a crawler. Those with a mark are included unless the selection is narrowed.
    """

    connections: Sequence[str] = ()
    processes: Sequence[str] = ()
    name_prefix: str = ""
    assets: Sequence[str] = ()
    columns: bool = True
    with_connections: bool = True
    with_assets: bool = False

    def __post_init__(self) -> None:
        if not (self.connections or self.processes or self.name_prefix or self.assets):
            raise ImporterError("nothing selected: set --connection, --process, --name-prefix, or --asset")
        for name in self.connections:
            if len(name.split("/")) != 3 or connection_of(name) != name or not all(name.split("/")):  # noqa: PLR2004
                example = "such as default/snowflake/1657025257"
                raise ImporterError(f"{name!r} is not a connection's qualifiedName, {example}")

    @property
    def narrowed(self) -> bool:
        """Whether only a part of the connections is selected."""
        return bool(self.name_prefix or self.assets)

    def conditions(self, type_names: Iterable[str]) -> Iterator[Query]:
        """Yield the search conditions for entities of these types and their subtypes."""
        yield any_of(_of_type(name) for name in type_names)
        if self.connections:
            yield any_of(lies_in(name) for name in self.connections)
        yield from self.named()

    def named(self) -> Iterator[Query]:
        """Yield the search condition for the names, if there is one."""
        if self.name_prefix:
            yield {"prefix": {"name.keyword": {"value": self.name_prefix, "case_insensitive": True}}}


def any_of(queries: Iterable[Query]) -> Query:
    """Return the search condition that one of several conditions holds."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _of_type(type_name: str) -> Query:
    fields = ("__typeName.keyword", "__superTypeNames.keyword")
    return any_of({"term": {field: {"value": type_name}}} for field in fields)


def lies_in(connection: str) -> Query:
    """Return the search condition for what is in a connection."""
    return {"prefix": {"qualifiedName": {"value": f"{connection}/"}}}


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Report no progress."""


class EntityName(NamedTuple):
    """The type and name of an entity, which may be of an unsupported type."""

    type_name: str
    qualified_name: str


def find_entities(
    client: AtlanClient, selection: Selection, edges: Sequence[ResourceKind], progress: Progress
) -> list[EntityName]:
    """Find the entities of a selection.

    Args:
        client: The tenant.
        selection: The selection.
        edges: The kinds of edges that can be imported.
        progress: Called with the number of entities found.

    Raises:
        ImporterError: A selected connection, process, or asset does not exist.
        AtlanRequestError: Atlan cannot be reached or refuses a request.
    """
    connections = _connections(client, selection)
    named_ones = _named_processes(client, selection, [kind.type_name for kind in edges])
    below = [kind.type_name for kind in edges if kind.is_below]
    types = [kind.type_name for kind in edges if selection.columns or not kind.is_below]
    narrowing: list[dict[EntityName, None]] = []  # ordered sets
    if selection.connections or selection.name_prefix:
        narrowing.append(dict.fromkeys(_searched(client, selection, types, progress)))
    if selection.assets:
        narrowing.append(dict.fromkeys(_around_assets(client, selection.assets)))
    first, *others = narrowing or [{}]
    selected = [one for one in first if all(one in other for other in others)]
    if not selection.columns:
        selected = [one for one in selected if one.type_name not in below]
    return list(dict.fromkeys([*connections, *selected, *named_ones]))


def _connections(client: AtlanClient, selection: Selection) -> list[EntityName]:
    """Check the selected connections, and return them if they are selected completely."""
    known = client.entities.get_many_by_qualified_name("Connection", selection.connections)
    for name in selection.connections:
        if name not in known:
            raise ImporterError(f"Atlan has no connection {name!r}{_near(client, name)}")
        if known[name].status != "ACTIVE":
            raise ImporterError(f"the connection {name!r} is archived in Atlan: restore it first")
    wanted = selection.with_connections and not selection.narrowed
    return [EntityName("Connection", name) for name in selection.connections] if wanted else []


def _near(client: AtlanClient, name: str) -> str:
    every = client.search.live({"term": {"__typeName.keyword": "Connection"}}, attributes=["qualifiedName"])
    return did_you_mean(name, [entity.qualified_name for entity in every])


def _searched(
    client: AtlanClient, selection: Selection, types: Sequence[str], progress: Progress
) -> list[EntityName]:
    found = []
    for entity in client.search.live(*selection.conditions(types), attributes=["qualifiedName"]):
        found.append(EntityName(entity.type_name, entity.qualified_name))
        progress("Searching", len(found), None)
    return found


def _around_assets(client: AtlanClient, qualified_names: Sequence[str]) -> list[EntityName]:
    """Return the edges that read or write the assets."""
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
    return [EntityName(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name]


def _all_there(wanted: Iterable[str], there: Iterable[str]) -> None:
    for name in wanted:
        if name not in there:
            raise ImporterError(f"Atlan has no asset {name!r}: use its full qualifiedName (case-sensitive)")


def _named_processes(client: AtlanClient, selection: Selection, types: Sequence[str]) -> list[EntityName]:
    """Return the selected processes. A process and a column process may have the same name."""
    found = [
        EntityName(type_name, name)
        for type_name in types
        for name, entity in client.entities.get_many_by_qualified_name(type_name, selection.processes).items()
        if entity.status == "ACTIVE"
    ]
    there = {name for _, name in found}
    for name in selection.processes:
        if name not in there:
            raise ImporterError(
                f"Atlan has no active process {name!r}: use its full qualifiedName (case-sensitive)"
            )
    return found


def read_entities(
    client: AtlanClient, found: Sequence[EntityName], below: dict[str, str], progress: Progress
) -> list[Entity]:
    """Read the active entities with these names, and their child entities.

    Args:
        client: The tenant.
        found: The entities to read.
        below: The relationship to child entities that are imported with an entity, by its typeName.
        progress: Called with the number of entities read.

    Raises:
        AtlanRequestError: Atlan cannot be reached or refuses a request.
    """
    entities: list[Entity] = []
    asked: set[EntityName] = set()
    wanted = list(dict.fromkeys(found))
    while wanted:
        there = list(_read_entities(client, wanted, len(asked), progress))
        entities += there
        asked.update(wanted)
        wanted = [child for child in _children(there, below) if child not in asked]
    return entities


def _read_entities(
    client: AtlanClient, wanted: Sequence[EntityName], before: int, progress: Progress
) -> Iterator[Entity]:
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for one in wanted:
        by_type[one.type_name].append(one.qualified_name)
    done, total = before, before + len(wanted)
    for type_name, names in by_type.items():
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            there = client.entities.get_many_by_qualified_name(type_name, part)
            yield from (entity for entity in there.values() if entity.status == "ACTIVE")
            done += len(part)
            progress("Reading", done, total)


def _children(entities: Iterable[Entity], below: dict[str, str]) -> list[EntityName]:
    edges = [
        edge
        for entity in entities
        if entity.type_name in below
        for edge in entity.related(below[entity.type_name], drop_archived=True)
    ]
    named = (EntityName(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name)
    return list(dict.fromkeys(named))
