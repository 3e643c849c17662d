"""Read a preview from an event log, streamed events, or a digest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from atlan_pulumi.engine import (
    ECHOES,
    EngineEvent,
    PolicyEvent,
    PreEvent,
    RemediationEvent,
    Step,
    is_event,
    is_our_urn,
    is_stack,
    lines_of,
    one_line,
    stack_of,
)
from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._preview import Message, Preview, Result, Violation, our_steps
from atlan_pulumi.review._redact import redact

_SHOWN = {"error": "error", "warning": "warning", "info": "info", "info#err": "info"}
#: The lines of preflight on the assets of the whole program, which the engine shows on the stack.
_ABOUT_PROGRAM = re.compile(
    r" (?:is|are) (?:not in Atlan yet: |archived in Atlan \(|still (?:a placeholder|placeholders) after )"
)
#: The message of a program that the engine stops because of another error.
_STOPPED = re.compile(r"resource monitor (?:has terminated|shut down)", re.IGNORECASE)
#: The text that the engine adds to a problem that a provider reports.
_PROBLEM = re.compile(
    r"^\S+ resource '.*?':? (?:property (?P<property>\w+) value \{.*\} )?has a problem: "
    r"(?:property )?(?P<reason>.*)$"
)
_INPUTS = (
    "use the file of `PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE`, "
    "or the output of `pulumi preview --json`"
)


def messages_of(diagnostics: Iterable[tuple[str | None, str, str]]) -> tuple[Message, ...]:
    """Return the messages for a review, sorted and without duplicates.

    Args:
        diagnostics: The resource's URN, the engine's severity, and the text of each message.
    """
    kept = {
        Message(urn or "", _shorten(text), _SHOWN[severity])
        for urn, severity, text in diagnostics
        if severity == "error"
        or (severity in _SHOWN and (is_our_urn(urn or "") or _ABOUT_PROGRAM.search(text)))
    }
    relevant = {each for each in kept if each.text and each.text not in ECHOES}
    causes = {each for each in relevant if not (each.severity == "error" and _STOPPED.search(each.text))}
    return tuple(sorted(causes if any(each.severity == "error" for each in causes) else relevant))


def _shorten(text: str) -> str:
    line = one_line(text)
    found = _PROBLEM.match(line)
    if found is None:
        return line
    return f"{found['property']}: {found['reason']}" if found["property"] else found["reason"]


class _Diagnostic(BaseModel):
    urn: str | None = None
    severity: str
    message: str


class _Digest(BaseModel):
    steps: list[Step] = Field(default_factory=list)
    diagnostics: list[_Diagnostic] = Field(default_factory=list)


def is_digest(document: dict[str, Any]) -> bool:
    """Return whether a JSON object looks like a digest."""
    return "changeSummary" in document


def parse_digest(document: dict[str, Any], name: str) -> Preview:
    """Return the preview of a digest.

    Args:
        document: The digest.
        name: The name of the file in errors.

    Raises:
        ReviewError: The format is unknown.
    """
    (readable,), redaction = redact([{key: document[key] for key in _Digest.model_fields if key in document}])
    try:
        digest = _Digest.model_validate(readable)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ReviewError(f"{name}: unknown format of a digest, at {place}: upgrade atlan-pulumi") from None
    failed = any(diagnostic.severity == "error" for diagnostic in digest.diagnostics)
    return Preview(
        stack=min((stack_of(step.urn) for step in digest.steps), default=""),
        result="failed" if failed else "succeeded",
        steps=our_steps(digest.steps, name),
        messages=messages_of(
            (diagnostic.urn, diagnostic.severity, diagnostic.message) for diagnostic in digest.diagnostics
        ),
        redaction=redaction,
        has_policies=False,
        # Without --show-sames, the only unchanged resource is the stack.
        has_unchanged=any(step.op == "same" and not is_stack(step.urn) for step in digest.steps),
    )


_EVENTS = tuple(str(field.alias) for field in EngineEvent.model_fields.values())


def parse_events(lines: Sequence[str], name: str) -> Preview:
    """Return the preview of an event log.

    Args:
        lines: The lines of the file.
        name: The name of the file in errors.

    Raises:
        ReviewError: These are not the events of a preview.
    """
    numbered = list(_documents(lines, name))
    documents, redaction = redact([_relevant_parts(document) for _, document in numbered])
    events = [
        _event(document, number, name) for document, (number, _) in zip(documents, numbered, strict=True)
    ]
    steps = [event.resource_pre_event for event in events if event.resource_pre_event]
    _refuse_deployment(events, steps, name)
    return Preview(
        stack=min((stack_of(step.metadata.urn) for step in steps), default=""),
        result=_result(events),
        steps=our_steps([step.metadata for step in steps], name),
        messages=messages_of(_messages(events)),
        violations=tuple(sorted(set(_violations(events)))),
        redaction=redaction,
    )


def _documents(lines: Sequence[str], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each event as JSON, with its line number."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for number, line in numbered:
        try:
            document = json.loads(line)
        except ValueError:
            if number == numbered[-1][0] and number != numbered[0][0]:
                return  # an incomplete last line
            raise ReviewError(f"{name}: line {number} is not JSON{_input_hint(number)}") from None
        except RecursionError:
            raise ReviewError(f"{name}: line {number} is nested too deeply") from None
        if not isinstance(document, dict) or not is_event(document):
            raise ReviewError(f"{name}: line {number} is not an event of Pulumi's engine")
        yield number, document


def _relevant_parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an event that a review reads."""
    return {name: document[name] for name in _EVENTS if name in document}


