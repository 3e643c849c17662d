"""What a preview told, whatever form it came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from atlan_pulumi.declared import OURS
from atlan_pulumi.drift import resource_name, type_token
from atlan_pulumi.leaks import Redaction
from atlan_pulumi.printable import printable
from atlan_pulumi.review._errors import ReviewError

#: How a preview ended. `unfinished`: it was cut off, and what it had not told yet is missing.
Result = Literal["succeeded", "failed", "unfinished"]

_Map = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value)]
Urn = Annotated[str, Field(pattern=r"^urn:pulumi:[^:]*::[^:]*::[^:].*::")]


class State(BaseModel):
    """A resource before or after a step."""

    model_config = ConfigDict(frozen=True)

    inputs: _Map = Field(default_factory=dict)
    outputs: _Map = Field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = Field(default=False, alias="retainOnDelete")
    too_deep: bool = Field(default=False, alias="tooDeep")


class Step(BaseModel):
    """What the engine would do to a resource.

    Attributes:
        op: The engine's name of it, such as `create`.
        urn: The resource.
        old: The resource before.
        new: The resource after.
        keys: The properties because of which it is replaced.
    """

    model_config = ConfigDict(frozen=True)

    op: str
    urn: Urn
    old: State | None = Field(default=None, validation_alias=AliasChoices("old", "oldState"))
    new: State | None = Field(default=None, validation_alias=AliasChoices("new", "newState"))
    keys: _Names = Field(default=(), validation_alias=AliasChoices("keys", "replaceReasons"))


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
    """

    level: str
    policy: str
    urn: str
    message: str
    pack: str


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


def is_ours(urn: str) -> bool:
    """Whether a URN is that of a resource of this package."""
    return _is_urn(urn) and type_token(urn).startswith(OURS)


def _is_urn(text: str) -> bool:
    return text.count("::") >= 3  # noqa: PLR2004 - stack, project, type, name


def stack_of(urn: str) -> str:
    """The stack that a URN names, as `project/name`."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return f"{project}/{stack}"


def described(urn: str) -> str:
    """A resource as a person calls it, such as `Process load`; of other packages with the whole type.

    It is one line, whatever the name holds.

    Example:
        >>> described("urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::load")
        'Process load'
    """
    if not _is_urn(urn):
        return printable(urn)
    if is_stack(urn):
        return printable(f"Stack {stack_of(urn)}")
    return printable(f"{type_token(urn).removeprefix(OURS)} {resource_name(urn)}")


def is_stack(urn: str) -> bool:
    """Whether a URN is that of a stack."""
    return type_token(urn) == "pulumi:pulumi:Stack"
