"""Combine column processes into `ColumnLineage`s: one for each process, or for each mark of its columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._kinds import resource_kind
from atlan_pulumi.lifecycle import GUIDS, ManyLifecycle, Props, merged, pack_guids, stack_of, wire_name
from atlan_pulumi.naming import column_ids, connection_of, split_column
from atlan_pulumi.ownership_mark import kind_of
from atlan_pulumi.resources.column_mapping import BELOW, DEFAULT_NAME, column_process_name, template_problem

_GUESSED_FROM = 5
"""The number of names from which templates are guessed. All names decide between the guesses."""
_EXPRESSIBLE = frozenset(
    {"name", "connection", "process_id", "process", "inputs", "outputs", "sql", "qualified_name"}
)
_MAPPINGS = frozenset({"ColumnLineage", "ProcessSet"})
_SEVERAL = "several"
"""Replaces the marks of `ColumnProcess` resources, each of which has a different one."""
Key = tuple[str, str]
"""The type and qualifiedName of an entity."""


class NamedEdge(NamedTuple):
    """The name and the columns of a column process."""

    name: str
    target: str
    sources: list[str]


def template_of(edges: Sequence[NamedEdge]) -> str | None:
    """Return the template that most names follow, or None for the default.

    If two templates match the same number of names, the one with more fields wins.
    """
    guesses = dict.fromkeys(
        [DEFAULT_NAME, *(guess for edge in edges[:_GUESSED_FROM] for guess in _guesses(edge))]
    )
    fitting = {guess: sum(follows(edge, guess) for edge in edges) for guess in guesses}
    best = max(guesses, key=lambda guess: (fitting[guess], guess.count("{") - 2 * guess.count("{{")))
    return None if best == DEFAULT_NAME or not fitting[best] else best


def follows(edge: NamedEdge, template: str | None) -> bool:
    """Check whether a name follows a template."""
    return column_process_name(template, edge.target, edge.sources) == edge.name


def _guesses(edge: NamedEdge) -> Iterator[str]:
    """Yield the templates for a name, from the most general to the name itself."""
    output = split_column(edge.target)[1]
    inputs = ", ".join(split_column(source)[1] for source in edge.sources)
    fields = [("{output}", output), ("{inputs}", inputs)]
    for chosen in ([*fields], [*reversed(fields)], fields[:1], fields[1:], []):
        guess = _replace(edge.name, [(name, text) for name, text in chosen if text])
        if template_problem(guess) is None and follows(edge, guess):
            yield guess


def _replace(text: str, fields: Sequence[tuple[str, str]]) -> str:
    """Replace values with fields, each value once and from the end of the text."""
    if not fields:
        return text.replace("{", "{{").replace("}", "}}")
    (field, value), others = fields[0], fields[1:]
    before, found, after = text.rpartition(value)
    return _replace(before, others) + field + _replace(after, others) if found else _replace(text, others)


def column_of(reference: object) -> str | None:
    """Return the qualifiedName of a column that a mapping can contain, or None."""
    if not isinstance(reference, dict) or reference.get("type_name") != "Column":
        return None
    name = reference.get("qualified_name")
    if not isinstance(name, str) or len(name.split("/")) <= len(connection_of(name).split("/")) + 1:
        return None
    return name


class MappingEdge(NamedTuple):
    """A column process that a mapping can express."""

    declared: ImportedResource
    id: str
    target: str
    sources: list[str]

    @property
    def named(self) -> NamedEdge:
        """The name and the columns."""
        return NamedEdge(self.declared.inputs["name"], self.target, self.sources)

    @property
    def is_from_a_stack(self) -> bool:
        """Whether a stack created it. A different name is then a change by another writer."""
        return stack_of(self.declared.mark) is not None


class ColumnMapping(NamedTuple):
    """A mapping of column processes."""

    edges: list[MappingEdge]
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
        """Short texts for what the mapping does not manage, without duplicates."""
        return list(dict.fromkeys(what for edge in self.edges for what in edge.declared.left_out))


def mapping_edges(columns: Iterable[ImportedResource]) -> list[MappingEdge]:
    """Return the column processes that a mapping can express."""
    return [edge for one in columns if (edge := _edge(one)) is not None]


def column_mapping(
    edges: Sequence[MappingEdge], template: str | None = None, *, given: bool = False
) -> ColumnMapping:
    """Return the largest mapping of these edges of a process.

    Args:
        edges: The edges.
        template: The template of their names, if known.
        given: Whether the template is known.
    """
    if not given:
        template = template_of([edge.named for edge in edges])
    fitting = [edge for edge in edges if edge.is_from_a_stack or follows(edge.named, template)]
    return ColumnMapping(sorted(_with_mapping_ids(fitting), key=lambda edge: edge.target), template)


def _edge(one: ImportedResource) -> MappingEdge | None:
    one = _without_added_attributes(one)
    inputs = one.inputs
    process = inputs.get("process", {}).get("qualified_name", "")
    below = f"{process}/{BELOW}/"
    if (
        inputs.keys() - _EXPRESSIBLE - {"managed_by"}
        or not process
        or not one.qualified_name.startswith(below)
    ):
        return None
    targets, sources = ([column_of(each) for each in inputs[side]] for side in ("outputs", "inputs"))
    if len(targets) != 1 or None in (*targets, *sources):
        return None
    id_, target = one.qualified_name[len(below) :], str(targets[0])
    return MappingEdge(one, id_, target, [str(each) for each in sources]) if _is_id_of(target, id_) else None


def _without_added_attributes(one: ImportedResource) -> ImportedResource:
    """Return a column process of a mapping without the attributes that others added.

    The mapping does not manage them.
    """
    extra = sorted(one.inputs.keys() - _EXPRESSIBLE - {"managed_by"})
    if not extra or stack_of(one.mark) is None or kind_of(one.mark) not in _MAPPINGS:
        return one
    inputs, outputs = (
        {name: value for name, value in props.items() if name not in extra}
        for props in (one.inputs, one.outputs)
    )
    left_out = [*one.left_out, *(f"attribute {wire_name(one.kind.model, name)}" for name in extra)]
    return replace(one, inputs=inputs, outputs=outputs, left_out=left_out)


def _is_id_of(target: str, id_: str) -> bool:
    """Check whether an id ends with the name of a column, with any number of segments before it."""
    return f"/{target}".endswith(f"/{id_}") and id_.endswith(split_column(target)[1])


def _with_mapping_ids(edges: Iterable[MappingEdge]) -> list[MappingEdge]:
    """Return the edges whose ids match those in a mapping of exactly these edges."""
    alike: defaultdict[str, list[MappingEdge]] = defaultdict(list)
    for edge in edges:
        alike[edge.target].append(edge)
    kept = [min(group, key=lambda edge: len(edge.id)) for group in alike.values()]
    while True:
        ids = column_ids(edge.target for edge in kept)
        fitting = [edge for edge in kept if ids[edge.target] == edge.id]
        if len(fitting) == len(kept):
            return kept
        kept = fitting


def process_of(one: ImportedResource) -> tuple[str, str]:
    """Return the type and qualifiedName of the process of a column process."""
    process: Props = one.inputs.get("process", {})
    return process.get("type_name", ""), process.get("qualified_name", "")


def column_lineages(
    declared: Sequence[ImportedResource],
    guids: Mapping[Key, str | None],
    whole: Collection[Key],
    *,
    kept: str | None = None,
) -> list[ImportedResource]:
    """Return the lineage with mappings instead of the column processes that they can express.

    Args:
        declared: The imported resources.
        guids: The GUIDs of the processes.
        whole: The processes with all their column processes. A mapping would remove unknown ones as
            leftovers.
        kept: The stack whose `ColumnProcess` resources stay what they are.
    """
    groups: defaultdict[tuple[Key, str | None], list[ImportedResource]] = defaultdict(list)
    for one in declared:
        if one.kind.is_below and process_of(one) in whole:
            is_single = kind_of(one.mark) == "ColumnProcess"
            if not (is_single and stack_of(one.mark) == kept):
                groups[process_of(one), _SEVERAL if is_single else one.mark].append(one)
    taken: set[Key] = set()
    made: list[ImportedResource] = []
    for (process, mark), group in groups.items():
        found = column_mapping(mapping_edges(group))
        lineage = _column_lineage(found, process, mark, guids) if found.edges else None
        if lineage is not None:
            made.append(lineage)
            taken |= {entity_key(edge.declared) for edge in found.edges}
    return [*(one for one in declared if entity_key(one) not in taken), *made]


def entity_key(one: ImportedResource) -> Key:
    """Return the type and qualifiedName of a single-entity resource."""
    return one.kind.type_name, one.qualified_name


def _column_lineage(
    found: ColumnMapping, process: Key, mark: str | None, guids: Mapping[Key, str | None]
) -> ImportedResource | None:
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
    made = bulk_resource("ColumnLineage", given, parts, guid=guids.get(process), left_out=found.left_out)
    return replace(made, mixed=mixed) if made else None


def bulk_resource(
    kind_name: str,
    given: Mapping[str, Any],
    parts: Iterable[ImportedResource],
    *,
    guid: str | None,
    left_out: list[str],
    component: str = "",
) -> ImportedResource | None:
    """Return a bulk resource, or None if it would not manage exactly these entities.

    Args:
        kind_name: The kind of resource.
        given: Its inputs. None values are left out.
        parts: A resource for each of its entities.
        guid: The GUID in its outputs.
        left_out: Short texts for what it does not manage.
        component: The component that declares it.
    """
    kind = resource_kind(kind_name)
    lifecycle = kind.lifecycle
    assert isinstance(lifecycle, ManyLifecycle)  # noqa: S101 - both kinds are bulk resources
    checked = lifecycle.check({}, {name: value for name, value in given.items() if value is not None})
    known = {entity_key(one): one.outputs["guid"] for one in parts}
    if checked.problems or {*known} != {*map(tuple, lifecycle.children(checked.inputs))}:
        return None
    inputs: Props = dict(checked.inputs)
    if given.get("managed_by") is not None:  # `check` leaves it out, since nothing changes
        inputs["managed_by"] = given["managed_by"]
    outputs = merged(inputs, {"guid": guid, GUIDS: pack_guids(known[key] for key in sorted(known))})
    return ImportedResource(kind, inputs["qualified_name"], inputs, outputs, left_out, component)
