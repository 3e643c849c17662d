"""Base classes of rules: a name, settings, and a check of one resource or of the whole stack.

pulumi-policy raises when a policy reads an unknown value, and then skips the whole policy for that resource,
even a mandatory one. Here each unknown value is `UNKNOWN`, so that a rule still checks the known values.
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

from atlan_pulumi.declared import SECRET, UNKNOWN, Declared, Props, from_engine, resource_kind
from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._rule_settings import S, Settings, properties_of, validate_settings
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.text import printable

_cache: dict[str, Declared] = {}
"""The latest resource of each URN: pulumi-policy passes each resource to one policy after another."""
#: The number of messages of one rule about one resource: a `ProcessSet` has thousands of edges.
_MAX_MESSAGES = 10


def to_declared(resource: ResourceValidationArgs | PolicyResource) -> Declared | None:
    """Return a resource as plain data; None for resources of other packages and for refused ones.

    The engine also runs policies on inputs that the provider's check refused. These lack the properties that
    the check adds.
    """
    kind = resource_kind(resource.resource_type)
    if kind is None or "qualified_name" not in set(resource.props):  # `in` itself raises on an unknown value
        return None
    found = Declared(resource.urn, kind, from_engine(_plain(resource.props)), resource.opts.protect)
    cached = _cache.get(found.urn)
    if cached == found:  # it has computed its edges already
        return cached
    _cache[found.urn] = found
    return found


def to_declared_all(resources: Iterable[PolicyResource]) -> list[Declared]:
    """Return the resources of this package as plain data, sorted by URN."""
    found = (to_declared(resource) for resource in resources)
    return sorted((each for each in found if each is not None), key=lambda each: each.urn)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return UNKNOWN if value == SECRET else value  # `pulumi policy analyze` redacts secrets


def _item(container: Any, key: Any) -> Any:
    try:
        return _plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def update_props(props: Any, change: Props) -> bool:
    """Change properties in place, so that other secret properties remain secret.

    Args:
        props: The properties that pulumi-policy passes to a remediation.
        change: The new values; a mapping is merged into the existing one.

    Returns:
        Whether a property changed. A property that contains a secret does not change.
    """
    changed = False
    for name, value in change.items():
        if isinstance(value, dict):
            changed |= update_props(props[name], value)
        elif name not in props or not _contains_secret(props[name]):
            props[name] = value
            changed = True
    return changed


def _contains_secret(value: Any) -> bool:
    """Return whether a part of a value is marked as a secret. A new value would lose that mark."""
    serialized = from_engine(serialize_properties({"": value})[""])
    return isinstance(serialized, list) and SECRET in serialized


class Rule(ABC, Generic[S]):
    """One rule. Call it to create the policy for a pack.

    Attributes:
        settings: The model of its settings.
        description: What it requires, in one line. Pulumi shows it above each violation.
        severity: The severity of a violation.
        needs: Settings of which the rule needs at least one. Without any it checks nothing.
    """

    settings: ClassVar[type[Any]] = Settings
    description: ClassVar[str]
    severity: ClassVar[Severity] = Severity.MEDIUM
    needs: ClassVar[tuple[str, ...]] = ()

    @property
    def name(self) -> str:
        """The name in a pack's configuration, such as `layer-order`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def remediates(self) -> bool:
        """Whether the rule can remediate violations."""
        return isinstance(self, Remediating)

    @property
    def levels(self) -> list[str]:
        """The enforcement levels that the rule supports."""
        return [each.value for each in EnforcementLevel if self.remediates or each.value != "remediate"]

    def __call__(self, enforcement_level: str | EnforcementLevel | None = None, **settings: Any) -> Policy:
        """Return the policy for a pack: `PolicyPack("mine", policies=[layer_order("mandatory", …)])`.

        Args:
            enforcement_level: `advisory`, `mandatory`, `remediate`, or `disabled`. Default: the pack's level.
            **settings: The rule's settings. A pack's configuration file overrides them.

        Raises:
            PolicyError: The level does not exist, or a setting is invalid.
        """
        level = self.level(enforcement_level) if enforcement_level else None
        self.settings_of(settings)
        return self._policy(level, settings)

    def level(self, given: str | EnforcementLevel) -> EnforcementLevel:
        """Return the level of a name.

        Raises:
            PolicyError: The level does not exist, or the rule cannot remediate.
        """
        text = given.value if isinstance(given, EnforcementLevel) else given
        if text not in self.levels:
            why = "cannot remediate" if text == "remediate" else f"has no level {text!r}"
            raise PolicyError(f"the rule {self.name!r} {why}: its levels are {', '.join(self.levels)}")
        return EnforcementLevel(text)

    def level_among(self, all_: str | EnforcementLevel) -> str | EnforcementLevel:
        """Return the level for a default: `mandatory` for `remediate`, if the rule cannot remediate."""
        remediate = all_ in ("remediate", EnforcementLevel.REMEDIATE)
        return "mandatory" if remediate and not self.remediates else all_

    def settings_of(self, given: Mapping[str, Any]) -> S:
        """Return the validated settings.

        Raises:
            PolicyError: A setting does not exist, or is invalid.
        """
        settings: S = validate_settings(self.name, self.settings, given)
        return settings

    @abstractmethod
    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        """Return the policy for a pack."""

    def _configured(self, given: Mapping[str, Any], args: ResourceValidationArgs | StackValidationArgs) -> S:
        """Return the settings of the pack's constructor, overridden by those of its configuration file."""
        names = {field.alias: name for name, field in self.settings.model_fields.items()}
        both = [*given.items(), *(args.get_config() or {}).items()]
        return self.settings_of({names.get(key, key): value for key, value in both})

    def is_idle(self, settings: S) -> bool:
        """Return whether the rule checks nothing, because all settings in `needs` are missing."""
        return bool(self.needs) and not any(getattr(settings, name) for name in self.needs)

    def describe_needs(self) -> str:
        """Return the settings in `needs` by their names in a configuration file: `patterns or kinds`."""
        return " or ".join(str(self.settings.model_fields[name].alias) for name in self.needs)

    def _arguments(self) -> dict[str, Any]:
        schema = properties_of(self.settings)
        return {
            "name": self.name,
            "description": self.description,
            "severity": self.severity,
            "config_schema": PolicyConfigSchema(properties=schema) if schema else None,
        }


