"""From an entity to the inputs and outputs that its resource would have in the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.importer._kinds import Kind
from atlan_pulumi.lifecycle import (
    EntityLifecycle,
    InputProblem,
    ManyLifecycle,
    Props,
    managed,
    references_in,
    wire_name,
)
from atlan_pulumi.naming import connection_of, connector_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

#: What Atlan keeps by itself, or what the qualifiedName says already.
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


def is_unset(value: Any) -> bool:
    """Whether a value is what Atlan shows for an attribute that was never set, `false` and 0 included."""
    return value is None or value in ("", 0, [], {})


def unmanaged(kind: Kind, entity: Entity, below: str | None) -> Iterator[str]:
    """What has a value and is not managed, each as a few words.

    Args:
        kind: The kind of resource.
        entity: The entity.
        below: The relationship to what is imported together with it.
    """
    model = kind.lifecycle.model
    known = {wire_name(model, name) for name in model.model_fields}
    yield from _beside(entity)
    elsewhere = known.union(entity.relationship_attributes)
    for name in sorted(set(entity.attributes) - elsewhere):
        if not is_unset(entity.attributes[name]) and not _servers_own(name):
            yield f"attribute {name}"
    for name in sorted(set(entity.relationship_attributes) - known - {below}):
        if entity.related(name, drop_archived=True):
            yield f"relationship {name}"


def _servers_own(name: str) -> bool:
    return name in _SERVERS_OWN or name.startswith(_SERVERS_OWN_STARTS) or name.endswith(_SERVERS_OWN_ENDS)


def _beside(entity: Entity) -> Iterator[str]:
    """What Atlan keeps beside attributes."""
    if entity.classifications:
        yield "tags " + ", ".join(str(tag.get("typeName")) for tag in entity.classifications)
    if entity.labels:
        yield "labels " + ", ".join(entity.labels)
    if entity.business_attributes:
        yield "custom metadata " + ", ".join(sorted(entity.business_attributes))


def archived(kind: Kind, entity: Entity) -> Iterator[str]:
    """The references of the entity that lead to archived assets, which nobody can declare."""
    model = kind.lifecycle.model
    for name in managed(model, dict.fromkeys(model.model_fields)):
        if name in model.references:
            value = entity.relationship_attributes.get(wire_name(model, name))
            for stub in value if isinstance(value, list) else [value]:
                if isinstance(stub, dict) and stub.get("entityStatus") == "DELETED":
                    unique = stub.get("uniqueAttributes") or {}
                    asset = unique.get("qualifiedName") or stub.get("guid")
                    yield f"{name}: {stub.get('typeName')} {asset!r} is archived"


@dataclass(frozen=True)
class Declared:
    """What is in Atlan, as a resource: one entity, or many of them.

    Attributes:
        kind: The kind of resource.
        qualified_name: The resource's id.
        inputs: The inputs as the resource's own check normalizes them; `managed_by` is the mark in Atlan.
        outputs: The outputs as `pulumi up` would record them.
        left_out: What Atlan has and the resource does not manage, each in a few words.
        component: The component of the same name that declares it, such as `LineageMap`; mostly none.
        written: What the program declares, where that is written otherwise than the state.
        mixed: Whether its entities carry several marks.
    """

    kind: Kind
    qualified_name: str
    inputs: Props
    outputs: Props
    left_out: list[str] = field(default_factory=list)
    component: str = ""
    written: Props | None = None
    mixed: bool = False

    @property
    def mark(self) -> str | None:
        """The mark that it carries in Atlan: a stack's, or the name of a workflow."""
        return self.inputs.get("managed_by")

    @property
    def paths(self) -> Iterator[str]:
        """The qualifiedNames that the resource names: its own, and those of the assets at both sides."""
        yield self.qualified_name
        lifecycle = self.kind.lifecycle
        parts = lifecycle.children(self.inputs).values() if isinstance(lifecycle, ManyLifecycle) else ()
        for inputs in (self.inputs, *(part.declared for part in parts)):
            for name in inputs.keys() & _REFERENCES:
                found = (each.get("qualified_name") for each in references_in(inputs[name]))
                yield from (path for path in found if path)


