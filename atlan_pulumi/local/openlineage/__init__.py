"""What OpenLineage events lead to: jobs, processes and column processes, as Atlan makes them."""

from atlan_pulumi.local.openlineage._work import work_in

__all__ = ["work_in"]
