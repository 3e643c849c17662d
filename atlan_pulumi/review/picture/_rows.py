"""How high each node of a picture stands, so that links are short and cross one another little.

A part is a block: its nodes' columns beside one another, with a title above. Blocks that share a column are
stacked, so no box ever covers another one or a node that is not its own. In turns, each block and
each node moves towards the middle of its neighbours (the barycentre method), and the best turn is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review.picture._geometry import spaced
from atlan_pulumi.review.picture._ranks import Part, Ranks

NODE = 30  # the height of a node
PITCH = 42  # from one node's middle to the next one's
TITLE = 24  # the height of a box's title
PADDING = 12  # between a box and its nodes
GAP = 20  # between boxes
_TURNS = 12
_ROUNDS = 3
_EXCHANGES = 90  # tries, so that a picture of many boxes is drawn within a second


@dataclass
class Block:
    """A part's place: the columns it covers, its nodes from top to bottom in each, and its top edge.

    Its size is measured when all its nodes are in it.
    """

    part: Part
    columns: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    top: float = 0.0

    @property
    def boxed(self) -> bool:
        """Whether a box is drawn: not around a node in no cluster."""
        return bool(self.part[0])

    @property
    def inset(self) -> int:
        """From the block's top edge to its first node's."""
        return TITLE + PADDING if self.boxed else 0

    @cached_property
    def height(self) -> int:
        """The height with title and padding."""
        rows = max(len(nodes) for nodes in self.columns.values())
        return self.inset + (rows - 1) * PITCH + NODE + (PADDING if self.boxed else 0)

    @cached_property
    def span(self) -> range:
        """All columns from the first to the last one."""
        return range(min(self.columns), max(self.columns) + 1)


@dataclass(frozen=True)
class _State:
    """Where everything stands, and how good that is."""

    cost: float
    middle: dict[str, float]
    tops: dict[Part, float]

    def rank(self) -> int:
        """The cost in whole pixels: what differs by less is equally good."""
        return round(self.cost)


class Rows:
    """The blocks, and the middle of each node, from the top of the picture."""

    def __init__(self, graph: Graph, ranks: Ranks) -> None:
        self._column = ranks.column
        self._neighbours: dict[str, list[str]] = defaultdict(list)
        self._pairs = [(link.source, link.target) for link in graph.links]
        for source, target in self._pairs:
            self._neighbours[source].append(target)
            self._neighbours[target].append(source)
        blocks: dict[Part, Block] = {}
        for node in graph.nodes:
            part = ranks.part[node.id]
            blocks.setdefault(part, Block(part)).columns[ranks.column[node.id]].append(node.id)
        self.blocks = sorted(blocks.values(), key=lambda block: (block.span.start, block.part))
        self.middle: dict[str, float] = {}
        self._settle()

    def _settle(self) -> None:
        self._stack({})
        for block in self.blocks:
            self._line_up(block, {})
        best = self._state()
        for turn in range(_TURNS):
            self._turn(turn)
            best = min(best, self._state(), key=_State.rank)
        self._restore(best)
        self._exchange()

    def _exchange(self) -> None:
        """Lets pairs of blocks that share a column change places, as long as that helps.

        A node finds its place among its neighbours; a block, being larger, is easily caught between others.
        """
        tries = _EXCHANGES
        for _ in range(_ROUNDS):
            before = self._state()
            ordered = sorted(self.blocks, key=lambda block: (block.top, block.part))
            pairs = [pair for pair in combinations(ordered, 2) if set(pair[0].span) & set(pair[1].span)]
            for one, other in pairs[:tries]:
                self._try(one.part, other.part)
            tries -= len(pairs)
            if tries <= 0 or self._state().rank() == before.rank():
                break

    def _try(self, one: Part, other: Part) -> None:
        best = self._state()
        self._stack({**best.tops, one: best.tops[other], other: best.tops[one]})
        for turn in range(3):
            self._turn(turn)
        if self._state().rank() >= best.rank():
            self._restore(best)

    def _state(self) -> _State:
        return _State(self._cost(), dict(self.middle), {block.part: block.top for block in self.blocks})

    def _restore(self, state: _State) -> None:
        self.middle = dict(state.middle)
        for block in self.blocks:
            block.top = state.tops[block.part]

    def _cost(self) -> float:
        """How far links go up and down, and how high the picture is."""
        ways = sum(abs(self.middle[source] - self.middle[target]) for source, target in self._pairs)
        return ways + 2 * max((block.top + block.height for block in self.blocks), default=0)

    def _turn(self, turn: int) -> None:
        """Looks left, looks right, then to both sides."""
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
        """The middle of a node's neighbours: those to the left, to the right, or all."""
        own = self._column[node]
        sides = (lambda column: column < own, lambda column: column > own, lambda column: column != own)
        heights = [self.middle[each] for each in self._neighbours[node] if sides[side](self._column[each])]
        return sum(heights) / len(heights) if heights else self.middle[node]

    def _stack(self, wanted: dict[Part, float]) -> None:
        """Piles the blocks up without gaps, then lets each sink towards where it wants to be."""
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
        """Places a block's nodes in the order and, as far as there is room, at the height they want."""
        first = block.top + block.inset + NODE / 2
        last = block.top + block.height - (PADDING if block.boxed else 0) - NODE / 2
        for nodes in block.columns.values():
            nodes.sort(key=lambda node: (wanted.get(node, first), node))
            heights = spaced([wanted.get(node, first) for node in nodes], PITCH, first, last)
            self.middle.update(zip(nodes, heights, strict=True))