def _input_hint(number: int) -> str:
    if number > 1:
        return ""
    return ": give the events of `pulumi preview`, or the output of `pulumi preview --json` alone"


def _event(document: dict[str, Any], number: int, name: str) -> EngineEvent:
    try:
        return EngineEvent.model_validate(document)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"unknown format of an event, at {place}"
        raise ReviewError(f"{name}: line {number}: {what}: upgrade atlan-pulumi") from None


def _refuse_deployment(events: Sequence[EngineEvent], steps: Sequence[PreEvent], name: str) -> None:
    done = any(event.summary_event and not event.summary_event.is_preview for event in events)
    if done or not all(step.planning for step in steps):
        raise ReviewError(
            f"{name} is the log of a deployment, not of a preview: use the output of `pulumi preview`"
        )


def _result(events: Sequence[EngineEvent]) -> Result:
    ends = [event.summary_event.result for event in events if event.summary_event]
    if not ends:
        return "unfinished"
    failed = ends[-1] not in (None, "succeeded")
    return (
        "failed"
        if failed or any(severity == "error" for _, severity, _ in _messages(events))
        else "succeeded"
    )


def _messages(events: Sequence[EngineEvent]) -> Iterator[tuple[str | None, str, str]]:
    for event in events:
        if (diagnostic := event.diagnostic_event) and not diagnostic.ephemeral:
            yield diagnostic.urn, diagnostic.severity, diagnostic.message
        if event.error_event:
            yield None, "error", event.error_event.error


def _violations(events: Sequence[EngineEvent]) -> Iterator[Violation]:
    for event in events:
        if found := event.policy_event:
            yield _violation(found)
        if remediation := event.policy_remediation_event:
            urn, pack = remediation.resource_urn, remediation.policy_pack_name
            yield Violation(
                "remediate", remediation.policy_name, urn, _describe_remediation(remediation), pack
            )


def _violation(found: PolicyEvent) -> Violation:
    return Violation(
        level=found.enforcement_level,
        policy=found.policy_name,
        urn=found.resource_urn,
        message=lines_of(found.message),
        pack=found.policy_pack_name,
        severity=found.severity,
        exceptions=tuple(each.id for each in found.exceptions),
    )


def _describe_remediation(remediation: RemediationEvent) -> str:
    before, after = remediation.before or {}, remediation.after or {}
    names = sorted(
        name for name in {*before, *after} if before.get(name) != after.get(name) and name[:2] != "__"
    )
    return one_line(f"changes {', '.join(names)}" if names else "no visible change")


def read_preview(source: Path | str) -> Preview:
    """Read the output of `pulumi preview`: its event log, its streamed events, or its `--json` digest.

    Args:
        source: The path of the file, or the text itself, which starts with a brace.

    Raises:
        ReviewError: It cannot be read, or is something else.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return parse(source, "the text")
    return parse(_text(Path(source)), str(source))


def parse(text: str, name: str) -> Preview:
    """Return the preview of a text.

    Args:
        text: The output of Pulumi.
        name: The name of the file in errors.

    Raises:
        ReviewError: The text is something else.
    """
    if not text.strip():
        raise ReviewError(f"{name} is empty: {_INPUTS}")
    document = _document(text, name)
    if document is None or is_event(document):
        return parse_events(text.split("\n"), name)
    if is_digest(document):
        return parse_digest(document, name)
    raise ReviewError(f"{name} is {_describe_document(document)}: {_INPUTS}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ReviewError(f"{path} is not UTF-8 text: {_INPUTS}") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise ReviewError(f"{path} cannot be read: {why}") from None


def _document(text: str, name: str) -> dict[str, Any] | None:
    """Return the text as one JSON object; None if it is something else, or several objects."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    except RecursionError:
        raise ReviewError(f"{name} is nested too deeply: {_INPUTS}") from None
    return document if isinstance(document, dict) else None


def _describe_document(document: dict[str, Any]) -> str:
    if "resourcePlans" in document:
        return "a saved plan (`--save-plan`), which contains neither the current resources nor removals"
    if "deployment" in document or "checkpoint" in document:
        return "the state of a stack, not a preview"
    return "not the output of a preview"
