"""The removal of a declared job: its own entities, and no entity that others created or have taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    DeclaredResources,
    Log,
    OwnedNote,
    Props,
    describe_entity,
    forced_removal_note,
    is_precise,
    just_written_note,
    last_written,
    leftover_note,
    mark_of,
    notes_by_owner,
    ownership_conflict_on_delete,
    removal_conflict,
    stack_of,
)
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    created_by,
    has_event_name,
    marks_of,
    read_lineage,
    stale_columns,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class JobRemoval:
    """The removal of one job, planned before anything is removed."""

    def __init__(
        self, client: AtlanClient, props: Props, written: Collection[str], declared: DeclaredResources
    ) -> None:
        """Plan the removal.

        Args:
            client: The tenant.
            props: The state.
            written: GUIDs that this process has written, for a resource that replaces this one.
            declared: The entities that the program declares.

        Raises:
            ResourceError: Column processes of others would be orphaned, and `force_destroy` is not set; or
                another resource of the program declares them.
            RequestError: Atlan refused, or could not be reached.
        """
        self._client, self._props, self._written, self._declared = client, props, written, declared
        self._name = props["qualified_name"]
        self._found = read_lineage(client, self._name, props)
        ours = [each for each in self._found.live if _is_in_state(each, self._found, props)]
        kept = {each.guid: reason for each in ours if (reason := self._why_kept(each))}
        self._going = [each for each in ours if each.guid not in kept]
        self.notes = list(kept.values())[-1:]
        self._others: list[Entity] = []
        self._columns = self._columns_going([each.guid for each in ours])

    def _why_kept(self, entity: Entity) -> str | None:
        if entity.guid in self._written:
            return just_written_note(entity)
        return ownership_conflict_on_delete(entity, self._props)

    def _columns_going(self, ours: Collection[str | None]) -> list[Entity]:
        process = self._found.process if self._found.has_process else None
        if process is None or process in self._going:
            return self._all_columns()
        if process.guid not in ours:
            theirs = last_written(process)
            self.notes = [f"Process {self._name!r} was left in Atlan: others recreated it ({theirs})"]
        # The new owner of the Process has marked the column processes that it took over.
        job_goes = bool(self._going)
        mine = [each for each in self._found.columns if created_by(each, self._props)]
        return [
            each
            for each in mine
            if (job_goes or mark_of(each) in marks_of(self._props)) and self._may_go(each)
        ]

    def _all_columns(self) -> list[Entity]:
        """Return the column processes to remove together with their Process."""
        below = [*self._found.columns, *self._found.others]
        mine = [each for each in below if created_by(each, self._props) or self._is_of_interrupted_run(each)]
        others = [each for each in below if each not in mine]
        if objection := removal_conflict("Process", self._props, others, self._declared):
            raise ResourceError(objection)
        self._others = others
        every = [*mine, *stale_columns(self._client, self._name, self._props)]
        return [*(each for each in every if self._may_go(each)), *others]

    def _is_of_interrupted_run(self, column: Entity) -> bool:
        """Return whether an interrupted run created a column process: it and its Process have no mark."""
        process = self._found.process
        if not marks_of(self._props):
            return False  # marks are off, so a missing mark proves nothing
        unmarked = (
            process is not None and stack_of(mark_of(process)) is None and stack_of(mark_of(column)) is None
        )
        left = column.guid in (self._props.get("left_guids") or ())
        return unmarked and not left and has_event_name(column, self._name)

    def _may_go(self, column: Entity) -> bool:
        return column.guid not in self._written

    def run(self, log: Log) -> list[str]:
        """Remove the entities, and return notes on those that were left.

        Args:
            log: Called with a note on each removed entity that is not in the state, before it is removed.
        """
        for note in notes_by_owner(OwnedNote(self._owner(each), note) for each, note in self._unknown()):
            log(note)
        guids = dict.fromkeys(str(each.guid) for each in [*self._columns, *reversed(self._going)])
        self._client.entities.delete(guids, self._props.get("delete_type") or "PURGE")
        return self.notes

    def _owner(self, entity: Entity) -> str | None:
        """Return the stack that owns an entity of others; None for the job's own entities."""
        return stack_of(mark_of(entity)) if entity in self._others else None

    def _unknown(self) -> Iterator[tuple[Entity, str]]:
        """Yield removed entities that are not in the state, each with its note."""
        props = self._props
        known = {props.get("guid"), props.get("job_guid"), *(props.get("column_guids") or ())}
        going = {each.guid: each for each in [*self._columns, *self._going] if each.guid not in known}
        for each in going.values():
            if each in self._others and self._found.process is not None:
                yield each, forced_removal_note(each, self._found.process)
            elif mark_of(each) in marks_of(props):
                yield each, leftover_note(each)
            else:
                who = last_written(each)
                yield each, f"{describe_entity(each)} will be removed with its job ({who})"


def dependents_of(client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
    """Return the column processes of others below the Process in a state, each with the Process."""
    found = read_lineage(client, props["qualified_name"], props)
    process = found.process if found.has_process else None
    if process is None or ownership_conflict_on_delete(process, props):
        return []
    return [(each, process) for each in found.others]


def _is_in_state(entity: Entity, found: JobLineage, props: Props) -> bool:
    """Return whether the state contains an entity, or an interrupted run of the resource created it."""
    if entity.guid in (props.get("guid"), props.get("job_guid")):
        return True
    mark = mark_of(entity)
    if mark in marks_of(props) and (entity.type_name != "Process" or is_precise(mark)):
        return True  # of an earlier release, or of the run after it
    if entity.type_name != "Process":
        return False
    ours = any(each.guid == props.get("job_guid") or mark_of(each) in marks_of(props) for each in found.jobs)
    return ours and stack_of(mark) is None
