"""The engine's events: what `--event-log` writes, and what `--json` prints where it streams."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from atlan_pulumi.drift import one_line
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._messages import lines_of, messages_of
from atlan_pulumi.review._preview import Preview, Result, Step, Violation, ours_of, stack_of
from atlan_pulumi.review._redact import redacted


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


class _Policy(_Wire):
    resource_urn: str = ""
    policy_name: str
    policy_pack_name: str = ""
    message: str
    enforcement_level: str


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


_EVENTS = tuple(str(field.alias) for field in _Event.model_fields.values())


def is_event(document: dict[str, Any]) -> bool:
    """Whether a JSON object looks like one of the engine's events."""
    return any(name.endswith("Event") for name in document)


def preview_of_events(lines: Sequence[str], name: str) -> Preview:
    """What the events tell.

    Args:
        lines: The lines of the file.
        name: What the file is called in errors.

    Raises:
        ReviewError: They are not a preview's events.
    """
    numbered = list(_documents(lines, name))
    documents, redaction = redacted([_known(document) for _, document in numbered])
    events = [
        _event(document, number, name) for document, (number, _) in zip(documents, numbered, strict=True)
    ]
    steps = [event.resource_pre_event for event in events if event.resource_pre_event]
    _refuse_deployment(events, steps, name)
    return Preview(
        stack=min((stack_of(step.metadata.urn) for step in steps), default=""),
        result=_result(events),
        steps=ours_of([step.metadata for step in steps], name),
        messages=messages_of(_told(events)),
        violations=tuple(sorted(set(_violations(events)))),
        redaction=redaction,
    )


def _documents(lines: Sequence[str], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each event as JSON, with the number of its line."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for number, line in numbered:
        try:
            document = json.loads(line)
        except ValueError:
            if number == numbered[-1][0] and number != numbered[0][0]:
                return  # cut off while it was written
            raise ReviewError(f"{name}: line {number} is not JSON{_hint(number)}") from None
        except RecursionError:
            raise ReviewError(f"{name}: line {number} is nested too deep to be read") from None
        if not isinstance(document, dict) or not is_event(document):
            raise ReviewError(f"{name}: line {number} is not an event of Pulumi's engine")
        yield number, document


def _known(document: dict[str, Any]) -> dict[str, Any]:
    """The parts of an event that a review reads."""
    return {name: document[name] for name in _EVENTS if name in document}


def _event(document: dict[str, Any], number: int, name: str) -> _Event:
    try:
        return _Event.model_validate(document)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"an event of a shape that this version does not know, at {place}"
        raise ReviewError(f"{name}: line {number} is {what}: upgrade atlan-pulumi") from None


def _hint(number: int) -> str:
    if number > 1:
        return ""
    return ": give the events of `pulumi preview`, or the output of `pulumi preview --json` alone"


def _refuse_deployment(events: Sequence[_Event], steps: Sequence[_PreEvent], name: str) -> None:
    done = any(event.summary_event and not event.summary_event.is_preview for event in events)
    if done or not all(step.planning for step in steps):
        raise ReviewError(
            f"{name} tells of a deployment that was done, not of a preview: give what `pulumi preview` writes"
        )


def _result(events: Sequence[_Event]) -> Result:
    ends = [event.summary_event.result for event in events if event.summary_event]
    if not ends:
        return "unfinished"
    failed = ends[-1] not in (None, "succeeded")
    return "failed" if failed or any(severity == "error" for _, severity, _ in _told(events)) else "succeeded"


def _told(events: Sequence[_Event]) -> Iterator[tuple[str | None, str, str]]:
    for event in events:
        if (said := event.diagnostic_event) and not said.ephemeral:
            yield said.urn, said.severity, said.message
        if event.error_event:
            yield None, "error", event.error_event.error


def _violations(events: Sequence[_Event]) -> Iterator[Violation]:
    for event in events:
        if found := event.policy_event:
            level, pack = found.enforcement_level, found.policy_pack_name
            message = lines_of(found.message)
            yield Violation(level, found.policy_name, found.resource_urn, message, pack)
        if mended := event.policy_remediation_event:
            urn, pack = mended.resource_urn, mended.policy_pack_name
            yield Violation("remediate", mended.policy_name, urn, _what_was_mended(mended), pack)


def _what_was_mended(mended: _Remediation) -> str:
    before, after = mended.before or {}, mended.after or {}
    names = sorted(
        name for name in {*before, *after} if before.get(name) != after.get(name) and name[:2] != "__"
    )
    return one_line(f"changes {', '.join(names)}" if names else "changes nothing that is shown")
