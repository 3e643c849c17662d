"""AssetArgs: the keyword arguments that every asset takes; refusing unknown ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi.dynamic
from typing_extensions import TypedDict


class AssetArgs(TypedDict, total=False):
    """Optional keyword arguments that every resource takes. What is not given is not managed."""

    display_name: pulumi.Input[str]
    """Shown in Atlan instead of `name`."""
    description: pulumi.Input[str]
    """What the asset is, as its source describes it."""
    user_description: pulumi.Input[str]
    """What the asset is, as people in Atlan describe it; shown in place of `description`."""
    owner_users: pulumi.Input[Sequence[pulumi.Input[str]]]
    """User names of the owners; a set."""
    owner_groups: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Internal names of the owning groups; a set."""
    certificate_status: pulumi.Input[str]
    """`DRAFT`, `VERIFIED` or `DEPRECATED`."""
    certificate_status_message: pulumi.Input[str]
    """Why; needs `certificate_status`."""
    announcement_type: pulumi.Input[str]
    """`information`, `warning` or `issue`."""
    announcement_title: pulumi.Input[str]
    """The announcement's headline; needs `announcement_type`."""
    announcement_message: pulumi.Input[str]
    """The announcement's text; needs `announcement_type`."""
    source_url: pulumi.Input[str]
    """Where Atlan's button "view in source" leads."""
    source_embed_url: pulumi.Input[str]
    """What Atlan shows embedded."""
    source_created_by: pulumi.Input[str]
    """Who made it in the source system."""
    source_updated_by: pulumi.Input[str]
    """Who changed it last in the source system."""
    source_created_at: pulumi.Input[int]
    """When it was made in the source system, in milliseconds since 1970 (UTC)."""
    source_updated_at: pulumi.Input[int]
    """When it was changed last in the source system, in milliseconds since 1970 (UTC)."""
    source_owners: pulumi.Input[str]
    """Its owners in the source system, as text."""
    sub_type: pulumi.Input[str]
    """A finer kind within the type, as text."""
    lexicographical_sort_order: pulumi.Input[str]
    """Where it stands among its siblings, as a LexoRank."""
    is_discoverable: pulumi.Input[bool]
    """Whether it shows up in Atlan's search."""
    is_editable: pulumi.Input[bool]
    """Whether it can be edited in Atlan's interface."""


def accept(kind: str, given: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """Refuse keyword arguments that a resource does not have, as Python does for a function.

    Raises:
        TypeError: Naming the first unknown one.
    """
    for name in given:
        if name not in known:
            raise TypeError(f"{kind}() got an unexpected keyword argument {name!r}")
    return given
