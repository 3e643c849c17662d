"""Why it could not be told whether there is drift, in one line."""

from __future__ import annotations

import re

from atlan_pulumi.drift._errors import DriftError
from atlan_pulumi.drift._events import Reading
from atlan_pulumi.drift._state import described, is_ours

_COLOUR = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^(Preview failed: |Failed: |error: )+")
_TRACEBACK = "Traceback (most recent call last)"
#: What Pulumi says after what matters.
_ECHOES = ("preview failed", "update failed", "refresh failed")


def unread(reading: Reading) -> DriftError | None:
    """The error that resources could not be read, or that the engine met; None when it met none."""
    told = [(urn, one_line(message)) for urn, message in reading.errors]
    about = sorted(((urn, message) for urn, message in told if urn), key=lambda item: not is_ours(item[0]))
    if about:
        urn, message = about[0]
        others = len({urn for urn, _ in about}) - 1
        more = f" and {others} more" if others else ""
        return DriftError(f"could not read {described(urn)}{more}: {message}")
    rest = [message for _, message in told if message not in _ECHOES]
    return failed("refresh --preview-only", rest[0]) if rest else None


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
