"""Where an asset is: the names of the assets that contain it, as attributes that Atlan shows and filters by.

Source of the attributes: pyatlan 11.6, the `creator` functions of the types.
"""

from __future__ import annotations

import functools

from atlan_pulumi.naming import asset_path
from atlan_pulumi.naming.asset_attributes import value_kinds

#: The prefix of the attributes with the name of a container, by its type.
_PREFIXES = {
    "ADLSAccount": "adlsAccount",
    "ADLSContainer": "adlsContainer",
    "APISpec": "apiSpec",
    "Application": "applicationParent",
    "Database": "database",
    "GCSBucket": "gcsBucket",
    "MaterialisedView": "view",
    "S3Bucket": "s3Bucket",
    "Schema": "schema",
    "Table": "table",
    "View": "view",
}
#: The type that contains a container, if its name is part of the container's qualifiedName.
_ABOVE = {
    "ADLSContainer": "ADLSAccount",
    "MaterialisedView": "Schema",
    "Schema": "Database",
    "SnowflakeDynamicTable": "Schema",
    "Table": "Schema",
    "View": "Schema",
}


@functools.cache
def container_attributes() -> frozenset[str]:
    """Return the attributes that `container_names` sets, of all types."""
    return frozenset(f"{prefix}{end}" for prefix in _PREFIXES.values() for end in ("Name", "QualifiedName"))


def container_names(type_name: str, container_type: str, container: str) -> dict[str, str]:
    """Return the attributes with the names of the containers of an asset.

    Args:
        type_name: The type of the asset.
        container_type: The type of the asset that contains it.
        container: The qualifiedName of the asset that contains it.

    Example:
        >>> container_names("Table", "Schema", "default/snowflake/1657025257/RAW/PUBLIC")["databaseName"]
        'RAW'
    """
    known = value_kinds(type_name)
    found: dict[str, str] = {}
    kind: str | None = container_type
    while kind and asset_path(container):
        prefix = _PREFIXES.get(kind)
        names = {f"{prefix}Name": _last(container), f"{prefix}QualifiedName": container} if prefix else {}
        found |= {name: value for name, value in names.items() if name in known}
        kind, container = _ABOVE.get(kind), container.rpartition("/")[0]
    return found


def _last(qualified_name: str) -> str:
    """Return the last part of a qualifiedName; of an ARN, the part after the service and the account."""
    return qualified_name.rpartition("/")[2].rpartition(":::")[2]
