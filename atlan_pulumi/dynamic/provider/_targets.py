"""Targets: the resources that `--target` and `--exclude` limit an operation to.

The engine calls a provider only for resources of the operation, and does not say which others there are.
Its command line does, and the provider process is a child of the engine.
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
"""Flags whose value is free text, which may look like a flag."""
_SHORT_TARGET = re.compile(r"-[a-su-z]*t=?(.*)")
_ALWAYS = ("connection", "process")
"""Properties that a resource cannot lack if they refer to another resource."""


@dataclass(frozen=True)
class Targets:
    """The limits of an operation; without any, it includes every resource.

    Attributes:
        targets: URNs or URN patterns of `--target`.
        excludes: URNs or URN patterns of `--exclude`.
        with_dependents: Whether these include their dependents.
    """

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    with_dependents: bool = False

    @property
    def limited(self) -> bool:
        """Whether the operation leaves out any resource."""
        return bool(self.targets or self.excludes)

    def include(self, urn: str, after: Collection[str] = ()) -> bool:
        """Return whether a resource is part of the operation.

        Args:
            urn: Its URN.
            after: The URNs of everything that it depends on.
        """
        every = [urn, *after] if self.with_dependents else [urn]
        if self.targets:
            return any(_matches(pattern, each) for pattern in self.targets for each in every)
        return not any(_matches(pattern, each) for pattern in self.excludes for each in every)


def _matches(pattern: str, urn: str) -> bool:
    """Match as the engine does: `*` matches within a segment of a URN, `**` across segments."""
    parts = (re.escape(part).replace(r"\*", "[^:]*") for part in pattern.split("**"))
    return re.fullmatch(".*".join(parts), urn) is not None


def targets_in(arguments: Sequence[str]) -> Targets:
    """Return the limits in the arguments of a `pulumi` command."""
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
    """Return the limits of the engine that runs this provider; None if they cannot be found out."""
    command = engine_command()
    return targets_in(command[1:]) if command else None


def left_out(given: Props, findings: Findings, targets: Targets | None) -> list[InputProblem]:
    """Return a problem for each referenced resource that does not exist and is not part of the operation.

    The engine passes no outputs of such a resource.

    Args:
        given: The inputs that the engine passed.
        findings: The findings, with the URNs that each property refers to.
        targets: The limits of the operation; None if unknown.
    """
    found: dict[str, InputProblem] = {}
    for name, urns in findings.refers_to.items():
        for urn in urns if _lacks(given.get(name), required=name in _ALWAYS) else ():
            if not _may_exist(urn, findings, targets):
                found.setdefault(urn, InputProblem(name, _advice(urn, targets)))
    return list(found.values())


def _lacks(value: Any, *, required: bool) -> bool:
    """Return whether the engine passed no value: unknown in a preview, missing in a deployment."""
    if isinstance(value, list):
        return any(_lacks(item, required=False) for item in value)
    if isinstance(value, dict):
        unnamed = "type_name" in value and value.get("qualified_name") is None and value.get("guid") is None
        return unnamed or any(_lacks(item, required=False) for item in value.values())
    return required if value is None else not is_known(value)


def _may_exist(urn: str, findings: Findings, targets: Targets | None) -> bool:
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
