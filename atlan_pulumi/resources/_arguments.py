"""AssetArgs: the keyword arguments of every asset. Unknown ones are refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi.dynamic
from typing_extensions import TypedDict

from atlan_pulumi.resources.literals import AnnouncementType, CertificateStatus


class AssetArgs(TypedDict, total=False):
    """Optional keyword arguments of every resource. Attributes that are not set are not managed."""

    display_name: pulumi.Input[str]
    """Display name in Atlan, instead of `name`."""
    description: pulumi.Input[str]
    """Description from the source system."""
    user_description: pulumi.Input[str]
    """Description by users of Atlan, shown instead of `description`."""
    owner_users: pulumi.Input[Sequence[pulumi.Input[str]]]
    """User names of the owners; a set."""
    owner_groups: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Internal names of the owning groups; a set."""
    certificate_status: pulumi.Input[CertificateStatus]
    """`DRAFT`, `VERIFIED`, or `DEPRECATED`."""
    certificate_status_message: pulumi.Input[str]
    """The reason for the status. Requires `certificate_status`."""
    announcement_type: pulumi.Input[AnnouncementType]
    """`information`, `warning`, or `issue`."""
    announcement_title: pulumi.Input[str]
    """The announcement's headline. Requires `announcement_type`."""
    announcement_message: pulumi.Input[str]
    """The announcement's text. Requires `announcement_type`."""
    source_url: pulumi.Input[str]
    """The link of Atlan's button "view in source"."""
    source_embed_url: pulumi.Input[str]
    """The URL that Atlan embeds."""
    source_created_by: pulumi.Input[str]
    """The user who created the asset in the source system."""
    source_updated_by: pulumi.Input[str]
    """The user who last changed the asset in the source system."""
    source_created_at: pulumi.Input[int]
    """The time of creation in the source system, in milliseconds since 1970 (UTC)."""
    source_updated_at: pulumi.Input[int]
    """The time of the last change in the source system, in milliseconds since 1970 (UTC)."""
    source_owners: pulumi.Input[str]
    """The owners in the source system, as text."""
    sub_type: pulumi.Input[str]
    """Subtype, as text."""
    lexicographical_sort_order: pulumi.Input[str]
    """The position among siblings, as a LexoRank."""
    is_discoverable: pulumi.Input[bool]
    """Whether Atlan's search finds the asset."""
    is_editable: pulumi.Input[bool]
    """Whether the asset can be edited in Atlan."""


def accept(kind: str, given: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """Return keyword arguments, and refuse those that a resource does not have, as Python does.

    Raises:
        TypeError: An argument is unknown. The message names the first one.
    """
    for name in given:
        if name not in known:
            raise TypeError(f"{kind}() got an unexpected keyword argument {name!r}")
    return given
