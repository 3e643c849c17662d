"""The lifecycle of a bulk resource, which is many Atlan entities: written in batches, with one owner each.

The state contains the children in a short form, and their GUIDs as one text. Each entity has the resource's
ownership mark, so that the next run finds what an interrupted run has created.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import _observe, _ownership
from atlan_pulumi.lifecycle._asset_use import Props
from atlan_pulumi.lifecycle._children import Change, Child, Children, Plan, changed_children
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._dependents import entity_key
from atlan_pulumi.lifecycle._inputs import managed_properties
from atlan_pulumi.lifecycle._lookups import by_type, is_live, look_up_entities
from atlan_pulumi.lifecycle._observe import OwnedNote
from atlan_pulumi.lifecycle._packed_guids import pack_guids, unpack_guids
from atlan_pulumi.lifecycle._placeholders import PLACEHOLDERS, left_note, observe_placeholders
from atlan_pulumi.lifecycle._removal import Removal, Removals, own_marks
from atlan_pulumi.lifecycle._resource import Checked, Difference, Observed, ResourceLifecycle, merged
from atlan_pulumi.lifecycle._values import has_unknown, same
from atlan_pulumi.ownership_mark import stack_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

#: The hidden property with the GUIDs; Pulumi shows no property with this prefix.
GUIDS = "__guids"
#: The property with the drift that the short form cannot express, by child; the next `up` removes it.
DRIFTED = "drifted"
_READ_AT_ONCE = 5_000
"""The most entities that a refresh reads before it compares them: some 15 KB of memory each."""
_LOG_EVERY = 5.0
"""Seconds between two progress notes."""

Seen = dict[EntityKey, Props]
"""The observed properties of each child that exists and belongs to the resource."""

EntitiesByKey = Mapping[EntityKey, "Entity"]
"""Entities by their keys."""


class ManyLifecycle(ResourceLifecycle):
    """One kind of resource that is many entities in Atlan."""

    removes_below = ""

    short_form: ClassVar[frozenset[str]]
    """The properties that declare the children. They are compared child by child, not as text."""

    problem_property: ClassVar[str]
    """The property on which problems of the children are reported."""

    # -- defined by each kind of resource ----------------------------------------------------------

    @abstractmethod
    def children(self, props: Props) -> Children:
        """Return the declared children; empty while they are unknown."""

    @abstractmethod
    def observed_short_form(self, props: Props, seen: Seen) -> Props:
        """Return the observed children in short form, with `DRIFTED` for what it cannot express.

        Args:
            props: The declared properties.
            seen: The observed properties of each existing child. Other children are missing.
        """

    @abstractmethod
    def container(self, client: AtlanClient, props: Props) -> Entity | None:
        """Return the entity whose GUID is the resource's own."""

    @abstractmethod
    def starting_points(
        self, client: AtlanClient, every: Sequence[Props], marks: Collection[str], root: Entity | None = None
    ) -> EntitiesByKey:
        """Return the entities at which the search for related entities begins.

        They do not depend on which children exist, so that a preview looks up both at the same time.

        Args:
            client: The tenant.
            every: The state, unless it is empty, and the inputs.
            marks: The resource's marks; empty if marks are off.
            root: The result of `container`; None if it was not called.
        """

    @abstractmethod
    def related(
        self,
        client: AtlanClient,
        change: Change,
        decided: Collection[EntityKey],
        start: EntitiesByKey,
    ) -> Iterable[Entity]:
        """Return live entities related to the changed children, with their relationships.

        Some may be leftovers of an interrupted run; others depend on children that will be removed.

        Args:
            client: The tenant.
            change: The change.
            decided: Keys of entities to leave out, since it is decided what happens to them.
            start: The result of `starting_points`.
        """

    def location_of(self, _part: Child, _name: str) -> str:
        """Return where a reference of a child is declared, as the prefix of a problem; empty if evident.

        Args:
            _part: The child.
            _name: Its property with the reference.
        """
        return ""

    def entities(self, declared: Props) -> Iterable[EntityKey]:
        """Return the children."""
        return self.children(declared).keys()

    @property
    def asset_properties(self) -> frozenset[str]:
        """The short form of the children, which name their inputs and outputs."""
        return self.short_form

    def assets_of(self, inputs: Props, names: Collection[str] | None = None) -> Iterable[EntityKey | str]:
        """Return the known inputs and outputs of all children."""
        for child in self.children(inputs).values():
            yield from child.lifecycle.assets_of(child.declared, names)

    def plan(self, olds: Props, news: Props) -> Plan:
        """Return the children before and after a change."""
        return Plan(self.children, olds, news)

    def plan_of(self, olds: Props, checked: Checked) -> Plan:
        """Return the plan that a check has made for the same `olds`; otherwise a new one."""
        return checked.plan if isinstance(checked.plan, Plan) else self.plan(olds, checked.inputs)

    # -- the lifecycle -----------------------------------------------------------------------------

    def diff(self, olds: Props, news: Props, plan: object = None) -> Difference:
        """Compare the children, not the text that declares them. Drift is a difference."""
        changed, replaces = super().diff(olds, news)
        short = self.short_form & set(changed)
        plan = plan if isinstance(plan, Plan) else self.plan(olds, news)
        if short and olds and not self.has_unknown_children(news) and _same_children(plan, olds):
            changed = [name for name in changed if name not in short]
        if olds.get(DRIFTED):
            changed = [*changed, DRIFTED]
        return Difference(changed, replaces)

    def has_unknown_children(self, props: Props) -> bool:
        """Return whether some children are not known yet."""
        return has_unknown([props.get(name) for name in (*self.short_form, "qualified_name")])

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Create the entities, or restore or adopt existing ones, and return the outputs."""
        return self._apply(client, {}, inputs)

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Write the new and changed children, then remove those that are no longer declared."""
        return self._apply(client, olds, news)

    def _apply(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        change = self._change(client, olds, news)
        self._refuse_conflicts(client, change, olds, news)
        root = self.container(client, news)
        to_delete = self._to_delete(client, change, olds, news, root=root)
        self.log_all(_observe.notes_by_owner(to_delete.named))
        self.log_all(_observe.notes_by_owner(self._takeovers(change, olds, news)))
        self.written |= {str(entity.guid) for entity in change.overwritten}
        used = self.provide(client, olds, news)
        if used.waited:  # others may have written in the meantime
            return self._apply(client, olds, news)
        made = {"guid": root.guid if root else None, "own_mark": news.get("managed_by")}
        made |= used.to_state()
        try:
            written = self._write(client, change)
        except AtlanError as error:
            raise error if olds else self._partly_created(client, change, news, made, error) from None
        self.written |= {guid for guid in written.values() if guid}
        to_delete = self._unchanged(client, to_delete) if change.changed else to_delete
        notes = [*to_delete.stays.values(), *self._remove(client, to_delete.entities, news)]
        self.log_all(_observe.first_notes(notes))
        self.let_go(client, olds, used.guids)
        known = change.known | written
        guids = pack_guids(known.get(key) for key in sorted(change.wanted))
        return merged(news, {**made, GUIDS: guids})

    def _partly_created(
        self, client: AtlanClient, change: Change, news: Props, made: Props, error: AtlanError
    ) -> AtlanError:
        """Return the error of a failed creation, with the created entities, which belong in the state."""
        try:
            found = look_up_entities(client, [key for key in change.changed if key not in change.found])
            guids = pack_guids(found[key].guid if key in found else None for key in sorted(change.wanted))
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
        found = look_up_entities(client, changed) if seen is None else seen
        return Change(had, wanted, known, changed, removed, {**found, **gone})

    def _unchanged(self, client: AtlanClient, to_delete: Removals) -> Removals:
        """Return what is still to be removed: others may have taken entities over during the writes."""
        now = client.entities.get_many([str(each.guid) for each in to_delete.entities], relationships=False)
        going, stays = [], dict(to_delete.stays)
        for entity in to_delete.entities:
            current = now.get(str(entity.guid))
            if current is not None and _ownership.mark_of(current) != _ownership.mark_of(entity):
                stays[entity_key(entity)] = (
                    f"{_observe.describe_entity(entity)} was left in Atlan: others have it by now"
                )
            elif current is not None:
                going.append(entity)
        return Removals(going, to_delete.named, stays)

    def _takeovers(self, change: Change, olds: Props, news: Props) -> Iterable[OwnedNote]:
        """Return a note for each entity that will be written to and is not in the state."""
        for key in change.changed:
            entity = change.found.get(key)
            known = {**olds, "guid": change.known.get(key)} if key in change.had else None
            if entity is not None and (known is None or _ownership.must_be_named(entity, known, news)):
                owner = stack_of(_ownership.mark_of(entity))
                yield OwnedNote(owner, _ownership.takeover_note(entity, news))

    def preview_removals(
        self,
        client: AtlanClient,
        olds: Props,
        news: Props,
        seen: EntitiesByKey,
        *,
        start: EntitiesByKey | None = None,
        plan: Plan | None = None,
    ) -> Removals:
        """Return what an update would remove, as far as the inputs in the state show it: they lack the GUIDs.

        Args:
            client: The tenant.
            olds: The inputs in the state.
            news: The inputs as declared.
            seen: The entities in Atlan with the keys of the new and changed children.
            start: The result of `look_up_starting_points`; None if it was not called.
            plan: The plan of the change, if any.

        Raises:
            ResourceError: Others depend on a removed entity, and `force_destroy` is not set.
            RequestError: Atlan refused, or could not be reached.
        """
        change = self._change(client, olds, news, seen, plan)
        known = {key: entity.guid for key, entity in change.found.items()}
        return self._to_delete(client, replace(change, known=known), olds, news, start=start)

    def drifted(self, props: Props, children: Children) -> dict[EntityKey, str]:
        """Return the children with an entry in `DRIFTED`, each with its id in the connection."""
        drift = props.get(DRIFTED) or {}
        ids = {key: child.declared["process_id"] for key, child in children.items()} if drift else {}
        return {key: id_ for key, id_ in ids.items() if id_ in drift}

    def observe(self, _client: AtlanClient, _entity: Entity, _name: str, declared: Any) -> Any:
        """Return the declared value. No single entity shows it; `read` observes the children."""
        return declared

    def guids(self, props: Props, children: Children) -> dict[EntityKey, str | None]:
        """Return the GUID of each child in the state, where they are in the order of the keys."""
        known = unpack_guids(props.get(GUIDS))
        return dict(zip(sorted(children), [*known, *[None] * (len(children) - len(known))], strict=False))

    def _refuse_conflicts(self, client: AtlanClient, change: Change, olds: Props, news: Props) -> None:
        """Refuse the change before anything is written if an entity belongs to another writer."""
        found: list[str | None] = []
        for key in change.changed:
            if (entity := change.found.get(key)) is not None:
                # If others recreated it and a refresh has shown it, the state has no GUID.
                known = {**olds, "guid": change.known.get(key) or entity.guid} if key in change.had else None
                found.append(self.ownership_conflict(entity, known, news))
        new_names = [key for key in change.changed if key not in change.found]
        others = look_up_entities(client, list(self.aliases(new_names))).values()
        found += [_observe.type_conflict(self.type_name, other) for other in others]
        if objections := list(filter(None, found)):
            raise ResourceError(_first_of(objections))

    def aliases(self, keys: Sequence[EntityKey]) -> Iterable[EntityKey]:
        """Return entities of subtypes that Atlan would overwrite if there is none of the declared type."""
        return (EntityKey("ColumnProcess", key.qualified_name) for key in keys if key.type_name == "Process")

    def ownership_conflict(self, entity: Entity, olds: Props | None, news: Props) -> str | None:
        """Return why an existing entity must not be written to; None if it may be.

        Args:
            entity: The entity.
            olds: The state; None if the child is new.
            news: The inputs as declared.
        """
        if olds is None:
            return _ownership.ownership_conflict_on_create(entity, news)
        return _ownership.ownership_conflict_on_update(entity, olds, news)

    def _write(self, client: AtlanClient, change: Change) -> dict[EntityKey, str | None]:
        """Write the new and changed children type by type, and return their GUIDs."""
        guids: dict[EntityKey, str | None] = {}
        for type_name, keys in by_type(change.changed).items():
            entities = [change.to_write(client, key) for key in keys]
            done = self._progress(client, "written", len(keys), type_name)
            outcomes = client.bulk.upsert(entities, done=done)
            failed = [(key, each.error) for key, each in zip(keys, outcomes, strict=True) if each.error]
            if failed:
                raise ResourceError(_partial_failure_text(type_name, len(keys), failed))
            guids |= {key: outcome.guid for key, outcome in zip(keys, outcomes, strict=True)}
        unknown = [key for key, guid in guids.items() if guid is None]
        return guids | {key: entity.guid for key, entity in look_up_entities(client, unknown).items()}

    def look_up_starting_points(
        self, client: AtlanClient, olds: Props, news: Props, root: Entity | None = None
    ) -> EntitiesByKey:
        """Return the result of `starting_points` for the resource's marks."""
        every = [props for props in (olds, news) if props]
        return self.starting_points(client, every, own_marks(olds, news), root)

    def _to_delete(
        self,
        client: AtlanClient,
        change: Change,
        olds: Props,
        news: Props,
        *,
        start: EntitiesByKey | None = None,
        root: Entity | None = None,
    ) -> Removals:
        """Return what will be removed, and why the rest stays.

        Raises:
            ResourceError: Others depend on a removed entity, and `force_destroy` is not set.
        """
        replaces = bool(olds) and olds["qualified_name"] != news["qualified_name"]
        removal = Removal(change, olds, news, self.declared, self.written, replaces)
        former = removal.former_children()
        if not (change.changed or change.removed):
            return former
        decided = {*change.wanted, *map(entity_key, former.entities)}
        start = self.look_up_starting_points(client, olds, news, root) if start is None else start
        return removal.with_related(former, self.related(client, change, decided, start))

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """Return the resource's existing children, in the form in which they were declared."""
        had = self.children(props)
        known = self.guids(props, had)
        notes, seen, ours = list[OwnedNote](), Seen(), dict(known)
        for key, entity in self._found_in_parts(client, known):
            note = self._why_lost(key, entity, props)
            if note is None and entity is not None:
                seen[key] = self._observed(client, had[key], entity, known[key])
                ours[key] = _own_guid(entity, known[key], props)
                declared = had[key].declared
                names = [name for name, value in seen[key].items() if not same(declared.get(name), value)]
                note = _observe.drift_note(entity, names) if names else None
            owner = stack_of(_ownership.mark_of(entity)) if entity and key not in seen else None
            notes += [OwnedNote(owner, note)] if note else []
        if had and not seen:
            return Observed({}, {}, [*_observe.notes_by_owner(notes), *left_note(props)])
        kept = {name: value for name, value in props.items() if name not in {GUIDS, DRIFTED, PLACEHOLDERS}}
        outputs = merged({**kept, "qualified_name": id_}, self.observed_short_form(props, seen))
        inputs = {name: value for name, value in outputs.items() if name not in {"guid", "own_mark"}}
        inputs |= _ownership.replaced_guid(outputs)
        guids = pack_guids(ours.get(key) for key in sorted(self.children(outputs)))
        placeholders, remarks = observe_placeholders(client, props)
        lines = [*_observe.notes_by_owner(notes), *remarks]
        return Observed({**outputs, GUIDS: guids, **placeholders}, inputs, lines)

    def _found_in_parts(
        self, client: AtlanClient, known: Mapping[EntityKey, str | None]
    ) -> Iterator[tuple[EntityKey, Entity | None]]:
        """Yield each child with its entity; only some thousand entities are in memory at a time."""
        keys = list(known)
        for start in range(0, len(keys), _READ_AT_ONCE):
            part = keys[start : start + _READ_AT_ONCE]
            found = self._found(client, {key: known[key] for key in part})
            yield from ((key, found.get(key)) for key in part)

    def _found(
        self, client: AtlanClient, known: Mapping[EntityKey, str | None], *, relationships: bool = True
    ) -> dict[EntityKey, Entity]:
        """Return the entities by GUID, a hundred per request; missing ones by qualifiedName."""
        guids = [guid for guid in known.values() if guid]
        by_guid = client.entities.get_many(guids, relationships=relationships)
        found = {key: by_guid[guid] for key, guid in known.items() if guid in by_guid}
        absent = [key for key in known if key not in found]
        return found | look_up_entities(client, absent, relationships=relationships)

    def _why_lost(self, key: EntityKey, entity: Entity | None, props: Props) -> str | None:
        """Return why a child is missing or belongs to another stack; None for a recreated child."""
        if not is_live(entity):
            return _observe.absence_note(*key, entity)
        mark = _ownership.mark_of(entity)
        stack = stack_of(mark)
        if stack is None or mark == props.get("own_mark") or _ownership.is_ours(entity, props):
            return None
        return f"{key} belongs to the stack {stack!r} now ({_observe.last_written(entity)})"

    def _observed(self, client: AtlanClient, child: Child, entity: Entity, guid: str | None) -> Props:
        model, declared = child.lifecycle.model, child.declared
        names = managed_properties(model, declared)
        seen = {name: child.lifecycle.observe(client, entity, name, declared[name]) for name in names}
        if _ownership.is_ours(entity, declared):  # if of another resource: the next write mends it
            seen["managed_by"] = declared["managed_by"]
        elif entity.guid != guid:
            seen.setdefault("managed_by", "")
        return seen

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entities in the state, and no others. Missing entities are not an error."""
        had = self.children(props)
        known = self.guids(props, had)
        found = self._found(client, known, relationships=False)
        change = Change(had, {}, known, [], list(had), found)
        to_delete = self._to_delete(client, change, props, props)
        self.log_all(_observe.notes_by_owner(to_delete.named))
        left = [*to_delete.stays.values(), *self._remove(client, to_delete.entities, props)]
        self.let_go(client, props)
        return _observe.first_notes(left)

    def _remove(self, client: AtlanClient, entities: Sequence[Entity], props: Props) -> list[str]:
        """Remove entities, column processes before processes, and return notes on those that were left."""
        left: list[str] = []
        guids: dict[str, list[str]] = {"ColumnProcess": [], "Process": []}
        for entity in entities:
            if entity.guid in self.written:  # by another resource, in the meantime
                left.append(_observe.just_written_note(entity))
            else:
                guids[entity.type_name].append(str(entity.guid))
        for type_name, of_type in guids.items():
            done = self._progress(client, "removed", len(of_type), type_name)
            client.entities.delete(of_type, props.get("delete_type") or "PURGE", done=done)
        return left

    def log_all(self, notes: Iterable[str]) -> None:
        """Log notes."""
        for note in notes:
            self.log(note)

    def _progress(self, client: AtlanClient, what: str, total: int, type_name: str) -> Callable[[int], None]:
        """Return a function that logs the progress of a long operation from time to time."""
        logged_at = client.clock.monotonic()

        def log(done: int) -> None:
            nonlocal logged_at
            if client.clock.monotonic() - logged_at >= _LOG_EVERY:
                logged_at = client.clock.monotonic()
                self.log(f"{done:,} of {total:,} {type_name} entities {what}")

        return log


def _same_children(plan: Plan, olds: Props) -> bool:
    had, wanted = plan.had, plan.wanted(olds.get("managed_by"))
    return had.keys() == wanted.keys() and not changed_children(had, wanted)


def _own_guid(entity: Entity, known: str | None, props: Props) -> str | None:
    """Return the GUID of an existing child; None if others recreated it, since it must not be removed."""
    ours = entity.guid == known or _ownership.is_ours(entity, props)
    return entity.guid if ours else None


def _first_of(reasons: Sequence[str]) -> str:
    more = f" (and {len(reasons) - 1} more like it)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"


def _partial_failure_text(type_name: str, total: int, failed: Sequence[tuple[EntityKey, Any]]) -> str:
    key, error = failed[0]
    written = f"{total - len(failed):,} of {total:,} {type_name} entities were written"
    more = f"; and {len(failed) - 1:,} more" if len(failed) > 1 else ""
    return f"{written}, then: {key}: {error}{more}; run `pulumi up` again to continue"
