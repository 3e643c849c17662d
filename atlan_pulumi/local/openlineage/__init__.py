"""Create jobs, processes, and column processes from OpenLineage events, as Atlan does."""

from __future__ import annotations

from atlan_pulumi.local.openlineage._job_entities import process_event

__all__ = ["process_event"]
