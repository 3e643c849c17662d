"""What an operation is limited to by `--target` and `--exclude`, and what that means for a resource.

The engine asks a provider only about resources that are part of the operation, and does not say which others
are not. Its command line does: the provider process is a child of the engine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.dynamic._engine_processes import engine_command
from atlan_pulumi.lifecycle import InputProblem, Props, is_known

if TYPE_CHECKING:
    from atlan_pulumi.preflight import Findings

_VALUES = {"-m", "--message"}
"""Flags whose value is text, which may look like a flag."""
_SHORT_TARGET = re.compile(r"-[a-su-z]*t=?(.*)")
_ALWAYS = ("connection", "process")
"""The properties that a resource which refers to another in them cannot be without."""


@dataclass(frozen=True)
class Targets:
    """What an operation is limited to; everything, where nothing is named.

    Attributes:
        targets: The URNs of `--target`, or patterns of them.
        excludes: The URNs of `--exclude`, or patterns of them.
        with_dependents: Whether what depends on these counts as well.
    """

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    with_dependents: bool = False

    @property
    def limited(self) -> bool:
        """Whether anything is left out."""
        return bool(self.targets or self.excludes)

    def include(self, urn: str, after: Collection[str] = ()) -> bool:
        """Return whether a resource is part of the operation.

        Args:
            urn: Its URN.
            after: The URNs of all that it depends on.
        """
        every = [urn, *after] if self.with_dependents else [urn]
        if self.targets:
            return any(_matches(pattern, each) for pattern in self.targets for each in every)
        return not any(_matches(pattern, each) for pattern in self.excludes for each in every)


def _matches(pattern: str, urn: str) -> bool:
    """Match as the engine does: `*` stands for anything within a part of a URN, `**` for anything."""
    parts = (re.escape(part).replace(r"\*", "[^:]*") for part in pattern.split("**"))
    return re.fullmatch(".*".join(parts), urn) is not None


def targets_in(arguments: Sequence[str]) -> Targets:
    """Return what a `pulumi` command with these arguments is limited to."""
    targets, excludes, with_dependents = [], [], False
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument in _VALUES:
            next(rest, "")
        elif name in ("--target", "--target-replace"):
            targets.append(value if equals else next(rest, ""))
        elif name == "--exclude":
            excludes.append(value if equals else next(rest, ""))
        elif name in ("--target-dependents", "--exclude-dependents"):
            with_dependents = value.lower() not in ("false", "f", "0")
        elif short := _SHORT_TARGET.fullmatch(argument):
            targets.append(short[1] or next(rest, ""))
    return Targets(tuple(targets), tuple(excludes), with_dependents)


@functools.cache
def engine_targets() -> Targets | None:
    """Return what the engine that runs this provider is limited to; None where that cannot be found out."""
    command = engine_command()
    return targets_in(command[1:]) if command else None


def refused_with(findings: Findings, targets: Targets | None) -> list[InputProblem]:
    """Return the problem of a resource that is not written since another one of the operation is refused.

    Args:
        findings: What was found out about it, with those that are refused beside it.
        targets: What the operation is limited to; None where that is not known.
    """
    for name, urn, after, reason in findings.refused_beside:
        if targets is None or targets.include(urn, after):
            return [InputProblem("", f"not written, since {name!r} is refused: {reason}")]
    return []


def left_out(given: Props, findings: Findings, targets: Targets | None) -> list[InputProblem]:
    """Return a problem for each resource that is referred to, does not exist, and is left out.

    The engine passes on nothing that such a resource would have.

    Args:
        given: The inputs as the engine passes them on.
        findings: What was found out, with the URNs of what each property refers to.
        targets: What the operation is limited to; None where that is not known.
    """
    found: dict[str, InputProblem] = {}
    for name, urns in findings.refers_to.items():
        for urn in urns if _lacks(given.get(name), required=name in _ALWAYS) else ():
            if not _may_be_made(urn, findings, targets):
                found.setdefault(urn, InputProblem(name, _advice(urn, targets)))
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
