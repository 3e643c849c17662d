"""Entity, Reference, MutationResult: the data that requests and responses contain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

_DELETED = "DELETED"
_Map = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_Texts = Annotated[list[str], BeforeValidator(lambda value: [] if value is None else value)]
_Maps = Annotated[list[dict[str, Any]], BeforeValidator(lambda value: [] if value is None else value)]
DeleteType = Literal["HARD", "SOFT", "PURGE"]
"""SOFT archives, and the name stays in use; HARD removes an active entity; PURGE removes it in any state."""
_Guids = Annotated[dict[str, str], BeforeValidator(lambda value: value or {})]


@dataclass(frozen=True)
class Reference:
    """A reference to an asset by `guid`, by `qualified_name`, or both.

    Attributes:
        type_name: The asset's type, such as `Table`.
        guid: Its GUID, or the placeholder of another entity in the same request, such as `-1`.
        qualified_name: Its qualifiedName.

    Raises:
        ValueError: Neither is set.
    """

    type_name: str
    guid: str | None = None
    qualified_name: str | None = None

    def __post_init__(self) -> None:
        if not (self.guid or self.qualified_name):
            raise ValueError(f"a reference to a {self.type_name} needs a guid or a qualified_name")

    def to_wire(self) -> dict[str, Any]:
        """Return the reference as Atlan expects it: by GUID if known (Atlan prefers it), else by name."""
        if self.guid:
            return {"typeName": self.type_name, "guid": self.guid}
        return {"typeName": self.type_name, "uniqueAttributes": {"qualifiedName": self.qualified_name}}

    @classmethod
    def from_wire(cls, stub: Any) -> Reference | None:
        """Return the reference that a relationship contains; None if it names no asset."""
        if not isinstance(stub, dict) or not stub.get("typeName"):
            return None
        guid, name = stub.get("guid"), _qualified_name(stub)
        return cls(stub["typeName"], guid, name) if guid or name else None


def _qualified_name(stub: dict[str, Any]) -> str | None:
    named = (stub.get("uniqueAttributes") or {}, stub.get("attributes") or {})
    return next((each["qualifiedName"] for each in named if each.get("qualifiedName")), None)


class Entity(BaseModel):
    """An entity in a request or a response. A response contains the whole entity, or only its header.

    Attributes:
        type_name: Its type, such as `Process`.
        guid: The GUID; for a new entity a placeholder such as `-1`, or None.
        attributes: Attributes by Atlan's names; the value None clears an attribute.
        relationship_attributes: Relationships, with the status of each edge; empty in headers.
        status: `ACTIVE` or `DELETED` (archived). Sent only if it was set explicitly.
        created_by: User who created it.
        updated_by: User who wrote it last.
        create_time: Milliseconds since the Unix epoch.
        update_time: Milliseconds since the Unix epoch.
        is_incomplete: Whether Atlan knows it by reference only.
        labels: Free labels.
        classifications: Atlan tags, in Atlan's format.
        business_attributes: Custom metadata: set, attribute, value.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    type_name: Annotated[str, Field(min_length=1)]
    guid: str | None = None
    attributes: _Map = Field(default_factory=dict)
    relationship_attributes: _Map = Field(default_factory=dict)
    status: Annotated[str, BeforeValidator(lambda value: value or "ACTIVE")] = "ACTIVE"
    created_by: str | None = None
    updated_by: str | None = None
    create_time: int | None = None
    update_time: int | None = None
    is_incomplete: bool | None = None
    labels: _Texts = Field(default_factory=list)
    classifications: _Maps = Field(default_factory=list)
    business_attributes: _Map = Field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        """The qualifiedName; empty if the response does not contain it."""
        return self.attributes.get("qualifiedName") or ""

    @property
    def name(self) -> str:
        """The name; empty if the response does not contain it."""
        return self.attributes.get("name") or ""

    def related(self, attribute: str, *, drop_archived: bool = False) -> list[Reference]:
        """Return the assets that a relationship refers to.

        Removed edges are left out: Atlan keeps them, marked as deleted. Only `relationshipAttributes`
        have that mark. Where those are missing, `attributes` are used.

        Args:
            attribute: Atlan's name of the relationship, such as `inputs` or `process`.
            drop_archived: Leave out active edges to archived assets, too.
        """
        source = (
            self.relationship_attributes if attribute in self.relationship_attributes else self.attributes
        )
        value = source.get(attribute)
        stubs = [stub for stub in (value if isinstance(value, list) else [value]) if isinstance(stub, dict)]
        found = (
            Reference.from_wire(stub)
            for stub in stubs
            if stub.get("relationshipStatus") != _DELETED
            and not (drop_archived and stub.get("entityStatus") == _DELETED)
        )
        return list(dict.fromkeys(reference for reference in found if reference is not None))

    def to_wire(self) -> dict[str, Any]:
        """Return the entity as Atlan expects it.

        Empty fields are left out, except attributes: None clears them.
        """
        optional = {
            "guid": self.guid,
            "status": self.status if "status" in self.model_fields_set else None,
            "relationshipAttributes": self.relationship_attributes,
            "labels": self.labels,
            "classifications": self.classifications,
            "businessAttributes": self.business_attributes,
        }
        sent = {name: value for name, value in optional.items() if value}
        return {"typeName": self.type_name, "attributes": self.attributes, **sent}


