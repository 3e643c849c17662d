"""The lifecycle of a resource that is one Atlan entity: create, read, update, delete."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import _dependents, _observe, _ownership
from atlan_pulumi.lifecycle import _inputs as _references
from atlan_pulumi.lifecycle._asset_use import Props
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._inputs import AssetInputs, managed_properties, wire_name
from atlan_pulumi.lifecycle._placeholders import left_note, observe_placeholders
from atlan_pulumi.lifecycle._resource import DEFAULTS, Observed, ResourceLifecycle, merged
from atlan_pulumi.lifecycle._values import same

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class Prepared(NamedTuple):
    """What was created before an entity: attributes that refer to it, and outputs that describe it."""

    attributes: dict[str, Any]
    outputs: Props


class EntityLifecycle(ResourceLifecycle):
    """One kind of resource that is one entity in Atlan, identified by its qualifiedName."""

    model: ClassVar[type[AssetInputs]]

    @abstractmethod
    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """Return the attributes that follow from the identity. They are sent when the entity is created."""

    def assets_of(self, inputs: Props, names: Collection[str] | None = None) -> Iterable[EntityKey | str]:
        """Return the known inputs and outputs: their keys, or their GUIDs."""
        for side in ("inputs", "outputs"):
            if names is None or side in names:
                for each in _references.references_in(inputs.get(side)):
                    yield each.get("guid") or EntityKey(each["type_name"], each["qualified_name"])

    def preserve(self, attributes: dict[str, Any], _current: Entity) -> dict[str, Any]:
        """Return the changed attributes, with additions by Atlan that the entity must not lose."""
        return attributes

    def prepare(self, _client: AtlanClient, _declared: Props, _current: Entity | None) -> Prepared:
        """Create what must exist before the entity is written."""
        return Prepared({}, {})

    def rollback(self, _client: AtlanClient, _provided: Prepared, error: AtlanError) -> AtlanError:
        """Undo `prepare` after the entity could not be written, and return the error to raise."""
        return error

    def wait_until_ready(self, _client: AtlanClient, _guid: str) -> None:
        """Wait until a new entity can be used."""

    def dependents_of(self, _client: AtlanClient, _entity: Entity) -> list[Entity]:
        """Return the live entities that depend on this one, and would be orphans without it."""
        return []

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Create the entity, or restore or adopt an existing one, and return the outputs.

        Raises:
            ResourceError: A live entity with the qualifiedName belongs to another writer, and `adopt` is not
                set.
            RequestError: Atlan refused, or could not be reached.
        """
        existing = self._to_take_over(client, inputs)
        used = self.provide(client, {}, inputs)
        if used.waited:  # others may have created it in the meantime
            existing = self._to_take_over(client, inputs)
        outputs = self._write_all(client, inputs, existing) | used.to_state()
        self.written.add(outputs["guid"])
        try:
            self.wait_until_ready(client, outputs["guid"])
        except AtlanError as error:
            raise PartlyCreatedError(str(error), outputs) from None
        return outputs

    def _to_take_over(self, client: AtlanClient, inputs: Props) -> Entity | None:
        """Return the entity that a creation takes over, after naming it.

        Raises:
            ResourceError: It belongs to another writer, and `adopt` is not set.
        """
        existing = self._existing(client, inputs)
        if existing is not None:
            _refuse(_ownership.ownership_conflict_on_create(existing, inputs))
            self.name_once(existing, _ownership.takeover_note(existing, inputs))
        return existing

    def _existing(self, client: AtlanClient, inputs: Props) -> Entity | None:
        """Return the entity that a write would change.

        Raises:
            ResourceError: It has a subtype, and Atlan would overwrite it.
        """
        existing = client.entities.get_namesake(self.type_name, inputs["qualified_name"])
        if existing is not None and existing.type_name != self.type_name:
            raise ResourceError(_observe.type_conflict(self.type_name, existing))
        return existing

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """Return the observed entity, in the form in which it was declared; empty if missing or archived."""
        entity = client.entities.get_by_qualified_name(self.type_name, id_)
        if entity is None or entity.status != "ACTIVE":
            return Observed({}, {}, [_observe.absence_note(self.type_name, id_, entity), *left_note(props)])
        seen = {name: value for name, value in props.items() if name in {*self.model.settings, DEFAULTS}}
        seen["qualified_name"] = id_
        for name in managed_properties(self.model, props):
            value = self.observe(client, entity, name, props[name])
            if value is not None:
                seen[name] = value
        kept = {"own_mark": props["own_mark"]} if "own_mark" in props else {}
        if _ownership.is_recreated(entity, props) and not _ownership.has_stack(entity):
            kept = {"own_mark": _ownership.NOT_OURS}
            seen.setdefault("managed_by", "")
        outputs = {**seen, **kept, "guid": entity.guid}
        inputs = seen | _ownership.replaced_guid(outputs)
        placeholders, notes = observe_placeholders(client, props)
        return Observed(outputs | placeholders, inputs, [*self._drift(entity, props, seen), *notes])

    def _drift(self, entity: Entity, props: Props, seen: Props) -> list[str]:
        """Return notes on the properties that differ from the state."""
        names = [
            name
            for name in managed_properties(self.model, props)
            if not same(props.get(name), seen.get(name))
        ]
        recreated = entity.guid != props.get("guid", entity.guid)
        if not names and not recreated:
            return []
        owner = _ownership.owner_change(entity, props) if "managed_by" in names else ""
        return [f"{_observe.drift_note(entity, names)}{'; ' if owner else ''}{owner}"]

    def observe(self, _client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """Return the observed value of a property, in the form in which it was declared."""
        wire = wire_name(self.model, name)
        if name in self.model.references:
            return _observe.observe_references(entity, wire, declared)
        return _observe.observe_attribute(entity, wire, declared)

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Send the changed properties, and `null` for properties that are no longer declared.

        A missing or archived entity is written as a whole. An entity that is not the one in the state gets
        every declared property and the ownership mark.

        Returns:
            The outputs.

        Raises:
            ResourceError: The entity belongs to another writer by now, which the state does not show yet.
            RequestError: Atlan refused, or could not be reached.
        """
        current = self._to_update(client, olds, news)
        used = self.provide(client, olds, news, self._to_send(olds, news, current))
        if used.waited:  # others may have written to it in the meantime
            current = self._to_update(client, olds, news)
        changed = self._to_send(olds, news, current)
        if current is None or changed is None:
            outputs = self._write_all(client, news, current)
            self.wait_until_ready(client, outputs["guid"])
        else:
            outputs = self._write_changes(client, olds, news, current, changed)
        self.let_go(client, olds, used.guids)
        return outputs | used.to_state()

    def _to_update(self, client: AtlanClient, olds: Props, news: Props) -> Entity | None:
        """Return the entity that an update writes to, after naming it if it changes hands.

        Raises:
            ResourceError: It belongs to another writer by now.
        """
        current = self._existing(client, news)
        if current is not None:
            _refuse(_ownership.ownership_conflict_on_update(current, olds, news))
            if _ownership.must_be_named(current, olds, news):
                self.name_once(current, _ownership.takeover_note(current, news))
        return current

    def _write_changes(
        self, client: AtlanClient, olds: Props, news: Props, current: Entity, changed: set[str]
    ) -> Props:
        prepared = self.prepare(client, news, current)
        if changed or prepared.attributes:
            attributes = self.preserve(self.to_attributes(client, news, changed, olds), current)
            try:
                client.entities.upsert([self._entity(news, attributes | prepared.attributes)])
            except AtlanError as error:
                raise self.rollback(client, prepared, error) from None
        return _outputs(news, current.guid) | prepared.outputs

    def _to_send(self, olds: Props, news: Props, current: Entity | None) -> set[str] | None:
        """Return the properties that an update sends: those that changed, or all declared ones.

        None if the entity is missing or archived, and is written as a whole.
        """
        if current is None or current.status != "ACTIVE":
            return None
        everything = _ownership.must_be_named(current, olds, news)
        changed = set(self.diff(olds, news).changed) - self.model.settings
        if news.get("managed_by") != olds.get("managed_by"):
            changed.add("managed_by")
        return changed | (set(managed_properties(self.model, news)) if everything else set())

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entity in the state, and no other. A missing entity is not an error.

        Returns:
            Notes to print: why the entity was left in Atlan.

        Raises:
            ResourceError: Others depend on it, and `force_destroy` is not set; or another resource of the
                program declares its dependents.
            RequestError: Atlan refused, or could not be reached.
        """
        notes = self._delete(client, props)
        self.let_go(client, props)
        return notes

    def _delete(self, client: AtlanClient, props: Props) -> list[str]:
        entity = client.entities.get(props["guid"])
        if entity is None:
            return []
        if props["guid"] in self.written:  # a forced replacement wrote it a moment ago, under the same name
            return [_observe.just_written_note(entity)]
        if objection := _ownership.ownership_conflict_on_delete(entity, props):
            return [objection]
        dependents = self.dependents_of(client, entity)
        _refuse(_dependents.removal_conflict(self.type_name, props, dependents, self.declared))
        for note in _dependents.notes_on_forced(dependents, entity):
            self.log(note)
        guids = [*(str(other.guid) for other in dependents), props["guid"]]
        client.entities.delete(guids, props.get("delete_type") or "PURGE")
        return []

    def dependents(self, client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
        """Return the dependents of the entity, each with the entity."""
        entity = client.entities.get_by_qualified_name(self.type_name, props["qualified_name"])
        if (
            entity is None
            or entity.status != "ACTIVE"
            or _ownership.ownership_conflict_on_delete(entity, props)
        ):
            return []
        return [(each, entity) for each in self.dependents_of(client, entity)]

    # -- the wire ----------------------------------------------------------------------------------

    def _write_all(self, client: AtlanClient, inputs: Props, existing: Entity | None) -> Props:
        prepared = self.prepare(client, inputs, existing)
        try:
            guid = self._write_entity(client, inputs, existing, prepared.attributes)
        except AtlanError as error:
            raise self.rollback(client, prepared, error) from None
        return _outputs(inputs, guid) | prepared.outputs

    def _write_entity(
        self, client: AtlanClient, inputs: Props, existing: Entity | None, prepared: dict[str, Any]
    ) -> str:
        entity = self.to_write(client, inputs, existing, prepared=prepared)
        result = client.entities.upsert([entity])
        return result.guid_of(self.type_name, inputs["qualified_name"]) or self._guid_by_name(client, inputs)

    def to_write(
        self,
        client: AtlanClient,
        inputs: Props,
        existing: Entity | None,
        *,
        former: Props | None = None,
        prepared: Mapping[str, Any] | None = None,
    ) -> Entity:
        """Return the whole entity as it is sent. An archived entity is restored.

        Args:
            client: The tenant, for lookups.
            inputs: The inputs as declared.
            existing: The existing entity, if any.
            former: The former inputs, if any: properties that are no longer declared are cleared.
            prepared: Attributes from `prepare`.
        """
        names = dict.fromkeys(
            [*managed_properties(self.model, inputs), *managed_properties(self.model, former or {})]
        )
        attributes = self.fixed_attributes(inputs) | self.to_attributes(client, inputs, names, former or {})
        entity = self._entity(inputs, {**attributes, **(prepared or {})})
        if existing is not None and existing.status != "ACTIVE":
            return entity.model_copy(update={"status": "ACTIVE"})
        return entity

    def _guid_by_name(self, client: AtlanClient, inputs: Props) -> str:
        """Return the GUID if the response lacks it, as after a repeated write that changed nothing."""
        found = client.entities.find_written(self.type_name, inputs["qualified_name"])
        if found is None or found.guid is None:
            name = inputs["qualified_name"]
            raise ResourceError(
                f"{self.type_name} {name!r} cannot be found after it was written; run `pulumi up` again"
            )
        return found.guid

    def _entity(self, inputs: Props, attributes: Mapping[str, Any]) -> Entity:
        from atlan_pulumi.client import (  # noqa: PLC0415 - programs that only declare need no HTTP client
            Entity,
        )

        named = {"qualifiedName": inputs["qualified_name"], "name": inputs["name"]}
        return Entity(type_name=self.type_name, attributes={**named, **attributes})

    def to_attributes(
        self, client: AtlanClient, declared: Props, names: Collection[str], _former: Props
    ) -> dict[str, Any]:
        """Return properties as the attributes that are sent; None clears an attribute.

        Args:
            client: The tenant, for lookups.
            declared: The inputs as declared.
            names: The properties to send.
            _former: The former inputs; empty for a new entity.
        """
        return {wire_name(self.model, name): self.send(client, name, declared.get(name)) for name in names}

    def send(self, _client: AtlanClient, name: str, value: Any) -> Any:
        """Return the value of a property as Atlan expects it; None clears it."""
        if name not in self.model.references:
            return value
        if not self.model.holds_many(name):
            return _references.to_wire(value) if value else None
        return [_references.to_wire(item) for item in value or ()]


def _outputs(inputs: Props, guid: str | None) -> Props:
    """Return the outputs after a write. A refresh keeps `own_mark`, which shows what may be removed."""
    return merged(inputs, {"guid": guid, "own_mark": inputs.get("managed_by")})


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise ResourceError(objection)
