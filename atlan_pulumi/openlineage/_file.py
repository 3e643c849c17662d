"""Events in a file: one as JSON, a list of them, or one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atlan_pulumi.openlineage._errors import OpenLineageError


def read_events(path: Path) -> list[Any]:
    """The events of a file, in its order.

    Raises:
        OpenLineageError: The file cannot be read, or is not JSON.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
    try:
        whole = json.loads(text)
    except RecursionError:
        raise OpenLineageError(f"cannot read events from {path}: it is nested too deeply") from None
    except ValueError:
        return _lines(path, text)
    events = whole if isinstance(whole, list) else [whole]
    if not events:
        raise OpenLineageError(f"cannot read events from {path}: there is none in it")
    return events


def _lines(path: Path, text: str) -> list[Any]:
    events = []
    # Not `splitlines`: a name may hold a character that it takes for the end of a line.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                events.append(json.loads(line))
            except RecursionError:
                reason = f"line {number} is nested too deeply"
                raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
            except ValueError as error:
                reason = f"line {number} is not JSON: {error}"
                raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
    if not events:
        raise OpenLineageError(f"cannot read events from {path}: there is none in it")
    return events
