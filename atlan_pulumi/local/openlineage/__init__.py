"""What OpenLineage events lead to: jobs, processes and column processes, as Atlan makes them."""

from __future__ import annotations

from atlan_pulumi.local.openlineage._job_entities import work_in

__all__ = ["work_in"]
