"""Read this package's resources from an exported stack state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.engine._notation import OURS, described, is_ours
from atlan_pulumi.errors import DriftError


@dataclass(frozen=True)
class StackState:
    """The resources of this package in a state.

    Attributes:
        stack: Name of the stack; None if the state is empty.
        resources: URNs of this package's resources, in the order of the state, each with the properties in
            its `ignore_changes` option.
    """

    stack: str | None
    resources: dict[str, frozenset[str]]


def read_state(exported: str) -> StackState:
    """Parse the output of `pulumi stack export`.

    Raises:
        DriftError: The text is not a state, or the state has a pending operation on a resource of this
            package: a deployment is running, or was interrupted.
    """
    try:
        deployment = json.loads(exported).get("deployment") or {}
    except ValueError:
        raise DriftError("`pulumi stack export` did not print a state") from None
    _require_no_pending_operation(deployment.get("pending_operations") or [])
    resources = deployment.get("resources") or []
    ours = [item for item in resources if item["type"].startswith(OURS)]
    stacks = [item["urn"].split(":")[2] for item in resources]
    return StackState(stacks[0] if stacks else None, {item["urn"]: _ignored(item) for item in ours})


def _ignored(resource: dict[str, Any]) -> frozenset[str]:
    return frozenset(resource.get("ignoreChanges") or ())


def _require_no_pending_operation(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        urn = operation["resource"]["urn"]
        if is_ours(urn):
            raise DriftError(
                "cannot determine drift: a deployment is "
                f"{operation['type']} {described(urn)}, or was interrupted: "
                "wait until it ends, or run `pulumi up` again"
            )
