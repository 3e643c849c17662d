"""What a preview told, whatever form it came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from atlan_pulumi.engine import Step
from atlan_pulumi.engine import is_our_urn as is_ours
from atlan_pulumi.errors import ReviewError
from atlan_pulumi.leaks import Redaction

#: How a preview ended. `unfinished`: it was cut off, and what it had not told yet is missing.
Result = Literal["succeeded", "failed", "unfinished"]


@dataclass(frozen=True, order=True)
class Message:
    """What was said: by the engine, the program or the provider.

    Attributes:
        urn: The resource that it is about; empty where there is none.
        text: The message, on one line.
        severity: `error`, `warning` or `info`.
    """

    urn: str
    text: str
    severity: str


@dataclass(frozen=True, order=True)
class Violation:
    """What a policy found.

    Attributes:
        level: `mandatory`, `advisory` or `remediate`.
        policy: The name of the rule.
        urn: The resource; empty where it is the stack as a whole.
        message: What is wrong; its description comes first.
        pack: The pack that holds the rule.
        severity: `critical`, `high`, `medium` or `low`; empty where the rule has none.
        exceptions: The ids of the exceptions of the pack's configuration that allow it.
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
    """What a preview told.

    Attributes:
        stack: The stack, as `project/name`; empty where nothing names it.
        result: How it ended.
        steps: What would be done to the resources of this package.
        messages: Errors, and what was said about resources of this package.
        violations: What policies found.
        tells_policies: Whether this form of input would tell what policies found.
        tells_same: Whether it would tell of resources that stay as they are.
        redaction: What took the secrets out; it knows by which marks.
    """

    stack: str
    result: Result
    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    violations: tuple[Violation, ...] = ()
    tells_policies: bool = True
    tells_same: bool = True
    redaction: Redaction = field(default_factory=Redaction, repr=False, compare=False)

    @property
    def errors(self) -> list[Message]:
        """Why the preview failed."""
        return [each for each in self.messages if each.severity == "error"]

    @property
    def notes(self) -> list[Message]:
        """What was said about the resources of this package besides."""
        return [each for each in self.messages if each.severity != "error"]


def ours_of(steps: Sequence[Step], name: str) -> tuple[Step, ...]:
    """The steps on resources of this package.

    Args:
        steps: All steps of the preview.
        name: What the file is called in errors.

    Raises:
        ReviewError: It was a refresh, which compares the state with Atlan rather than with a program.
    """
    if steps and all(step.op == "refresh" for step in steps):
        raise ReviewError(
            f"{name} tells of a refresh alone, not of a preview: `atlan-pulumi drift` shows what differs"
        )
    return tuple(step for step in steps if is_ours(step.urn))
