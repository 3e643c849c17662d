"""The attributes that every asset has, as validated inputs.

Source: the metastore's `Asset` and `Referenceable` type definitions, as Atlan's own SDK models them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from atlan_pulumi.lifecycle import _ownership as ownership
from atlan_pulumi.lifecycle._model import Inputs, Mistake, Text, TextElement

CertificateStatus = Literal["DRAFT", "VERIFIED", "DEPRECATED"]
AnnouncementType = Literal["information", "warning", "issue"]
Deletion = Literal["PURGE", "HARD", "SOFT"]
#: The longest text that an attribute takes; Atlan answers 500 to a longer one (source: its metastore).
MOST_CHARACTERS = 100_000
Milliseconds = Annotated[int, Field(ge=0)]


class ResourceInputs(Inputs):
    """The inputs of every resource, validated. `None` is "not managed"."""

    references: ClassVar[frozenset[str]] = frozenset()
    """Which properties hold references to other assets."""
    kinds: ClassVar[dict[str, str]] = {}
    """What they refer to: that type of Atlan's, or a kind of it."""
    refer_with: ClassVar[str] = "table"
    """The function that makes a reference to a `Catalog` asset of the usual type."""
    settings: ClassVar[frozenset[str]] = frozenset(
        {"adopt", "delete_type", "force_destroy", "reads_own_output"}
    )
    """Which properties steer this package rather than describe the asset; they are never sent."""

    adopt: bool | None = None
    delete_type: Deletion | None = None
    force_destroy: bool | None = None
    managed_by: Annotated[Text | None, Field(serialization_alias=ownership.ATTRIBUTE)] = None

    def contradictions(self) -> Iterator[Mistake]:
        """What is wrong between properties that are each right on their own."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, str) and len(value) > MOST_CHARACTERS:
                length = f"is {len(value):,} characters long"
                yield Mistake(name, f"{length}; Atlan takes {MOST_CHARACTERS:,} at most")


class AssetInputs(ResourceInputs):
    """The attributes of every asset, validated."""

    name: Text
    display_name: str | None = None
    description: str | None = None
    user_description: str | None = None
    owner_users: list[TextElement] | None = None
    owner_groups: list[TextElement] | None = None
    certificate_status: CertificateStatus | None = None
    certificate_status_message: str | None = None
    announcement_type: AnnouncementType | None = None
    announcement_title: str | None = None
    announcement_message: str | None = None
    source_url: Annotated[str | None, Field(serialization_alias="sourceURL")] = None
    source_embed_url: Annotated[str | None, Field(serialization_alias="sourceEmbedURL")] = None
    source_created_by: str | None = None
    source_updated_by: str | None = None
    source_created_at: Milliseconds | None = None
    source_updated_at: Milliseconds | None = None
    source_owners: str | None = None
    sub_type: str | None = None
    lexicographical_sort_order: str | None = None
    is_discoverable: bool | None = None
    is_editable: bool | None = None

    @classmethod
    def holds_many(cls, name: str) -> bool:
        """Whether a property is a list, which to Atlan is a set."""
        return "list[" in str(cls.model_fields[name].annotation)

    def contradictions(self) -> Iterator[Mistake]:
        """Also: what belongs together."""
        yield from super().contradictions()
        if self.certificate_status_message is not None and self.certificate_status is None:
            yield Mistake("certificate_status_message", "needs certificate_status")
        for name in ("announcement_title", "announcement_message"):
            if getattr(self, name) is not None and self.announcement_type is None:
                yield Mistake(name, "needs announcement_type")


def wire_name(model: type[ResourceInputs], name: str) -> str:
    """Atlan's name of the attribute that the property `name` describes, e.g. `sourceURL` for `source_url`."""
    return model.model_fields[name].serialization_alias or name


def managed(model: type[ResourceInputs], declared: dict[str, Any]) -> list[str]:
    """The properties in `declared` that describe the asset, in the model's order."""
    return [name for name in model.model_fields if name in declared and name not in model.settings]
