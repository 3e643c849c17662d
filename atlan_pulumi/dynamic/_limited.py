"""What `--target` and `--exclude` mean for a resource that is part of the operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle import Mistake, Props
from atlan_pulumi.unknown import is_known

if TYPE_CHECKING:
    from atlan_pulumi.dynamic._targets import Targets
    from atlan_pulumi.preflight import Findings

_ALWAYS = ("connection", "process")
"""The properties that a resource which refers to another in them cannot be without."""


def refused_with(findings: Findings, targets: Targets | None) -> list[Mistake]:
    """Return the mistake of a resource that is not written since another one of the operation is refused.

    Args:
        findings: What was found out about it, with those that are refused beside it.
        targets: What the operation is limited to; None where that is not known.
    """
    for name, urn, after, reason in findings.refused_beside:
        if targets is None or targets.include(urn, after):
            return [Mistake("", f"not written, since {name!r} is refused: {reason}")]
    return []


def left_out(given: Props, findings: Findings, targets: Targets | None) -> list[Mistake]:
    """Return a mistake for each resource that is referred to, does not exist, and is left out.

    The engine passes on nothing that such a resource would have.

    Args:
        given: The inputs as the engine passes them on.
        findings: What was found out, with the URNs of what each property refers to.
        targets: What the operation is limited to; None where that is not known.
    """
    found: dict[str, Mistake] = {}
    for name, urns in findings.refers_to.items():
        for urn in urns if _lacks(given.get(name), required=name in _ALWAYS) else ():
            if not _may_be_made(urn, findings, targets):
                found.setdefault(urn, Mistake(name, _advice(urn, targets)))
    return list(found.values())


def _lacks(value: Any, *, required: bool) -> bool:
    """Return whether the engine did not pass a value on: unknown in a preview, and later just not there."""
    if isinstance(value, list):
        return any(_lacks(item, required=False) for item in value)
    if isinstance(value, dict):
        unnamed = "type_name" in value and value.get("qualified_name") is None and value.get("guid") is None
        return unnamed or any(_lacks(item, required=False) for item in value.values())
    return required if value is None else not is_known(value)


def _may_be_made(urn: str, findings: Findings, targets: Targets | None) -> bool:
    if targets is None or (targets.limited and targets.with_dependents and not targets.include(urn)):
        return findings.previews
    return not targets.limited or targets.include(urn)


def _advice(urn: str, targets: Targets | None) -> str:
    name = urn.rpartition("::")[2]
    if targets and targets.excludes:
        return f"{name!r}, which it needs, does not exist yet and is excluded: do not exclude '{urn}'"
    return (
        f"{name!r}, which it needs, does not exist yet and is not targeted: add --target '{urn}' "
        "(or target that one with --target-dependents)"
    )
