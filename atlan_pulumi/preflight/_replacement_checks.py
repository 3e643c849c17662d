"""Replacement checks: what depends on the former entity, and whether the deployment could remove it.

The engine removes the former entity last, with the properties in the state. The new entity exists by then,
and it is too late to set `force_destroy`.
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
    belongs_to_others,
    forced_removal_note,
    notes_by_owner,
    owned_note,
    replacement_conflict,
)
from atlan_pulumi.preflight._report import Findings

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


def check_replacement(
    lifecycle: ResourceLifecycle,
    olds: Props,
    checked: Checked,
    findings: Findings,
    tenant: Callable[[], AtlanClient],
) -> None:
    """Add a problem or notes for the dependents of the former entity, if the identity changes.

    Dependents of this stack may follow the replacement, or are removed before. Bulk resources are checked
    with their children.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: The result of its check.
        findings: The findings of preflight, which are extended.
        tenant: Returns the client.

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
        if belongs_to_others(each, olds, checked.inputs)
    ]
    dependents = [each for each, _ in below]
    if objection := replacement_conflict(lifecycle.type_name, olds, dependents):
        findings.problems.append(InputProblem(lifecycle.identity[-1], objection))
    else:
        findings.notes += notes_by_owner(
            owned_note(each, forced_removal_note(each, above)) for each, above in below
        )
