"""The base of every lifecycle: a resource's inputs are validated and compared as plain data.

It does not depend on Pulumi: `atlan_pulumi.dynamic` adapts it to a dynamic provider, and another adapter
could adapt it to a provider plugin. Properties are in snake_case; an unknown value is `UNKNOWN`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ValidationError

from atlan_pulumi.lifecycle import _ownership
from atlan_pulumi.lifecycle._asset_use import AssetUser, Props
from atlan_pulumi.lifecycle._declared import DeclaredResources, EntityKey
from atlan_pulumi.lifecycle._inputs import InputProblem, InvalidInputError, ResourceInputs, problems_of
from atlan_pulumi.lifecycle._principals import unknown_owners
from atlan_pulumi.lifecycle._values import UNKNOWN, same, to_plain
from atlan_pulumi.not_text import input_problems
from atlan_pulumi.ownership_mark import continued, is_precise, resource_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.lifecycle._declared import EntityKey

#: The hidden input with the names of the properties that default to the resource's name; Pulumi shows no
#: property with this prefix.
DEFAULTS = "__defaults"


class Checked(NamedTuple):
    """The result of `check`: normalized inputs and every problem in them.

    Attributes:
        inputs: The normalized inputs.
        problems: The problems in them.
        absent: Problems of names that Atlan lacks, other than in references. They are notes if the resource
            waits for resources of other kinds, which may create them.
        plan: The result of `plan`: the children, for the next steps of the same call.
    """

    inputs: Props
    problems: list[InputProblem]
    absent: Sequence[InputProblem] = ()
    plan: object = None


class Difference(NamedTuple):
    """The result of `diff`: the properties that differ, and those of them that force replacement."""

    changed: list[str]
    replaces: list[str]


class Observed(NamedTuple):
    """The result of `read`: the observed entity, as outputs and as the inputs that would declare it.

    Both are empty if the entity is missing or archived. The notes say what differs from the state.
    """

    outputs: Props
    inputs: Props
    notes: list[str]


class ResourceLifecycle(AssetUser, ABC):
    """One kind of resource: how it is declared, and what happens to it in Atlan."""

    type_name: ClassVar[str]
    """Atlan's typeName of the entity whose qualifiedName is the resource's id."""
    model: ClassVar[type[ResourceInputs]]
    identity: ClassVar[tuple[str, ...]]
    """The properties that determine the qualifiedName. Changing one forces replacement."""
    named_by: ClassVar[tuple[str, ...]]
    """The properties that determine the qualifiedName, as far as the program knows it."""

    is_entity: ClassVar[bool] = True
    """Whether the qualifiedName is that of an entity in Atlan."""

    removes_below: ClassVar[str | None] = None
    """The suffix of the qualifiedName below which an update may remove entities; None if it removes none."""

    bulky: ClassVar[frozenset[str]] = frozenset()
    """The properties whose values are too long to print with a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.model.model_rebuild()  # models are built when first needed: not by several threads at once
        self.written: set[str] = set()
        """GUIDs that this process has written: a replacement of the same name must not remove them.
        The adapter shares one set between all kinds, since two kinds may write one entity."""
        self.named: set[str] = set()
        """GUIDs of entities whose takeover, restoration, or removal a note has named. Shared too."""
        self.declared = DeclaredResources()
        """The entities that the program declares, as far as they were checked. Shared too."""
        self.settled: set[tuple[str, str, str | None]] = set()
        """The kind, qualifiedName, and mark of each resource whose entities are as declared. Shared too."""

    @classmethod
    def of_kind(cls, _kind: str) -> ResourceLifecycle:
        """Return the lifecycle of a kind, for a class that serves several kinds."""
        return cls()

    def settle(self, props: Props) -> None:
        """Remember that a resource has its entities, so that an interrupted replacement does not remove them.

        After interrupted replacements, the state may contain a former resource of the same name, which the
        engine then deletes: the name was changed, and changed back.

        Args:
            props: The properties of a resource that is unchanged, or that was created or updated.
        """
        name, mark = props.get("qualified_name"), props.get("managed_by")
        if not isinstance(name, str):
            return
        # Without marks, the name of a bulk resource, such as that of its connection, does not identify it.
        if isinstance(mark, str) or list(self.entities(props)) == [EntityKey(self.type_name, name)]:
            self.settled.add((type(self).__name__, name, mark))

    def is_settled(self, props: Props) -> bool:
        """Return whether a resource that is in the program has the entities that are to be deleted.

        A replacement that the user forces keeps the name. It either deletes first, when the resource is not
        settled yet, or it creates first, and then has taken the entities over.
        """
        return (type(self).__name__, props.get("qualified_name"), props.get("managed_by")) in self.settled

    def name_once(self, entity: Entity, note: str) -> None:
        """Log a note that names an entity before it changes hands, unless one was logged before."""
        if entity.guid not in self.named:
            self.log(note)
        self.named.add(str(entity.guid))

    def declare(self, checked: Checked, entities: Callable[[], Iterable[EntityKey]] | None = None) -> None:
        """Add valid inputs to the declared entities. Inputs without a mark are not added.

        Args:
            checked: The result of `check`.
            entities: Lists the entities that the inputs declare, if the caller stores them.
        """
        mark = checked.inputs.get("managed_by")
        if isinstance(mark, str) and not checked.problems:
            self.declared.add(mark, entities or (lambda: self.entities(checked.inputs)))

    def entities(self, declared: Props) -> Iterable[EntityKey]:
        """Return the entities that valid inputs declare, as far as they are known."""
        name = declared.get("qualified_name")
        return [EntityKey(self.type_name, name)] if isinstance(name, str) else []

    @abstractmethod
    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the properties that follow from valid inputs.

        These are the `qualified_name`, which is `UNKNOWN` if a part of it is, and defaults of its parts. None
        removes a property.

        Args:
            declared: The valid inputs.
            olds: The inputs of the last deployment; empty before the first.
            tenant: Returns the client for lookups; without it, nothing is looked up.

        Raises:
            InvalidInputError: The inputs do not determine a qualifiedName.
        """

    def verify(self, client: AtlanClient, declared: Props, changed: Sequence[str]) -> Iterator[InputProblem]:
        """Yield the problems in changed properties that only the tenant can show, such as unknown owners."""
        yield from unknown_owners(client, declared, changed)

    def marked_entity(self, qualified_name: str) -> tuple[str, str]:
        """Return type and qualifiedName of the entity that gets the ownership mark first."""
        return self.type_name, qualified_name

    def also_unique(self, _declared: Props) -> tuple[str, ...] | None:
        """Return more values that must be unique among resources of this kind; None for none, or unknown."""
        return None

    def also_creates(self, _declared: Props) -> Iterator[EntityKey]:
        """Yield further entities that the resource creates, as far as their names are known."""
        return iter(())

    def publishes(self, _declared: Props) -> Iterable[EntityKey]:
        """Return assets of others that exist once the resource is deployed, such as after a crawl."""
        return ()

    def adoption_side_effects(self, _entity: Entity, _declared: Props) -> list[str]:
        """Return what adopting an entity changes in addition to its properties, in a few words each."""
        return []

    @abstractmethod
    def observe(self, client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """Return the observed value of a property, in the form in which it was declared."""

    @abstractmethod
    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Create the entities, and return the outputs.

        Raises:
            ResourceError: An existing entity belongs to another writer, and `adopt` is not set.
            RequestError: Atlan refused, or could not be reached.
        """

    @abstractmethod
    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """Return the observed entities, in the form in which they were declared; empty if missing."""

    @abstractmethod
    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Change what differs, and return the outputs.

        Raises:
            ResourceError: The entity belongs to another writer by now, which the state does not show yet.
            RequestError: Atlan refused, or could not be reached.
        """

    @abstractmethod
    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove the entities in the state, and no others. Missing entities are not an error.

        Returns:
            Notes to print: why an entity was left in Atlan.

        Raises:
            ResourceError: Others depend on a removed entity, and `force_destroy` is not set.
            RequestError: Atlan refused, or could not be reached.
        """

    def dependents(self, _client: AtlanClient, _props: Props) -> list[tuple[Entity, Entity]]:
        """Return the dependents of the entities in a state, each with the entity that it depends on.

        The list is empty if the entity would stay.
        """
        return []

    def check(self, olds: Props, news: Props, tenant: Callable[[], AtlanClient] | None = None) -> Checked:
        """Validate and normalize the inputs, and add the `qualified_name`.

        Args:
            olds: The inputs of the last deployment; empty before the first.
            news: The inputs as declared.
            tenant: Returns the client for lookups; without it, nothing is looked up.
        """
        given = {name: value for name, value in news.items() if name not in {*self._implied, DEFAULTS}}
        declared, problems, *_ = self.validate_change(olds, given)
        if problems:
            return Checked(declared, problems)
        declared |= _kept_defaults(olds, news)
        try:
            declared = merged(declared, self.identify(declared, olds, tenant))
            self._compare(news, declared)
        except InvalidInputError as error:
            return Checked(declared, [error.problem])
        plan = self.plan(olds, declared)
        changed = self._continue_mark(olds, declared, plan)
        if changed and tenant:
            problems = list(self.verify(tenant(), declared, changed))
        if olds.get("qualified_name") == declared["qualified_name"]:
            objection = _ownership.ownership_conflict_on_change(self.type_name, olds, declared)
            problems += [InputProblem(self.identity[-1], objection)] if objection else []
        if not changed:  # nothing is written, so that the state stays as it is
            for name in {"managed_by", DEFAULTS} - olds.keys():
                declared.pop(name, None)
        return Checked(declared, problems, plan=plan)

    def plan(self, _olds: Props, _news: Props) -> object:
        """Return the children before and after a change; None for a resource that is one entity."""
        return None

    def _continue_mark(self, olds: Props, declared: Props, plan: object) -> list[str]:
        """Keep the mark in the state, and return the properties that differ.

        A mark of an earlier version is replaced when another property changes.
        """
        # After a refresh `managed_by` may be the mark of another stack; then `own_mark` is stored with it.
        former, mark = olds.get("own_mark", olds.get("managed_by")), declared.get("managed_by")
        kept = continued(former, mark)
        changed = self.diff(olds, {**declared, "managed_by": kept}, plan).changed
        if kept is None or (changed and not is_precise(kept)):
            return self.diff(olds, declared, plan).changed
        declared["managed_by"] = kept
        return changed

    @property
    def _implied(self) -> set[str]:
        """The properties that `check` adds, and that the inputs of an import contain."""
        return {"qualified_name"} - self.model.model_fields.keys()

    def _compare(self, news: Props, declared: Props) -> None:
        for name in self._implied & news.keys():
            if not same(news[name], declared[name]) and declared[name] is not UNKNOWN:
                reason = f"cannot be set: {' and '.join(self.identity)} make it {declared[name]!r}"
                raise InvalidInputError(name, reason)

    def preview_inputs(self, news: Props) -> Props | None:
        """Return the inputs with the `qualified_name`, as far as the program knows them; None if invalid."""
        declared, problems, *_ = self.preview_check(news)
        return None if problems else declared

    def preview_check(self, news: Props) -> Checked:
        """Return the result of `check`, as far as the program knows it."""
        declared, problems, *_ = self.validate({name: news[name] for name in news if name != DEFAULTS})
        if problems:
            return Checked(declared, problems)
        try:
            return Checked(merged(declared, self.implied_by_program(declared)), [])
        except InvalidInputError as error:
            return Checked(declared, [error.problem])

    def preview_qualified_name(self, parts: Props) -> Any:
        """Return the qualifiedName, as far as the program knows it; otherwise `UNKNOWN`.

        Args:
            parts: The properties that determine it, resolved but not validated.
        """
        try:
            return self.implied_by_program(parts)["qualified_name"]
        except (InvalidInputError, KeyError, TypeError, AttributeError):  # reported by check
            return UNKNOWN

    def implied_by_program(self, declared: Props) -> Props:
        """Return the result of `identify` without Atlan and without an earlier deployment."""
        return self.identify(declared, {}, None)

    def validate_change(self, _olds: Props, news: Props) -> Checked:
        """Return valid inputs, or their problems. What is equal to the state need not be validated again.

        Args:
            _olds: The inputs of the last deployment; empty before the first.
            news: The inputs as declared.
        """
        return self.validate(news)

    def registered(self, _name: str, given: Any, _declared: Props) -> Any:
        """Return a property as the program registers it, close to the form of the state.

        Args:
            _name: The property.
            given: The author's value, plain data.
            _declared: The valid inputs.
        """
        return given

    def validate(self, news: Props) -> Checked:
        """Return valid inputs as plain data, or their problems."""
        references = {*self.model.references, *self.model.kinds}
        if problems := [InputProblem(*each) for each in input_problems(news, references)]:
            return Checked(news, problems)
        try:
            inputs = self.model.model_validate(news)
        except ValidationError as error:
            return Checked(news, problems_of(error, self.model))
        return Checked(to_plain(inputs), list(inputs.contradictions()))

    def diff(self, olds: Props, news: Props, _plan: object = None) -> Difference:
        """Compare inputs as Atlan does: lists are sets, and server-managed fields are ignored.

        The mark alone is no reason to write to an entity without one. It is sent with the next change.

        Args:
            olds: The state, or the inputs in it.
            news: The inputs as declared.
            _plan: The result of `plan` for the two, if it was called.
        """
        unmarked = {"managed_by"} if olds.get("managed_by") is None else set()
        names = [name for name in (*self.model.model_fields, "qualified_name") if name not in unmarked]
        changed = list(dict.fromkeys(name for name in names if not same(olds.get(name), news.get(name))))
        replaces = changed if "qualified_name" in changed else []
        return Difference(changed, [name for name in replaces if name in (*self.identity, "qualified_name")])


def _kept_defaults(olds: Props, news: Props) -> Props:
    """Return the properties that keep a default from a former resource name, and their names.

    A resource that an alias renames keeps its entity. States of earlier versions do not list which values
    were defaults: a value that equals the name in the mark was.
    """
    names = news.get(DEFAULTS) or []
    former = olds.get(DEFAULTS) or [
        name for name in names if olds.get(name) and olds[name] == resource_of(olds.get("managed_by"))
    ]
    kept = {name: olds[name] for name in names if name in former and name in olds}
    return kept | ({DEFAULTS: names} if names else {})


def merged(declared: Props, implied: Props) -> Props:
    """Return both sets of properties; implied ones win, and None removes a property."""
    return {name: value for name, value in {**declared, **implied}.items() if value is not None}
