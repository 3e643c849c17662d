"""From column processes to `ColumnLineage`s: one for each process, or for each mark below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from atlan_pulumi.importer._declare import Declared
from atlan_pulumi.importer._kinds import kind_of
from atlan_pulumi.importer._marks import kind_in
from atlan_pulumi.lifecycle import GUIDS, ManyLifecycle, Props, merged, packed, stack_of, wire_name
from atlan_pulumi.naming import column_ids, connection_of, split_column
from atlan_pulumi.resources.column_mapping import BELOW, DEFAULT_NAME, name_of, template_problem

_TRIED = 5
"""So many names are looked at to guess templates; all of them decide between the guesses."""
_TOLD = frozenset(
    {"name", "connection", "process_id", "process", "inputs", "outputs", "sql", "qualified_name"}
)
_MAPPINGS = frozenset({"ColumnLineage", "ProcessSet"})
_SEVERAL = "several"
"""In place of the marks of `ColumnProcess` resources, each of which has its own."""
Key = tuple[str, str]
"""What names an entity: its type and its qualifiedName."""


class Named(NamedTuple):
    """A column process by its name and its columns."""

    name: str
    target: str
    sources: list[str]


def template_of(edges: Sequence[Named]) -> str | None:
    """The template that most of the names follow; None for the default.

    Of two that fit equally many, the one comes first that says more with its fields.
    """
    guesses = dict.fromkeys([DEFAULT_NAME, *(guess for edge in edges[:_TRIED] for guess in _guesses(edge))])
    fitting = {guess: sum(follows(edge, guess) for edge in edges) for guess in guesses}
    best = max(guesses, key=lambda guess: (fitting[guess], guess.count("{") - 2 * guess.count("{{")))
    return None if best == DEFAULT_NAME or not fitting[best] else best


def follows(edge: Named, template: str | None) -> bool:
    """Whether a name is what the template makes of the columns."""
    return name_of(template, edge.target, edge.sources) == edge.name


def _guesses(edge: Named) -> Iterator[str]:
    """Templates that make the name, from the most general to the name itself."""
    output = split_column(edge.target)[1]
    inputs = ", ".join(split_column(source)[1] for source in edge.sources)
    fields = [("{output}", output), ("{inputs}", inputs)]
    for chosen in ([*fields], [*reversed(fields)], fields[:1], fields[1:], []):
        guess = _replaced(edge.name, [(name, text) for name, text in chosen if text])
        if template_problem(guess) is None and follows(edge, guess):
            yield guess


def _replaced(text: str, fields: Sequence[tuple[str, str]]) -> str:
    """The text with fields in place of their values, each value once and from the end of the text."""
    if not fields:
        return text.replace("{", "{{").replace("}", "}}")
    (field, value), others = fields[0], fields[1:]
    before, found, after = text.rpartition(value)
    return _replaced(before, others) + field + _replaced(after, others) if found else _replaced(text, others)


def column_of(reference: object) -> str | None:
    """The qualifiedName of a column that a mapping can hold; None for anything else."""
    if not isinstance(reference, dict) or reference.get("type_name") != "Column":
        return None
    name = reference.get("qualified_name")
    if not isinstance(name, str) or len(name.split("/")) <= len(connection_of(name).split("/")) + 1:
        return None
    return name


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
    one = _as_a_mapping_made_it(one)
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


def _as_a_mapping_made_it(one: Declared) -> Declared:
    """Return a column process without the attributes that others added to what a mapping of a stack made.

    The mapping does not manage them, so they are left to others.
    """
    beside = sorted(one.inputs.keys() - _TOLD - {"managed_by"})
    if not beside or stack_of(one.mark) is None or kind_in(one.mark) not in _MAPPINGS:
        return one
    inputs, outputs = (
        {name: value for name, value in props.items() if name not in beside}
        for props in (one.inputs, one.outputs)
    )
    left_out = [*one.left_out, *(f"attribute {wire_name(one.kind.model, name)}" for name in beside)]
    return replace(one, inputs=inputs, outputs=outputs, left_out=left_out)


def _is_id_of(target: str, id_: str) -> bool:
    """Whether an id may be that of a column: its name, with as many segments before it as wanted."""
    return f"/{target}".endswith(f"/{id_}") and id_.endswith(split_column(target)[1])


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


def column_lineages(
    declared: Sequence[Declared],
    guids: Mapping[Key, str | None],
    whole: Collection[Key],
    *,
    kept: str | None = None,
) -> list[Declared]:
    """The same lineage, with mappings in place of the column processes that they can tell.

    Args:
        declared: What is imported.
        guids: The GUIDs of the processes.
        whole: The processes whose column processes are all among them: a mapping takes what it does not know
            for a leftover.
        kept: The stack whose `ColumnProcess` resources stay what they are.
    """
    groups: defaultdict[tuple[Key, str | None], list[Declared]] = defaultdict(list)
    for one in declared:
        if one.kind.is_below and process_of(one) in whole:
            is_single = kind_in(one.mark) == "ColumnProcess"
            if not (is_single and stack_of(one.mark) == kept):
                groups[process_of(one), _SEVERAL if is_single else one.mark].append(one)
    taken: set[Key] = set()
    made: list[Declared] = []
    for (process, mark), group in groups.items():
        found = mapped(edges_of(group))
        lineage = _column_lineage(found, process, mark, guids) if found.edges else None
        if lineage is not None:
            made.append(lineage)
            taken |= {key_of(edge.declared) for edge in found.edges}
    return [*(one for one in declared if key_of(one) not in taken), *made]


def key_of(one: Declared) -> Key:
    """What names the entity of a resource that is one."""
    return one.kind.type_name, one.qualified_name


def _column_lineage(
    found: Mapped, process: Key, mark: str | None, guids: Mapping[Key, str | None]
) -> Declared | None:
    mixed = mark is _SEVERAL
    given = {
        "process": {"type_name": process[0], "qualified_name": process[1]},
        "columns": found.columns,
        "sql": found.sql or None,
        "name": found.template,
        "managed_by": max(str(edge.declared.mark) for edge in found.edges) if mixed else mark,
        "adopt": mixed or None,
    }
    parts = [edge.declared for edge in found.edges]
    made = many("ColumnLineage", given, parts, guid=guids.get(process), left_out=found.left_out)
    return replace(made, mixed=mixed) if made else None


def many(
    kind_name: str,
    given: Mapping[str, Any],
    parts: Iterable[Declared],
    *,
    guid: str | None,
    left_out: list[str],
    component: str = "",
) -> Declared | None:
    """A resource that is many entities; None where it would not be exactly these.

    Args:
        kind_name: The kind of resource.
        given: Its inputs; what is None is left out.
        parts: Its entities, each as a resource.
        guid: The GUID that it shows as its own.
        left_out: What it does not manage.
        component: The component that declares it.
    """
    kind = kind_of(kind_name)
    lifecycle = kind.lifecycle
    assert isinstance(lifecycle, ManyLifecycle)  # noqa: S101 - it is one of the two kinds that are many
    checked = lifecycle.check({}, {name: value for name, value in given.items() if value is not None})
    known = {key_of(one): one.outputs["guid"] for one in parts}
    if checked.problems or {*known} != {*map(tuple, lifecycle.children(checked.inputs))}:
        return None
    inputs: Props = dict(checked.inputs)
    if given.get("managed_by") is not None:  # else `check` leaves it out, since nothing changes
        inputs["managed_by"] = given["managed_by"]
    outputs = merged(inputs, {"guid": guid, GUIDS: packed(known[key] for key in sorted(known))})
    return Declared(kind, inputs["qualified_name"], inputs, outputs, left_out, component)
