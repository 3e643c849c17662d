"""What a program declares, held against what is in Atlan, before anything is written.

It speaks plain data and knows nothing of Pulumi: `atlan_pulumi.dynamic` gathers the declarations of a
program, and carries the findings to each resource's `check`.
"""

from atlan_pulumi.preflight._catalogue import Catalogue
from atlan_pulumi.preflight._declaration import Declaration, Key
from atlan_pulumi.preflight._findings import Findings
from atlan_pulumi.preflight._judge import judge
from atlan_pulumi.preflight._parts import look_at_parts, tell_changes
from atlan_pulumi.preflight._registered import differing, digests, look_again
from atlan_pulumi.preflight._review import Level, Review

__all__ = [
    "Catalogue",
    "Declaration",
    "Findings",
    "Key",
    "Level",
    "Review",
    "differing",
    "digests",
    "judge",
    "look_again",
    "look_at_parts",
    "tell_changes",
]
