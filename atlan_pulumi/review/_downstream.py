"""Walk Atlan's current lineage downstream of some edges, with few requests.

The writers of some assets can be looked up as well, since these may have sources that the walk does not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.leaks import is_redacted
from atlan_pulumi.lifecycle import EntityKey, is_guid, is_live, look_up_entities
from atlan_pulumi.naming import asset_path, normalize_path

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity, Reference
    from atlan_pulumi.review._atlan import AtlanLookup

#: The maximum number of assets that a walk visits.
MAX_ASSETS = 10_000


class JobColumn(NamedTuple):
    """The key of a column process of an `OpenLineageJob`, whose qualifiedName only Atlan knows.

    Attributes:
        process: The qualifiedName of its Process.
        target: The path of its output column (`Asset.path`).
    """

    process: str
    target: str


LookupKey = EntityKey | JobColumn
"""The key of a process or column process."""


class Flow(NamedTuple):
    """The inputs and outputs of a process, by the names of the assets."""

    inputs: frozenset[str]
    outputs: frozenset[str]


class CurrentLineage:
    """Atlan's current lineage, as far as it was looked up.

    Attributes:
        flows: The live processes, by GUID.
        gone: The GUIDs of the processes that the plan removes or changes with a possible loss.
        made: The flows that the plan adds or keeps.
        seen: The assets that the walk reached.
        truncated: Whether the walk stopped because there were too many assets.
    """

    def __init__(self, atlan: AtlanLookup, made: Sequence[Edge]) -> None:
        self._client = atlan.required_client
        self._atlan = atlan
        self._made = made
        self._guids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._writers: dict[str, set[str]] = {}
        self._by_path: dict[str, set[str]] = defaultdict(set)
        self.flows: dict[str, Flow] = {}
        self.gone: dict[LookupKey, str] = {}
        self.seen: set[str] = set()
        self.truncated = False

    @property
    def made(self) -> list[Flow]:
        """The flows that the plan adds, with the names of the looked-up assets."""
        sides = ((edge.inputs, edge.outputs) for edge in self._made)
        return [Flow(*(frozenset(map(self._name_of, side)) for side in pair)) for pair in sides]

    @property
    def remaining(self) -> list[Flow]:
        """The flows after the plan: those in Atlan that the plan leaves, and those that it adds."""
        gone = {*self.gone.values()}
        return [*(flow for guid, flow in self.flows.items() if guid not in gone), *self.made]

    def type_of(self, name: str) -> str:
        """Return the typeName of an asset, by its name; empty if it is unknown."""
        return self._types.get(name, "")

    def flow_of(self, edge: Edge) -> Flow | None:
        """Return the flow of an edge in Atlan; None if it does not exist there."""
        key = lookup_key(edge)
        guid = self.gone.get(key) if key else None
        return self.flows[guid] if guid else None

    def begin(self, edges: Iterable[Edge]) -> set[str]:
        """Look up the removed or changed processes, and return their inputs."""
        keys = {key for edge in edges if (key := lookup_key(edge))}
        named = {key for key in keys if isinstance(key, EntityKey)}
        jobs = {EntityKey("Process", key.process) for key in keys if isinstance(key, JobColumn)}
        found = self._atlan.entities(named | jobs)
        there = {key: entity for key, entity in found.items() if is_live(entity)}
        of_jobs = self._columns([there[job] for job in sorted(jobs & {*there})])
        for key, entity in ({key: there[key] for key in named & {*there}} | of_jobs).items():
            self._add_process(entity)
            if key in keys:
                self.gone[key] = str(entity.guid)
        return {name for guid in self.gone.values() for name in self.flows[guid].inputs}

    def _columns(self, jobs: Iterable[Entity]) -> dict[LookupKey, Entity]:
        """Return the column processes of jobs."""
        above = {
            child.guid: job.qualified_name
            for job in jobs
            for child in job.related("columnProcesses", drop_archived=True)
            if child.guid
        }
        found = self._client.entities.get_many(sorted(above))
        live = ((above[guid], entity) for guid, entity in found.items() if is_live(entity))
        return {
            JobColumn(job, _flat_path(target.qualified_name or "")): entity
            for job, entity in live
            for target in entity.related("outputs", drop_archived=True)
        }

    def step(self, frontier: set[str]) -> set[str]:
        """Look up the processes that read some assets, and return their outputs."""
        self.seen |= frontier
        waiting = {
            reference.guid
            for asset in self._assets(sorted(frontier))
            for reference in asset.related("inputToProcesses", drop_archived=True)
            if reference.guid
        }
        self._add_processes(waiting)
        flows = (flow for flow in (*self.flows.values(), *self.made) if not flow.inputs.isdisjoint(frontier))
        return {name for flow in flows for name in flow.outputs} - self.seen

    def add_writers(self, names: Collection[str]) -> None:
        """Look up all processes that write some assets, a hundred entities per request."""
        if len(names) > MAX_ASSETS:
            self.truncated = True
            return
        self._assets(sorted(name for name in names if name not in self._writers))
        self._add_processes({guid for name in names for guid in self._writers.get(name, ())})

    def _add_processes(self, guids: Collection[str]) -> None:
        """Look up the live processes of these GUIDs that are not known yet."""
        new = sorted(guid for guid in guids if guid not in self.flows)
        for entity in self._client.entities.get_many(new).values():
            if is_live(entity):
                self._add_process(entity)

    def _assets(self, names: Sequence[str]) -> list[Entity]:
        """Look up assets, and remember the processes that write them."""
        guids = [self._guids.get(name, name) for name in names if name in self._guids or is_guid(name)]
        others = [name for name in names if name not in self._guids and name in self._types]
        keys = [EntityKey(self._types[name], name) for name in others]
        named = look_up_entities(self._client, keys, relationships=True)
        found = [*self._client.entities.get_many(guids).values(), *named.values()]
        live = [entity for entity in found if is_live(entity)]
        for entity in live:
            writers = entity.related("outputFromProcesses", drop_archived=True)
            self._writers[self._own_name(entity)] = {each.guid for each in writers if each.guid}
        return live

    def _own_name(self, entity: Entity | Reference) -> str:
        """Return the name of an asset in Atlan, or its GUID if it has no name."""
        return self._atlan.redaction.text(entity.qualified_name or entity.guid or "")

    def _add_process(self, process: Entity) -> None:
        sides = (process.related(side, drop_archived=True) for side in ("inputs", "outputs"))
        self.flows[str(process.guid)] = Flow(*(frozenset(map(self._register, side)) for side in sides))

    def _register(self, reference: Reference) -> str:
        """Remember an asset in Atlan, and return its name."""
        name = self._own_name(reference)
        self._types[name] = reference.type_name
        if reference.guid:
            self._guids[name] = reference.guid
            self._names[reference.guid] = name
        if reference.qualified_name:
            self._by_path[_flat_path(name)].add(name)
        return name

    def _name_of(self, asset: Asset) -> str:
        """Return Atlan's name of an asset in the plan. A dataset is found by its path, if that is unique."""
        if asset.namespace:
            found = self._by_path.get(normalize_path(asset.path), set())
            return next(iter(found)) if len(found) == 1 else asset.name
        if is_guid(asset.name):
            return self._names.get(asset.name, asset.name)
        self._types.setdefault(asset.name, asset.type_name)
        return asset.name


