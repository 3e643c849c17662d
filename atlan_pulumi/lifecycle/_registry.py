"""The lifecycle of each kind of resource, by the version of its contract.

States contain kinds and versions, so a row is never removed, and a new version is a new row. The lifecycles
are listed as text, since the core must not import the resources above it. Each type of assets of a source,
such as `Table`, is a kind of its own, with the lifecycle of an `Asset`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.naming import asset_types
from atlan_pulumi.startup import without_collection

if TYPE_CHECKING:
    from atlan_pulumi.lifecycle._resource import ResourceLifecycle

#: The lifecycle of each kind and version of its contract.
LIFECYCLES = {
    ("Connection", 1): "atlan_pulumi.resources.connection:ConnectionLifecycle",
    ("Process", 1): "atlan_pulumi.resources.process:ProcessLifecycle",
    ("ColumnProcess", 1): "atlan_pulumi.resources.column_process:ColumnProcessLifecycle",
    ("ColumnLineage", 1): "atlan_pulumi.resources.column_lineage:ColumnLineageLifecycle",
    ("ProcessSet", 1): "atlan_pulumi.resources.process_set:ProcessSetLifecycle",
    ("CrawlerRun", 1): "atlan_pulumi.resources.crawler_run:CrawlerRunLifecycle",
    ("OpenLineageConnection", 1): (
        "atlan_pulumi.resources.openlineage_connection:OpenLineageConnectionLifecycle"
    ),
    ("OpenLineageJob", 1): "atlan_pulumi.resources.openlineage_job:OpenLineageJobLifecycle",
}
_ASSET = "atlan_pulumi.resources.asset:AssetLifecycle"
_ASSET_VERSION = 1
#: The kinds that are no entities in Atlan: no policy, review, or import is about them.
NO_ENTITIES = frozenset({"CrawlerRun"})


def newest_version(kind: str) -> int | None:
    """Return the newest version of a kind; None for an unknown kind."""
    if asset_types.is_source_type(kind):
        return _ASSET_VERSION
    return max((version for name, version in LIFECYCLES if name == kind), default=None)


def lifecycle_of(kind: str, version: int | None = None) -> ResourceLifecycle:
    """Return the lifecycle of a kind; without a version, of the newest one.

    Raises:
        ResourceError: This release does not know the kind or version. A newer release wrote it.
    """
    version = version or newest_version(kind) or 0
    is_asset = asset_types.is_source_type(kind) and version == _ASSET_VERSION
    path = _ASSET if is_asset else LIFECYCLES.get((kind, version))
    if path is None:
        raise ResourceError(f"this atlan-pulumi does not know {kind} version {version}: upgrade it")
    module, _, name = path.partition(":")
    with without_collection():
        lifecycle: type[ResourceLifecycle] = getattr(importlib.import_module(module), name)
    return lifecycle.of_kind(kind)
