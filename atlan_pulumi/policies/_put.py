"""What a remedy changes, put where it stands: the values that it leaves alone go back as they came."""

from __future__ import annotations

from typing import Any

from pulumi_policy.deserialize import serialize_properties

from atlan_pulumi.declared import SECRET, from_engine
from atlan_pulumi.lifecycle import Props


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
