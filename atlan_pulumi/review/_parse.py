"""Reads a preview: event log, streamed events, or digest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from atlan_pulumi.engine import (
    Step,
    _Event,
    _hint,
    _Policy,
    _PreEvent,
    _Remediation,
    is_event,
    is_stack,
    lines_of,
    one_line,
    stack_of,
)
from atlan_pulumi.engine import (
    is_our_urn as is_ours,
)
from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._preview import Message, Preview, Result, Violation, ours_of
from atlan_pulumi.review._redact import redacted

_SHOWN = {"error": "error", "warning": "warning", "info": "info", "info#err": "info"}
#: What the engine says after the errors that matter, and what it writes around a provider's objection.
_ECHOES = frozenset({"preview failed", "update failed", "refresh failed", "destroy failed"})
#: What a program says of it when the engine stops it because of another error.
_STOPPED = re.compile(r"resource monitor (?:has terminated|shut down)", re.IGNORECASE)
_OBJECTION = re.compile(
    r"^\S+ resource '.*?':? (?:property (?P<property>\w+) value \{.*\} )?has a problem: "
    r"(?:property )?(?P<reason>.*)$"
)
_GIVE = (
    "give the file that `PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE` writes, "
    "or the output of `pulumi preview --json`"
)


def messages_of(told: Iterable[tuple[str | None, str, str]]) -> tuple[Message, ...]:
    """The messages that concern a review, sorted, each once.

    Args:
        told: Of each the resource's URN, the severity as the engine names it, and the text.
    """
    kept = {
        Message(urn or "", _short(text), _SHOWN[severity])
        for urn, severity, text in told
        if severity == "error" or (severity in _SHOWN and urn and is_ours(urn))
    }
    telling = {each for each in kept if each.text and each.text not in _ECHOES}
    causes = {each for each in telling if not (each.severity == "error" and _STOPPED.search(each.text))}
    return tuple(sorted(causes if any(each.severity == "error" for each in causes) else telling))


def _short(text: str) -> str:
    line = one_line(text)
    found = _OBJECTION.match(line)
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
    """Whether a JSON object looks like a digest."""
    return "changeSummary" in document


def preview_of_digest(document: dict[str, Any], name: str) -> Preview:
    """What a digest tells.

    Args:
        document: The digest.
        name: What the file is called in errors.

    Raises:
        ReviewError: It is of a shape that is not known.
    """
    (readable,), redaction = redacted(
        [{key: document[key] for key in _Digest.model_fields if key in document}]
    )
    try:
        digest = _Digest.model_validate(readable)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"a digest of a shape that this version does not know, at {place}"
        raise ReviewError(f"{name} is {what}: upgrade atlan-pulumi") from None
    failed = any(said.severity == "error" for said in digest.diagnostics)
    return Preview(
        stack=min((stack_of(step.urn) for step in digest.steps), default=""),
        result="failed" if failed else "succeeded",
        steps=ours_of(digest.steps, name),
        messages=messages_of((said.urn, said.severity, said.message) for said in digest.diagnostics),
        redaction=redaction,
        tells_policies=False,
        # Without --show-sames there is only the stack itself.
        tells_same=any(step.op == "same" and not is_stack(step.urn) for step in digest.steps),
    )


_EVENTS = tuple(str(field.alias) for field in _Event.model_fields.values())


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
            yield _violation(found)
        if mended := event.policy_remediation_event:
            urn, pack = mended.resource_urn, mended.policy_pack_name
            yield Violation("remediate", mended.policy_name, urn, _what_was_mended(mended), pack)


def _violation(found: _Policy) -> Violation:
    return Violation(
        level=found.enforcement_level,
        policy=found.policy_name,
        urn=found.resource_urn,
        message=lines_of(found.message),
        pack=found.policy_pack_name,
        severity=found.severity,
        exceptions=tuple(each.id for each in found.exceptions),
    )


def _what_was_mended(mended: _Remediation) -> str:
    before, after = mended.before or {}, mended.after or {}
    names = sorted(
        name for name in {*before, *after} if before.get(name) != after.get(name) and name[:2] != "__"
    )
    return one_line(f"changes {', '.join(names)}" if names else "changes nothing that is shown")


def read_preview(source: Path | str) -> Preview:
    """Read what `pulumi preview` told: its event log, its streamed events, or its `--json` digest.

    Args:
        source: The file, by its path; or the text itself, which begins with a brace.

    Raises:
        ReviewError: It cannot be read, or is something else.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return parse(source, "the text")
    return parse(_text(Path(source)), str(source))


def parse(text: str, name: str) -> Preview:
    """What a text tells.

    Args:
        text: What Pulumi wrote.
        name: What it is called in errors.

    Raises:
        ReviewError: It is something else.
    """
    if not text.strip():
        raise ReviewError(f"{name} is empty: {_GIVE}")
    document = _document(text, name)
    if document is None or is_event(document):
        return preview_of_events(text.split("\n"), name)
    if is_digest(document):
        return preview_of_digest(document, name)
    raise ReviewError(f"{name} is {_kind(document)}: {_GIVE}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ReviewError(f"{path} is not UTF-8 text: {_GIVE}") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise ReviewError(f"{path} cannot be read: {why}") from None


def _document(text: str, name: str) -> dict[str, Any] | None:
    """The text as one JSON object; None where it is none, or several."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    except RecursionError:
        raise ReviewError(f"{name} is nested too deep to be read: {_GIVE}") from None
    return document if isinstance(document, dict) else None


def _kind(document: dict[str, Any]) -> str:
    if "resourcePlans" in document:
        return "a saved plan (`--save-plan`), which does not tell what is there now, and so no removals"
    if "deployment" in document or "checkpoint" in document:
        return "the state of a stack, not a preview"
    return "not what a preview tells"
