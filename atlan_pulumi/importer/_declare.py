"""Convert an entity into the inputs and outputs that its resource has in the state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.importer._kinds import ResourceKind
from atlan_pulumi.lifecycle import (
    EntityLifecycle,
    InputProblem,
    ManyLifecycle,
    Props,
    managed_properties,
    references_in,
    wire_name,
)
from atlan_pulumi.naming import connection_of, connector_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

#: Attributes that Atlan sets, or that follow from the qualifiedName.
_SERVERS_OWN = frozenset(
    {
        "name",
        "qualifiedName",
        "connectorName",
        "connectionName",
        "connectionQualifiedName",
        "tenantId",
        "category",
        "isPartial",
        "lastRowChangedAt",
        "lastSyncRun",
        "lastSyncRunAt",
        "sourceLastReadAt",
        "viewScore",
        "replicatedFrom",
        "replicatedTo",
    }
)
_SERVERS_OWN_ENDS = ("UpdatedAt", "UpdatedBy", "Count")
_SERVERS_OWN_STARTS = (
    "__",
    "starred",
    "popularity",
    "sourceRead",
    "sourceQuery",
    "sourceCost",
    "sourceTotal",
)
_REFERENCES = frozenset({"process", "inputs", "outputs"})
#: The properties of an asset that depend on its type.
_PLACED = frozenset({"parent", "attributes"})


def is_unset(value: Any) -> bool:
    """Check whether a value is one that Atlan shows for an unset attribute, including `false` and 0."""
    return value is None or value in ("", 0, [], {})


def unmanaged(kind: ResourceKind, entity: Entity, shown: Collection[str] = ()) -> Iterator[str]:
    """Yield a short text for each attribute and relationship with a value that the resource does not manage.

    Args:
        kind: The kind of resource.
        entity: The entity.
        shown: Attributes and relationships that other properties or resources show.
    """
    model = kind.lifecycle.model
    known = {*shown, *(wire_name(model, name) for name in model.model_fields)}
    yield from _non_attributes(entity)
    elsewhere = known.union(entity.relationship_attributes)
    for name in sorted(set(entity.attributes) - elsewhere):
        if not is_unset(entity.attributes[name]) and not is_server_own(name):
            yield f"attribute {name}"
    for name in sorted(set(entity.relationship_attributes) - known):
        if entity.related(name, drop_archived=True):
            yield f"relationship {name}"


def is_server_own(name: str, ends: tuple[str, ...] = _SERVERS_OWN_ENDS) -> bool:
    """Check whether Atlan sets an attribute, or it follows from the qualifiedName."""
    return name in _SERVERS_OWN or name.startswith(_SERVERS_OWN_STARTS) or name.endswith(ends)


def _non_attributes(entity: Entity) -> Iterator[str]:
    """Yield tags, labels, and custom metadata."""
    if entity.classifications:
        yield "tags " + ", ".join(str(tag.get("typeName")) for tag in entity.classifications)
    if entity.labels:
        yield "labels " + ", ".join(entity.labels)
    if entity.business_attributes:
        yield "custom metadata " + ", ".join(sorted(entity.business_attributes))


def archived(kind: ResourceKind, entity: Entity) -> Iterator[str]:
    """Yield the references to archived assets, which cannot be declared."""
    model = kind.lifecycle.model
    for name in managed_properties(model, dict.fromkeys(model.model_fields)):
        if name in model.references:
            value = entity.relationship_attributes.get(wire_name(model, name))
            for stub in value if isinstance(value, list) else [value]:
                if isinstance(stub, dict) and stub.get("entityStatus") == "DELETED":
                    unique = stub.get("uniqueAttributes") or {}
                    asset = unique.get("qualifiedName") or stub.get("guid")
                    yield f"{name}: {stub.get('typeName')} {asset!r} is archived"


@dataclass(frozen=True)
class ImportedResource:
    """A resource for one entity or many entities in Atlan.

    Attributes:
        kind: The kind of resource.
        qualified_name: The resource's id.
        inputs: The inputs as normalized by the resource's check. `managed_by` is the mark in Atlan.
        outputs: The outputs as `pulumi up` records them.
        left_out: Short texts for what the resource does not manage.
        component: The component with the same name that declares the resource, such as `LineageMap`, if any.
        written: The inputs in the program, if they differ from those in the state.
        mixed: Whether the entities have different marks.
    """

    kind: ResourceKind
    qualified_name: str
    inputs: Props
    outputs: Props
    left_out: list[str] = field(default_factory=list)
    component: str = ""
    written: Props | None = None
    mixed: bool = False

    @property
    def mark(self) -> str | None:
        """The ownership mark in Atlan, or the name of a workflow."""
        return self.inputs.get("managed_by")

    @property
    def paths(self) -> Iterator[str]:
        """The qualifiedNames in the resource: its own, and those of its inputs and outputs."""
        yield self.qualified_name
        lifecycle = self.kind.lifecycle
        parts = lifecycle.children(self.inputs).values() if isinstance(lifecycle, ManyLifecycle) else ()
        for inputs in (self.inputs, *(part.declared for part in parts)):
            for name in inputs.keys() & _REFERENCES:
                found = (each.get("qualified_name") for each in references_in(inputs[name]))
                yield from (path for path in found if path)


class Unsupported(NamedTuple):
    """An entity that no resource can represent, and the reason."""

    type_name: str
    qualified_name: str
    reason: str


def declare(
    client: AtlanClient,
    kind: ResourceKind,
    entity: Entity,
    shown: Collection[str] = (),
    settings: Mapping[str, Any] = {},
) -> ImportedResource | Unsupported:
    """Return the resource for an entity.

    Optional properties with values that cannot be declared are left out.

    Args:
        client: The tenant, for the names of roles.
        kind: The kind of resource.
        entity: The entity with its relationships.
        shown: Attributes and relationships that other properties or resources show.
        settings: Properties that the entity does not show. None removes a property.
    """

    def observe(*, literally: bool = False) -> Props:
        every = {**_observe(client, kind, entity, literally=literally), **settings}
        return {name: value for name, value in every.items() if value is not None}

    brief = _declare(kind, entity, observe())
    if isinstance(brief, ImportedResource):
        declared = brief
    else:  # a value that Atlan added may be the only one, such as the only administrator
        literal = _declare(kind, entity, observe(literally=True))
        if isinstance(literal, Unsupported):
            return brief
        declared = literal
    declared.left_out.extend([*archived(kind, entity), *unmanaged(kind, entity, shown)])
    return declared


def _declare(kind: ResourceKind, entity: Entity, props: Props) -> ImportedResource | Unsupported:
    left_out: list[str] = []
    checked = kind.lifecycle.check({}, props)
    while checked.problems:
        problem = checked.problems[0]
        if not _is_optional(kind, problem, props):
            return Unsupported(kind.name, entity.qualified_name, problem_line(problem))
        del props[problem.property]
        left_out.append(problem_line(problem))
        checked = kind.lifecycle.check({}, props)
    inputs = _without_implied(kind, checked.inputs) | {"qualified_name": entity.qualified_name}
    return ImportedResource(kind, entity.qualified_name, inputs, {**inputs, "guid": entity.guid}, left_out)


def problem_line(problem: InputProblem) -> str:
    """Return a problem as one line that names its property."""
    named = problem.reason.startswith(problem.property)
    return problem.reason if named else f"{problem.property} {problem.reason}"


def _is_optional(kind: ResourceKind, problem: InputProblem, props: Props) -> bool:
    """Check whether the resource can leave out the property of a problem."""
    model, name = kind.model, problem.property
    return name in managed_properties(model, props) and not model.model_fields[name].is_required()


def _observe(client: AtlanClient, kind: ResourceKind, entity: Entity, *, literally: bool = False) -> Props:
    """Return the identity of an entity, and each managed property with a value."""
    model = kind.model
    props = _identity(kind, entity)
    for name in managed_properties(model, dict.fromkeys(model.model_fields)):
        if kind.is_asset and name in _PLACED:
            continue
        form = entity.attributes.get(wire_name(model, name)) if literally else None
        value = kind.lifecycle.observe(client, entity, name, _form(kind, name, form))
        if not is_unset(value):
            props[name] = value
    return props


def _form(kind: ResourceKind, name: str, value: Any) -> Any:
    """Return the placeholder for a declared value that `observe` requires."""
    model = kind.model
    if name in model.references:
        return [] if model.holds_many(name) else {}
    return list(value or ()) if model.holds_many(name) else None


def _identity(kind: ResourceKind, entity: Entity) -> Props:
    """Return the properties that form the qualifiedName."""
    name = entity.qualified_name
    if kind.is_asset:
        return {}
    if not kind.is_edge:
        return {"connector": connector_of(name), "qualified_name": name}
    connection = connection_of(name)
    return {"connection": connection, "process_id": name[len(connection) + 1 :]}


def _without_implied(kind: ResourceKind, inputs: Props) -> Props:
    """Return the inputs without attributes that the resource sets itself."""
    assert isinstance(kind.lifecycle, EntityLifecycle)  # noqa: S101 - bulk resources consist of these
    model, fixed = kind.model, kind.lifecycle.fixed_attributes(inputs)
    implied = {
        name
        for name in managed_properties(model, inputs)
        if fixed.get(wire_name(model, name)) == inputs[name]
    }
    return {name: value for name, value in inputs.items() if name not in implied}
