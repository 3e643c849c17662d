"""Reads what a preview told, from a file or a text, in each of the forms that Pulumi has for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atlan_pulumi.review._digest import is_digest, preview_of_digest
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._events import is_event, preview_of_events
from atlan_pulumi.review._preview import Preview

_GIVE = (
    "give the file that `PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE` writes, "
    "or the output of `pulumi preview --json`"
)


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
