"""What a rule is: a name, settings, and a look at one resource or at the whole stack.

pulumi-policy raises where a policy touches an unknown value, and the whole policy is then passed over for
that resource, mandatory or not. Here each unknown value is `UNKNOWN`, so that a rule goes on with the rest.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, Generic

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UnknownValueError

from atlan_pulumi.declared import SECRET, UNKNOWN, Declared, Props, from_engine, kind_of
from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._rule_settings import S, Settings, properties_of, validated
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.text import printable

_last: dict[str, Declared] = {}
"""The resources as they were seen last: pulumi-policy hands each of them to one policy after another."""
#: The most violations of one rule that are told of one resource: a set has thousands of edges.
_MOST_TOLD = 10


def declared(resource: ResourceValidationArgs | PolicyResource) -> Declared | None:
    """The resource as plain data; None for those that are not of this package, or that are refused anyway.

    The engine also asks about inputs that the provider's check has refused: those lack what it adds.
    """
    kind = kind_of(resource.resource_type)
    if kind is None or "qualified_name" not in set(resource.props):  # an unknown one is there, and raises
        return None
    found = Declared(resource.urn, kind, from_engine(_plain(resource.props)), resource.opts.protect)
    last = _last.get(found.urn)
    if last == found:  # with its edges, which each rule would work out anew
        return last
    _last[found.urn] = found
    return found


def declared_all(resources: Iterable[PolicyResource]) -> list[Declared]:
    """Those of the resources that are of this package, in the order of their URNs."""
    found = (declared(resource) for resource in resources)
    return sorted((each for each in found if each is not None), key=lambda each: each.urn)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return UNKNOWN if value == SECRET else value  # where a state is analysed: it cannot be judged


def _item(container: Any, key: Any) -> Any:
    try:
        return _plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def put(props: Any, change: Props) -> bool:
    """Change properties where they stand, so that the secrets beside them stay secrets.

    Args:
        props: What pulumi-policy hands to a remediation.
        change: The new values; a mapping is put into the one that is there.

    Returns:
        Whether there was anything to change.
    """
    done = False
    for name, value in change.items():
        if isinstance(value, dict):
            done |= put(props[name], value)
        elif name not in props or not _holds_secrets(props[name]):
            props[name] = value
            done = True
    return done


def _holds_secrets(value: Any) -> bool:
    """Whether a part of a value is marked as a secret: what takes its place would not be."""
    wire = from_engine(serialize_properties({"": value})[""])
    return isinstance(wire, list) and SECRET in wire


class Rule(ABC, Generic[S]):
    """One rule. Called, it makes the policy for a pack.

    Attributes:
        settings: The model of its settings.
        description: What it demands, in a line: Pulumi shows it above each violation.
        severity: How bad it is to break it.
        needs: Settings one of which has to be given; without any it has nothing to check.
    """

    settings: ClassVar[type[Any]] = Settings
    description: ClassVar[str]
    severity: ClassVar[Severity] = Severity.MEDIUM
    needs: ClassVar[tuple[str, ...]] = ()

    @property
    def name(self) -> str:
        """Its name in a pack's configuration, such as `layer-order`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def remediates(self) -> bool:
        """Whether it can mend what breaks it."""
        return isinstance(self, Remediating)

    @property
    def levels(self) -> list[str]:
        """The levels that it may have."""
        return [each.value for each in EnforcementLevel if self.remediates or each.value != "remediate"]

    def __call__(self, enforcement_level: str | EnforcementLevel | None = None, **settings: Any) -> Policy:
        """The policy, to compose a pack of: `PolicyPack("mine", policies=[layer_order("mandatory", …)])`.

        Args:
            enforcement_level: `advisory`, `mandatory`, `remediate` or `disabled`; None for the pack's.
            **settings: What the rule is to go by; a pack's configuration file has the last word.

        Raises:
            PolicyError: The level does not exist, or a setting cannot be right.
        """
        level = self.level(enforcement_level) if enforcement_level else None
        self.settings_of(settings)
        return self._policy(level, settings)

    def level(self, given: str | EnforcementLevel) -> EnforcementLevel:
        """The level of that name.

        Raises:
            PolicyError: There is no such level, or the rule cannot remediate.
        """
        text = given.value if isinstance(given, EnforcementLevel) else given
        if text not in self.levels:
            why = "cannot remediate" if text == "remediate" else f"has no level {text!r}"
            raise PolicyError(f"the rule {self.name!r} {why}: its levels are {', '.join(self.levels)}")
        return EnforcementLevel(text)

    def level_among(self, all_: str | EnforcementLevel) -> str | EnforcementLevel:
        """Its level where all have this one: a rule that cannot remediate is mandatory then, as in Pulumi."""
        remediate = all_ in ("remediate", EnforcementLevel.REMEDIATE)
        return "mandatory" if remediate and not self.remediates else all_

    def settings_of(self, given: Mapping[str, Any]) -> S:
        """The settings, validated.

        Raises:
            PolicyError: One of them does not exist, or cannot be right.
        """
        found: S = validated(self.name, self.settings, given)
        return found

    @abstractmethod
    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        """The policy of a pack."""

    def _configured(self, given: Mapping[str, Any], args: ResourceValidationArgs | StackValidationArgs) -> S:
        """The settings of the pack's constructor, with those of its configuration file over them."""
        names = {field.alias: name for name, field in self.settings.model_fields.items()}
        both = [*given.items(), *(args.get_config() or {}).items()]
        return self.settings_of({names.get(key, key): value for key, value in both})

    def is_idle(self, settings: S) -> bool:
        """Whether there is nothing to check, since nothing that it needs is given."""
        return bool(self.needs) and not any(getattr(settings, name) for name in self.needs)

    def told_needs(self) -> str:
        """The settings that it needs, as a configuration file has them: `patterns or kinds`."""
        return " or ".join(str(self.settings.model_fields[name].alias) for name in self.needs)

    def _about(self) -> dict[str, Any]:
        schema = properties_of(self.settings)
        return {
            "name": self.name,
            "description": self.description,
            "severity": self.severity,
            "config_schema": PolicyConfigSchema(properties=schema) if schema else None,
        }


