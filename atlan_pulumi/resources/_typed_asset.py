"""What the typed forms of an `Asset` share: optional arguments, and how they become those of an `Asset`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.resources._arguments import AssetArgs
from atlan_pulumi.resources.literals import DeleteType
from atlan_pulumi.resources.references import AssetReference

#: The asset that contains another one: a resource, a qualifiedName, or a reference.
Container = AtlanResource | pulumi.Input[str] | pulumi.Input[AssetReference]


class TypedAssetArgs(AssetArgs, total=False):
    """Optional keyword arguments of every typed form, as for an `Asset`."""

    attributes: pulumi.Input[Mapping[str, pulumi.Input[Any]]]
    """More attributes of the type, by Atlan's names."""
    adopt: pulumi.Input[bool]
    """Adopt an existing asset with the same qualifiedName."""
    delete_type: pulumi.Input[DeleteType]
    """Deletion mode: `PURGE` (the default), `HARD`, or `SOFT`."""
    force_destroy: pulumi.Input[bool]
    """Delete the asset together with the assets below it and the processes that read or write it."""
    opts: pulumi.ResourceOptions
    """Resource options."""


def with_attributes(given: TypedAssetArgs, **own: Any) -> TypedAssetArgs:
    """Return the arguments with attributes of the type added, by Atlan's names. None adds nothing."""
    own = {name: value for name, value in own.items() if value is not None}
    more = given.get("attributes")
    if not own:
        return given
    if more is None or isinstance(more, Mapping):
        return {**given, "attributes": {**own, **(more or {})}}
    both = pulumi.Output.all(own, more).apply(lambda found: {**found[0], **found[1]})
    return {**given, "attributes": both}


def joined(*parts: pulumi.Input[str]) -> pulumi.Input[str]:
    """Return texts in one, as an Output if a part is one."""
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    return pulumi.Output.concat(*parts)


def name_in(parent: Any) -> pulumi.Input[str]:
    """Return the qualifiedName in a reference; an empty text for a reference by GUID, which is refused."""
    if isinstance(parent, pulumi.Output):
        return parent.apply(name_in)
    return parent.get("qualified_name", "") if isinstance(parent, Mapping) else ""
