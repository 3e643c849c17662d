"""Dates in range queries: times, dates, and expressions such as `now-7d/d`."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone

_MATH = re.compile(r"((?:[+-]\d+[yMwdhHms])*)(?:/([yMwdhHms]))?")
_STEP = re.compile(r"([+-]\d+)([yMwdhHms])")
_SHORT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DELTAS = {"w": "weeks", "d": "days", "h": "hours", "H": "hours", "m": "minutes", "s": "seconds"}


def milliseconds(text: str, *, up: bool) -> int:
    """Return the time that a bound of a range query means, in milliseconds since the epoch.

    Args:
        text: an ISO 8601 date or time, or `now`, with steps and a unit to round to.
        up: whether to round to the last millisecond of the unit, rather than the first.

    Raises:
        ValueError: the text is no date.
    """
    start, _, rest = ("now", "", text[3:]) if text.startswith("now") else text.partition("||")
    found = _MATH.fullmatch(rest)
    if found is None:
        raise ValueError(text)
    steps, unit = found.groups()
    moment = datetime.fromtimestamp(time.time(), timezone.utc) if start == "now" else _parse(start)
    for count, step in _STEP.findall(steps):
        moment = _moved(moment, int(count), step)
    if unit is None:
        return _epoch(moment)
    first = _floored(moment, unit)
    return _epoch(_moved(first, 1, unit)) - 1 if up else _epoch(first)


def _parse(text: str) -> datetime:
    short = _SHORT.fullmatch(text)
    if short:
        year, month, day = (int(one or 1) for one in short.groups())
        return datetime(year, month, day, tzinfo=timezone.utc)
    iso = re.sub(r"\.(\d{1,6})\d*", lambda found: "." + found[1].ljust(6, "0"), text)
    moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", iso))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _epoch(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    try:
        if unit in _DELTAS:
            return moment + timedelta(**{_DELTAS[unit]: count})
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 - months from 0
        last = (following - timedelta(days=1)).day
        return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    except (OverflowError, ValueError):
        raise ValueError(f"{count}{unit}") from None


def _floored(moment: datetime, unit: str) -> datetime:
    floor = moment.replace(microsecond=0)
    for name, units in (("second", "mhHdwMy"), ("minute", "hHdwMy"), ("hour", "dwMy")):
        if unit in units:
            floor = floor.replace(**{name: 0})  # type: ignore[arg-type]
    if unit == "w":
        return floor - timedelta(days=floor.weekday())
    if unit in "My":
        floor = floor.replace(day=1)
    return floor.replace(month=1) if unit == "y" else floor
