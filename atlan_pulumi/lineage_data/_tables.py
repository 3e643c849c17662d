"""Tables: each in its plain form, and which of them a text begins with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from atlan_pulumi import asset_types
from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.lineage_data._errors import FlawError, at, refuse_data, text_of
from atlan_pulumi.lineage_data._words import shown

TABLE = "Table"
_KEYS = ["type_name", "qualified_name"]
_MUST = "a table: a text, or a mapping of type_name and qualified_name"


def plain_table(value: Any) -> Any:
    """A table in its plain form: a text for a `Table`, else its type and its name.

    Raises:
        FlawError: It is no table.
    """
    if isinstance(value, str):
        return text_of(value, _MUST)
    if not isinstance(value, Mapping):
        refuse_data(value, _MUST)
        return value
    for key in value:
        if key not in _KEYS:
            raise FlawError(f"there is no {shown(key)} in a table{did_you_mean(key, _KEYS)}")
    type_name, name = (_part(value, key) for key in _KEYS)
    if isinstance(type_name, str):
        refuse_type(type_name)
    return reference(type_name, name) if isinstance(name, str) else dict(value)


def _part(table: Mapping[str, Any], key: str) -> Any:
    if key not in table:
        raise FlawError(f"has no {key}; give type_name and qualified_name")
    with at(key):
        return text_of(table[key], "a text")


def reference(type_name: Any, name: str) -> str | dict[str, Any]:
    """The plain form of a table of a type and a name."""
    return name if type_name == TABLE else {"type_name": type_name, "qualified_name": name}


def name_of(table: Any) -> Any:
    """The name of a table in its plain form."""
    return table["qualified_name"] if isinstance(table, dict) else table


def refuse_type(type_name: str) -> None:
    """Refuse a typeName that Atlan does not know.

    Raises:
        FlawError: There is no such type.
    """
    if not asset_types.is_known(type_name):
        near = did_you_mean(type_name, asset_types.type_names())
        raise FlawError(f"{shown(type_name)} is not a type of Atlan's, such as 'Table' (case matters){near}")


def table_of(text: str, names: Collection[str]) -> str:
    """The longest of the names that `text` begins with as `<name>/<column>`, or an empty text.

    It looks at each slash rather than at each name: a process may have thousands of tables.
    """
    end = text.rfind("/", 0, len(text) - 1)
    while end > 0:
        if text[:end] in names:
            return text[:end]
        end = text.rfind("/", 0, end)
    return ""
