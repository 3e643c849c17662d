"""The lifecycle of a resource that is many Atlan entities: written in batches, each owned on its own.

The state holds what is declared of them in a short form, and their GUIDs as one text. Each entity bears the
mark of the resource, so that what a run made which was cut off is found again by the next one.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import _mark, _observe, _ownership
from atlan_pulumi.lifecycle._children import (
    Change,
    Child,
    Children,
    Plan,
    by_type,
    changed_children,
    is_live,
    look_up,
    packed,
    unpacked,
)
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._dependents import key_of
from atlan_pulumi.lifecycle._inputs import managed
from atlan_pulumi.lifecycle._observe import OwnedNote
from atlan_pulumi.lifecycle._removal import Removal, Removals, own_marks
from atlan_pulumi.lifecycle._resource import Checked, Difference, Observed, Props, ResourceLifecycle, merged
from atlan_pulumi.lifecycle._values import has_unknown, same

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

#: Where the state keeps the GUIDs; Pulumi shows no property that begins like this.
GUIDS = "__guids"
#: What a refresh found that the short form of the parts cannot tell, by part; it goes with the next `up`.
DRIFTED = "drifted"
_TOLD_EVERY = 5.0
"""Seconds between two lines that tell how far a long operation is."""

Seen = dict[EntityKey, Props]
"""What Atlan shows of each part that is there and ours."""

Found = Mapping[EntityKey, "Entity"]
"""Entities by their names."""


class ManyLifecycle(ResourceLifecycle):
    """One kind of resource that is many entities in Atlan."""

    removes_below = ""

    short_form: ClassVar[frozenset[str]]
    """The properties that tell the parts: they are compared part by part, not as they are written."""

    problem_property: ClassVar[str]
    """The property that problems about the parts are told on."""

    # -- what a kind of resource tells -------------------------------------------------------------

    @abstractmethod
    def children(self, props: Props) -> Children:
        """The parts that `props` declare; empty while they are not known."""

    @abstractmethod
    def shown(self, props: Props, seen: Seen) -> Props:
        """The short form of what Atlan shows, in the terms of `props`; and `DRIFTED` where that cannot tell.

        Args:
            props: What was declared.
            seen: The observed properties of each part that is there; what is not in it is gone.
        """

    @abstractmethod
    def container(self, client: AtlanClient, props: Props) -> Entity | None:
        """The entity whose GUID the resource shows as its own."""

    @abstractmethod
    def beside(
        self, client: AtlanClient, every: Sequence[Props], marks: Collection[str], root: Entity | None = None
    ) -> Found:
        """Return the entities at which the search for what is near the parts begins.

        They do not depend on which of the parts exist, so that a preview looks up both at once.

        Args:
            client: The tenant.
            every: The state, unless it is empty, and the inputs.
            marks: The marks of the resource; none where they are switched off.
            root: What `above` returned; None where it was not called.
        """

    @abstractmethod
    def related(
        self,
        client: AtlanClient,
        change: Change,
        settled: Collection[EntityKey],
        beside: Found,
    ) -> Iterable[Entity]:
        """Return live entities near the parts that are touched, with their relationships.

        Some may be leftovers of an interrupted run; others depend on what will be removed.

        Args:
            client: The tenant.
            change: What is to be done.
            settled: Of which it is known what becomes of them; they are not asked for.
            beside: What the method `beside` returned.
        """

    def where(self, _part: Child, _name: str) -> str:
        """Return where a reference of a part is declared, to precede a problem; empty if that is evident.

        Args:
            _part: The part.
            _name: The property of it that has the reference.
        """
        return ""

    def entities(self, declared: Props) -> Iterable[EntityKey]:
        """Return the parts."""
        return self.children(declared).keys()

    def entities_of(self, checked: Checked) -> Iterable[EntityKey]:
        """Return the parts."""
        return self.plan_of({}, checked).keys

    def plan(self, olds: Props, news: Props) -> Plan:
        """Return the parts before and after a change."""
        return Plan(self.children, olds, news)

    def plan_of(self, olds: Props, checked: Checked) -> Plan:
        """Return the plan that a check has made, for the same `olds`, else a new one."""
        return checked.plan if isinstance(checked.plan, Plan) else self.plan(olds, checked.inputs)

    # -- the lifecycle -----------------------------------------------------------------------------

    def diff(self, olds: Props, news: Props, plan: object = None) -> Difference:
        """Compare the parts, not the way in which they are written; what drifted is to be mended."""
        changed, replaces = super().diff(olds, news)
        short = self.short_form & set(changed)
        plan = plan if isinstance(plan, Plan) else self.plan(olds, news)
        if short and olds and not self.is_open(news) and _same_parts(plan, olds):
            changed = [name for name in changed if name not in short]
        if olds.get(DRIFTED):
            changed = [*changed, DRIFTED]
        return Difference(changed, replaces)

    def is_open(self, props: Props) -> bool:
        """Whether it is not known yet what all of the parts are."""
        return has_unknown([props.get(name) for name in (*self.short_form, "qualified_name")])

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Make the entities, or restore or adopt those of their names; answers the outputs."""
        return self._apply(client, {}, inputs)

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Write the parts that are new or changed, then remove those that are declared no longer."""
        return self._apply(client, olds, news)

    def _apply(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        change = self._change(client, olds, news)
        self._refuse_others(client, change, olds, news)
        root = self.container(client, news)
        to_delete = self._to_delete(client, change, olds, news, root=root)
        self.tell_all(_observe.notes_by_owner(to_delete.named))
        self.tell_all(_observe.notes_by_owner(self._takeovers(change, olds, news)))
        self.written |= {str(entity.guid) for entity in change.overwritten}
        try:
            written = self._write(client, change)
        except AtlanError as error:
            raise error if olds else self._partly_created(client, change, news, root, error) from None
        self.written |= {guid for guid in written.values() if guid}
        to_delete = self._unchanged(client, to_delete) if change.changed else to_delete
        notes = [*to_delete.stays.values(), *self._remove(client, to_delete.entities, news)]
        self.tell_all(_observe.shortened(notes))
        known = change.known | written
        guids = packed(known.get(key) for key in sorted(change.wanted))
        made = {"guid": root.guid if root else None, "own_mark": news.get("managed_by"), GUIDS: guids}
        return merged(news, made)

    def _partly_created(
        self, client: AtlanClient, change: Change, news: Props, root: Entity | None, error: AtlanError
    ) -> AtlanError:
        """Return the error of a creation, with the entities that were created: they belong in the state."""
        made = {"guid": root.guid if root else None, "own_mark": news.get("managed_by")}
        try:
            found = look_up(client, [key for key in change.changed if key not in change.found])
            guids = packed(found[key].guid if key in found else None for key in sorted(change.wanted))
            seen = self.read(client, news["qualified_name"], {**merged(news, made), GUIDS: guids})
        except AtlanError:  # the next run finds them by their marks
            return error
        return PartlyCreatedError(str(error), seen.outputs) if seen.outputs else error

    def _change(
        self,
        client: AtlanClient,
        olds: Props,
        news: Props,
        seen: Mapping[EntityKey, Entity] | None = None,
        plan: Plan | None = None,
    ) -> Change:
        plan = plan or self.plan(olds, news)
        had, wanted = plan.had, plan.wanted(news.get("managed_by"))
        changed = changed_children(had, wanted, self.drifted(olds, had))
        removed = [key for key in had if key not in wanted]
        known = self.guids(olds, had)
        gone = self._found(client, {key: known[key] for key in removed}, relationships=False)
        found = look_up(client, changed) if seen is None else seen
        return Change(had, wanted, known, changed, removed, {**found, **gone})

    def _unchanged(self, client: AtlanClient, to_delete: Removals) -> Removals:
        """Return what is still to be removed: the writes took time, and others may have taken it over."""
        now = client.entities.get_many([str(each.guid) for each in to_delete.entities], relationships=False)
        going, stays = [], dict(to_delete.stays)
        for entity in to_delete.entities:
            current = now.get(str(entity.guid))
            if current is not None and _ownership.mark_of(current) != _ownership.mark_of(entity):
                stays[key_of(entity)] = f"{_observe.named(entity)} was left in Atlan: others have it by now"
            elif current is not None:
                going.append(entity)
        return Removals(going, to_delete.named, stays)

    def _takeovers(self, change: Change, olds: Props, news: Props) -> Iterable[OwnedNote]:
        """Return a note for each entity that is written to, and that the state does not contain."""
        for key in change.changed:
            entity = change.found.get(key)
            known = {**olds, "guid": change.known.get(key)} if key in change.had else None
            if entity is not None and (known is None or _ownership.is_news(entity, known, news)):
                owner = _mark.stack_of(_ownership.mark_of(entity))
                yield OwnedNote(owner, _ownership.takeover(entity, news))

    def preview_removals(
        self,
        client: AtlanClient,
        olds: Props,
        news: Props,
        seen: Found,
        *,
        beside: Found | None = None,
        plan: Plan | None = None,
    ) -> Removals:
        """Return what an update would remove, as far as the inputs in the state tell: they have no GUIDs.

        Args:
            client: The tenant.
            olds: The inputs in the state.
            news: The inputs as declared.
            seen: What is in Atlan under the names of the parts that are new or changed.
            beside: What `look_beside` returned; None where it was not called.
            plan: The plan of the change; None where there is none yet.

        Raises:
            ResourceError: Others depend on it, and `force_destroy` is not set.
            RequestError: Atlan refused, or could not be reached.
        """
        change = self._change(client, olds, news, seen, plan)
        known = {key: entity.guid for key, entity in change.found.items()}
        return self._to_delete(client, replace(change, known=known), olds, news, beside=beside)

    def drifted(self, props: Props, parts: Children) -> dict[EntityKey, str]:
        """The parts of which `props` hold something under `DRIFTED`: their ids in the connection."""
        told = props.get(DRIFTED) or {}
        ids = {key: part.declared["process_id"] for key, part in parts.items()} if told else {}
        return {key: id_ for key, id_ in ids.items() if id_ in told}

    def observe(self, _client: AtlanClient, _entity: Entity, _name: str, declared: Any) -> Any:
        """No one entity shows a property of the whole: `read` asks the parts."""
        return declared

    def guids(self, props: Props, parts: Children) -> dict[EntityKey, str | None]:
        """The GUID of each part, as the state knows it: they stand in the order of the names."""
        known = unpacked(props.get(GUIDS))
        return dict(zip(sorted(parts), [*known, *[None] * (len(parts) - len(known))], strict=False))

    def _refuse_others(self, client: AtlanClient, change: Change, olds: Props, news: Props) -> None:
        """Refuse, before anything is written, where one of the names is another's."""
        told = []
        for key in change.changed:
            if (entity := change.found.get(key)) is not None:
                # Where others made it anew and a refresh has shown it, the state knows no GUID.
                known = {**olds, "guid": change.known.get(key) or entity.guid} if key in change.had else None
                told.append(self.objection(entity, known, news))
        new_names = [key for key in change.changed if key not in change.found]
        others = look_up(client, list(self.aliases(new_names))).values()
        told += [_observe.type_conflict(self.type_name, other) for other in others]
        if objections := list(filter(None, told)):
            raise ResourceError(_summed_up(objections))

    def aliases(self, keys: Sequence[EntityKey]) -> Iterable[EntityKey]:
        """The entities of subtypes that Atlan would take for these, where there is none of the very type."""
        return (EntityKey("ColumnProcess", key.qualified_name) for key in keys if key.type_name == "Process")

    def objection(self, entity: Entity, olds: Props | None, news: Props) -> str | None:
        """Why a live entity of a part's name must not be written to; `olds` is None where the part is new."""
        if olds is None:
            return _ownership.ownership_conflict_on_create(entity, news)
        return _ownership.ownership_conflict_on_update(entity, olds, news)

    def _write(self, client: AtlanClient, change: Change) -> dict[EntityKey, str | None]:
        """Write the parts that are new or changed, type by type; answers their GUIDs."""
        guids: dict[EntityKey, str | None] = {}
        for type_name, keys in by_type(change.changed).items():
            entities = [change.to_write(client, key) for key in keys]
            done = self._progress(client, "written", len(keys), type_name)
            outcomes = client.bulk.upsert(entities, done=done)
            failed = [(key, each.error) for key, each in zip(keys, outcomes, strict=True) if each.error]
            if failed:
                raise ResourceError(_not_all(type_name, len(keys), failed))
            guids |= {key: outcome.guid for key, outcome in zip(keys, outcomes, strict=True)}
        unknown = [key for key, guid in guids.items() if guid is None]
        return guids | {key: entity.guid for key, entity in look_up(client, unknown).items()}

    def look_beside(self, client: AtlanClient, olds: Props, news: Props, root: Entity | None = None) -> Found:
        """Return what `beside` does, for the marks that the resource has."""
        every = [props for props in (olds, news) if props]
        return self.beside(client, every, own_marks(olds, news), root)

    def _to_delete(
        self,
        client: AtlanClient,
        change: Change,
        olds: Props,
        news: Props,
        *,
        beside: Found | None = None,
        root: Entity | None = None,
    ) -> Removals:
        """Return what is to be removed, and why the rest stays.

        Raises:
            ResourceError: Others depend on it, and `force_destroy` is not set.
        """
        replaces = bool(olds) and olds["qualified_name"] != news["qualified_name"]
        removal = Removal(change, olds, news, self.declared, self.written, replaces)
        former = removal.former_parts()
        if not (change.changed or change.removed):
            return former
        settled = {*change.wanted, *map(key_of, former.entities)}
        beside = self.look_beside(client, olds, news, root) if beside is None else beside
        return removal.with_others(former, self.related(client, change, settled, beside))

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """The parts that are there and ours, in the terms of what `props` declared."""
        had = self.children(props)
        known = self.guids(props, had)
        found = self._found(client, known)
        notes, seen = list[OwnedNote](), Seen()
        for key, part in had.items():
            entity = found.get(key)
            note = self._why_lost(key, entity, props)
            if note is None and entity is not None:
                seen[key] = self._observed(client, part, entity, known[key])
                names = [
                    name for name, value in seen[key].items() if not same(part.declared.get(name), value)
                ]
                note = _observe.note_of_drift(entity, names) if names else None
            owner = _mark.stack_of(_ownership.mark_of(entity)) if entity and key not in seen else None
            notes += [OwnedNote(owner, note)] if note else []
        if had and not seen:
            return Observed({}, {}, _observe.notes_by_owner(notes))
        kept = {name: value for name, value in props.items() if name not in {GUIDS, DRIFTED}}
        outputs = merged({**kept, "qualified_name": id_}, self.shown(props, seen))
        inputs = {name: value for name, value in outputs.items() if name not in {"guid", "own_mark"}}
        inputs |= _ownership.replaced_guid(outputs)
        ours = {key: _own_guid(found[key], known[key], props) if key in seen else known[key] for key in had}
        guids = packed(ours.get(key) for key in sorted(self.children(outputs)))
        return Observed({**outputs, GUIDS: guids}, inputs, _observe.notes_by_owner(notes))

    def _found(
        self, client: AtlanClient, known: Mapping[EntityKey, str | None], *, relationships: bool = True
    ) -> dict[EntityKey, Entity]:
        """The entities by GUID, a hundred a request; what is not there any more, by its name."""
        guids = [guid for guid in known.values() if guid]
        by_guid = client.entities.get_many(guids, relationships=relationships)
        found = {key: by_guid[guid] for key, guid in known.items() if guid in by_guid}
        absent = [key for key in known if key not in found]
        return found | look_up(client, absent, relationships=relationships)

    def _why_lost(self, key: EntityKey, entity: Entity | None, props: Props) -> str | None:
        """Why a part is not there, or another stack's; None where it is, if others made it anew."""
        if not is_live(entity):
            return _observe.note_of_absence(*key, entity)
        mark = _ownership.mark_of(entity)
        stack = _mark.stack_of(mark)
        if stack is None or mark == props.get("own_mark") or _ownership.is_ours(entity, props):
            return None
        return f"{key} is of the stack {stack!r} now ({_observe.last_written(entity)})"

    def _observed(self, client: AtlanClient, part: Child, entity: Entity, guid: str | None) -> Props:
        model, declared = part.lifecycle.model, part.declared
        names = managed(model, declared)
        seen = {name: part.lifecycle.observe(client, entity, name, declared[name]) for name in names}
        if _ownership.is_ours(entity, declared):  # if of another resource: the next write mends it
            seen["managed_by"] = declared["managed_by"]
        elif entity.guid != guid:
            seen.setdefault("managed_by", "")
        return seen

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entities that were made, and only those; gone already is fine."""
        had = self.children(props)
        known = self.guids(props, had)
        found = self._found(client, known, relationships=False)
        change = Change(had, {}, known, [], list(had), found)
        to_delete = self._to_delete(client, change, props, props)
        self.tell_all(_observe.notes_by_owner(to_delete.named))
        return _observe.shortened(
            [*to_delete.stays.values(), *self._remove(client, to_delete.entities, props)]
        )

    def _remove(self, client: AtlanClient, entities: Sequence[Entity], props: Props) -> list[str]:
        """Remove entities, column processes before processes; answers which were left after all, and why."""
        left: list[str] = []
        guids: dict[str, list[str]] = {"ColumnProcess": [], "Process": []}
        for entity in entities:
            if entity.guid in self.written:  # by another resource, in the meantime
                left.append(f"{_observe.named(entity)} was left in Atlan: it was just written anew")
            else:
                guids[entity.type_name].append(str(entity.guid))
        for type_name, of_type in guids.items():
            done = self._progress(client, "removed", len(of_type), type_name)
            client.entities.delete(of_type, props.get("delete_type") or "PURGE", done=done)
        return left

    def tell_all(self, notes: Iterable[str]) -> None:
        """Show notes to a person."""
        for note in notes:
            self.tell(note)

    def _progress(self, client: AtlanClient, what: str, total: int, type_name: str) -> Callable[[int], None]:
        """Tells now and then how many are done; nothing where that takes but a moment."""
        told_at = client.clock.monotonic()

        def tell(done: int) -> None:
            nonlocal told_at
            if client.clock.monotonic() - told_at >= _TOLD_EVERY:
                told_at = client.clock.monotonic()
                self.tell(f"{done:,} of {total:,} {type_name} entities {what}")

        return tell


def _same_parts(plan: Plan, olds: Props) -> bool:
    had, wanted = plan.had, plan.wanted(olds.get("managed_by"))
    return had.keys() == wanted.keys() and not changed_children(had, wanted)


def _own_guid(entity: Entity, known: str | None, props: Props) -> str | None:
    """The GUID of a part that is there; None where others made it anew: it is not ours to remove."""
    ours = entity.guid == known or _ownership.is_ours(entity, props)
    return entity.guid if ours else None


def _summed_up(reasons: Sequence[str]) -> str:
    more = f" (and {len(reasons) - 1} more like it)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"


def _not_all(type_name: str, total: int, failed: Sequence[tuple[EntityKey, Any]]) -> str:
    key, error = failed[0]
    written = f"{total - len(failed):,} of {total:,} {type_name} entities were written"
    more = f"; and {len(failed) - 1:,} more" if len(failed) > 1 else ""
    return f"{written}, then: {key}: {error}{more}; run `pulumi up` again, which goes on from here"
