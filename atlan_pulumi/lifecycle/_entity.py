"""The lifecycle of a resource that is one Atlan entity: create, read, update, delete."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import _dependents, _observe, _ownership
from atlan_pulumi.lifecycle import _inputs as _references
from atlan_pulumi.lifecycle._inputs import AssetInputs, managed, wire_name
from atlan_pulumi.lifecycle._resource import DEFAULTS, Observed, Props, ResourceLifecycle, merged
from atlan_pulumi.lifecycle._values import same

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class Prepared(NamedTuple):
    """What was made before an entity: the attributes that refer to it, and what the outputs tell of it."""

    attributes: dict[str, Any]
    outputs: Props


class EntityLifecycle(ResourceLifecycle):
    """One kind of resource that is one entity in Atlan, found by its qualifiedName."""

    model: ClassVar[type[AssetInputs]]

    @abstractmethod
    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """The attributes that follow from the identity and are sent when the entity is made."""

    def preserve(self, attributes: dict[str, Any], _current: Entity) -> dict[str, Any]:
        """The changed attributes, with what Atlan added to the current ones and the entity must not lose."""
        return attributes

    def prepare(self, _client: AtlanClient, _declared: Props, _current: Entity | None) -> Prepared:
        """Make what has to be there before the entity is written."""
        return Prepared({}, {})

    def rollback(self, _client: AtlanClient, _provided: Prepared, error: AtlanError) -> AtlanError:
        """What becomes of that where the entity could not be written; answers the error that tells it."""
        return error

    def wait_until_ready(self, _client: AtlanClient, _guid: str) -> None:
        """Wait until an entity that was just made can be used."""

    def dependents_of(self, _client: AtlanClient, _entity: Entity) -> list[Entity]:
        """The live entities that hang on this one, and would be orphans without it."""
        return []

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Make the entity, or restore or adopt the one of that name; answers the outputs.

        Raises:
            ResourceError: A live entity of that name is another's, and `adopt` is not set.
            RequestError: Atlan refused, or could not be reached.
        """
        existing = self._namesake(client, inputs)
        if existing is not None:
            _refuse(_ownership.ownership_conflict_on_create(existing, inputs))
            self.name_once(existing, _ownership.takeover(existing, inputs))
        outputs = self._write_all(client, inputs, existing)
        self.written.add(outputs["guid"])
        try:
            self.wait_until_ready(client, outputs["guid"])
        except AtlanError as error:
            raise PartlyCreatedError(str(error), outputs) from None
        return outputs

    def _namesake(self, client: AtlanClient, inputs: Props) -> Entity | None:
        """The entity that a write would change; one of another type, which Atlan would take, is refused."""
        existing = client.entities.get_namesake(self.type_name, inputs["qualified_name"])
        if existing is not None and existing.type_name != self.type_name:
            raise ResourceError(_observe.type_conflict(self.type_name, existing))
        return existing

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """The entity as it stands, in the terms of what `props` declared; empty when gone or archived."""
        entity = client.entities.get_by_qualified_name(self.type_name, id_)
        if entity is None or entity.status != "ACTIVE":
            return Observed({}, {}, [_observe.note_of_absence(self.type_name, id_, entity)])
        seen = {name: value for name, value in props.items() if name in {*self.model.settings, DEFAULTS}}
        seen["qualified_name"] = id_
        for name in managed(self.model, props):
            value = self.observe(client, entity, name, props[name])
            if value is not None:
                seen[name] = value
        kept = {"own_mark": props["own_mark"]} if "own_mark" in props else {}
        if _ownership.is_recreated(entity, props) and not _ownership.has_stack(entity):
            kept = {"own_mark": _ownership.NOT_OURS}
            seen.setdefault("managed_by", "")
        outputs = {**seen, **kept, "guid": entity.guid}
        inputs = seen | _ownership.replaced_guid(outputs)
        return Observed(outputs, inputs, self._drift(entity, props, seen))

    def _drift(self, entity: Entity, props: Props, seen: Props) -> list[str]:
        """What the entity shows otherwise than `props` say, as notes."""
        names = [name for name in managed(self.model, props) if not same(props.get(name), seen.get(name))]
        anew = entity.guid != props.get("guid", entity.guid)
        if not names and not anew:
            return []
        owner = _ownership.change_of_owner(entity, props) if "managed_by" in names else ""
        return [f"{_observe.note_of_drift(entity, names)}{'; ' if owner else ''}{owner}"]

    def observe(self, _client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """The value that the entity shows for the property `name`, in the terms of `declared`."""
        wire = wire_name(self.model, name)
        if name in self.model.references:
            return _observe.references(entity, wire, declared)
        return _observe.attribute(entity, wire, declared)

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Send what changed, `null` for what is no longer declared; answers the outputs.

        An entity that vanished or was archived in the meantime is made whole again, and one that is not the
        entity in the state gets all that is declared, with the mark.

        Raises:
            ResourceError: The entity is another's by now, and the state does not know it yet.
            RequestError: Atlan refused, or could not be reached.
        """
        current = self._namesake(client, news)
        if current is not None:
            _refuse(_ownership.ownership_conflict_on_update(current, olds, news))
        is_news = current is not None and _ownership.is_news(current, olds, news)
        if current is not None and is_news:
            self.name_once(current, _ownership.takeover(current, news))
        if current is None or current.status != "ACTIVE":
            outputs = self._write_all(client, news, current)
            self.wait_until_ready(client, outputs["guid"])
            return outputs
        changed = self._to_send(olds, news, everything=is_news)
        prepared = self.prepare(client, news, current)
        if changed or prepared.attributes:
            attributes = self.preserve(self._wire(client, news, changed), current)
            try:
                client.entities.upsert([self._entity(news, attributes | prepared.attributes)])
            except AtlanError as error:
                raise self.rollback(client, prepared, error) from None
        return _outputs(news, current.guid) | prepared.outputs

    def _to_send(self, olds: Props, news: Props, *, everything: bool) -> set[str]:
        """Return the properties that an update sends: those that changed, or all that are declared."""
        changed = set(self.diff(olds, news).changed) - self.model.settings
        if news.get("managed_by") != olds.get("managed_by"):
            changed.add("managed_by")
        return changed | (set(managed(self.model, news)) if everything else set())

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entity that was made, and only that one; gone already is fine.

        Returns:
            Notes for a person: why it was left where it is.

        Raises:
            ResourceError: Others depend on it, and `force_destroy` is not set; or another resource of the
                program declares them.
            RequestError: Atlan refused, or could not be reached.
        """
        entity = client.entities.get(props["guid"])
        if entity is None:
            return []
        if props["guid"] in self.written:  # a forced replacement wrote it a moment ago, under the same name
            return [f"{self.type_name} {entity.qualified_name!r} was left in Atlan: it was just written anew"]
        if objection := _ownership.ownership_conflict_on_delete(entity, props):
            return [objection]
        dependents = self.dependents_of(client, entity)
        _refuse(_dependents.removal_conflict(self.type_name, props, dependents, self.declared))
        for note in _dependents.notes_on_forced(dependents, entity):
            self.tell(note)
        guids = [*(str(other.guid) for other in dependents), props["guid"]]
        client.entities.delete(guids, props.get("delete_type") or "PURGE")
        return []

    def dependents(self, client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
        """Return the dependents of the entity."""
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
        """The entity as it is sent when it is written as a whole; an archived one comes back with it.

        Args:
            client: Looks up what only Atlan knows.
            inputs: What is declared.
            existing: What is there under that name.
            former: What was declared before: what is declared no longer is cleared.
            prepared: Attributes that follow from what was made before it.
        """
        names = dict.fromkeys([*managed(self.model, inputs), *managed(self.model, former or {})])
        attributes = self.fixed_attributes(inputs) | self._wire(client, inputs, names)
        entity = self._entity(inputs, {**attributes, **(prepared or {})})
        if existing is not None and existing.status != "ACTIVE":
            return entity.model_copy(update={"status": "ACTIVE"})
        return entity

    def _guid_by_name(self, client: AtlanClient, inputs: Props) -> str:
        """The GUID where the answer did not name it, as when a repeated write changed nothing."""
        found = client.entities.find_written(self.type_name, inputs["qualified_name"])
        if found is None or found.guid is None:
            name = inputs["qualified_name"]
            raise ResourceError(
                f"{self.type_name} {name!r} is not there after it was written; run `pulumi up` again"
            )
        return found.guid

    def _entity(self, inputs: Props, attributes: Mapping[str, Any]) -> Entity:
        from atlan_pulumi.client import (  # noqa: PLC0415 - programs that only declare need no HTTP client
            Entity,
        )

        named = {"qualifiedName": inputs["qualified_name"], "name": inputs["name"]}
        return Entity(type_name=self.type_name, attributes={**named, **attributes})

    def _wire(self, client: AtlanClient, declared: Props, names: Collection[str]) -> dict[str, Any]:
        return {wire_name(self.model, name): self.send(client, name, declared.get(name)) for name in names}

    def send(self, _client: AtlanClient, name: str, value: Any) -> Any:
        """The value of the property `name` as Atlan takes it; `None` clears."""
        if name not in self.model.references:
            return value
        if not self.model.holds_many(name):
            return _references.to_wire(value) if value else None
        return [_references.to_wire(item) for item in value or ()]


def _outputs(inputs: Props, guid: str | None) -> Props:
    """The outputs after a write; a refresh leaves `own_mark` alone: it tells what is ours to remove."""
    return merged(inputs, {"guid": guid, "own_mark": inputs.get("managed_by")})


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise ResourceError(objection)
