"""Ownership of a job: which of its entities others have, and which change hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import (
    Props,
    is_news,
    is_ours,
    mark_of,
    ownership_conflict_on_create,
    ownership_conflict_on_update,
    stack_of,
    takeover,
)
from atlan_pulumi.resources.job_lineage import JobLineage, job_type_of

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


def of_another_stack(found: JobLineage, declared: Props) -> list[Entity]:
    """What of a job another stack has, or has taken over: the Process alone, for instance."""
    return [each for each in found.every if stack_of(mark_of(each)) and not is_ours(each, declared)]


def of_others(found: JobLineage, declared: Props) -> list[Entity]:
    """What of a job is not this stack's: all of it, unless a run of this stack made a part of it."""
    ours = any(is_ours(each, declared) for each in found.every)
    return of_another_stack(found, declared) if ours else found.every


def ownership_conflict_on_write(entity: Entity, olds: Props, news: Props) -> str | None:
    """Why what another stack has must not be written to; a state of inputs alone knows no GUID."""
    if not olds:
        return ownership_conflict_on_create(entity, news)
    return ownership_conflict_on_update(entity, {**olds, "guid": entity.guid}, news)


def mark_shown(found: JobLineage, props: Props) -> str:
    """The mark of the job: that of another stack, where one has taken any of it over."""
    if is_unfinished(props) and found.process is not None and stack_of(mark_of(found.process)) is None:
        return ""  # the next deployment sends another run, and marks what Atlan creates
    own = {"managed_by": props.get("own_mark") or props.get("managed_by")}
    marks = [mark_of(each) for each in [*of_another_stack(found, own), *found.live]]
    return next(filter(None, marks), "")


def is_unfinished(props: Props) -> bool:
    """Whether a state is that of a job whose creation failed: Atlan has processed no run of it in time."""
    return "own_mark" in props and not props.get("run_id")


def as_known(entity: Entity, olds: Props) -> Props:
    """The state in the terms of one of the job's entities."""
    return olds if entity.type_name == "Process" else {**olds, "guid": olds.get("job_guid")}
