"""Searchable fields and their SQL expressions."""

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
_MULTI_VALUED: Mapping[str, tuple[str, str]] = {
    "__labels": ("json_each(extras, '$.labels')", "value"),
    "__superTypeNames": ("json_each(super_types(type_name))", "value"),
    "__traitNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
    "__classificationNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
}
_TEXT_FIELDS = frozenset({"name", "displayName", "description", "userDescription", "__typeName"})
_NAME_FIELDS = frozenset({"guid", "__guid", "__typeName", "qualifiedName", "name", "connectionQualifiedName"})
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
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DELTAS = {"w": "weeks", "d": "days", "h": "hours", "H": "hours", "m": "minutes", "s": "seconds"}


@dataclass(frozen=True, slots=True)
class IndexField:
    """A field of the search index.

    Attributes:
        base: the name of the attribute.
        suffix: the subfield (`keyword`, `text`, …), or an empty string.
        columns: SQL expressions of the fields that are not attributes.
        document: the column with the attributes.
    """

    base: str
    suffix: str
    columns: Mapping[str, str]
    document: str

    @property
    def folds(self) -> bool:
        """Whether case is ignored, as in keyword subfields and analyzed texts."""
        return self.suffix in ("keyword", "text", "stemmed") or self.analyzed

    @property
    def analyzed(self) -> bool:
        """Whether the field is split into words."""
        return self.suffix in ("text", "stemmed") or (not self.suffix and self.base in _TEXT_FIELDS)

    @property
    def hierarchical(self) -> bool:
        """Whether the field also contains the path of each ancestor."""
        return self.suffix == "hierarchy"

    @property
    def scalar(self) -> str:
        """The SQL expression of a single value, to sort and group by."""
        return self.columns.get(self.base) or f"json_extract({self.document}, '{self._path}')"

    @property
    def is_name(self) -> bool:
        """Whether the values are names or ids, even if they look like numbers or times."""
        return self.base in _NAME_FIELDS or (
            self.columns is _AUDIT_COLUMNS and self.columns.get(self.base) != "time"
        )

    def any_value(self, test: Callable[[str], str]) -> str:
        """Return an SQL condition that is true if any value of the field passes a test.

        Args:
            test: returns a condition for the SQL expression of a value.
        """
        if self.base in self.columns:
            return test(self.columns[self.base])
        source, value = self._list
        return f"EXISTS (SELECT 1 FROM {source} WHERE {test(value)})"  # noqa: S608 - the path is quoted

    @property
    def values(self) -> tuple[str, str]:
        """The SQL source of the values, and the expression of each value."""
        return ("", self.columns[self.base]) if self.base in self.columns else self._list

    @property
    def _list(self) -> tuple[str, str]:
        return _MULTI_VALUED.get(self.base, (f"json_each({self.document}, '{self._path}')", "value"))

    @property
    def _path(self) -> str:
        plain = self.base.replace("'", "").replace('"', "")
        return f'$."{plain}"'


FieldLookup = Callable[[str], IndexField]
"""Returns the field with a name, as written in a query."""


def entity_field(name: str) -> IndexField:
    """Return the field of an entity."""
    return IndexField(*_split_suffix(name), _COLUMNS, "attributes")


def audit_field(name: str) -> IndexField:
    """Return the field of an entry of the activity log."""
    return IndexField(*_split_suffix(name), _AUDIT_COLUMNS, "detail")


def _split_suffix(name: str) -> tuple[str, str]:
    base, dot, suffix = name.rpartition(".")
    return (base, suffix) if dot and suffix in _SUFFIXES else (name, "")


def parse_time(text: str, *, up: bool) -> int:
    """Return the time of a bound of a range query, in milliseconds since the epoch.

    Args:
        text: an ISO 8601 date or time, or `now`, with offsets and a unit to round to, such as `now-7d/d`.
        up: round to the last millisecond of the unit. Otherwise: to the first.

    Raises:
        ValueError: the text is not a date.
    """
    start, _, rest = ("now", "", text[3:]) if text.startswith("now") else text.partition("||")
    found = _MATH.fullmatch(rest)
    if found is None:
        raise ValueError(text)
    steps, unit = found.groups()
    moment = datetime.fromtimestamp(time.time(), timezone.utc) if start == "now" else _parse_date(start)
    for count, step in _STEP.findall(steps):
        moment = _add_units(moment, int(count), step)
    if unit is None:
        return _to_milliseconds(moment)
    first = _round_down(moment, unit)
    return _to_milliseconds(_add_units(first, 1, unit)) - 1 if up else _to_milliseconds(first)


def _parse_date(text: str) -> datetime:
    short = _DATE.fullmatch(text)
    if short:
        year, month, day = (int(one or 1) for one in short.groups())
        return datetime(year, month, day, tzinfo=timezone.utc)
    iso = re.sub(r"\.(\d{1,6})\d*", lambda found: "." + found[1].ljust(6, "0"), text)
    moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", iso))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _to_milliseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def _add_units(moment: datetime, count: int, unit: str) -> datetime:
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


def _round_down(moment: datetime, unit: str) -> datetime:
    floor = moment.replace(microsecond=0)
    for name, units in (("second", "mhHdwMy"), ("minute", "hHdwMy"), ("hour", "dwMy")):
        if unit in units:
            floor = floor.replace(**{name: 0})  # type: ignore[arg-type]
    if unit == "w":
        return floor - timedelta(days=floor.weekday())
    if unit in "My":
        floor = floor.replace(day=1)
    return floor.replace(month=1) if unit == "y" else floor
