"""What the engine said, made short: without what is said around it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from atlan_pulumi.drift import one_line
from atlan_pulumi.review._preview import Message, is_ours

_SHOWN = {"error": "error", "warning": "warning", "info": "info", "info#err": "info"}
#: What the engine says after the errors that matter, and what it writes around a provider's objection.
_ECHOES = frozenset({"preview failed", "update failed", "refresh failed", "destroy failed"})
#: What a program says of it when the engine stops it because of another error.
_STOPPED = re.compile(r"resource monitor (?:has terminated|shut down)", re.IGNORECASE)
_OBJECTION = re.compile(
    r"^\S+ resource '.*?':? (?:property (?P<property>\w+) value \{.*\} )?has a problem: "
    r"(?:property )?(?P<reason>.*)$"
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


def lines_of(text: str) -> str:
    """A text of several lines, each without what is said around it."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


def _short(text: str) -> str:
    line = one_line(text)
    found = _OBJECTION.match(line)
    if found is None:
        return line
    return f"{found['property']}: {found['reason']}" if found["property"] else found["reason"]
