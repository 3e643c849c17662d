"""What a program declares, held against what is in Atlan, before anything is written.

It speaks plain data and knows nothing of Pulumi: `atlan_pulumi.dynamic` gathers the declarations of a
program, and carries the findings to each resource's `check`.
"""

from __future__ import annotations

from atlan_pulumi.preflight._catalog import Catalog
from atlan_pulumi.preflight._check import merge_report
from atlan_pulumi.preflight._child_checks import check_children, log_changes
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._ownership_checks import declared_by
from atlan_pulumi.preflight._preflight import Level, Preflight, new_preflight
from atlan_pulumi.preflight._registered import differing, digests, look_again
from atlan_pulumi.preflight._replacement_checks import look_at_replaced
from atlan_pulumi.preflight._report import Findings

__all__ = [
    "Catalog",
    "Declaration",
    "Findings",
    "Level",
    "Preflight",
    "check_children",
    "declared_by",
    "differing",
    "digests",
    "log_changes",
    "look_again",
    "look_at_replaced",
    "merge_report",
    "new_preflight",
]
