"""Generate a value for every attribute of a resource from its model, including new attributes."""

from __future__ import annotations

import typing
from typing import Any

from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.lifecycle import AssetInputs, managed_properties

#: Attributes that cannot be any text.
_SPECIAL: dict[str, Any] = {
    "admin_users": ["jsmith"],
    "admin_groups": ["group2"],
    "admin_roles": ["$admin", "$member"],
    "viewer_users": ["jsmith"],
    "viewer_groups": ["group2"],
    "owner_users": ["ann", "eve"],
    "owner_groups": ["group2"],
    "category": "lake",
    "port": 5432,
}
_OWN = frozenset({"name", "inputs", "outputs", "process", "managed_by"})


def every_attribute(model: type[AssetInputs], owner: str = "") -> dict[str, Any]:
    """Return a value for each managed property, except those that identify the resource.

    Some assets can belong to only one process, so each owner gets different assets.
    """
    names = managed_properties(model, dict.fromkeys(model.model_fields))
    return {name: _value(model, name, owner) for name in names if name not in _OWN}


def references_in(props: dict[str, Any]) -> dict[str, list[str]]:
    """Return the qualifiedNames in the props by type."""
    found: dict[str, list[str]] = {}
    for value in props.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "type_name" in item:
                found.setdefault(item["type_name"], []).append(item["qualified_name"])
    return found


def tables(*numbers: int) -> list[dict[str, str]]:
    """Return references to tables of the seed."""
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def columns(*numbers: int) -> list[dict[str, str]]:
    """Return references to the column A of tables of the seed."""
    return [{"type_name": "Column", "qualified_name": f"{table_name(number)}/A"} for number in numbers]


def _value(model: type[AssetInputs], name: str, owner: str) -> Any:
    if name in _SPECIAL:
        return _SPECIAL[name]
    if name in model.references:
        kind = model.kinds[name]  # type: ignore[attr-defined]
        made = [{"type_name": kind, "qualified_name": f"{WAREHOUSE}/{owner}{name}-{n}"} for n in (1, 2)]
        return made if model.holds_many(name) else made[0]
    shape = str(model.model_fields[name].annotation)
    choices = _choices(model.model_fields[name].annotation)
    return choices[0] if choices else next(value for part, value in _plain(name).items() if part in shape)


def _plain(name: str) -> dict[str, Any]:
    """Return values by a part of the type annotation. The first match is used."""
    return {
        "list[": [f"{name} {n}" for n in (1, 2)],
        "dict[": {"a b": f'{name}\n"quoted"', "c": "'x'"},
        "bool": True,
        "int": 7,
        "str": f'{name}: \'ü\'\n\t"""\\ {{WAREHOUSE}}\n  # end ',
    }


def _choices(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    nested = (_choices(each) for each in typing.get_args(annotation))
    return next((found for found in nested if found), ())
