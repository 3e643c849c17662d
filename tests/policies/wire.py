"""A remediation as pulumi-policy runs it: from the wire, with its marks of secrets, and back to it."""

from __future__ import annotations

from typing import Any

from policies.judging import Resource, as_engine
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResourceOptions,
    ResourceValidationArgs,
)
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from atlan_pulumi.policies import Rule

_NAME = "qualified_name"
"""What the resource's own check adds, before a policy is asked."""
_SIGNATURE, _MARK = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def secret(value: Any) -> dict[str, Any]:
    """A value that a program marks as a secret, as the engine writes it."""
    return {_SIGNATURE: _MARK, "value": value}


def mended(rule: Rule[Any], kind: str, props: dict[str, Any], **settings: Any) -> dict[str, Any] | None:
    """What the engine gets back for a resource with these properties; None where nothing is changed."""
    policy: Any = rule("remediate", **settings)
    asked = Resource(kind, "asked", as_engine({_NAME: "default/spark/1/asked", **props}))
    given = unknown_checking_proxy(deserialize_properties(asked.props, True))
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
    args = ResourceValidationArgs(asked.token, given, asked.urn, asked.name, options, None, {}, {})
    answer = policy.remediate(args)
    if answer is None:
        return None
    found = dict(serialize_properties(answer))
    return found if _NAME in props else {name: found[name] for name in found if name != _NAME}
