"""The lifecycle of each kind of resource, by the version of its contract.

States contain kinds and versions, so a row is never removed, and a new version is a new row. The lifecycles
are listed as text, since the core must not import the resources above it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError

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
#: The kinds that are no entities in Atlan: no policy, review, or import is about them.
NO_ENTITIES = frozenset({"CrawlerRun"})


def lifecycle_of(kind: str, version: int) -> ResourceLifecycle:
    """Return the lifecycle of a kind.

    Raises:
        ResourceError: This release does not know the kind or version. A newer release wrote it.
    """
    path = LIFECYCLES.get((kind, version))
    if path is None:
        raise ResourceError(f"this atlan-pulumi does not know {kind} version {version}: upgrade it")
    module, _, name = path.partition(":")
    lifecycle: type[ResourceLifecycle] = getattr(importlib.import_module(module), name)
    return lifecycle()
