"""Random plans for property tests, with their expected changes.

Each resource has the events of the engine. In addition it has its edges before and after, independent of the
review: by a key that does not change, with a value that shows whether an edge is still the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st
from review import previews

#: Possible syntax and any characters, without slashes, which split a name, and colons, which end it.
NAMES = st.text(
    st.sampled_from("ab`|<&@#*_ \n\\\"'$") | st.characters(codec="utf-8", exclude_characters="/:"),
    min_size=1,
    max_size=6,
)
Flow = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Known:
    """An edge: whether it links columns, its tables, and everything else that identifies it."""

    of_columns: bool
    tables: Flow
    rest: object = None


Edges = Mapping[object, Known]


@dataclass(frozen=True)
class Resource:
    """The change of a resource: the engine's events in order, and its edges before and after."""

    kind: str
    operation: str
    events: list[previews.Event]
    old: Edges = field(default_factory=dict)
    new: Edges = field(default_factory=dict)

    @property
    def edges(self) -> dict[object, str]:
        """The change of each edge."""
        return {key: _became(self.old.get(key), self.new.get(key)) for key in {*self.old, *self.new}}


def _became(old: Known | None, new: Known | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "same" if old == new else "changed"


_TABLES = st.frozensets(st.integers(0, 4), min_size=1, max_size=3)
_PROCESS = st.tuples(_TABLES, _TABLES, st.sampled_from(["select 1", "select 2"]))
_SOURCES = st.sampled_from([["A"], ["B"], ["A", "B"], ["B", "C"]])
_COLUMNS = st.dictionaries(st.sampled_from("ABC"), _SOURCES, min_size=1, max_size=2)
_MEMBER = st.tuples(st.integers(0, 4), st.integers(0, 4), st.just({}) | _COLUMNS)
_SET = st.dictionaries(st.sampled_from("xyz"), _MEMBER, min_size=1, max_size=3)
_OPERATIONS = st.sampled_from(["create", "update", "delete", "same", "replace", "import"])


@st.composite
def plans(draw: st.DrawFn, most: int = 5) -> list[Resource]:
    """Draw the resources of a stack. Several of them may link the same tables."""
    names = draw(st.lists(NAMES, min_size=1, max_size=most, unique=True))
    return [draw(_resources(name, number)) for number, name in enumerate(names)]


@st.composite
def _resources(draw: st.DrawFn, name: str, number: int) -> Resource:
    kind = draw(st.sampled_from(["Process", "Process", "ProcessSet", "ColumnLineage", "Connection"]))
    operation = draw(_OPERATIONS)
    sides = {
        "Process": lambda: _process(name, number, draw(_PROCESS)),
        "ProcessSet": lambda: _process_set(number, draw(_SET)),
        "ColumnLineage": lambda: _lineage(number, draw(_COLUMNS)),
        "Connection": lambda: _connection(draw(NAMES), number),
    }
    old, before = sides[kind]()
    new, after = (old, before) if operation in ("same", "import") else sides[kind]()
    if operation == "replace":
        new, after = _elsewhere(kind, new, after)
    if operation == "create":
        before = {}
    if operation == "delete":
        after = {}
    return Resource(kind, operation, _events(operation, kind, name, old, new), before, after)


def _process(
    name: str, number: int, drawn: tuple[frozenset[int], frozenset[int], str]
) -> tuple[previews.Props, Edges]:
    inputs, outputs, sql = drawn
    props = previews.process(name, sorted(inputs), sorted(outputs), process_id=f"p{number}", sql=sql)
    return props, {"": Known(False, (inputs, outputs), sql)}


def _process_set(
    number: int, drawn: dict[str, tuple[int, int, dict[str, list[str]]]]
) -> tuple[previews.Props, Edges]:
    edges: dict[object, Known] = {}
    members = {}
    for id_, (source, target, columns) in drawn.items():
        tables = frozenset({source}), frozenset({target})
        edges[id_] = Known(False, tables)
        edges |= {(id_, to): Known(True, tables, tuple(sorted(froms))) for to, froms in columns.items()}
        members[f"{id_}{number}"] = {"inputs": f"T{source}", "outputs": f"T{target}", "columns": columns}
    return previews.process_set(members), edges


def _lineage(number: int, mapping: dict[str, list[str]]) -> tuple[previews.Props, Edges]:
    tables = frozenset({0}), frozenset({1})
    edges: Edges = {to: Known(True, tables, tuple(sorted(froms))) for to, froms in mapping.items()}
    return previews.column_lineage(f"of{number}", mapping), edges


def _connection(name: str, number: int) -> tuple[previews.Props, Edges]:
    return {"connector": "airflow", "name": name, "qualified_name": f"default/airflow/{number}"}, {}


def _elsewhere(kind: str, props: previews.Props, edges: Edges) -> tuple[previews.Props, Edges]:
    """Return the same resource with another qualifiedName, which replaces it."""
    root = f"{props['qualified_name']}9"
    moved = {**props, "qualified_name": root}
    if kind == "Process":
        moved["process_id"] = f"{props['process_id']}9"
    if kind == "ProcessSet":
        moved["connection"] = root
    if kind == "ColumnLineage":
        process = f"{props['process']['qualified_name']}9"
        moved |= {"process": {**props["process"], "qualified_name": process}}
        moved["qualified_name"] = f"{process}/column"
    return moved, {
        key: Known(each.of_columns, each.tables, ("moved", each.rest)) for key, each in edges.items()
    }


def _events(
    operation: str, kind: str, name: str, old: previews.Props, new: previews.Props
) -> list[previews.Event]:
    if operation == "replace":
        return previews.replace(kind, name, old, new, "qualified_name")
    sides = {"create": (None, new), "delete": (old, None), "import": (None, new)}
    return [previews.step(operation, kind, name, *sides.get(operation, (old, new)))]


def events_of(plan: Iterable[Resource]) -> list[previews.Event]:
    return [event for resource in plan for event in resource.events]


def mixed(groups: Iterable[list[previews.Event]], chance: random.Random) -> list[previews.Event]:
    """Return the events in another valid order. The events of a resource keep their order."""
    waiting = [list(group) for group in groups if group]
    order = []
    while waiting:
        group = chance.choice(waiting)
        order.append(group.pop(0))
        waiting = [each for each in waiting if each]
    return order


def counts(plan: Iterable[Resource]) -> Counter[tuple[bool, str]]:
    """Count the processes and column mappings by change."""
    return Counter(
        ((resource.new.get(key) or resource.old[key]).of_columns, change)
        for resource in plan
        for key, change in resource.edges.items()
    )
