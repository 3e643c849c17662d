"""What a resource reports about other refused resources of its batch.

The engine stops at the first resource that is refused. That one reports the problems of the others too,
grouped by cause, so that one preview shows every mistake. A resource without a problem is held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from atlan_pulumi.dynamic.provider._targets import Targets
from atlan_pulumi.lifecycle import InputProblem
from atlan_pulumi.preflight import Findings
from atlan_pulumi.text import counted, enumerate_first

_MOST_CAUSES = 30
"""The most causes to report, each in one line."""
_MORE = "… and {} more, which the next preview reports"


def held_back(findings: Findings, targets: Targets | None) -> list[InputProblem]:
    """Return the problem of a valid resource that is not written, since another one is refused.

    Args:
        findings: Its findings, with the problems of the others.
        targets: The limits of the operation; None if unknown.
    """
    for name, reason in () if findings.only_quotes else _in_operation(findings, targets):
        return [InputProblem("", f"not written, since {name!r} is refused: {reason}")]
    return []


def with_others(
    problems: Sequence[InputProblem], findings: Findings, targets: Targets | None
) -> list[InputProblem]:
    """Return the problems of a refused resource and of the others, one per cause.

    Args:
        problems: Its own problems.
        findings: Its findings, with the problems of the others.
        targets: The limits of the operation; None if unknown.
    """
    others: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for name, reason in _in_operation(findings, targets):
        cause = _cause(reason)
        reasons.setdefault(cause, reason)
        others.setdefault(cause, []).append(name)
    own = [
        InputProblem(name, f"{reason}{_also(others.pop(_cause(f'{name}: {reason}'), []))}")
        for name, reason in problems
    ]
    lines = [f"also refused: {_quoted(names)}: {reasons[cause]}" for cause, names in others.items()]
    more = max(0, len(lines) - _MOST_CAUSES) + findings.more_refused
    rest = [InputProblem("", _MORE.format(counted(more, "problem")))] if more else []
    return [*own, *(InputProblem("", line) for line in lines[:_MOST_CAUSES]), *rest]


def _in_operation(findings: Findings, targets: Targets | None) -> Iterable[tuple[str, str]]:
    return (
        (name, reason)
        for name, urn, after, reason in findings.refused_beside
        if targets is None or targets.include(urn, after)
    )


def _cause(reason: str) -> str:
    """Return the part of a reason that is equal for all resources with the same cause.

    The advice after it may differ. If it names what is wrong, the property makes no difference.
    """
    name, _, rest = reason.partition(": ")
    cause = (rest or name).partition(";")[0]
    return cause if "'" in cause else f"{name}: {cause}"


def _also(names: Sequence[str]) -> str:
    return f"; the same in {counted(len(set(names)), 'other resource')}: {_quoted(names)}" if names else ""


def _quoted(names: Iterable[str]) -> str:
    return enumerate_first([repr(name) for name in dict.fromkeys(names)])
