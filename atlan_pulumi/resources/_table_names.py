"""Tables in a short form: by their path below a base, such as the connection that they lie in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from atlan_pulumi.lifecycle import Props
from atlan_pulumi.resources._connectors import CONNECTOR_CATEGORIES
from atlan_pulumi.unknown import UNKNOWN

_TABLE = "Table"
_OF_CONNECTION = 3
"""Segments of a connection's qualifiedName."""
_EPOCH = re.compile(r"[^/]+/[^/]+/[0-9]{9,}/")


class Paths:
    """Names below a base."""

    def __init__(self, base: str) -> None:
        """Set up.

        Args:
            base: A qualifiedName, such as that of a connection or of a database.
        """
        self._base = base

    def reference(self, given: Any) -> Any:
        """What an author or a state gives for a table, as a reference; other references as they are."""
        if isinstance(given, str):
            return {"type_name": _TABLE, "qualified_name": self._long(given)}
        if isinstance(given, Mapping) and isinstance(name := given.get("qualified_name"), str):
            return {**given, "qualified_name": self._long(name)}
        return given

    def short(self, reference: Any) -> Any:
        """A reference in short form: a path alone for a `Table`."""
        name = _name(reference)
        if not isinstance(name, str):
            return reference
        path = name.removeprefix(f"{self._base}/")
        path = path if self._long(path) == name else name
        return path if reference["type_name"] == _TABLE else {**reference, "qualified_name": path}

    def _long(self, text: str) -> str:
        """A text that begins like the qualifiedName of a connection is one."""
        return text if text.startswith(f"{self._base}/") or _is_whole(text) else f"{self._base}/{text}"


def _is_whole(text: str) -> bool:
    """Whether it begins like a connection: with the epoch that Atlan gives it, or with a known connector."""
    segments = text.split("/")
    known = len(segments) > _OF_CONNECTION and segments[1] in CONNECTOR_CATEGORIES
    return known or bool(_EPOCH.match(text))


def as_given(value: Any) -> list[Any]:
    """One table or several, as several."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def one_or_many(values: Sequence[Any]) -> Any:
    """Several values as they are, a single one alone."""
    return values[0] if len(values) == 1 and values[0] is not UNKNOWN else list(values)


def names_of(references: Sequence[Props]) -> list[str]:
    """The qualifiedNames among references."""
    return [name for each in references if isinstance(name := _name(each), str)]


def _name(reference: Any) -> Any:
    return reference.get("qualified_name") if isinstance(reference, Mapping) else None
