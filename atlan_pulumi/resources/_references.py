"""References to assets that exist already: by qualifiedName (stable, readable) or by GUID."""

from __future__ import annotations

from typing import Any

import pulumi
from typing_extensions import TypedDict

from atlan_pulumi.dynamic import AtlanResource, without_resources


class AssetReference(TypedDict, total=False):
    """A reference to one asset; make it with `asset()`, `table()`, `view()` or `column()`."""

    type_name: pulumi.Input[str]
    """Atlan's typeName, case-sensitive, e.g. `Table`."""
    qualified_name: pulumi.Input[str]
    """The asset's qualifiedName; exactly one of this and `guid` is given."""
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
        guid: The asset's GUID. Prefer the qualifiedName: it can be read in a review.

    Raises:
        TypeError: Both or neither of `qualified_name` and `guid` are given.

    Example:
        >>> asset("S3Object", qualified_name="default/s3/1657025300/landing/orders.csv")["type_name"]
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
    """What an author gives as inputs or outputs (references, resources, Outputs of either) as props."""
    if isinstance(value, pulumi.Output):
        return value.apply(references)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [reference(item) for item in value]
    return value


def reference(value: Any, *, of_type: str | None = None) -> Any:
    """One reference or resource as props; where a type is implied, a qualifiedName will do."""
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: reference(known, of_type=of_type))
    if isinstance(value, AtlanResource):
        return {"type_name": value.atlan_type, "qualified_name": value.qualified_name}
    if isinstance(value, str) and of_type:
        return {"type_name": of_type, "qualified_name": value}
    return without_resources(value)


def qualified_name_of(value: AtlanResource | pulumi.Input[str]) -> pulumi.Input[str]:
    """The qualifiedName of a resource, or the value itself."""
    return value.qualified_name if isinstance(value, AtlanResource) else value
