"""How long an answer asks to wait: the `Retry-After` header, which servers write in many ways."""

from __future__ import annotations

import re
from datetime import timezone
from email.utils import parsedate_to_datetime

MOST_SECONDS = 120.0
"""The longest wait that a header can ask for; pyatlan keeps to the same bound."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?")


def seconds_to_wait(retry_after: str | None, date: str | None, now: float) -> float | None:
    """The seconds that `Retry-After` asks for.

    Args:
        retry_after: The header's value: seconds or an HTTP date (RFC 9110, section 10.2.3).
        date: The value of the answer's `Date` header: the server's own clock, for the second form.
        now: Seconds since the Unix epoch, used where `date` is absent.

    Returns:
        From 0 to `MOST_SECONDS`; None where the header is absent or says nothing that makes sense.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MOST_SECONDS)
    until = _timestamp(text)
    if until is None:
        return None
    answered = _timestamp(date or "")
    return min(max(until - (now if answered is None else answered), 0.0), MOST_SECONDS)


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None  # what it raises for garbage differs by version of Python