_Headers = Annotated[list[Entity], BeforeValidator(lambda value: value or [])]


class MutationResult(BaseModel):
    """What a write changed: headers of the entities, neighbors included.

    A write that is repeated after its response was lost reports "updated" or nothing, where the first one
    reported "created". A purged entity is in `deleted`.

    Attributes:
        created: New entities.
        updated: Changed entities; for a new Process, everything that it links.
        partially_updated: Entities changed by a partial update.
        deleted: Archived or removed entities.
        guid_assignments: The GUID for each placeholder in the request.
    """

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    created: _Headers = Field(default_factory=list, validation_alias=AliasPath("mutatedEntities", "CREATE"))
    updated: _Headers = Field(default_factory=list, validation_alias=AliasPath("mutatedEntities", "UPDATE"))
    partially_updated: _Headers = Field(
        default_factory=list, validation_alias=AliasPath("mutatedEntities", "PARTIAL_UPDATE")
    )
    deleted: _Headers = Field(default_factory=list, validation_alias=AliasPath("mutatedEntities", "DELETE"))
    guid_assignments: _Guids = Field(default_factory=dict, validation_alias="guidAssignments")

    def guid_of(self, type_name: str, qualified_name: str) -> str | None:
        """Return the GUID of a written entity; None if the response does not contain it (nothing changed).

        The type must match exactly: Atlan may return the ColumnProcess of the same name for a Process.
        """
        written = chain(self.created, self.updated, self.partially_updated)
        named = (each for each in written if each.type_name == type_name)
        return next((each.guid for each in named if each.qualified_name == qualified_name), None)

    def guid_sent_as(self, placeholder: str, type_name: str, qualified_name: str) -> str | None:
        """Return the GUID of an entity that was sent with a placeholder, even if nothing changed.

        None if the response does not contain it, or if Atlan wrote an entity of another type.
        """
        guid = self.guid_assignments.get(placeholder)
        written = chain(self.created, self.updated, self.partially_updated)
        if guid and all(each.type_name == type_name for each in written if each.guid == guid):
            return guid
        return self.guid_of(type_name, qualified_name)

    @classmethod
    def merge(cls, results: Iterable[MutationResult]) -> MutationResult:
        """Return one result for a write that took several requests."""
        merged = cls()
        for result in results:
            merged.created += result.created
            merged.updated += result.updated
            merged.partially_updated += result.partially_updated
            merged.deleted += result.deleted
            merged.guid_assignments |= result.guid_assignments
        return merged
