"""References to existing assets: by qualifiedName (stable, readable) or by GUID."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pulumi
from typing_extensions import TypedDict

from atlan_pulumi.dynamic.program import AtlanResource, without_resources
from atlan_pulumi.errors import ResourceError


class UnresolvedReferenceError(ResourceError, pulumi.RunError):
    """A reference cannot be made. Pulumi prints the text of a `RunError`, without a traceback."""


class AssetReference(TypedDict, total=False):
    """A reference to one asset, created with `asset()`, `table()`, `view()`, or `column()`."""

    type_name: pulumi.Input[str]
    """Atlan's typeName, case-sensitive, such as `Table`."""
    qualified_name: pulumi.Input[str]
    """The asset's qualifiedName. Exactly one of this and `guid` is set."""
    guid: pulumi.Input[str]
    """The asset's GUID."""


def asset(
    type_name: str,
    *,
    qualified_name: pulumi.Input[str] | None = None,
    guid: pulumi.Input[str] | None = None,
) -> AssetReference:
    """Refer to an asset of any type.

    Args:
        type_name: Atlan's typeName, case-sensitive: `Table`, `View`, `Column`, `S3Object`, `SparkJob`, …
        qualified_name: The asset's qualifiedName, such as `default/snowflake/1657025257/DB/SCHEMA/TABLE`.
        guid: The asset's GUID. Prefer the qualifiedName, which is readable in a review.

    Raises:
        TypeError: Both or neither of `qualified_name` and `guid` are set.

    Example:
        >>> import atlan_pulumi as atlan
        >>> atlan.asset("S3Object", qualified_name="default/s3/1657025300/landing/orders.csv")["type_name"]
        'S3Object'
    """
    if (qualified_name is None) == (guid is None):
        raise TypeError("asset() takes exactly one of qualified_name and guid")
    if qualified_name is not None:
        return {"type_name": type_name, "qualified_name": qualified_name}
    return {"type_name": type_name, "guid": guid or ""}


def table(qualified_name: pulumi.Input[str]) -> AssetReference:
    """Refer to a `Table` by its qualifiedName."""
    return asset("Table", qualified_name=qualified_name)


def view(qualified_name: pulumi.Input[str]) -> AssetReference:
    """Refer to a `View` by its qualifiedName."""
    return asset("View", qualified_name=qualified_name)


def column(qualified_name: pulumi.Input[str]) -> AssetReference:
    """Refer to a `Column` by its qualifiedName."""
    return asset("Column", qualified_name=qualified_name)


def references(value: Any) -> Any:
    """Return inputs or outputs (references, resources, Outputs of either) as props."""
    if isinstance(value, pulumi.Output):
        return value.apply(references)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [reference(item) for item in value]
    return value


def reference(value: Any, *, of_type: str | None = None) -> Any:
    """Return a reference or a resource as props. If the type is implied, a qualifiedName is enough."""
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: reference(known, of_type=of_type))
    if isinstance(value, AtlanResource):
        return {"type_name": value.atlan_type, "qualified_name": value.qualified_name}
    if isinstance(value, str) and of_type:
        return {"type_name": of_type, "qualified_name": value}
    return without_resources(value)


def qualified_name_of(value: AtlanResource | pulumi.Input[str]) -> pulumi.Input[str]:
    """Return the qualifiedName of a resource, or the value itself."""
    return value.qualified_name if isinstance(value, AtlanResource) else value


def sdk_process_id(
    name: str,
    connection_qualified_name: str,
    *,
    inputs: Iterable[str | None],
    outputs: Iterable[str | None],
    parent: str | None = None,
    extra_hash_params: Iterable[str] = (),
) -> str:
    """Return the `process_id` that Atlan's Python SDK derives, to adopt a process of the SDK.

    It is not this package's default: it changes with every input and output, so a changed process becomes a
    new one and the former is left behind; it depends on their order; and it ignores references by
    qualifiedName, so all processes of one name between such references have the same id.

    Args:
        name: The process's name.
        connection_qualified_name: The qualifiedName of its connection.
        inputs: The GUIDs of the inputs, in the order in which the SDK got them; None for a reference by
            qualifiedName.
        outputs: The GUIDs of the outputs, likewise.
        parent: The GUID of the parent process, if it was set by GUID.
        extra_hash_params: Further texts that the SDK got to hash. With two or more, the SDK's order differs
            from run to run.

    Returns:
        32 hexadecimal digits: the MD5 of all of these, concatenated without separators.

    Source: pyatlan 11.6.0, `Process.Attributes.generate_qualified_name`.

    Example:
        >>> import atlan_pulumi as atlan
        >>> first, second = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
        >>> connection = "default/snowflake/1657025257"
        >>> atlan.sdk_process_id("A -> B", connection, inputs=[first], outputs=[second])
        'a0427209221340a5e997701256e982ea'
    """
    parts = [name, connection_qualified_name, parent, *inputs, *outputs, *extra_hash_params]
    text = "".join(part for part in parts if part)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