class ResourceRule(Rule[S]):
    """A rule that checks one resource, before the resource is written."""

    @abstractmethod
    def check(self, resource: Declared, settings: S) -> Iterator[str]:
        """Yield one line per violation: the property, why, and what to do.

        A value that a preview does not know is `UNKNOWN`. Skip it, and check the other values.
        """

    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            settings = self._configured(given, args)
            resource = to_declared(args)
            if resource is None or self.is_idle(settings):
                return
            for line in _limit(self.check(resource, settings)):
                report(line, None)

        remediate = self._remediation(given) if isinstance(self, Remediating) else None
        arguments = self._arguments()
        return ResourceValidationPolicy(
            **arguments, validate=validate, remediate=remediate, enforcement_level=level
        )

    def _remediation(self, given: Mapping[str, Any]) -> Callable[[ResourceValidationArgs], Any]:
        assert isinstance(self, Remediating)  # noqa: S101 - the caller checks it
        remedy = self.remedy

        def remediate(args: ResourceValidationArgs) -> Any:
            resource = to_declared(args)
            change = {} if resource is None else remedy(resource, self._configured(given, args))
            return args.props if update_props(args.props, change) else None

        return remediate


class Remediating(ABC):
    """Base of the rules that can remediate violations."""

    @abstractmethod
    def remedy(self, resource: Declared, settings: Any) -> dict[str, Any]:
        """Return the properties to change, with their new values; empty if nothing has to change.

        A mapping is merged into the existing one. Pulumi remediates after the provider's check, so that the
        provider does not check or normalize the new values: return lists sorted.
        """


class StackRule(Rule[S]):
    """A rule that checks all resources of a stack together, after all of them are declared."""

    @abstractmethod
    def check(self, stack: Stack, settings: S) -> Iterator[Violation]:
        """Yield the violations, each with its resource; see `ResourceRule.check`."""

    def _policy(self, level: EnforcementLevel | None, given: Mapping[str, Any]) -> Policy:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            settings = self._configured(given, args)
            if self.is_idle(settings):
                return
            found: dict[str, list[str]] = defaultdict(list)
            for message, resource in self.check(Stack(to_declared_all(args.resources)), settings):
                found[resource.urn].append(message)
            for urn in sorted(found):
                for line in _limit(found[urn]):
                    report(line, urn)

        return StackValidationPolicy(**self._arguments(), validate=validate, enforcement_level=level)


def _limit(messages: Iterable[str]) -> list[str]:
    """Return the first messages, and how many more there are."""
    rest = iter(messages)
    first = [printable(message) for message in islice(rest, _MAX_MESSAGES + 1)]
    more = sum(1 for _ in rest)
    return [*first[:_MAX_MESSAGES], f"… and {more + 1:,} more like these"] if more else first
