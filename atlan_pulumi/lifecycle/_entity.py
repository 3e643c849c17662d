"""The lifecycle of one Atlan entity, in plain data: check, diff, create, read, update, delete.

It knows nothing of Pulumi: `atlan_pulumi.dynamic` turns it into a dynamic provider, and another adapter
could turn it into a provider plugin. Properties are snake_case; a value that is not known yet is `UNKNOWN`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ValidationError

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import _observe, _ownership, _references
from atlan_pulumi.lifecycle._attributes import AssetInputs, managed, wire_name
from atlan_pulumi.lifecycle._model import Mistake, Mistaken, mistakes_of
from atlan_pulumi.lifecycle._plain import plain, same
from atlan_pulumi.unknown import UNKNOWN

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

Props = dict[str, Any]


class Checked(NamedTuple):
    """What `check` answers: normalised inputs, and everything that is wrong with them."""

    inputs: Props
    mistakes: list[Mistake]


class Difference(NamedTuple):
    """What `diff` answers: the properties that differ, and those of them that need a new entity."""

    changed: list[str]
    replaces: list[str]


class Observed(NamedTuple):
    """What `read` answers: the entity as it stands, as outputs and as the inputs that would declare it.

    Both are empty where it is gone or archived. The notes tell a person what is not as the state says.
    """

    outputs: Props
    inputs: Props
    notes: list[str]


class EntityLifecycle(ABC):
    """One kind of resource that is one entity in Atlan, found by its qualifiedName."""

    type_name: ClassVar[str]
    model: ClassVar[type[AssetInputs]]
    identity: ClassVar[tuple[str, ...]]
    """The properties that the qualifiedName is made of: a change of one makes another entity."""
    named_by: ClassVar[tuple[str, ...]]
    """The properties that decide the qualifiedName, as far as the program knows it."""

    def __init__(self) -> None:
        self.model.model_rebuild()  # models are built late; here rather than by several threads at once
        self._made: set[str] = set()

    @abstractmethod
    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """The properties that valid inputs imply.

        These are the `qualified_name` (`UNKNOWN` while a part of it is), and defaults of what it is made of;
        None takes a property out.

        Raises:
            Mistaken: The parts do not make a qualifiedName.
        """

    @abstractmethod
    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """The attributes that follow from the identity and are sent when the entity is made."""

    def verify(self, _client: AtlanClient, _declared: Props, _changed: Sequence[str]) -> Iterator[Mistake]:
        """What is wrong with the properties that changed, as far as only the tenant knows."""
        return iter(())

    def keep(self, attributes: dict[str, Any], _current: Entity) -> dict[str, Any]:
        """The changed attributes, with what Atlan added to the current ones and the entity must not lose."""
        return attributes

    def settle(self, _client: AtlanClient, _guid: str) -> None:  # noqa: B027 - most have nothing to wait for
        """Wait until an entity that was just made can be used."""

    def blockers(self, _client: AtlanClient, _entity: Entity) -> list[Entity]:
        """The live entities that hang on this one, and would be orphans without it."""
        return []

    # -- check and diff: nothing is written --------------------------------------------------------

    def check(self, olds: Props, news: Props, tenant: Callable[[], AtlanClient] | None = None) -> Checked:
        """Validate and normalise; add `qualified_name`.

        Args:
            olds: The inputs of the last deployment; empty before the first.
            news: The inputs as declared.
            tenant: Gives the client for look-ups; without it nothing is looked up.
        """
        given = {name: value for name, value in news.items() if name not in self._implied}
        declared, mistakes = self._validated(given)
        if mistakes:
            return Checked(declared, mistakes)
        try:
            declared = _merged(declared, self.identify(declared, olds, tenant))
            self._compare(news, declared)
        except Mistaken as mistaken:
            return Checked(declared, [mistaken.mistake])
        changed = self.diff(olds, declared).changed
        if changed and tenant:
            mistakes = list(self.verify(tenant(), declared, changed))
        if not changed and "managed_by" not in olds:  # nothing is written, so neither is the mark
            declared.pop("managed_by", None)
        return Checked(declared, mistakes)

    @property
    def _implied(self) -> set[str]:
        """What `check` adds, and finds again in the inputs of an import."""
        return {"qualified_name"} - self.model.model_fields.keys()

    def _compare(self, news: Props, declared: Props) -> None:
        for name in self._implied & news.keys():
            if not same(news[name], declared[name]) and declared[name] is not UNKNOWN:
                reason = f"cannot be given: {' and '.join(self.identity)} make it {declared[name]!r}"
                raise Mistaken(name, reason)

    def foresee(self, news: Props) -> Props | None:
        """The inputs with the `qualified_name`, as far as the program alone decides it; None if mistaken."""
        declared, mistakes = self._validated(news)
        if mistakes:
            return None
        try:
            return _merged(declared, self.implied_by_program(declared))
        except Mistaken:
            return None

    def foresee_name(self, parts: Props) -> Any:
        """The qualifiedName as far as the program alone decides it, else `UNKNOWN`.

        Args:
            parts: The properties that it is made of, resolved, but perhaps not valid.
        """
        try:
            return self.implied_by_program(parts)["qualified_name"]
        except (Mistaken, KeyError, TypeError, AttributeError):  # told by check
            return UNKNOWN

    def implied_by_program(self, declared: Props) -> Props:
        """As `identify`, where neither Atlan nor an earlier deployment is asked."""
        return self.identify(declared, {}, None)

    def _validated(self, news: Props) -> Checked:
        try:
            inputs = self.model.model_validate(news)
        except ValidationError as error:
            return Checked(news, mistakes_of(error, self.model))
        return Checked(plain(inputs), list(inputs.contradictions()))

    def diff(self, olds: Props, news: Props) -> Difference:
        """Compare as Atlan does: lists are sets, and what the server manages is left out.

        The mark alone is no reason to write to an entity that has none: it comes with the next change.
        """
        unmarked = {"managed_by"} if olds.get("managed_by") is None else set()
        names = [name for name in (*self.model.model_fields, "qualified_name") if name not in unmarked]
        changed = list(dict.fromkeys(name for name in names if not same(olds.get(name), news.get(name))))
        replaces = changed if "qualified_name" in changed else []
        return Difference(changed, [name for name in replaces if name in (*self.identity, "qualified_name")])

    # -- create, read, update, delete --------------------------------------------------------------

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Make the entity, or restore or adopt the one of that name; answers the outputs.

        Raises:
            ResourceError: A live entity of that name is another's, and `adopt` is not set.
            RequestError: Atlan refused, or could not be reached.
        """
        existing = self._namesake(client, inputs)
        if existing is not None and existing.status == "ACTIVE":
            _refuse(_ownership.objection_to_create(existing, inputs))
        outputs = self._write_all(client, inputs, existing)
        self._made.add(outputs["guid"])
        return outputs

    def _namesake(self, client: AtlanClient, inputs: Props) -> Entity | None:
        """The entity that a write would change; one of another type, which Atlan would take, is refused."""
        existing = client.entities.get_namesake(self.type_name, inputs["qualified_name"])
        if existing is not None and existing.type_name != self.type_name:
            raise ResourceError(_observe.other_type(self.type_name, existing))
        return existing

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """The entity as it stands, in the terms of what `props` declared; empty when gone or archived."""
        entity = client.entities.get_by_qualified_name(self.type_name, id_)
        if entity is None or entity.status != "ACTIVE":
            return Observed({}, {}, [_observe.gone(self.type_name, id_, entity)])
        seen = {name: value for name, value in props.items() if name in self.model.settings}
        seen["qualified_name"] = id_
        for name in managed(self.model, props):
            value = self.observe(client, entity, name, props[name])
            if value is not None:
                seen[name] = value
        kept = {"own_mark": props["own_mark"]} if "own_mark" in props else {}
        if _ownership.made_anew(entity, props):
            kept = {"own_mark": _ownership.NOT_OURS}
            seen.setdefault("managed_by", "")
        return Observed({**seen, **kept, "guid": entity.guid}, seen, self._drift(entity, props, seen))

    def _drift(self, entity: Entity, props: Props, seen: Props) -> list[str]:
        """What the entity shows otherwise than `props` say, as notes."""
        names = [name for name in managed(self.model, props) if not same(props.get(name), seen.get(name))]
        anew = entity.guid != props.get("guid", entity.guid)
        return [_observe.drift(entity, names)] if names or anew else []

    def observe(self, _client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """The value that the entity shows for the property `name`, in the terms of `declared`."""
        wire = wire_name(self.model, name)
        if name in self.model.references:
            return _observe.references(entity, wire, declared)
        return _observe.attribute(entity, wire, declared)

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Send what changed, `null` for what is no longer declared; answers the outputs.

        An entity that vanished or was archived in the meantime is made whole again.

        Raises:
            ResourceError: The entity is another's by now, and the state does not know it yet.
            RequestError: Atlan refused, or could not be reached.
        """
        current = self._namesake(client, news)
        if current is None or current.status != "ACTIVE":
            return self._write_all(client, news, current)
        _refuse(_ownership.objection_to_update(current, olds, news))
        settings = self.model.settings
        changed = {name for name in self.diff(olds, news).changed if name not in settings}
        if news.get("managed_by") != olds.get("managed_by"):
            changed.add("managed_by")
        if changed:
            attributes = self.keep(self._wire(client, news, changed), current)
            client.entities.upsert([self._entity(news, attributes)])
        return _outputs(news, current.guid)

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entity that was made, and only that one; gone already is fine.

        Returns:
            Notes for a person: why it was left where it is.

        Raises:
            ResourceError: Others hang on it, and `force_destroy` is not set.
            RequestError: Atlan refused, or could not be reached.
        """
        entity = client.entities.get(props["guid"])
        if entity is None:
            return []
        if props["guid"] in self._made:  # a forced replacement wrote it a moment ago, under the same name
            return [f"{self.type_name} {entity.qualified_name!r} was left in Atlan: it was just written anew"]
        if objection := _ownership.objection_to_delete(entity, props):
            return [objection]
        hanging = self.blockers(client, entity)
        if hanging and not props.get("force_destroy"):
            raise ResourceError(_observe.hanging(self.type_name, props["qualified_name"], hanging))
        guids = [*(str(other.guid) for other in hanging), props["guid"]]
        client.entities.delete(guids, props.get("delete_type") or "PURGE")
        return []

    # -- the wire ----------------------------------------------------------------------------------

    def _write_all(self, client: AtlanClient, inputs: Props, existing: Entity | None) -> Props:
        attributes = self.fixed_attributes(inputs) | self._wire(client, inputs, managed(self.model, inputs))
        entity = self._entity(inputs, attributes)
        if existing is not None and existing.status != "ACTIVE":
            entity = entity.model_copy(update={"status": "ACTIVE"})
        result = client.entities.upsert([entity])
        guid = result.guid_of(self.type_name, inputs["qualified_name"]) or self._guid_by_name(client, inputs)
        self.settle(client, guid)
        return _outputs(inputs, guid)

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
        from atlan_pulumi.client import Entity  # noqa: PLC0415 - programs that only declare need no HTTP client

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
    return _merged(inputs, {"guid": guid, "own_mark": inputs.get("managed_by")})


def _merged(declared: Props, implied: Props) -> Props:
    return {name: value for name, value in {**declared, **implied}.items() if value is not None}


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise ResourceError(objection)
