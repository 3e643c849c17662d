"""Lineage of a dbt project, from the artifacts that dbt writes. Needs the extra `dbt`.

`_artifacts` reads `manifest.json` and `catalog.json`, `_selection` selects nodes as dbt does, `_tables` names
their tables as Atlan does, and `_lineage` derives the lineage of what was selected.
"""

from __future__ import annotations

from atlan_pulumi.dbt._artifacts import Node, Project, is_dbt_target, read_project
from atlan_pulumi.dbt._lineage import NodeLineage, ProjectLineage, no_lineage
from atlan_pulumi.dbt._selection import Selection, select_nodes

__all__ = [
    "Node",
    "NodeLineage",
    "Project",
    "ProjectLineage",
    "Selection",
    "is_dbt_target",
    "no_lineage",
    "read_project",
    "select_nodes",
]
