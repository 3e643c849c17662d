"""Ownership of a job: which of its entities belong to others, and which change hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import (
    Props,
    is_ours,
    mark_of,
    must_be_named,
    ownership_conflict_on_create,
    ownership_conflict_on_update,
    stack_of,
    takeover_note,
)
from atlan_pulumi.resources.job_lineage import JobLineage, job_type_of

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity


def takeovers(found: JobLineage, olds: Props, news: Props) -> Iterator[tuple[Entity, str]]:
    """Yield the job's entity and its Process, if they change hands, each with the note that names it.

    Args:
        found: The job's entities.
        olds: The last state, or the inputs in it; empty if the job is new.
        news: The inputs as declared.
    """
    for each in found.every:
        if not olds or _must_be_named(each, olds, news):
            yield each, takeover_note(each, news)


def _must_be_named(entity: Entity, olds: Props, news: Props) -> bool:
    known = {**olds, "guid": _known_guid(entity, olds) or entity.guid}
    return must_be_named(entity, known, news) or _has_lost_its_mark(entity, olds, news)


def _known_guid(entity: Entity, olds: Props) -> str | None:
    """Return the GUID in the state. No state contains the second entity of a job by an earlier release."""
    own = {"Process": "guid", job_type_of(olds["qualified_name"]): "job_guid"}
    guid: str | None = olds.get(own.get(entity.type_name, ""))
    return guid


def _has_lost_its_mark(entity: Entity, olds: Props, news: Props) -> bool:
    """Return whether others recreated an entity, which a preview cannot see by the GUID."""
    marked = stack_of(olds.get("managed_by")) is not None and news.get("managed_by") is not None
    return marked and stack_of(mark_of(entity)) is None


def entities_of_another_stack(found: JobLineage, declared: Props) -> list[Entity]:
    """Return the entities of a job that belong to another stack, for example only the Process."""
    return [each for each in found.every if stack_of(mark_of(each)) and not is_ours(each, declared)]


def entities_of_others(found: JobLineage, declared: Props) -> list[Entity]:
    """Return the entities of a job that do not belong to this stack.

    If a run of this stack created any of them, only those of another stack count.
    """
    ours = any(is_ours(each, declared) for each in found.every)
    return entities_of_another_stack(found, declared) if ours else found.every


def ownership_conflict_on_write(entity: Entity, olds: Props, news: Props) -> str | None:
    """Return why an entity of another stack must not be written to. A state of inputs has no GUIDs."""
    if not olds:
        return ownership_conflict_on_create(entity, news)
    return ownership_conflict_on_update(entity, {**olds, "guid": entity.guid}, news)


def mark_shown(found: JobLineage, props: Props) -> str:
    """Return the observed mark of the job: that of another stack if one has taken over any entity."""
    if is_unfinished(props) and found.process is not None and stack_of(mark_of(found.process)) is None:
        return ""  # the next deployment sends another run, and marks what Atlan creates
    own = {"managed_by": props.get("own_mark") or props.get("managed_by")}
    marks = [mark_of(each) for each in [*entities_of_another_stack(found, own), *found.live]]
    return next(filter(None, marks), "")


def is_unfinished(props: Props) -> bool:
    """Return whether the creation of a job failed, so that its state contains no run."""
    return "own_mark" in props and not props.get("run_id")


def state_for(entity: Entity, olds: Props) -> Props:
    """Return the state, with `guid` for one of the job's entities."""
    return olds if entity.type_name == "Process" else {**olds, "guid": olds.get("job_guid")}
