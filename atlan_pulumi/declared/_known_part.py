"""The known part of a resource's properties: an unknown value hides only its own edge.

The short form of a bulk resource is expanded as a whole or not at all. Therefore, a placeholder replaces each
unknown value before the expansion, and `restore_unknown` replaces the placeholders in the edges.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.lifecycle import UNKNOWN, Props, has_unknown

#: Replaces an unknown value. A name that contains it is unknown, too.
_PLACEHOLDER = "\x00later\x00"
#: If one of these is unknown, all edges are.
_REQUIRED = ("base", "connection", "process", "qualified_name", "input_tables", "output_tables")
_SIDES = ("inputs", "outputs")


def known_part(kind: str, props: Mapping[str, Any]) -> tuple[Props, bool]:
    """Return the known part of the properties of a `ProcessSet` or a `ColumnLineage`.

    Returns:
        The properties, with placeholders; and whether everything is known that determines the edges and what
        they link.
    """
    if has_unknown([props.get(name) for name in _REQUIRED]):
        return dict(props), False
    content = "processes" if kind == "ProcessSet" else "columns"
    given = props.get(content)
    if not isinstance(given, Mapping):
        return dict(props), given is not UNKNOWN
    if kind == "ProcessSet":
        known = {key: _process(data) for key, data in given.items() if data is not UNKNOWN}
        whole = not any(
            data is UNKNOWN or _has_unknown(data, (*_SIDES, "columns")) for data in given.values()
        )
        return _with_placeholders({**props, content: known}), whole
    return _with_placeholders(_with_texts(props, "sql")), not has_unknown(given)


def _process(data: Mapping[str, Any]) -> Props:
    """Return the data of a process in a set, without columns if a table is unknown: their names are short."""
    if _has_unknown(data, _SIDES) or data.get("columns") is UNKNOWN:
        return {name: value for name, value in data.items() if name not in ("columns", "column_sql")}
    return _with_texts(data, "column_sql")


def _has_unknown(data: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return has_unknown([data.get(name) for name in names])


def _with_texts(data: Mapping[str, Any], name: str) -> Props:
    """Return the data; an unknown or secret mapping of texts becomes that value for each column."""
    if name not in data or isinstance(data[name], Mapping):
        return dict(data)
    return {**data, name: dict.fromkeys(data.get("columns") or {}, data[name])}


def _with_placeholders(value: Any) -> Any:
    if value is UNKNOWN:
        return _PLACEHOLDER
    if isinstance(value, Mapping):
        return {key: _with_placeholders(item) for key, item in value.items()}
    return [_with_placeholders(item) for item in value] if isinstance(value, list) else value


def restore_unknown(value: Any) -> Any:
    """Return a value of an edge, with `UNKNOWN` for placeholders and for text that contains one."""
    if isinstance(value, str):
        return UNKNOWN if _PLACEHOLDER in value else value
    if isinstance(value, Mapping):
        return {key: restore_unknown(item) for key, item in value.items()}
    return [restore_unknown(item) for item in value] if isinstance(value, list) else value
