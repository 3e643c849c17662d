"""A replacement: what depends on the entity that has to go, and whether the deployment could remove it.

The engine removes the former entity last, with the properties in the state: by then the new one is there, and
`force_destroy` can no longer be set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import (
    Checked,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    goes_with,
    notes_by_owner,
    of_others,
    owned_note,
    replacement_conflict,
)
from atlan_pulumi.preflight._report import Findings

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


def look_at_replaced(
    lifecycle: ResourceLifecycle,
    olds: Props,
    checked: Checked,
    findings: Findings,
    tenant: Callable[[], AtlanClient],
) -> None:
    """Add what depends on the entity of the state, where the identity changes.

    What the stack has itself may follow the replacement, or is removed before. Resources that are many
    entities are looked at with their parts.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: What its own check answered.
        findings: What was found out before, which is added to.
        tenant: Gives the client.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    before, now = olds.get("qualified_name"), checked.inputs.get("qualified_name")
    both_known = isinstance(before, str) and isinstance(now, str)
    if checked.problems or not both_known or before == now or isinstance(lifecycle, ManyLifecycle):
        return
    key = EntityKey(lifecycle.type_name, str(before))
    if lifecycle.declared.elsewhere(checked.inputs.get("managed_by"), [key]):  # it stays
        return
    below = [
        (each, above)
        for each, above in lifecycle.dependents(tenant(), olds)
        if of_others(each, olds, checked.inputs)
    ]
    dependents = [each for each, _ in below]
    if objection := replacement_conflict(lifecycle.type_name, olds, dependents):
        findings.problems.append(InputProblem(lifecycle.identity[-1], objection))
    else:
        findings.notes += notes_by_owner(owned_note(each, goes_with(each, above)) for each, above in below)
