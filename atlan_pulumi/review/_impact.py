"""Find the assets downstream that lose lineage when edges are removed or changed.

Atlan's current lineage is walked downstream from the inputs of each such edge. An asset loses a source if it
gets data from there through the edge today, and will not get it in any other way afterwards: neither through
the remaining lineage in Atlan, nor through edges that the plan adds. It loses its lineage if no other source
remains: no asset that loses nothing reaches it. The result is exact to the depth of the walk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from atlan_pulumi.declared import Edge
from atlan_pulumi.errors import RequestError
from atlan_pulumi.lifecycle import EntityKey
from atlan_pulumi.review._atlan import AtlanLookup, lookup_error
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import EdgeChange
from atlan_pulumi.review._downstream import CurrentLineage, Flow, JobColumn, lookup_key, walk_downstream
from atlan_pulumi.text import counted

_SIDES = frozenset({"inputs", "outputs"})
DEPTH = 3


def loses(edge: EdgeChange) -> bool:
    """Return whether an asset may lose lineage. An unknown side counts as unchanged."""
    if edge.change == "removed" or edge.old is None or edge.new is None:
        return edge.change == "removed"
    known = _SIDES - edge.new.unknown
    return any(set(getattr(edge.old, side)) - set(getattr(edge.new, side)) for side in known)


def unknown_edges(change: ResourceChange) -> int:
    """Return how many edges of a resource may cost lineage, but cannot be checked completely.

    Edges whose number is unknown count as one.
    """
    if change.operation == "create":
        return sum(map(_is_partly_unknown, change.edges))  # edges that another resource declared before
    if change.kept or change.operation not in ("update", "replace", "delete"):
        return 0
    if not change.readable:
        return 1
    known = sum(map(_is_partly_unknown, change.edges))
    if change.whole or change.old is None:
        return known
    compared = sum(edge.old is not None and not edge.former for edge in change.edges)
    return known + len(change.old.edges) - compared + (not change.old.whole)


def _is_partly_unknown(edge: EdgeChange) -> bool:
    if edge.old is None or edge.change == "same":
        return False
    if lookup_key(edge.old) is None:
        return loses(edge)
    return edge.new is not None and bool(edge.new.unknown & _SIDES)


@dataclass(frozen=True, order=True)
class LostSource:
    """An asset that loses some of its sources.

    Attributes:
        asset: Its name.
        lost: The names of the sources that it loses.
        remaining: The names of its nearest sources after the change that lose nothing themselves.
    """

    asset: str
    lost: tuple[str, ...]
    remaining: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """The loss that a removed or changed edge causes.

    Attributes:
        edge: The name of the edge.
        assets: The names of the assets that lose their lineage.
        partly: The assets that lose a source but have others.
    """

    edge: str
    assets: tuple[str, ...]
    partly: tuple[LostSource, ...] = ()


@dataclass(frozen=True)
class Impact:
    """The loss of lineage downstream.

    Attributes:
        edges: The number of checked edges.
        losses: The edges that cause a loss, the largest loss first.
        depth: The number of levels that were walked.
        note: The reason if the result is unknown or incomplete; empty otherwise.
        asked: Whether Atlan was asked, and responded.
        open: The number of edges that could not be checked completely.
        sure: Whether no other asset can lose lineage.
        types: Atlan's typeName of each asset that loses anything, such as `Table`.
    """

    edges: int = 0
    losses: tuple[Loss, ...] = ()
    depth: int = DEPTH
    note: str = ""
    asked: bool = False
    open: int = 0
    sure: bool = True
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def assets(self) -> set[str]:
        """The names of all assets that lose their lineage."""
        return {asset for loss in self.losses for asset in loss.assets}

    @property
    def partly(self) -> set[str]:
        """The names of all assets that lose a source but have others."""
        return {each.asset for loss in self.losses for each in loss.partly}

    @property
    def names(self) -> set[str]:
        """All names in the losses."""
        sources = (each for loss in self.losses for each in loss.partly)
        return self.assets.union(*((each.asset, *each.lost, *each.remaining) for each in sources))


class LostEdge(NamedTuple):
    """An edge that is removed, or that loses inputs or outputs."""

    name: str
    edge: EdgeChange


def impact_of(changes: Sequence[ResourceChange], atlan: AtlanLookup, depth: int = DEPTH) -> Impact:
    """Return the loss of lineage downstream, or a note if it cannot be determined.

    Args:
        changes: The changes of the resources.
        atlan: The entities that were looked up.
        depth: The number of levels to walk; 0 to walk nothing.
    """
    if depth == 0:
        return Impact(depth=depth)
    lost = list(_lost_edges(changes))
    found = _find_losses(changes, lost, atlan, depth) if lost else Impact(depth=depth)
    left = sum(map(unknown_edges, changes))
    sure = found.sure and not left and not any(change.purges for change in changes)
    note = " ".join(filter(None, [found.note, *_notes(changes, left)]))
    return replace(found, open=left, sure=sure, note=note)


def entity_keys(changes: Sequence[ResourceChange]) -> Iterator[EntityKey]:
    """Yield the keys of the entities in Atlan whose change may cost lineage."""
    for lost in _lost_edges(changes):
        key = lookup_key(lost.edge.old) if lost.edge.old else None
        if key is not None:
            yield EntityKey("Process", key.process) if isinstance(key, JobColumn) else key


def _find_losses(
    changes: Sequence[ResourceChange], lost: Sequence[LostEdge], atlan: AtlanLookup, depth: int
) -> Impact:
    if atlan.client is None:
        return Impact(len(lost), depth=depth, note=atlan.note)
    try:
        return _walk(atlan, changes, lost, depth)
    except RequestError as error:
        return Impact(len(lost), depth=depth, note=lookup_error(error, atlan.redaction))


def _notes(changes: Sequence[ResourceChange], left: int) -> Iterator[str]:
    """Yield notes about what is not counted."""
    if left:
        yield f"Not checked completely: {counted(left, 'edge')} (unknown or secret)."
    if any(change.purges for change in changes):
        yield "Dependents that force_destroy deletes are not counted."
    if any(change.kept for change in changes):
        yield "Entities that stay in Atlan (retain_on_delete) are not counted."


def _lost_edges(changes: Sequence[ResourceChange]) -> Iterator[LostEdge]:
    for change in changes:
        for edge in change.edges:
            if edge.old and lookup_key(edge.old) and loses(edge):
                yield LostEdge(change.name_of(edge), edge)


def _walk(
    atlan: AtlanLookup, changes: Sequence[ResourceChange], lost: Sequence[LostEdge], depth: int
) -> Impact:
    gone = [each.edge.old for each in lost if each.edge.old]
    lineage = walk_downstream(atlan, gone, list(_added_edges(changes)), depth)
    today = _readers(lineage.flows.values())
    tomorrow = _Reach(_readers(lineage.remaining))
    flows = [lineage.flow_of(edge) for edge in gone]
    sources = [_lost_sources(flow, today, tomorrow, depth) if flow else {} for flow in flows]
    affected = {asset for of_one in sources for asset in of_one}
    lineage.add_writers(affected)
    remaining = _RemainingSources(lineage.remaining, affected)
    losses = [
        _loss(each.name, of_one, remaining) for each, of_one in zip(lost, sources, strict=True) if of_one
    ]
    losses.sort(key=lambda loss: (-len(loss.assets), -len(loss.partly), loss.edge))
    types = {asset: lineage.type_of(asset) for asset in sorted(affected)}
    note, sure = _note(lineage), not lineage.truncated
    return Impact(len(lost), tuple(losses), depth, note, asked=True, sure=sure, types=types)


def _loss(name: str, sources: Mapping[str, set[str]], remaining: _RemainingSources) -> Loss:
    """Return the loss of an edge, from the sources that each asset loses by it."""
    left = {asset: tuple(sorted(remaining.of(asset))) for asset in sorted(sources)}
    return Loss(
        name,
        tuple(asset for asset, others in left.items() if not others),
        tuple(
            LostSource(asset, tuple(sorted(sources[asset])), others)
            for asset, others in left.items()
            if others
        ),
    )


def _added_edges(changes: Sequence[ResourceChange]) -> Iterator[Edge]:
    """Yield the added edges, and the new versions of changed ones. An unknown side keeps its assets."""
    for edge in (edge for change in changes for edge in change.edges):
        if edge.new and edge.change in ("added", "changed"):
            was = edge.old or edge.new
            inputs = was.inputs if "inputs" in edge.new.unknown else ()
            outputs = was.outputs if "outputs" in edge.new.unknown else ()
            yield replace(edge.new, inputs=(*edge.new.inputs, *inputs), outputs=(*edge.new.outputs, *outputs))


def _note(lineage: CurrentLineage) -> str:
    if not lineage.truncated:
        return ""
    return f"There may be more: the walk of Atlan's lineage stopped after {len(lineage.seen):,} assets."


def _lost_sources(
    flow: Flow, today: Mapping[str, set[str]], tomorrow: _Reach, depth: int
) -> dict[str, set[str]]:
    """Return the inputs of a flow that each asset gets data from through it, and in no way afterwards."""
    through = _reachable(flow.outputs, today, depth - 1)
    lost: dict[str, set[str]] = {}
    for source in flow.inputs:
        for asset in through - tomorrow.of(source) - {source}:
            lost.setdefault(asset, set()).add(source)
    return lost


def _readers(flows: Iterable[Flow]) -> dict[str, set[str]]:
    """Return the assets that depend directly on each asset."""
    readers: dict[str, set[str]] = {}
    for flow in flows:
        for source in flow.inputs:
            readers.setdefault(source, set()).update(flow.outputs)
    return readers


def _reachable(starts: Collection[str], readers: Mapping[str, set[str]], hops: float) -> set[str]:
    """Return some assets, and all that are reachable from them in a number of hops."""
    seen, waiting = set(starts), deque((start, 0) for start in starts)
    while waiting:
        asset, gone = waiting.popleft()
        if gone < hops:
            new = readers.get(asset, set()) - seen
            seen |= new
            waiting.extend((each, gone + 1) for each in new)
    return seen


class _Reach:
    """The assets that are reachable from an asset, cached."""

    def __init__(self, readers: Mapping[str, set[str]]) -> None:
        self._readers = readers
        self._known: dict[str, set[str]] = {}

    def of(self, source: str) -> set[str]:
        if source not in self._known:
            self._known[source] = _reachable(self._readers.get(source, set()), self._readers, float("inf"))
        return self._known[source]


class _RemainingSources:
    """The sources that remain for assets that lose some."""

    def __init__(self, flows: Iterable[Flow], affected: set[str]) -> None:
        self._affected = affected
        self._inputs: dict[str, set[str]] = {}
        for flow in flows:
            for asset in flow.outputs & affected:
                self._inputs.setdefault(asset, set()).update(flow.inputs)

    def of(self, asset: str) -> set[str]:
        """Return the nearest assets upstream that lose nothing."""
        return _reachable({asset}, self._inputs, float("inf")) - self._affected
