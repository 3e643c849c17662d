"""What goes with a declared job: what it made, and nothing of what others made or have taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    DeclaredResources,
    OwnedNote,
    Props,
    Tell,
    goes_with,
    is_precise,
    last_written,
    leftover,
    mark_of,
    named,
    notes_by_owner,
    ownership_conflict_on_delete,
    removal_conflict,
    stack_of,
)
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    has_event_name,
    made_by,
    marks_of,
    read_lineage,
    stale_entities,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class Removal:
    """The removal of one job, planned before anything is removed."""

    def __init__(
        self, client: AtlanClient, props: Props, written: Collection[str], declared: DeclaredResources
    ) -> None:
        """Plan it.

        Args:
            client: The tenant.
            props: The state.
            written: GUIDs of what this process has written: the resource that replaces this one.
            declared: What the program declares.

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
            return f"{entity.type_name} {entity.qualified_name!r} was left in Atlan: it was just written anew"
        return ownership_conflict_on_delete(entity, self._props)

    def _columns_going(self, ours: Collection[str | None]) -> list[Entity]:
        process = self._found.process if self._found.has_process else None
        if process is None or process in self._going:
            return self._all_columns()
        if process.guid not in ours:
            theirs = last_written(process)
            self.notes = [f"Process {self._name!r} was left in Atlan: others made it anew ({theirs})"]
        # Whoever has the Process now has marked the column processes that it took over.
        job_goes = bool(self._going)
        mine = [each for each in self._found.columns if made_by(each, self._props)]
        return [
            each
            for each in mine
            if (job_goes or mark_of(each) in marks_of(self._props)) and self._may_go(each)
        ]

    def _all_columns(self) -> list[Entity]:
        """The column processes below a Process that goes."""
        below = [*self._found.columns, *self._found.others]
        mine = [each for each in below if made_by(each, self._props) or self._was_cut_off(each)]
        others = [each for each in below if each not in mine]
        if objection := removal_conflict("Process", self._props, others, self._declared):
            raise ResourceError(objection)
        self._others = others
        every = [*mine, *stale_entities(self._client, self._name, self._props)]
        return [*(each for each in every if self._may_go(each)), *others]

    def _was_cut_off(self, column: Entity) -> bool:
        """Return whether an interrupted run made it: then neither it nor its Process has a mark yet."""
        process = self._found.process
        if not marks_of(self._props):
            return False  # marks are switched off: no mark proves nothing
        unmarked = (
            process is not None and stack_of(mark_of(process)) is None and stack_of(mark_of(column)) is None
        )
        left = column.guid in (self._props.get("left_guids") or ())
        return unmarked and not left and has_event_name(column, self._name)

    def _may_go(self, column: Entity) -> bool:
        return column.guid not in self._written

    def run(self, tell: Tell) -> list[str]:
        """Remove it, and return why something was left.

        Args:
            tell: Called with each note on what goes and is not in the state, before it goes.
        """
        for note in notes_by_owner(OwnedNote(self._owner(each), note) for each, note in self._unknown()):
            tell(note)
        guids = dict.fromkeys(str(each.guid) for each in [*self._columns, *reversed(self._going)])
        self._client.entities.delete(guids, self._props.get("delete_type") or "PURGE")
        return self.notes

    def _owner(self, entity: Entity) -> str | None:
        """Return the stack that has what others made; None for what is the job's own."""
        return stack_of(mark_of(entity)) if entity in self._others else None

    def _unknown(self) -> Iterator[tuple[Entity, str]]:
        """Yield what others made, and what an interrupted run left, each with its note."""
        props = self._props
        known = {props.get("guid"), props.get("job_guid"), *(props.get("column_guids") or ())}
        going = {each.guid: each for each in [*self._columns, *self._going] if each.guid not in known}
        for each in going.values():
            if each in self._others and self._found.process is not None:
                yield each, goes_with(each, self._found.process)
            elif mark_of(each) in marks_of(props):
                yield each, leftover(each)
            else:
                who = last_written(each)
                yield each, f"{named(each)} will be removed with its job ({who})"


def dependents_of(client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
    """Return the column processes that others made below the Process of a state, each with the Process."""
    found = read_lineage(client, props["qualified_name"], props)
    process = found.process if found.has_process else None
    if process is None or ownership_conflict_on_delete(process, props):
        return []
    return [(each, process) for each in found.others]


def _is_in_state(entity: Entity, found: JobLineage, props: Props) -> bool:
    """Return whether the state has it, by its GUID, or an interrupted run of the resource made it."""
    if entity.guid in (props.get("guid"), props.get("job_guid")):
        return True
    mark = mark_of(entity)
    if mark in marks_of(props) and (entity.type_name != "Process" or is_precise(mark)):
        return True  # of an earlier release, or of the run that came after it
    if entity.type_name != "Process":
        return False
    ours = any(each.guid == props.get("job_guid") or mark_of(each) in marks_of(props) for each in found.jobs)
    return ours and stack_of(mark) is None