class ResourceRule(Rule[S]):
    """A rule that looks at one resource; it is asked before that is written."""

    @abstractmethod
    def check(self, resource: Declared, settings: S) -> Iterator[str]:
        """What is wrong with a resource, one line each: the property, why, and what to do.

        A value that a preview does not know is `UNKNOWN`; it is passed over, and the rest is judged.
        """

    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            settings = self._configured(given, args)
            resource = declared(args)
            if resource is None or self.is_idle(settings):
                return
            for line in _shortened(self.check(resource, settings)):
                report(line, None)

        remediate = self._remediation(given) if isinstance(self, Remediating) else None
        about = self._about()
        return ResourceValidationPolicy(
            **about, validate=validate, remediate=remediate, enforcement_level=level
        )

    def _remediation(self, given: Mapping[str, Any]) -> Callable[[ResourceValidationArgs], Any]:
        assert isinstance(self, Remediating)  # noqa: S101 - it is only asked then
        remedy = self.remedy

        def remediate(args: ResourceValidationArgs) -> Any:
            resource = declared(args)
            change = {} if resource is None else remedy(resource, self._configured(given, args))
            return args.props if put(args.props, change) else None

        return remediate


class Remediating(ABC):
    """What a rule also is that can mend what breaks it."""

    @abstractmethod
    def remedy(self, resource: Declared, settings: Any) -> dict[str, Any]:
        """The properties that mend it, with their values; empty where there is nothing to mend.

        A mapping is put into the one that is there, key by key. Pulumi asks after the provider's check, and
        that does not see what a remedy puts there: so it has to be normalised, lists sorted.
        """


class StackRule(Rule[S]):
    """A rule that looks at all resources of a stack; it is asked when all of them are declared."""

    @abstractmethod
    def check(self, stack: Stack, settings: S) -> Iterator[Violation]:
        """What is wrong, and with which resource; as in `ResourceRule.check`."""

    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            settings = self._configured(given, args)
            if self.is_idle(settings):
                return
            found: dict[str, list[str]] = defaultdict(list)
            for message, resource in self.check(Stack(declared_all(args.resources)), settings):
                found[resource.urn].append(message)
            for urn in sorted(found):
                for line in _shortened(found[urn]):
                    report(line, urn)

        return StackValidationPolicy(**self._about(), validate=validate, enforcement_level=level)


def _shortened(lines: Iterable[str]) -> list[str]:
    rest = iter(lines)
    told = [printable(line) for line in islice(rest, _MOST_TOLD + 1)]
    more = sum(1 for _ in rest)
    return [*told[:_MOST_TOLD], f"… and {more + 1:,} more like these"] if more else told
