"""What a write did."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Annotated, Literal

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from atlan_pulumi.client._entity import Entity

DeleteType = Literal["HARD", "SOFT", "PURGE"]
"""SOFT archives and keeps the name taken; HARD removes an active entity; PURGE removes it in any state."""

_Headers = Annotated[list[Entity], BeforeValidator(lambda value: value or [])]
_Guids = Annotated[dict[str, str], BeforeValidator(lambda value: value or {})]


class MutationResult(BaseModel):
    """What a write did, by headers of the entities it touched, neighbours included.

    A write that is repeated after its answer was lost says "updated" or nothing, where the first said
    "created". A purge is among `deleted`.

    Attributes:
        created: Entities that are new.
        updated: Entities that changed; for a new Process, everything that it links.
        partially_updated: Entities that changed through a partial update.
        deleted: Entities that were archived or removed.
        guid_assignments: The GUID for each placeholder that was sent.
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
        """The GUID of an entity that was written; None where the answer does not tell (nothing changed).

        The type must be the very one: Atlan may answer a Process with the ColumnProcess of the same name.
        """
        written = chain(self.created, self.updated, self.partially_updated)
        named = (each for each in written if each.type_name == type_name)
        return next((each.guid for each in named if each.qualified_name == qualified_name), None)

    def guid_sent_as(self, placeholder: str, type_name: str, qualified_name: str) -> str | None:
        """The GUID of an entity that was sent with a placeholder, also where nothing changed.

        None where the answer does not tell, and where it was one of another type that was written.
        """
        guid = self.guid_assignments.get(placeholder)
        written = chain(self.created, self.updated, self.partially_updated)
        if guid and all(each.type_name == type_name for each in written if each.guid == guid):
            return guid
        return self.guid_of(type_name, qualified_name)

    @classmethod
    def merged(cls, results: Iterable[MutationResult]) -> MutationResult:
        """One result for a write that took several requests."""
        whole = cls()
        for result in results:
            whole.created += result.created
            whole.updated += result.updated
            whole.partially_updated += result.partially_updated
            whole.deleted += result.deleted
            whole.guid_assignments |= result.guid_assignments
        return whole
