"""Run rules as pulumi-policy runs them, with its arguments, proxies, and report function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from atlan_pulumi.engine._notation import OURS
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.policies import Rule, StackRule

WAREHOUSE = "default/snowflake/1657025257"
ENGINE_UNKNOWN = UNKNOWN_STRING_VALUE
"""An unknown value of a preview, as the engine sends it."""


class Resource(NamedTuple):
    """A resource as the engine sends it to a policy."""

    kind: str
    name: str
    props: dict[str, Any]
    protect: bool = False

    @property
    def urn(self) -> str:
        return f"urn:pulumi:prod::infra::{self.token}::{self.name}"

    @property
    def token(self) -> str:
        return f"{OURS}{self.kind}" if ":" not in self.kind else self.kind


def resource(kind: str, resource_name: str, /, *, protect: bool = False, **inputs: Any) -> Resource:
    """Return a resource whose inputs passed the check of its provider."""
    given = _with_unknowns(inputs)
    checked = lifecycle_of(kind, 1).check({}, given)
    assert not checked.problems, checked.problems
    return Resource(kind, resource_name, as_engine(checked.inputs), protect)


def process(resource_name: str, inputs: Any, outputs: Any, /, **more: Any) -> Resource:
    """Return a `Process` between tables, by their paths in the warehouse."""
    given = {"name": resource_name, "connection": WAREHOUSE, "process_id": resource_name, **more}
    return resource("Process", resource_name, **given, inputs=tables(inputs), outputs=tables(outputs))


def tables(paths: Any) -> Any:
    """Return references to tables by their paths in the warehouse, such as `RAW/PUBLIC/ORDERS`."""
    if isinstance(paths, str):
        return paths if paths == ENGINE_UNKNOWN else tables([paths])
    return [
        {"type_name": "Table", "qualified_name": f"{WAREHOUSE}/{path}"} if path != ENGINE_UNKNOWN else path
        for path in paths
    ]


def columns(paths: Any) -> Any:
    """Return references to columns by their paths in the warehouse, such as `RAW/PUBLIC/ORDERS/ID`."""
    return [{**each, "type_name": "Column"} for each in tables(paths)]


def violations(
    rule: Rule[Any], *resources: Resource, file: Mapping[str, Any] = {}, **settings: Any
) -> list[str]:
    """Return the messages of a rule, each after the name of its resource: `load: inputs: …`.

    Args:
        rule: The rule.
        resources: The stack.
        file: The rule's part of a pack's configuration file, in camelCase.
        settings: The rule's settings in the pack's constructor, in snake_case.
    """
    policy: Any = rule(None, **settings)
    config = dict(file) or None
    found: list[str] = []
    if isinstance(rule, StackRule):
        args = StackValidationArgs([_policy_resource(each) for each in resources], config)
        policy.validate(
            args, lambda message, urn=None: found.append(f"{str(urn).split('::')[-1]}: {message}")
        )
        return found
    for each in resources:
        policy.validate(
            _args(each, config), lambda message, urn=None, each=each: found.append(f"{each.name}: {message}")
        )
    return found


def remediated(rule: Rule[Any], resource: Resource, **settings: Any) -> dict[str, Any] | None:
    """Return the properties after remediation; None if the rule does not change the resource."""
    policy: Any = rule("remediate", **settings)
    props = policy.remediate(_args(resource, None))
    return None if props is None else {key: _raw(props, key) for key in props}


def _raw(mapping: Any, key: str) -> Any:
    try:
        return mapping[key]
    except UnknownValueError:
        return UNKNOWN


def _args(resource: Resource, config: Any) -> ResourceValidationArgs:
    props = unknown_checking_proxy(resource.props)
    return ResourceValidationArgs(
        resource.token, props, resource.urn, resource.name, _options(resource), None, config
    )


def _policy_resource(resource: Resource) -> PolicyResource:
    props = unknown_checking_proxy(resource.props)
    return PolicyResource(
        resource.token, props, resource.urn, resource.name, _options(resource), None, None, [], {}
    )


def _options(resource: Resource) -> PolicyResourceOptions:
    return PolicyResourceOptions(resource.protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)


def _with_unknowns(value: Any) -> Any:
    """Replace the engine's unknown values by those of a lifecycle."""
    if isinstance(value, dict):
        return {key: _with_unknowns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(item) for item in value]
    return UNKNOWN if value == ENGINE_UNKNOWN else value


def as_engine(value: Any) -> Any:
    """Return a value as pulumi-policy receives it: the engine's unknown values, numbers as floats."""
    if isinstance(value, dict):
        return {key: as_engine(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_engine(item) for item in value]
    if value is UNKNOWN:
        return ENGINE_UNKNOWN
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
