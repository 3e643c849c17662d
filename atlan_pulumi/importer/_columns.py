"""Which column processes of one process can be told as a mapping of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from atlan_pulumi.importer._declare import Declared
from atlan_pulumi.importer._templates import Named, column_of, follows, template_of
from atlan_pulumi.lifecycle import Props, stack_of
from atlan_pulumi.resources._column_map import BELOW
from atlan_pulumi.resources._column_names import column_ids, split

_TOLD = frozenset(
    {"name", "connection", "process_id", "process", "inputs", "outputs", "sql", "qualified_name"}
)


class Edge(NamedTuple):
    """A column process that a mapping can tell."""

    declared: Declared
    id: str
    target: str
    sources: list[str]

    @property
    def named(self) -> Named:
        """Its name and its columns."""
        return Named(self.declared.inputs["name"], self.target, self.sources)

    @property
    def is_a_stacks(self) -> bool:
        """Whether a stack made it: then a name that differs is a change that somebody else made."""
        return stack_of(self.declared.mark) is not None


class Mapped(NamedTuple):
    """Column processes as one mapping."""

    edges: list[Edge]
    template: str | None

    @property
    def columns(self) -> dict[str, list[str]]:
        """Output column -> input columns."""
        return {edge.target: edge.sources for edge in self.edges}

    @property
    def sql(self) -> dict[str, str]:
        """Output column -> SQL."""
        return {
            edge.target: edge.declared.inputs["sql"] for edge in self.edges if "sql" in edge.declared.inputs
        }

    @property
    def left_out(self) -> list[str]:
        """What the mapping does not manage, each once."""
        return list(dict.fromkeys(what for edge in self.edges for what in edge.declared.left_out))


def edges_of(columns: Iterable[Declared]) -> list[Edge]:
    """The column processes that have the form of a mapping, each on its own."""
    return [edge for one in columns if (edge := _edge(one)) is not None]


def mapped(edges: Sequence[Edge], template: str | None = None, *, given: bool = False) -> Mapped:
    """The largest mapping of these edges of one process.

    Args:
        edges: The edges.
        template: The template of their names, where that is known.
        given: Whether it is known.
    """
    if not given:
        template = template_of([edge.named for edge in edges])
    fitting = [edge for edge in edges if edge.is_a_stacks or follows(edge.named, template)]
    return Mapped(sorted(_with_these_ids(fitting), key=lambda edge: edge.target), template)


def _edge(one: Declared) -> Edge | None:
    inputs = one.inputs
    process = inputs.get("process", {}).get("qualified_name", "")
    below = f"{process}/{BELOW}/"
    if inputs.keys() - _TOLD - {"managed_by"} or not process or not one.qualified_name.startswith(below):
        return None
    targets, sources = ([column_of(each) for each in inputs[side]] for side in ("outputs", "inputs"))
    if len(targets) != 1 or None in (*targets, *sources):
        return None
    id_, target = one.qualified_name[len(below) :], str(targets[0])
    return Edge(one, id_, target, [str(each) for each in sources]) if _is_id_of(target, id_) else None


def _is_id_of(target: str, id_: str) -> bool:
    """Whether an id may be that of a column: its name, with as many segments before it as wanted."""
    return f"/{target}".endswith(f"/{id_}") and id_.endswith(split(target)[1])


def _with_these_ids(edges: Iterable[Edge]) -> list[Edge]:
    """The edges whose ids are those that a mapping of exactly these edges gives them."""
    alike: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        alike[edge.target].append(edge)
    kept = [min(group, key=lambda edge: len(edge.id)) for group in alike.values()]
    while True:
        ids = column_ids(edge.target for edge in kept)
        fitting = [edge for edge in kept if ids[edge.target] == edge.id]
        if len(fitting) == len(kept):
            return kept
        kept = fitting


def process_of(one: Declared) -> tuple[str, str]:
    """The type and qualifiedName of the process that a column process belongs to."""
    process: Props = one.inputs.get("process", {})
    return process.get("type_name", ""), process.get("qualified_name", "")
