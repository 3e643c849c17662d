"""What a stack's state says about this package's resources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.engine._notation import OURS, described, is_ours
from atlan_pulumi.errors import DriftError


@dataclass(frozen=True)
class StackState:
    """This package's part of a state.

    Attributes:
        stack: The stack's name; None when the state is empty.
        resources: The URNs of this package's resources, in the state's order, each with the properties whose
            changes the program ignores (Pulumi's `ignore_changes`).
    """

    stack: str | None
    resources: dict[str, frozenset[str]]


def read_state(exported: str) -> StackState:
    """Read what `pulumi stack export` printed.

    Raises:
        DriftError: It is no state; or a deployment is going on, or was interrupted, so that what it was
            writing is not in the state.
    """
    try:
        deployment = json.loads(exported).get("deployment") or {}
    except ValueError:
        raise DriftError("`pulumi stack export` printed something else than a state") from None
    _refuse_half_way(deployment.get("pending_operations") or [])
    resources = deployment.get("resources") or []
    ours = [item for item in resources if item["type"].startswith(OURS)]
    stacks = [item["urn"].split(":")[2] for item in resources]
    return StackState(stacks[0] if stacks else None, {item["urn"]: _ignored(item) for item in ours})


def _ignored(resource: dict[str, Any]) -> frozenset[str]:
    return frozenset(resource.get("ignoreChanges") or ())


def _refuse_half_way(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        urn = operation["resource"]["urn"]
        if is_ours(urn):
            raise DriftError(
                "cannot determine drift: a deployment is "
                f"{operation['type']} {described(urn)}, or was interrupted while it did: "
                "let it end, or run `pulumi up` again"
            )
