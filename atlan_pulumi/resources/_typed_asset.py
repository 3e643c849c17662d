"""What the typed forms of an `Asset` share: optional arguments, and how they become those of an `Asset`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.resources._arguments import AssetArgs
from atlan_pulumi.resources.asset import Asset
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
    """Delete the asset together with the assets in it and the processes that read or write any of them."""
    opts: pulumi.ResourceOptions
    """Resource options."""


class AssetInConnection(Asset):
    """The base of the typed forms whose qualifiedName is `<connection>/<name>`."""

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str],
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        super().__init__(resource_name, type_name=self.atlan_type, name=name, connection=connection, **more)


def with_attributes(given: TypedAssetArgs, **own: Any) -> TypedAssetArgs:
    """Return the arguments with attributes of the type added, by Atlan's names. None adds nothing."""
    own = {name: value for name, value in own.items() if value is not None}
    more = given.get("attributes")
    if not own:
        return given
    if isinstance(more, (pulumi.Output, Awaitable)):
        return {**given, "attributes": pulumi.Output.all(own, more).apply(lambda found: _merged(*found))}
    return {**given, "attributes": _merged(own, more)}


def _merged(own: dict[str, Any], more: Any) -> Any:
    """Return both; a value that is no mapping is returned as it is, and refused later."""
    return {**own, **(more or {})} if more is None or isinstance(more, Mapping) else more


def joined(*parts: Any) -> Any:
    """Return texts in one, as an Output if a part is one; None if a part is None, which is refused later."""
    if any(part is None for part in parts):
        return None
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    return pulumi.Output.all(*parts).apply(lambda known: None if None in known else "".join(map(str, known)))


def name_in(parent: Any) -> Any:
    """Return the qualifiedName in a reference; None for a reference by GUID, which is refused later."""
    if isinstance(parent, pulumi.Output):
        return parent.apply(name_in)
    return parent.get("qualified_name") if isinstance(parent, Mapping) else None


def transformed(text: Any, change: Callable[[str], str]) -> Any:
    """Return a changed text, as an Output if it is one; other values stay, and are refused later."""
    if isinstance(text, str):
        return change(text)
    if not isinstance(text, (pulumi.Output, Awaitable)):
        return text
    return pulumi.Output.all(text).apply(
        lambda known: change(known[0]) if isinstance(known[0], str) else known[0]
    )
