"""Assign vertical positions to the nodes of a picture, so that links are short and rarely cross.

A part is a block: the columns of its nodes side by side, with a title on top. Blocks that share a column are
stacked, so that no box overlaps another box or a node outside it. In each round, blocks and nodes move
towards the middle of their neighbors (the barycenter method). The best round wins.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review.picture._geometry import space_out
from atlan_pulumi.review.picture._ranks import ClusterPart, Ranks

NODE = 30  # the height of a node
PITCH = 42  # the distance from the middle of one node to that of the next
TITLE = 24  # the height of the title of a box
PADDING = 12  # the distance between a box and its nodes
GAP = 20  # the distance between boxes
_TURNS = 12
_ROUNDS = 3
_EXCHANGES = 90  # the number of tries, so that a picture of many boxes takes less than a second


@dataclass
class Block:
    """The position of a part: its columns, its nodes from top to bottom in each, and its top edge.

    Its size is fixed after all its nodes are added.
    """

    part: ClusterPart
    columns: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    top: float = 0.0

    @property
    def boxed(self) -> bool:
        """Whether it has a box; a node without a cluster has none."""
        return bool(self.part[0])

    @property
    def inset(self) -> int:
        """The distance from the top edge of the block to that of its first node."""
        return TITLE + PADDING if self.boxed else 0

    @cached_property
    def height(self) -> int:
        """The height, including title and padding."""
        rows = max(len(nodes) for nodes in self.columns.values())
        return self.inset + (rows - 1) * PITCH + NODE + (PADDING if self.boxed else 0)

    @cached_property
    def span(self) -> range:
        """All columns from the first to the last one."""
        return range(min(self.columns), max(self.columns) + 1)


@dataclass(frozen=True)
class _Snapshot:
    """The positions, and their cost."""

    cost: float
    middle: dict[str, float]
    tops: dict[ClusterPart, float]

    def rank(self) -> int:
        """Return the cost in whole pixels: smaller differences do not count."""
        return round(self.cost)


class Rows:
    """The blocks, and the vertical middle of each node."""

    def __init__(self, graph: Graph, ranks: Ranks) -> None:
        self._column = ranks.column
        self._neighbors: dict[str, list[str]] = defaultdict(list)
        self._pairs = [(link.source, link.target) for link in graph.links]
        for source, target in self._pairs:
            self._neighbors[source].append(target)
            self._neighbors[target].append(source)
        blocks: dict[ClusterPart, Block] = {}
        for node in graph.nodes:
            part = ranks.part[node.id]
            blocks.setdefault(part, Block(part)).columns[ranks.column[node.id]].append(node.id)
        self.blocks = sorted(blocks.values(), key=lambda block: (block.span.start, block.part))
        self.middle: dict[str, float] = {}
        self._arrange()

    def _arrange(self) -> None:
        self._stack({})
        for block in self.blocks:
            self._line_up(block, {})
        best = self._snapshot()
        for turn in range(_TURNS):
            self._turn(turn)
            best = min(best, self._snapshot(), key=_Snapshot.rank)
        self._restore(best)
        self._exchange()

    def _exchange(self) -> None:
        """Swap pairs of blocks that share a column, as long as that reduces the cost.

        A node finds its position among its neighbors, but a block, which is larger, is easily stuck between
        others.
        """
        tries = _EXCHANGES
        for _ in range(_ROUNDS):
            before = self._snapshot()
            ordered = sorted(self.blocks, key=lambda block: (block.top, block.part))
            pairs = [pair for pair in combinations(ordered, 2) if set(pair[0].span) & set(pair[1].span)]
            for one, other in pairs[:tries]:
                self._try(one.part, other.part)
            tries -= len(pairs)
            if tries <= 0 or self._snapshot().rank() == before.rank():
                break

    def _try(self, one: ClusterPart, other: ClusterPart) -> None:
        best = self._snapshot()
        self._stack({**best.tops, one: best.tops[other], other: best.tops[one]})
        for turn in range(3):
            self._turn(turn)
        if self._snapshot().rank() >= best.rank():
            self._restore(best)

    def _snapshot(self) -> _Snapshot:
        return _Snapshot(self._cost(), dict(self.middle), {block.part: block.top for block in self.blocks})

    def _restore(self, state: _Snapshot) -> None:
        self.middle = dict(state.middle)
        for block in self.blocks:
            block.top = state.tops[block.part]

    def _cost(self) -> float:
        """Return the sum of the vertical distances of links, plus a penalty for the height of the picture."""
        lengths = sum(abs(self.middle[source] - self.middle[target]) for source, target in self._pairs)
        return lengths + 2 * max((block.top + block.height for block in self.blocks), default=0)

    def _turn(self, turn: int) -> None:
        """Move nodes towards their left neighbors, their right ones, or all, depending on the turn."""
        wanted = {node: self._wanted(node, turn % 3) for node in self.middle}
        tops = {}
        for block in self.blocks:
            moves = [wanted[node] - self.middle[node] for nodes in block.columns.values() for node in nodes]
            tops[block.part] = block.top + sum(moves) / len(moves)
        self._stack(tops)
        for block in sorted(self.blocks, key=lambda each: each.span.start, reverse=turn % 3 == 1):
            self._line_up(block, {node: self._wanted(node, turn % 3) for node in self._nodes(block)})

    @staticmethod
    def _nodes(block: Block) -> list[str]:
        return [node for nodes in block.columns.values() for node in nodes]

    def _wanted(self, node: str, side: int) -> float:
        """Return the middle of a node's neighbors: those to the left, to the right, or all."""
        own = self._column[node]
        sides = (lambda column: column < own, lambda column: column > own, lambda column: column != own)
        heights = [self.middle[each] for each in self._neighbors[node] if sides[side](self._column[each])]
        return sum(heights) / len(heights) if heights else self.middle[node]

    def _stack(self, wanted: dict[ClusterPart, float]) -> None:
        """Stack the blocks without gaps, then lower each one towards its wanted position."""
        self.blocks.sort(key=lambda block: (wanted.get(block.part, 0.0), block.span.start, block.part))
        ends: dict[int, float] = defaultdict(float)
        for block in self.blocks:
            block.top = max(ends[column] for column in block.span)
            ends.update(dict.fromkeys(block.span, block.top + block.height + GAP))
        floors: dict[int, float] = defaultdict(lambda: max(ends.values()))
        for block in reversed(self.blocks):
            lowest = min(floors[column] for column in block.span) - GAP - block.height
            block.top = min(max(block.top, wanted.get(block.part, block.top)), lowest)
            floors.update(dict.fromkeys(block.span, block.top))

    def _line_up(self, block: Block, wanted: dict[str, float]) -> None:
        """Position a block's nodes in their wanted order, and at their wanted height if there is room."""
        first = block.top + block.inset + NODE / 2
        last = block.top + block.height - (PADDING if block.boxed else 0) - NODE / 2
        for nodes in block.columns.values():
            nodes.sort(key=lambda node: (wanted.get(node, first), node))
            heights = space_out([wanted.get(node, first) for node in nodes], PITCH, first, last)
            self.middle.update(zip(nodes, heights, strict=True))
