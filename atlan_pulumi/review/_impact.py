"""What is lost downstream, in Atlan, where lineage is removed or changed.

From what such an edge reads, Atlan's present lineage is walked downstream. An asset loses lineage where it
gets data from there through the edge today, and would not get it in any way afterwards: neither through
what is left in Atlan, nor through what the plan adds. The answer is exact as far as the walk goes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from atlan_pulumi.declared import Edge
from atlan_pulumi.errors import RequestError
from atlan_pulumi.lifecycle import EntityKey
from atlan_pulumi.review._atlan import Atlan, not_asked
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import EdgeChange
from atlan_pulumi.review._downstream import ColumnOfJob, Flow, Present, asked_by, look_up

_SIDES = frozenset({"inputs", "outputs"})
DEPTH = 3


def loses(edge: EdgeChange) -> bool:
    """Whether something may lose lineage. A side that is not known yet is taken to stay."""
    if edge.change == "removed" or edge.old is None or edge.new is None:
        return edge.change == "removed"
    known = _SIDES - edge.new.unknown
    return any(set(getattr(edge.old, side)) - set(getattr(edge.new, side)) for side in known)


def unseen(change: ResourceChange) -> int:
    """How many edges of a resource that may cost lineage cannot be looked at, or not as a whole.

    Of those that are not known at all nobody knows how many there are: they count as one.
    """
    if change.operation == "create":
        return sum(map(_is_open, change.edges))  # of those that another resource declares now
    if change.kept or change.operation not in ("update", "replace", "delete"):
        return 0
    if not change.readable:
        return 1
    known = sum(map(_is_open, change.edges))
    if change.whole or change.old is None:
        return known
    compared = sum(edge.old is not None and not edge.former for edge in change.edges)
    return known + len(change.old.edges) - compared + (not change.old.whole)


def _is_open(edge: EdgeChange) -> bool:
    if edge.old is None or edge.change == "same":
        return False
    if asked_by(edge.old) is None:
        return loses(edge)
    return edge.new is not None and bool(edge.new.unknown & _SIDES)


@dataclass(frozen=True)
class Loss:
    """What an edge costs that is removed or changed.

    Attributes:
        edge: What it is called.
        assets: The names of the assets that lose lineage.
    """

    edge: str
    assets: tuple[str, ...]


@dataclass(frozen=True)
class Impact:
    """What is lost downstream.

    Attributes:
        edges: How many edges were looked at.
        losses: Those that cost something, the most expensive first.
        depth: How many assets deep Atlan's lineage was walked.
        note: Why it is not known, or not all of it; empty where it is.
        asked: Whether Atlan was asked, and answered.
        open: How many edges could not be looked at, or not as a whole.
        sure: Whether there can be nothing besides: all was looked at.
    """

    edges: int = 0
    losses: tuple[Loss, ...] = ()
    depth: int = DEPTH
    note: str = ""
    asked: bool = False
    open: int = 0
    sure: bool = True

    @property
    def assets(self) -> set[str]:
        """The names of all assets that lose lineage."""
        return {asset for loss in self.losses for asset in loss.assets}


class Lost(NamedTuple):
    """An edge that is removed, or that reads or writes less."""

    name: str
    edge: EdgeChange


def impact_of(changes: Sequence[ResourceChange], atlan: Atlan, depth: int = DEPTH) -> Impact:
    """What is lost downstream; where that cannot be told, a note that says why.

    Args:
        changes: What would be done to the resources.
        atlan: What was looked up of what goes.
        depth: How many assets deep Atlan's lineage is walked; 0: not at all.
    """
    if depth == 0:
        return Impact(depth=depth)
    lost = list(_lost(changes))
    found = _looked_up(changes, lost, atlan, depth) if lost else Impact(depth=depth)
    left = sum(map(unseen, changes))
    sure = found.sure and not left and not any(change.purges for change in changes)
    note = " ".join(filter(None, [found.note, *_notes(changes, left)]))
    return replace(found, open=left, sure=sure, note=note)


def names_of(changes: Sequence[ResourceChange]) -> Iterator[EntityKey]:
    """Return the names under which Atlan has what may cost lineage."""
    for lost in _lost(changes):
        key = asked_by(lost.edge.old) if lost.edge.old else None
        if key is not None:
            yield EntityKey("Process", key.process) if isinstance(key, ColumnOfJob) else key


def _looked_up(changes: Sequence[ResourceChange], lost: Sequence[Lost], atlan: Atlan, depth: int) -> Impact:
    if atlan.client is None:
        return Impact(len(lost), depth=depth, note=atlan.note)
    try:
        return _asked(atlan, changes, lost, depth)
    except RequestError as error:
        return Impact(len(lost), depth=depth, note=not_asked(error, atlan.redaction))


def _notes(changes: Sequence[ResourceChange], left: int) -> Iterator[str]:
    """What is not counted."""
    if left:
        yield f"Not looked at as a whole: {left:,} (not known yet, or secret)."
    if any(change.purges for change in changes):
        yield "What goes along because of force_destroy is not counted."
    if any(change.kept for change in changes):
        yield "What stays in Atlan (retain_on_delete) costs nothing."


def _lost(changes: Sequence[ResourceChange]) -> Iterator[Lost]:
    for change in changes:
        for edge in change.edges:
            if edge.old and asked_by(edge.old) and loses(edge):
                yield Lost(change.name_of(edge), edge)


def _asked(atlan: Atlan, changes: Sequence[ResourceChange], lost: Sequence[Lost], depth: int) -> Impact:
    gone = [each.edge.old for each in lost if each.edge.old]
    present = look_up(atlan, gone, list(_made(changes)), depth)
    today = _readers(present.flows.values())
    left = [flow for guid, flow in present.flows.items() if guid not in {*present.gone.values()}]
    tomorrow = _Reach(_readers([*left, *present.made]))
    losses = []
    for each, edge in zip(lost, gone, strict=True):
        flow = present.flow_of(edge)
        if flow and (assets := _losing(flow, today, tomorrow, depth)):
            losses.append(Loss(each.name, tuple(sorted(assets))))
    losses.sort(key=lambda loss: (-len(loss.assets), loss.edge))
    return Impact(len(lost), tuple(losses), depth, _note(present), asked=True, sure=not present.cut)


def _made(changes: Sequence[ResourceChange]) -> Iterator[Edge]:
    """What is added, and what becomes of what changes: of a side that is not known yet, all of it stays."""
    for edge in (edge for change in changes for edge in change.edges):
        if edge.new and edge.change in ("added", "changed"):
            was = edge.old or edge.new
            inputs = was.inputs if "inputs" in edge.new.unknown else ()
            outputs = was.outputs if "outputs" in edge.new.unknown else ()
            yield replace(edge.new, inputs=(*edge.new.inputs, *inputs), outputs=(*edge.new.outputs, *outputs))


def _note(present: Present) -> str:
    if not present.cut:
        return ""
    return f"There may be more: Atlan's lineage was walked to {len(present.seen):,} assets and no further."


def _losing(flow: Flow, today: Mapping[str, set[str]], tomorrow: _Reach, depth: int) -> set[str]:
    """The assets that get data through a process from what it reads, and will not get it from there."""
    through = _within(flow.outputs, today, depth - 1)
    return {asset for source in flow.inputs for asset in through - tomorrow.of(source) - {source}}


def _readers(flows: Iterable[Flow]) -> dict[str, set[str]]:
    """The assets that are made of each asset."""
    readers: dict[str, set[str]] = {}
    for flow in flows:
        for source in flow.inputs:
            readers.setdefault(source, set()).update(flow.outputs)
    return readers


def _within(starts: Collection[str], readers: Mapping[str, set[str]], hops: float) -> set[str]:
    """What is reached from some assets, these among it, in so many hops."""
    seen, waiting = set(starts), deque((start, 0) for start in starts)
    while waiting:
        asset, gone = waiting.popleft()
        if gone < hops:
            new = readers.get(asset, set()) - seen
            seen |= new
            waiting.extend((each, gone + 1) for each in new)
    return seen


class _Reach:
    """What is reached from an asset, found out once for each."""

    def __init__(self, readers: Mapping[str, set[str]]) -> None:
        self._readers = readers
        self._known: dict[str, set[str]] = {}

    def of(self, source: str) -> set[str]:
        if source not in self._known:
            self._known[source] = _within(self._readers.get(source, set()), self._readers, float("inf"))
        return self._known[source]
