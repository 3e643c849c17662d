"""Atlan's present lineage downstream of what some edges read, in few requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.leaks import is_redacted
from atlan_pulumi.lifecycle import EntityKey, is_guid, is_live
from atlan_pulumi.lifecycle import look_up as look_up_named
from atlan_pulumi.naming import asset_path, flat

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity, Reference
    from atlan_pulumi.review._atlan import Atlan

#: So many assets are walked to at most.
MOST = 10_000


class ColumnOfJob(NamedTuple):
    """What tells a column process of an `OpenLineageJob`: its name is Atlan's own.

    Attributes:
        process: The qualifiedName of the Process that it hangs on.
        target: The path of the column that it writes (`Asset.path`).
    """

    process: str
    target: str


Key = EntityKey | ColumnOfJob
"""What tells a process or a column process."""


class Flow(NamedTuple):
    """What a process reads and writes, by the names of the assets."""

    inputs: frozenset[str]
    outputs: frozenset[str]


class Present:
    """Atlan's present lineage, as far as it was looked up.

    Attributes:
        flows: The live processes, by GUID.
        gone: The GUIDs of those that the plan removes or changes so that something may be lost.
        made: What the plan adds, or leaves of what it changes.
        seen: The assets that the walk came to.
        cut: Whether it ended since there were too many.
    """

    def __init__(self, atlan: Atlan, made: Sequence[Edge]) -> None:
        self._client = atlan.asked
        self._atlan = atlan
        self._made = made
        self._guids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._by_path: dict[str, set[str]] = defaultdict(set)
        self.flows: dict[str, Flow] = {}
        self.gone: dict[Key, str] = {}
        self.seen: set[str] = set()
        self.cut = False

    @property
    def made(self) -> list[Flow]:
        """What the plan adds, in the terms of what was looked up."""
        sides = ((edge.inputs, edge.outputs) for edge in self._made)
        return [Flow(*(frozenset(map(self._name_of, side)) for side in pair)) for pair in sides]

    def flow_of(self, edge: Edge) -> Flow | None:
        """What an edge reads and writes in Atlan; None where it is not there."""
        key = asked_by(edge)
        guid = self.gone.get(key) if key else None
        return self.flows[guid] if guid else None

    def begin(self, edges: Iterable[Edge]) -> set[str]:
        """Look up the processes that go; answers what they read."""
        keys = {key for edge in edges if (key := asked_by(edge))}
        named = {key for key in keys if isinstance(key, EntityKey)}
        jobs = {EntityKey("Process", key.process) for key in keys if isinstance(key, ColumnOfJob)}
        found = self._atlan.entities(named | jobs)
        there = {key: entity for key, entity in found.items() if is_live(entity)}
        of_jobs = self._columns([there[job] for job in sorted(jobs & {*there})])
        for key, entity in ({key: there[key] for key in named & {*there}} | of_jobs).items():
            self._take(entity)
            if key in keys:
                self.gone[key] = str(entity.guid)
        return {name for guid in self.gone.values() for name in self.flows[guid].inputs}

    def _columns(self, jobs: Iterable[Entity]) -> dict[Key, Entity]:
        """The column processes of some jobs."""
        above = {
            child.guid: job.qualified_name
            for job in jobs
            for child in job.related("columnProcesses", drop_archived=True)
            if child.guid
        }
        found = self._client.entities.get_many(sorted(above))
        live = ((above[guid], entity) for guid, entity in found.items() if is_live(entity))
        return {
            ColumnOfJob(job, _path(target.qualified_name or "")): entity
            for job, entity in live
            for target in entity.related("outputs", drop_archived=True)
        }

    def step(self, frontier: set[str]) -> set[str]:
        """Look up what reads some assets; answers the assets that are made of them."""
        self.seen |= frontier
        waiting = {
            reference.guid
            for asset in self._assets(sorted(frontier))
            for reference in asset.related("inputToProcesses", drop_archived=True)
            if reference.guid and reference.guid not in self.flows
        }
        for entity in self._client.entities.get_many(sorted(waiting)).values():
            if is_live(entity):
                self._take(entity)
        flows = (flow for flow in (*self.flows.values(), *self.made) if not flow.inputs.isdisjoint(frontier))
        return {name for flow in flows for name in flow.outputs} - self.seen

    def _assets(self, names: Sequence[str]) -> list[Entity]:
        guids = [self._guids.get(name, name) for name in names if name in self._guids or is_guid(name)]
        others = [name for name in names if name not in self._guids and name in self._types]
        keys = [EntityKey(self._types[name], name) for name in others]
        named = look_up_named(self._client, keys, relationships=True)
        found = [*self._client.entities.get_many(guids).values(), *named.values()]
        return [entity for entity in found if is_live(entity)]

    def _take(self, process: Entity) -> None:
        sides = (process.related(side, drop_archived=True) for side in ("inputs", "outputs"))
        self.flows[str(process.guid)] = Flow(*(frozenset(map(self._known, side)) for side in sides))

    def _known(self, reference: Reference) -> str:
        """The name of an asset of Atlan's; where it was shown without, its GUID."""
        name = self._atlan.redaction.text(reference.qualified_name or reference.guid or "")
        self._types[name] = reference.type_name
        if reference.guid:
            self._guids[name] = reference.guid
            self._names[reference.guid] = name
        if reference.qualified_name:
            self._by_path[_path(name)].add(name)
        return name

    def _name_of(self, asset: Asset) -> str:
        """The name that Atlan has for what the plan names; a dataset goes by its path, if that is one's."""
        if asset.namespace:
            found = self._by_path.get(flat(asset.path), set())
            return next(iter(found)) if len(found) == 1 else asset.name
        if is_guid(asset.name):
            return self._names.get(asset.name, asset.name)
        self._types.setdefault(asset.name, asset.type_name)
        return asset.name


def look_up(atlan: Atlan, gone: Sequence[Edge], made: Sequence[Edge], depth: int) -> Present:
    """Walk downstream from what some edges read: two requests a hundred entities and level.

    Args:
        atlan: The tenant, with what was looked up of what goes.
        gone: The edges that are removed or changed.
        made: The edges that are added, or what changed ones become.
        depth: How many assets deep.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    present = Present(atlan, made)
    frontier = present.begin(gone)
    for _ in range(depth):
        if len(present.seen) + len(frontier) > MOST:
            present.cut = True
        if not frontier or present.cut:
            break
        frontier = present.step(frontier)
    return present


def key_of(edge: Edge) -> Key | None:
    """What tells an edge in Atlan; None where that is not known."""
    if edge.qualified_name:
        return EntityKey(edge.type_name, edge.qualified_name)
    if edge.is_column_process and edge.process and edge.outputs:
        return ColumnOfJob(edge.process.name, flat(edge.outputs[0].path))
    return None


def asked_by(edge: Edge) -> Key | None:
    """Return what an edge can be looked up by; None where its name is not known, or holds a secret."""
    key = key_of(edge)
    return None if key and any(map(is_redacted, key)) else key


def _path(qualified_name: str) -> str:
    """What the name of a dataset, or of a field of one, comes to as well."""
    return flat(asset_path(qualified_name))
