"""What an entity has that its resource does not manage: it stays in Atlan as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from atlan_pulumi.importer._kinds import Kind
from atlan_pulumi.lifecycle import managed, wire_name

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

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
