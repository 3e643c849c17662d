"""What every lifecycle has: a resource's inputs are checked and compared, in plain data.

It knows nothing of Pulumi: `atlan_pulumi.dynamic` turns it into a dynamic provider, and another adapter
could turn it into a provider plugin. Properties are snake_case; a value that is not known yet is `UNKNOWN`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ValidationError

from atlan_pulumi.lifecycle import _mark, _ownership
from atlan_pulumi.lifecycle._declared import DeclaredResources, EntityKey
from atlan_pulumi.lifecycle._inputs import InputProblem, InvalidInputError, ResourceInputs, problems_of
from atlan_pulumi.lifecycle._values import UNKNOWN, plain, same
from atlan_pulumi.not_text import input_problems

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.lifecycle._declared import EntityKey

Props = dict[str, Any]
#: Where the inputs keep which properties have the resource's name as a default; Pulumi shows no property that
#: begins like this.
DEFAULTS = "__defaults"
Tell = Callable[[str], None]
"""Shows a line to a person, beside the resource that is worked on."""


class Checked(NamedTuple):
    """What `check` answers: normalised inputs, and everything that is wrong with them.

    Attributes:
        inputs: The inputs, normalised.
        problems: What is wrong with them.
        absent: What they name, other than by a reference, and Atlan does not have. It is a problem, unless
            the resource waits for resources of other kinds, which may bring it about.
        plan: What `plan` returned: the children, for the steps that follow in the same call.
    """

    inputs: Props
    problems: list[InputProblem]
    absent: Sequence[InputProblem] = ()
    plan: object = None


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


class ResourceLifecycle(ABC):
    """One kind of resource: what it may be declared as, and what becomes of it in Atlan."""

    type_name: ClassVar[str]
    """Atlan's typeName of the entity whose qualifiedName is the resource's id."""
    model: ClassVar[type[ResourceInputs]]
    identity: ClassVar[tuple[str, ...]]
    """The properties that the qualifiedName is made of: a change of one makes another entity."""
    named_by: ClassVar[tuple[str, ...]]
    """The properties that decide the qualifiedName, as far as the program knows it."""

    removes_below: ClassVar[str | None] = None
    """Where the entities lie that an update may remove: what follows the qualifiedName; None for nowhere."""

    bulky: ClassVar[frozenset[str]] = frozenset()
    """The properties whose values are too long to be shown with a problem."""

    def __init__(self) -> None:
        self.model.model_rebuild()  # models are built late; here rather than by several threads at once
        self.tell: Tell = _say_nothing
        """Where progress is told; whoever adapts the lifecycle sets it."""
        self.written: set[str] = set()
        """GUIDs of what this process has made: a replacement under the same name must not remove them again.
        Whoever adapts the lifecycle lets all kinds share it, since two kinds may make one entity."""
        self.named: set[str] = set()
        """GUIDs of entities whose takeover, restoration, or removal a note has named; shared likewise."""
        self.declared = DeclaredResources()
        """What the program declares, as far as it was checked; shared likewise."""

    def name_once(self, entity: Entity, note: str) -> None:
        """Show a note that names an entity before it changes hands, unless the check has shown one."""
        if entity.guid not in self.named:
            self.tell(note)
        self.named.add(str(entity.guid))

    def declare(self, checked: Checked, entities: Callable[[], Iterable[EntityKey]] | None = None) -> None:
        """Add valid inputs to what the program declares; without a mark nobody would ask for them.

        Args:
            checked: What `check` returned.
            entities: Lists the entities that the inputs declare, where the caller remembers them.
        """
        mark = checked.inputs.get("managed_by")
        if isinstance(mark, str) and not checked.problems:
            self.declared.add(mark, entities or (lambda: self.entities(checked.inputs)))

    def entities_of(self, checked: Checked) -> Iterable[EntityKey]:
        """Return the entities that checked inputs declare, as far as they are known."""
        return self.entities(checked.inputs)

    def entities(self, declared: Props) -> Iterable[EntityKey]:
        """Return the entities that valid inputs declare, as far as they are known."""
        name = declared.get("qualified_name")
        return [EntityKey(self.type_name, name)] if isinstance(name, str) else []

    @abstractmethod
    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """The properties that valid inputs imply.

        These are the `qualified_name` (`UNKNOWN` while a part of it is), and defaults of what it is made of;
        None takes a property out.

        Raises:
            InvalidInputError: The parts do not make a qualifiedName.
        """

    def verify(
        self, _client: AtlanClient, _declared: Props, _changed: Sequence[str]
    ) -> Iterator[InputProblem]:
        """What is wrong with the properties that changed, as far as only the tenant knows."""
        return iter(())

    def marked_entity(self, qualified_name: str) -> tuple[str, str]:
        """Type and qualifiedName of the entity that carries the mark of ownership first."""
        return self.type_name, qualified_name

    def also_unique(self, _declared: Props) -> tuple[str, ...] | None:
        """What no other resource of its kind may have besides the qualifiedName; None while not known."""
        return None

    def also_makes(self, _declared: Props) -> Iterator[EntityKey]:
        """The entities that the resource makes besides its own, as far as their names are known."""
        return iter(())

    def changed_beside(self, _entity: Entity, _declared: Props) -> list[str]:
        """What taking over an entity changes besides its properties, in a few words each."""
        return []

    @abstractmethod
    def observe(self, client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """The value that the entity shows for the property `name`, in the terms of `declared`."""

    @abstractmethod
    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Make it; answers the outputs.

        Raises:
            ResourceError: What is there under the name is another's, and `adopt` is not set.
            RequestError: Atlan refused, or could not be reached.
        """

    @abstractmethod
    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """What there is, in the terms of what `props` declared; empty when gone or archived."""

    @abstractmethod
    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Change what differs; answers the outputs.

        Raises:
            ResourceError: What is there is another's by now, and the state does not know it yet.
            RequestError: Atlan refused, or could not be reached.
        """

    @abstractmethod
    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Remove what was made, and only that; gone already is fine.

        Returns:
            Notes for a person: why something was left where it is.

        Raises:
            ResourceError: Others hang on it, and `force_destroy` is not set.
            RequestError: Atlan refused, or could not be reached.
        """

    def dependents(self, _client: AtlanClient, _props: Props) -> list[tuple[Entity, Entity]]:
        """Return what depends on the entity of the inputs in a state, each with what it depends on.

        Empty where the entity would stay.
        """
        return []

    def check(self, olds: Props, news: Props, tenant: Callable[[], AtlanClient] | None = None) -> Checked:
        """Validate and normalise; add `qualified_name`.

        Args:
            olds: The inputs of the last deployment; empty before the first.
            news: The inputs as declared.
            tenant: Gives the client for look-ups; without it nothing is looked up.
        """
        given = {name: value for name, value in news.items() if name not in {*self._implied, DEFAULTS}}
        declared, problems, *_ = self._validated(given)
        if problems:
            return Checked(declared, problems)
        declared |= _kept_defaults(olds, news)
        try:
            declared = merged(declared, self.identify(declared, olds, tenant))
            self._compare(news, declared)
        except InvalidInputError as mistaken:
            return Checked(declared, [mistaken.problem])
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
        """Keep the mark of the state, and return the properties that differ.

        A mark that an earlier version wrote is replaced when something else changes.
        """
        # After a refresh `managed_by` may be the mark of another stack; then the own one stands beside it.
        former, mark = olds.get("own_mark", olds.get("managed_by")), declared.get("managed_by")
        kept = _mark.continued(former, mark)
        changed = self.diff(olds, {**declared, "managed_by": kept}, plan).changed
        if kept is None or (changed and not _mark.is_precise(kept)):
            return self.diff(olds, declared, plan).changed
        declared["managed_by"] = kept
        return changed

    @property
    def _implied(self) -> set[str]:
        """What `check` adds, and finds again in the inputs of an import."""
        return {"qualified_name"} - self.model.model_fields.keys()

    def _compare(self, news: Props, declared: Props) -> None:
        for name in self._implied & news.keys():
            if not same(news[name], declared[name]) and declared[name] is not UNKNOWN:
                reason = f"cannot be given: {' and '.join(self.identity)} make it {declared[name]!r}"
                raise InvalidInputError(name, reason)

    def preview_inputs(self, news: Props) -> Props | None:
        """The inputs with the `qualified_name`, as far as the program alone decides it; None if mistaken."""
        declared, problems, *_ = self.foresee_check(news)
        return None if problems else declared

    def foresee_check(self, news: Props) -> Checked:
        """Return what `check` does, as far as the program alone decides it."""
        declared, problems, *_ = self._validated({name: news[name] for name in news if name != DEFAULTS})
        if problems:
            return Checked(declared, problems)
        try:
            return Checked(merged(declared, self.implied_by_program(declared)), [])
        except InvalidInputError as mistaken:
            return Checked(declared, [mistaken.problem])

    def preview_qualified_name(self, parts: Props) -> Any:
        """The qualifiedName as far as the program alone decides it, else `UNKNOWN`.

        Args:
            parts: The properties that it is made of, resolved, but perhaps not valid.
        """
        try:
            return self.implied_by_program(parts)["qualified_name"]
        except (InvalidInputError, KeyError, TypeError, AttributeError):  # told by check
            return UNKNOWN

    def implied_by_program(self, declared: Props) -> Props:
        """As `identify`, where neither Atlan nor an earlier deployment is asked."""
        return self.identify(declared, {}, None)

    def _validated(self, news: Props) -> Checked:
        references = {*self.model.references, *self.model.kinds}
        if problems := [InputProblem(*each) for each in input_problems(news, references)]:
            return Checked(news, problems)
        try:
            inputs = self.model.model_validate(news)
        except ValidationError as error:
            return Checked(news, problems_of(error, self.model))
        return Checked(plain(inputs), list(inputs.contradictions()))

    def diff(self, olds: Props, news: Props, _plan: object = None) -> Difference:
        """Compare as Atlan does: lists are sets, and what the server manages is left out.

        The mark alone is no reason to write to an entity that has none: it comes with the next change.

        Args:
            olds: The state, or the inputs in it.
            news: The inputs as declared.
            _plan: What `plan` returned for the two, if it was called.
        """
        unmarked = {"managed_by"} if olds.get("managed_by") is None else set()
        names = [name for name in (*self.model.model_fields, "qualified_name") if name not in unmarked]
        changed = list(dict.fromkeys(name for name in names if not same(olds.get(name), news.get(name))))
        replaces = changed if "qualified_name" in changed else []
        return Difference(changed, [name for name in replaces if name in (*self.identity, "qualified_name")])


def _kept_defaults(olds: Props, news: Props) -> Props:
    """Return the properties that keep a default which came from a former resource name, and which they are.

    A resource that an alias gives another name keeps its entity. States of earlier versions do not tell which
    values were defaults: one that is the name in the mark was.
    """
    names = news.get(DEFAULTS) or []
    former = olds.get(DEFAULTS) or [
        name for name in names if olds.get(name) and olds[name] == _mark.resource_of(olds.get("managed_by"))
    ]
    kept = {name: olds[name] for name in names if name in former and name in olds}
    return kept | ({DEFAULTS: names} if names else {})


def _say_nothing(_line: str) -> None:
    pass


def merged(declared: Props, implied: Props) -> Props:
    """The properties of both, the implied ones winning; None takes one out."""
    return {name: value for name, value in {**declared, **implied}.items() if value is not None}
