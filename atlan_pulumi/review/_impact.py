"""What is lost downstream, in Atlan, where lineage is removed or changed.

From what such an edge reads, Atlan's present lineage is walked downstream. An asset loses lineage where it
gets data from there through the edge today, and would not get it in any way afterwards: neither through
what is left in Atlan, nor through what the plan adds. The answer is exact as far as the walk goes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import RequestError
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._present import Flow, Present, look_up

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

DEPTH = 3
_HOW = "set ATLAN_BASE_URL and ATLAN_API_KEY where the review is made"


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
    """

    edges: int = 0
    losses: tuple[Loss, ...] = ()
    depth: int = DEPTH
    note: str = ""
    asked: bool = False

    @property
    def assets(self) -> set[str]:
        """The names of all assets that lose lineage."""
        return {asset for loss in self.losses for asset in loss.assets}


class Lost(NamedTuple):
    """An edge that is removed, or that reads or writes less."""

    name: str
    edge: EdgeChange


def impact_of(
    changes: Sequence[ResourceChange], tenant: Callable[[], AtlanClient] | None, depth: int = DEPTH
) -> Impact:
    """What is lost downstream; where that cannot be told, a note that says why.

    Args:
        changes: What would be done to the resources.
        tenant: Gives the client; it is not called where nothing can be lost. None: nobody can be asked.
        depth: How many assets deep Atlan's lineage is walked; 0: not at all.
    """
    lost = list(_lost(changes))
    if not lost or depth == 0:
        return Impact(depth=depth)
    if tenant is None:
        return Impact(len(lost), depth=depth, note=f"Not looked up: {_HOW}.")
    try:
        return _asked(tenant(), changes, lost, depth)
    except RequestError as error:
        return Impact(len(lost), depth=depth, note=f"Not known, since Atlan could not be asked: {error}")


def _lost(changes: Sequence[ResourceChange]) -> Iterator[Lost]:
    for change in changes:
        for edge in change.edges:
            if edge.old and edge.old.qualified_name and _loses(edge):
                yield Lost(change.name_of(edge), edge)


def _loses(edge: EdgeChange) -> bool:
    """Whether something may lose lineage; what is not known yet is taken to stay."""
    if edge.change == "removed":
        return True
    if edge.old is None or edge.new is None or edge.new.unknown & {"inputs", "outputs"}:
        return False
    sides = ((edge.old.inputs, edge.new.inputs), (edge.old.outputs, edge.new.outputs))
    return any(set(old) - set(new) for old, new in sides)


def _asked(
    client: AtlanClient, changes: Sequence[ResourceChange], lost: Sequence[Lost], depth: int
) -> Impact:
    gone = [each.edge.old for each in lost if each.edge.old]
    made = [
        edge.new
        for change in changes
        for edge in change.edges
        if edge.new and edge.change in ("added", "changed")
    ]
    present = look_up(client, gone, made, depth)
    today = _readers(present.flows.values())
    left = [flow for guid, flow in present.flows.items() if guid not in {*present.gone.values()}]
    tomorrow = _Reach(_readers([*left, *present.made]))
    losses = []
    for each, edge in zip(lost, gone, strict=True):
        flow = present.flow_of(edge)
        if flow and (assets := _losing(flow, today, tomorrow, depth)):
            losses.append(Loss(each.name, tuple(sorted(assets))))
    losses.sort(key=lambda loss: (-len(loss.assets), loss.edge))
    return Impact(len(lost), tuple(losses), depth, _note(present), asked=True)


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
