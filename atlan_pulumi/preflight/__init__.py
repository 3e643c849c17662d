"""Preflight: the checks of a program's declarations against Atlan, before anything is written.

It works on plain data, without Pulumi: `atlan_pulumi.dynamic` collects the declarations of a program, and
passes the findings to each resource's `check`.
"""

from __future__ import annotations

from atlan_pulumi.preflight._check import merge_report
from atlan_pulumi.preflight._child_checks import check_children, log_changes
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._origin_notes import origin_notes
from atlan_pulumi.preflight._ownership_checks import declared_by
from atlan_pulumi.preflight._preflight import Level, Preflight, new_preflight
from atlan_pulumi.preflight._registered import check_again, differing, digests
from atlan_pulumi.preflight._replacement_checks import check_replacement
from atlan_pulumi.preflight._report import Findings

__all__ = [
    "Declaration",
    "EntityCache",
    "Findings",
    "Level",
    "Preflight",
    "check_again",
    "check_children",
    "check_replacement",
    "declared_by",
    "differing",
    "digests",
    "log_changes",
    "merge_report",
    "new_preflight",
    "origin_notes",
]
