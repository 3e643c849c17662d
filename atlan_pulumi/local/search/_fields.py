"""Searchable fields and the SQL behind them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

_COLUMNS: Mapping[str, str] = {
    "guid": "guid",
    "__guid": "guid",
    "__state": "status",
    "__typeName": "type_name",
    "qualifiedName": "qualified_name",
    "name": "name",
    "__timestamp": "create_time",
    "__modificationTimestamp": "update_time",
    "__createdBy": "created_by",
    "__modifiedBy": "updated_by",
    "__hasLineage": "has_lineage",
    "connectionQualifiedName": "json_extract(attributes, '$.connectionQualifiedName')",
}
_LISTS: Mapping[str, tuple[str, str]] = {
    "__labels": ("json_each(extras, '$.labels')", "value"),
    "__superTypeNames": ("json_each(super_types(type_name))", "value"),
    "__traitNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
    "__classificationNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
}
_TEXTS = frozenset({"name", "displayName", "description", "userDescription", "__typeName"})
_NAMES = frozenset({"guid", "__guid", "__typeName", "qualifiedName", "name", "connectionQualifiedName"})
_AUDIT_COLUMNS: Mapping[str, str] = {
    "entityId": "entity",
    "entityQualifiedName": "qualified_name",
    "typeName": "type_name",
    "action": "action",
    "user": "user",
    "created": "time",
    "timestamp": "time",
    "eventKey": "entity || ':' || time",
}
_SUFFIXES = ("keyword", "text", "stemmed", "hierarchy", "delimited")
_MATH = re.compile(r"((?:[+-]\d+[yMwdhHms])*)(?:/([yMwdhHms]))?")
_STEP = re.compile(r"([+-]\d+)([yMwdhHms])")
_SHORT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DELTAS = {"w": "weeks", "d": "days", "h": "hours", "H": "hours", "m": "minutes", "s": "seconds"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the index.

    Attributes:
        base: the attribute's name.
        suffix: the sub-field (`keyword`, `text`, …), or nothing.
        columns: SQL expressions of the fields that are no attributes.
        document: the column that holds the attributes.
    """

    base: str
    suffix: str
    columns: Mapping[str, str]
    document: str

    @property
    def folds(self) -> bool:
        """Whether case does not matter: keyword sub-fields and analysed texts are lower-cased."""
        return self.suffix in ("keyword", "text", "stemmed") or self.analysed

    @property
    def analysed(self) -> bool:
        """Whether the field is split into words."""
        return self.suffix in ("text", "stemmed") or (not self.suffix and self.base in _TEXTS)

    @property
    def hierarchical(self) -> bool:
        """Whether the field holds the path to each ancestor as well."""
        return self.suffix == "hierarchy"

    @property
    def scalar(self) -> str:
        """An SQL expression for the field's single value (to sort and group by)."""
        return self.columns.get(self.base) or f"json_extract({self.document}, '{self._path}')"

    @property
    def is_name(self) -> bool:
        """Whether its values are names or ids, whatever they look like, rather than numbers or times."""
        return self.base in _NAMES or (
            self.columns is _AUDIT_COLUMNS and self.columns.get(self.base) != "time"
        )

    def holds(self, test: Callable[[str], str]) -> str:
        """An SQL condition: some value of the field passes a test.

        Args:
            test: makes a condition of an expression for one value.
        """
        if self.base in self.columns:
            return test(self.columns[self.base])
        source, value = self._list
        return f"EXISTS (SELECT 1 FROM {source} WHERE {test(value)})"  # noqa: S608 - the path is quoted

    @property
    def values(self) -> tuple[str, str]:
        """Where each single value of the field comes from, and the SQL expression for it."""
        return ("", self.columns[self.base]) if self.base in self.columns else self._list

    @property
    def _list(self) -> tuple[str, str]:
        return _LISTS.get(self.base, (f"json_each({self.document}, '{self._path}')", "value"))

    @property
    def _path(self) -> str:
        plain = self.base.replace("'", "").replace('"', "")
        return f'$."{plain}"'


Fields = Callable[[str], Field]
"""Gives the field with a name, as a query writes it."""


def field(name: str) -> Field:
    """Return the field of an entity."""
    return Field(*_split(name), _COLUMNS, "attributes")


def audit_field(name: str) -> Field:
    """Return the field of an entry of the activity log."""
    return Field(*_split(name), _AUDIT_COLUMNS, "detail")


def _split(name: str) -> tuple[str, str]:
    base, dot, suffix = name.rpartition(".")
    return (base, suffix) if dot and suffix in _SUFFIXES else (name, "")


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
