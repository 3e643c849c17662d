"""Run a remediation as pulumi-policy does: from serialized properties, with secrets, and back."""

from __future__ import annotations

from typing import Any

from policies.harness import Resource, as_engine
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResourceOptions,
    ResourceValidationArgs,
)
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from atlan_pulumi.policies import Rule

_NAME = "qualified_name"
"""A property that the check of the provider adds before a policy runs."""
_SIGNATURE, _MARK = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def secret(value: Any) -> dict[str, Any]:
    """Return a secret value as the engine sends it."""
    return {_SIGNATURE: _MARK, "value": value}


def remediate(rule: Rule[Any], kind: str, props: dict[str, Any], **settings: Any) -> dict[str, Any] | None:
    """Return the properties that the engine gets back for a resource; None if nothing changes."""
    policy: Any = rule("remediate", **settings)
    sent = Resource(kind, "asked", as_engine({_NAME: "default/spark/1/asked", **props}))
    proxy = unknown_checking_proxy(deserialize_properties(sent.props, True))
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
    args = ResourceValidationArgs(sent.token, proxy, sent.urn, sent.name, options, None, {}, {})
    changed = policy.remediate(args)
    if changed is None:
        return None
    found = dict(serialize_properties(changed))
    return found if _NAME in props else {name: found[name] for name in found if name != _NAME}
