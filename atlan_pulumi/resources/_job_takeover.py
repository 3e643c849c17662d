"""What of a job changes hands: its entities that a deployment begins to write to, each with a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import Props, is_news, mark_of, stack_of, takeover
from atlan_pulumi.resources._job_lineage import JobLineage, job_type_of

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity


def takeovers(found: JobLineage, olds: Props, news: Props) -> Iterator[tuple[Entity, str]]:
    """Yield the job's entity and its Process, each with the note that names it, where they change hands.

    Args:
        found: What is there of the job.
        olds: The last state, or the inputs in it; empty where the job is new.
        news: What is declared.
    """
    for each in found.every:
        if not olds or _is_news(each, olds, news):
            yield each, takeover(each, news)


def _is_news(entity: Entity, olds: Props, news: Props) -> bool:
    known = {**olds, "guid": _known_guid(entity, olds) or entity.guid}
    return is_news(entity, known, news) or _has_lost_its_mark(entity, olds, news)


def _known_guid(entity: Entity, olds: Props) -> str | None:
    """Return the GUID in the state; an earlier release's second entity of a job is in none."""
    own = {"Process": "guid", job_type_of(olds["qualified_name"]): "job_guid"}
    guid: str | None = olds.get(own.get(entity.type_name, ""))
    return guid


def _has_lost_its_mark(entity: Entity, olds: Props, news: Props) -> bool:
    """Return whether others recreated it, which a preview cannot tell by the GUID."""
    marked = stack_of(olds.get("managed_by")) is not None and news.get("managed_by") is not None
    return marked and stack_of(mark_of(entity)) is None
