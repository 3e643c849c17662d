"""Parse the engine's event log and clean its messages; no other module parses engine events."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from atlan_pulumi.errors import DriftError

_Map = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value)]
Urn = Annotated[str, Field(pattern=r"^urn:pulumi:[^:]*::[^:]*::[^:].*::")]
_COLOR = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^(Preview failed: |Failed: |error: )+")
_TRACEBACK = "Traceback (most recent call last)"
#: Messages that Pulumi adds after the actual error.
ECHOES = frozenset({"preview failed", "update failed", "refresh failed", "destroy failed"})


class ResourceState(BaseModel):
    """A resource before or after a step."""

    model_config = ConfigDict(frozen=True)

    inputs: _Map = Field(default_factory=dict)
    outputs: _Map = Field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = Field(default=False, alias="retainOnDelete")
    too_deep: bool = Field(default=False, alias="tooDeep")


class Step(BaseModel):
    """A planned operation on a resource.

    Attributes:
        op: The engine's name of the operation, such as `create`.
        urn: URN of the resource.
        old: State before the operation.
        new: State after the operation.
        keys: Properties that force the replacement.
    """

    model_config = ConfigDict(frozen=True)

    op: str
    urn: Urn
    old: ResourceState | None = Field(default=None, validation_alias=AliasChoices("old", "oldState"))
    new: ResourceState | None = Field(default=None, validation_alias=AliasChoices("new", "newState"))
    keys: _Names = Field(default=(), validation_alias=AliasChoices("keys", "replaceReasons"))


def failed(command: str, output: str) -> DriftError:
    """Return the error of a failed `pulumi` command, with the reason that it printed."""
    return DriftError(f"`pulumi {command}` failed: {_reason(output) or 'it printed no reason'}")


def one_line(message: str) -> str:
    """Return an engine message as one plain line, without prefixes; for a traceback, its last line."""
    plain = _PREFIX.sub("", _COLOR.sub("", message).strip())
    if _TRACEBACK in plain:
        plain = plain.splitlines()[-1]
    return " ".join(plain.split())


def _reason(output: str) -> str:
    """Return a command's output from its first error on, or all of it if it has no error."""
    plain = _COLOR.sub("", output)
    start = re.search(r"^error: ", plain, re.MULTILINE)
    return one_line(plain[start.start() :] if start else plain)


def lines_of(text: str) -> str:
    """Return a multiline text with each line cleaned by `one_line`, without empty lines."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class PreEvent(_Wire):
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


class PolicyEvent(_Wire):
    resource_urn: str = ""
    policy_name: str
    policy_pack_name: str = ""
    message: str
    enforcement_level: str
    severity: str = ""
    exceptions: tuple[_Exception, ...] = ()


class RemediationEvent(_Wire):
    resource_urn: str = ""
    policy_name: str
    policy_pack_name: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class _Summary(_Wire):
    is_preview: bool
    result: str | None = None


class EngineEvent(_Wire):
    """One event; kinds that nothing here reads leave every field empty."""

    resource_pre_event: PreEvent | None = None
    diagnostic_event: _Diagnostic | None = None
    error_event: _Error | None = None
    policy_event: PolicyEvent | None = None
    policy_remediation_event: RemediationEvent | None = None
    summary_event: _Summary | None = None


def is_event(document: dict[str, Any]) -> bool:
    """Return whether a JSON object looks like an engine event."""
    return any(name.endswith("Event") for name in document)
