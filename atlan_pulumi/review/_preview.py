"""A preview, independent of the form of its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from atlan_pulumi.engine import Step, is_our_urn
from atlan_pulumi.errors import ReviewError
from atlan_pulumi.leaks import Redaction

#: The result of a preview. `unfinished`: its output is incomplete.
Result = Literal["succeeded", "failed", "unfinished"]


@dataclass(frozen=True, order=True)
class Message:
    """A message of the engine, the program, or the provider.

    Attributes:
        urn: The URN of its resource; empty if it has none.
        text: The message, on one line.
        severity: `error`, `warning`, or `info`.
    """

    urn: str
    text: str
    severity: str


@dataclass(frozen=True, order=True)
class Violation:
    """A violation of a policy.

    Attributes:
        level: `mandatory`, `advisory`, or `remediate`.
        policy: The name of the rule.
        urn: The URN of the resource; empty for the whole stack.
        message: The description of the rule and the message, on several lines.
        pack: The policy pack of the rule.
        severity: `critical`, `high`, `medium`, or `low`; empty if the rule has none.
        exceptions: The ids of the exceptions in the pack's configuration that allow it.
    """

    level: str
    policy: str
    urn: str
    message: str
    pack: str
    severity: str = ""
    exceptions: tuple[str, ...] = ()

    @property
    def forbids(self) -> bool:
        """Whether the engine refuses a deployment because of it."""
        return self.level == "mandatory" and not self.exceptions


@dataclass(frozen=True)
class Preview:
    """A preview.

    Attributes:
        stack: The stack, as `project/name`; empty if unknown.
        result: The result.
        steps: The steps on resources of this package.
        messages: Errors, and messages about resources of this package.
        violations: The policy violations.
        has_policies: Whether this form of input contains policy results.
        has_unchanged: Whether it contains unchanged resources.
        redaction: Removes secrets; it knows the marks of those that were removed already.
    """

    stack: str
    result: Result
    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    violations: tuple[Violation, ...] = ()
    has_policies: bool = True
    has_unchanged: bool = True
    redaction: Redaction = field(default_factory=Redaction, repr=False, compare=False)

    @property
    def errors(self) -> list[Message]:
        """The errors, because of which the preview failed."""
        return [each for each in self.messages if each.severity == "error"]

    @property
    def notes(self) -> list[Message]:
        """The other messages about resources of this package."""
        return [each for each in self.messages if each.severity != "error"]


def our_steps(steps: Sequence[Step], name: str) -> tuple[Step, ...]:
    """Return the steps on resources of this package.

    Args:
        steps: All steps of the preview.
        name: The name of the file in errors.

    Raises:
        ReviewError: The operation was a refresh, which compares the state with Atlan, not with a program.
    """
    if steps and all(step.op == "refresh" for step in steps):
        raise ReviewError(
            f"{name} is the log of a refresh, not of a preview: use `atlan-pulumi drift` to show drift"
        )
    return tuple(step for step in steps if is_our_urn(step.urn))
