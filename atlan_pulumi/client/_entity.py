"""An entity of Atlan's metastore, as plain data."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from atlan_pulumi.client._reference import Reference

_DELETED = "DELETED"
_Map = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_Texts = Annotated[list[str], BeforeValidator(lambda value: [] if value is None else value)]
_Maps = Annotated[list[dict[str, Any]], BeforeValidator(lambda value: [] if value is None else value)]


class Entity(BaseModel):
    """An entity as it is sent, or as Atlan answers it: whole, or only its header.

    Attributes:
        type_name: Such as `Process`.
        guid: The GUID; a placeholder such as `-1` or None for one that is yet to be made.
        attributes: Attributes by Atlan's names; None as a value clears one.
        relationship_attributes: Relationships, with the state of each edge; empty in headers.
        status: `ACTIVE` or `DELETED` (archived). Sent only where it was set on purpose.
        created_by: User who made it.
        updated_by: User who wrote it last.
        create_time: Milliseconds since the Unix epoch.
        update_time: Milliseconds since the Unix epoch.
        is_incomplete: Whether Atlan knows it by reference only.
        labels: Free labels.
        classifications: Atlan tags, as Atlan has them.
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
        """The qualifiedName; empty where the answer did not hold it."""
        return self.attributes.get("qualifiedName") or ""

    @property
    def name(self) -> str:
        """The name; empty where the answer did not hold it."""
        return self.attributes.get("name") or ""

    def related(self, attribute: str, *, drop_archived: bool = False) -> list[Reference]:
        """The assets that a relationship leads to.

        Edges that were removed are left out: Atlan keeps them, marked as deleted, and only
        `relationshipAttributes` show the mark. Where those are missing, `attributes` have to do.

        Args:
            attribute: Atlan's name of the relationship, such as `inputs` or `process`.
            drop_archived: Leave out live edges to archived assets too.
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
        """As Atlan takes it. What is None or empty is left out, but for attributes: there None clears."""
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
