"""Whatever a program may declare: plans that hypothesis thinks of, with what has to be said of them.

Each resource is told as the engine tells it. Beside that stands what is known of it without the review: its
edges before and after, by a key that stays, each with what tells whether it is still the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st
from review import told

#: Of what may be syntax somewhere, and of anything; a slash would divide a name, and a colon end it.
NAMES = st.text(
    st.sampled_from("ab`|<&@#*_ \n\\\"'$") | st.characters(codec="utf-8", exclude_characters="/:"),
    min_size=1,
    max_size=6,
)
Flow = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Known:
    """One edge: whether it is of columns, the tables that it links, and all else that tells it apart."""

    of_columns: bool
    tables: Flow
    rest: object = None


Edges = Mapping[object, Known]


@dataclass(frozen=True)
class Resource:
    """What is done to a resource: the engine's events in their order, and its edges before and after."""

    kind: str
    operation: str
    events: list[told.Event]
    old: Edges = field(default_factory=dict)
    new: Edges = field(default_factory=dict)

    @property
    def edges(self) -> dict[object, str]:
        """What becomes of each edge."""
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
    """The resources of a stack; what is declared in two of them may link the same tables."""
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
) -> tuple[told.Props, Edges]:
    inputs, outputs, sql = drawn
    props = told.process(name, sorted(inputs), sorted(outputs), process_id=f"p{number}", sql=sql)
    return props, {"": Known(False, (inputs, outputs), sql)}


def _process_set(
    number: int, drawn: dict[str, tuple[int, int, dict[str, list[str]]]]
) -> tuple[told.Props, Edges]:
    edges: dict[object, Known] = {}
    members = {}
    for id_, (source, target, columns) in drawn.items():
        tables = frozenset({source}), frozenset({target})
        edges[id_] = Known(False, tables)
        edges |= {(id_, to): Known(True, tables, tuple(sorted(froms))) for to, froms in columns.items()}
        members[f"{id_}{number}"] = {"inputs": f"T{source}", "outputs": f"T{target}", "columns": columns}
    return told.process_set(members), edges


def _lineage(number: int, mapping: dict[str, list[str]]) -> tuple[told.Props, Edges]:
    tables = frozenset({0}), frozenset({1})
    edges: Edges = {to: Known(True, tables, tuple(sorted(froms))) for to, froms in mapping.items()}
    return told.column_lineage(f"of{number}", mapping), edges


def _connection(name: str, number: int) -> tuple[told.Props, Edges]:
    return {"connector": "airflow", "name": name, "qualified_name": f"default/airflow/{number}"}, {}


def _elsewhere(kind: str, props: told.Props, edges: Edges) -> tuple[told.Props, Edges]:
    """The same under another name in Atlan, because of which it is replaced."""
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


def _events(operation: str, kind: str, name: str, old: told.Props, new: told.Props) -> list[told.Event]:
    if operation == "replace":
        return told.replace(kind, name, old, new, "qualified_name")
    sides = {"create": (None, new), "delete": (old, None), "import": (None, new)}
    return [told.step(operation, kind, name, *sides.get(operation, (old, new)))]


def events_of(plan: Iterable[Resource]) -> list[told.Event]:
    return [event for resource in plan for event in resource.events]


def mixed(groups: Iterable[list[told.Event]], chance: random.Random) -> list[told.Event]:
    """The events in another order that the engine may choose: of one resource they keep theirs."""
    waiting = [list(group) for group in groups if group]
    order = []
    while waiting:
        group = chance.choice(waiting)
        order.append(group.pop(0))
        waiting = [each for each in waiting if each]
    return order


def counts(plan: Iterable[Resource]) -> Counter[tuple[bool, str]]:
    """How many processes and column mappings become what."""
    return Counter(
        ((resource.new.get(key) or resource.old[key]).of_columns, change)
        for resource in plan
        for key, change in resource.edges.items()
    )
