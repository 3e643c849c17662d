"""The engine's event log: its events as models, and its messages as one plain line. The one parser of it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from atlan_pulumi.errors import DriftError

_Map = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value)]
Urn = Annotated[str, Field(pattern=r"^urn:pulumi:[^:]*::[^:]*::[^:].*::")]
_COLOUR = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^(Preview failed: |Failed: |error: )+")
_TRACEBACK = "Traceback (most recent call last)"
#: What Pulumi says after what matters.
_ECHOES = ("preview failed", "update failed", "refresh failed")


class ResourceState(BaseModel):
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
    old: ResourceState | None = Field(default=None, validation_alias=AliasChoices("old", "oldState"))
    new: ResourceState | None = Field(default=None, validation_alias=AliasChoices("new", "newState"))
    keys: _Names = Field(default=(), validation_alias=AliasChoices("keys", "replaceReasons"))


def failed(command: str, output: str) -> DriftError:
    """The error that a `pulumi` command failed, out of what it printed."""
    return DriftError(f"`pulumi {command}` failed: {_telling(output) or 'it does not say why'}")


def one_line(message: str) -> str:
    """A message of the engine as one line, without what is said around it; of a traceback the last line."""
    plain = _PREFIX.sub("", _COLOUR.sub("", message).strip())
    if _TRACEBACK in plain:
        plain = plain.splitlines()[-1]
    return " ".join(plain.split())


def _telling(output: str) -> str:
    """What a command's output says from its first error on, else all that it says."""
    plain = _COLOUR.sub("", output)
    start = re.search(r"^error: ", plain, re.MULTILINE)
    return one_line(plain[start.start() :] if start else plain)


def lines_of(text: str) -> str:
    """A text of several lines, each without what is said around it."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class _PreEvent(_Wire):
    metadata: Step
    planning: bool = False


class _Diagnostic(_Wire):
    urn: str | None = None
    severity: str
    message: str
    ephemeral: bool = False


class _Error(_Wire):
    error: str


class _Exception(_Wire):
    id: str


class _Policy(_Wire):
    resource_urn: str = ""
    policy_name: str
    policy_pack_name: str = ""
    message: str
    enforcement_level: str
    severity: str = ""
    exceptions: tuple[_Exception, ...] = ()


class _Remediation(_Wire):
    resource_urn: str = ""
    policy_name: str
    policy_pack_name: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class _Summary(_Wire):
    is_preview: bool
    result: str | None = None


class _Event(_Wire):
    """One event; those that no review needs have none of these."""

    resource_pre_event: _PreEvent | None = None
    diagnostic_event: _Diagnostic | None = None
    error_event: _Error | None = None
    policy_event: _Policy | None = None
    policy_remediation_event: _Remediation | None = None
    summary_event: _Summary | None = None


def is_event(document: dict[str, Any]) -> bool:
    """Whether a JSON object looks like one of the engine's events."""
    return any(name.endswith("Event") for name in document)


def _hint(number: int) -> str:
    if number > 1:
        return ""
    return ": give the events of `pulumi preview`, or the output of `pulumi preview --json` alone"