class Unsupported(NamedTuple):
    """An entity that no resource can stand for, and why."""

    type_name: str
    qualified_name: str
    reason: str


def declare(
    client: AtlanClient,
    kind: Kind,
    entity: Entity,
    below: str | None,
    settings: Mapping[str, Any] = {},
) -> Declared | Unsupported:
    """The resource that stands for an entity.

    What a resource may do without, and cannot be declared as it is, is left to others.

    Args:
        client: The tenant, for the names of roles.
        kind: The kind of resource.
        entity: The entity with its relationships.
        below: The relationship to what is imported together with it.
        settings: Properties that the entity does not show by itself; None takes one out.
    """

    def shown(*, literally: bool = False) -> Props:
        every = {**_shown(client, kind, entity, literally=literally), **settings}
        return {name: value for name, value in every.items() if value is not None}

    brief = _declare(kind, entity, shown())
    if isinstance(brief, Declared):
        declared = brief
    else:  # what Atlan added by itself may be all that there is, such as the only administrator
        literal = _declare(kind, entity, shown(literally=True))
        if isinstance(literal, Unsupported):
            return brief
        declared = literal
    declared.left_out.extend([*archived(kind, entity), *unmanaged(kind, entity, below)])
    return declared


def _declare(kind: Kind, entity: Entity, shown: Props) -> Declared | Unsupported:
    left_out: list[str] = []
    checked = kind.lifecycle.check({}, shown)
    while checked.problems:
        problem = checked.problems[0]
        if not _can_do_without(kind, problem, shown):
            return Unsupported(kind.name, entity.qualified_name, told(problem))
        del shown[problem.property]
        left_out.append(told(problem))
        checked = kind.lifecycle.check({}, shown)
    inputs = _without_implied(kind, checked.inputs) | {"qualified_name": entity.qualified_name}
    return Declared(kind, entity.qualified_name, inputs, {**inputs, "guid": entity.guid}, left_out)


def told(problem: InputProblem) -> str:
    """A problem in one line that names its property."""
    named = problem.reason.startswith(problem.property)
    return problem.reason if named else f"{problem.property} {problem.reason}"


def _can_do_without(kind: Kind, problem: InputProblem, shown: Props) -> bool:
    """Whether the resource may leave the property in question to others."""
    model, name = kind.model, problem.property
    return name in managed(model, shown) and not model.model_fields[name].is_required()


def _shown(client: AtlanClient, kind: Kind, entity: Entity, *, literally: bool = False) -> Props:
    """What the entity shows: its identity, and each managed property that has a value."""
    model = kind.model
    shown = _identity(kind, entity)
    for name in managed(model, dict.fromkeys(model.model_fields)):
        form = entity.attributes.get(wire_name(model, name)) if literally else None
        value = kind.lifecycle.observe(client, entity, name, _form(kind, name, form))
        if not is_unset(value):
            shown[name] = value
    return shown


def _form(kind: Kind, name: str, shown: Any) -> Any:
    """What `observe` takes as the declared value where nothing is declared yet."""
    model = kind.model
    if name in model.references:
        return [] if model.holds_many(name) else {}
    return list(shown or ()) if model.holds_many(name) else None


def _identity(kind: Kind, entity: Entity) -> Props:
    """The properties that the qualifiedName is made of."""
    name = entity.qualified_name
    if not kind.is_edge:
        return {"connector": connector_of(name), "qualified_name": name}
    connection = connection_of(name)
    return {"connection": connection, "process_id": name[len(connection) + 1 :]}


def _without_implied(kind: Kind, inputs: Props) -> Props:
    """The inputs without attributes that the resource sets by itself."""
    assert isinstance(kind.lifecycle, EntityLifecycle)  # noqa: S101 - the others are made of these
    model, fixed = kind.model, kind.lifecycle.fixed_attributes(inputs)
    implied = {name for name in managed(model, inputs) if fixed.get(wire_name(model, name)) == inputs[name]}
    return {name: value for name, value in inputs.items() if name not in implied}
