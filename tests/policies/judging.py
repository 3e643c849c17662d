"""Rules asked as pulumi-policy asks them: its own arguments, its own proxies, its own report."""

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
UNKNOWN_YET = UNKNOWN_STRING_VALUE
"""How the engine writes a value that a preview does not know."""


class Resource(NamedTuple):
    """A resource as the engine tells a policy of it."""

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
    """A resource whose inputs went through its provider's check, as those that policies see."""
    given = _with_unknowns(inputs)
    checked = lifecycle_of(kind, 1).check({}, given)
    assert not checked.problems, checked.problems
    return Resource(kind, resource_name, as_engine(checked.inputs), protect)


def process(resource_name: str, inputs: Any, outputs: Any, /, **more: Any) -> Resource:
    """A `Process` between tables, which are given by their paths in the warehouse."""
    given = {"name": resource_name, "connection": WAREHOUSE, "process_id": resource_name, **more}
    return resource("Process", resource_name, **given, inputs=tables(inputs), outputs=tables(outputs))


def tables(paths: Any) -> Any:
    """References to tables, by their paths in the warehouse: `RAW/PUBLIC/ORDERS`."""
    if isinstance(paths, str):
        return paths if paths == UNKNOWN_YET else tables([paths])
    return [
        {"type_name": "Table", "qualified_name": f"{WAREHOUSE}/{path}"} if path != UNKNOWN_YET else path
        for path in paths
    ]


def columns(paths: Any) -> Any:
    """References to columns, by their paths in the warehouse: `RAW/PUBLIC/ORDERS/ID`."""
    return [{**each, "type_name": "Column"} for each in tables(paths)]


def violations(
    rule: Rule[Any], *resources: Resource, file: Mapping[str, Any] = {}, **settings: Any
) -> list[str]:
    """What a rule says, each line with the name of the resource before it: `load: inputs: …`.

    Args:
        rule: The rule.
        resources: The stack.
        file: The rule's part of a pack's configuration file, in camelCase.
        settings: What the pack's constructor gives the rule, in snake_case.
    """
    policy: Any = rule(None, **settings)
    config = dict(file) or None
    told: list[str] = []
    if isinstance(rule, StackRule):
        args = StackValidationArgs([_policy_resource(each) for each in resources], config)
        policy.validate(args, lambda message, urn=None: told.append(f"{str(urn).split('::')[-1]}: {message}"))
        return told
    for each in resources:
        policy.validate(
            _args(each, config), lambda message, urn=None, each=each: told.append(f"{each.name}: {message}")
        )
    return told


def remedied(rule: Rule[Any], resource: Resource, **settings: Any) -> dict[str, Any] | None:
    """The properties after remediation; None where the rule leaves the resource as it is."""
    policy: Any = rule("remediate", **settings)
    mended = policy.remediate(_args(resource, None))
    return None if mended is None else {key: _raw(mended, key) for key in mended}


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
    """What a lifecycle takes in place of what the engine writes."""
    if isinstance(value, dict):
        return {key: _with_unknowns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(item) for item in value]
    return UNKNOWN if value == UNKNOWN_YET else value


def as_engine(value: Any) -> Any:
    """What pulumi-policy gets: unknowns as the engine writes them, numbers as floats."""
    if isinstance(value, dict):
        return {key: as_engine(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_engine(item) for item in value]
    if value is UNKNOWN:
        return UNKNOWN_YET
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
