"""Release: stop managing lineage with a stack, and leave it in Atlan.

Pulumi's `retain_on_delete` and `pulumi state delete` leave an entity in Atlan with the ownership mark of the
stack, so that other stacks are refused. A release takes the resources out of the state and removes the marks.
"""

from atlan_pulumi.release._release import Release, find_release, release

__all__ = ["Release", "find_release", "release"]