def walk_downstream(
    atlan: AtlanLookup, gone: Sequence[Edge], made: Sequence[Edge], depth: int
) -> CurrentLineage:
    """Walk downstream from the inputs of some edges, with two requests per level and hundred entities.

    Args:
        atlan: The tenant, with the entities that were looked up.
        gone: The edges that are removed or changed.
        made: The edges that are added, and the new versions of changed ones.
        depth: The number of levels.

    Raises:
        RequestError: Atlan refused the request or cannot be reached.
    """
    lineage = CurrentLineage(atlan, made)
    frontier = lineage.begin(gone)
    for _ in range(depth):
        if len(lineage.seen) + len(frontier) > MAX_ASSETS:
            lineage.truncated = True
        if not frontier or lineage.truncated:
            break
        frontier = lineage.step(frontier)
    return lineage


def edge_key(edge: Edge) -> LookupKey | None:
    """Return the key of an edge in Atlan; None if it is unknown."""
    if edge.qualified_name:
        return EntityKey(edge.type_name, edge.qualified_name)
    if edge.is_column_process and edge.process and edge.outputs:
        return JobColumn(edge.process.name, normalize_path(edge.outputs[0].path))
    return None


def lookup_key(edge: Edge) -> LookupKey | None:
    """Return the key for a lookup; None if the name is unknown or contains a secret."""
    key = edge_key(edge)
    return None if key and any(map(is_redacted, key)) else key


def _flat_path(qualified_name: str) -> str:
    """Return the path of a name in the form in which names of datasets and fields are compared."""
    return normalize_path(asset_path(qualified_name))
