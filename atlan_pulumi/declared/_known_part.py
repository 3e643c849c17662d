"""What of a resource's properties is known, as far as it tells edges: one unknown value hides no other.

The short form of a resource that is many entities is worked out as a whole, or not at all. So a value that
is not known has a stand-in while the edges are worked out, and is put back into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.lifecycle import UNKNOWN, Props, has_unknown

#: What stands for an unknown value; a name that is made of it is unknown, too.
_LATER = "\x00later\x00"
#: Without one of these nothing is known of any edge.
_FRAME = ("base", "connection", "process", "qualified_name", "input_tables", "output_tables")
_SIDES = ("inputs", "outputs")


def known_part(kind: str, props: Mapping[str, Any]) -> tuple[Props, bool]:
    """The known part of the properties of a `ProcessSet` or a `ColumnLineage`.

    Returns:
        The properties, with stand-ins; and whether all is known that tells which edges there are, and what
        they link.
    """
    if has_unknown([props.get(name) for name in _FRAME]):
        return dict(props), False
    told = "processes" if kind == "ProcessSet" else "columns"
    given = props.get(told)
    if not isinstance(given, Mapping):
        return dict(props), given is not UNKNOWN
    if kind == "ProcessSet":
        known = {key: _process(data) for key, data in given.items() if data is not UNKNOWN}
        whole = not any(data is UNKNOWN or _is_open(data, (*_SIDES, "columns")) for data in given.values())
        return _standing_in({**props, told: known}), whole
    return _standing_in(_with_texts(props, "sql")), not has_unknown(given)


def _process(data: Mapping[str, Any]) -> Props:
    """The data of a process of a set, without columns where a table is not known: their names are short."""
    if _is_open(data, _SIDES) or data.get("columns") is UNKNOWN:
        return {name: value for name, value in data.items() if name not in ("columns", "column_sql")}
    return _with_texts(data, "column_sql")


def _is_open(data: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return has_unknown([data.get(name) for name in names])


def _with_texts(data: Mapping[str, Any], name: str) -> Props:
    """The data; where the texts of all columns are unknown, or one secret, with that for each of them."""
    if name not in data or isinstance(data[name], Mapping):
        return dict(data)
    return {**data, name: dict.fromkeys(data.get("columns") or {}, data[name])}


def _standing_in(value: Any) -> Any:
    if value is UNKNOWN:
        return _LATER
    if isinstance(value, Mapping):
        return {key: _standing_in(item) for key, item in value.items()}
    return [_standing_in(item) for item in value] if isinstance(value, list) else value


def put_back(value: Any) -> Any:
    """A value of an edge, with `UNKNOWN` in place of the stand-ins, and of what was made of them."""
    if isinstance(value, str):
        return UNKNOWN if _LATER in value else value
    if isinstance(value, Mapping):
        return {key: put_back(item) for key, item in value.items()}
    return [put_back(item) for item in value] if isinstance(value, list) else value
