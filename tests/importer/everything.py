"""A value for every attribute of a resource, made from its model: new attributes are tried unasked."""

from __future__ import annotations

import typing
from typing import Any

from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.lifecycle import AssetInputs, managed

#: What cannot be any text.
_SPECIAL: dict[str, Any] = {
    "admin_users": ["jsmith"],
    "admin_groups": ["group2"],
    "admin_roles": ["$admin", "$member"],
    "viewer_users": ["jsmith"],
    "viewer_groups": ["group2"],
    "category": "lake",
    "port": 5432,
}
_OWN = frozenset({"name", "inputs", "outputs", "process", "managed_by"})


def every_attribute(model: type[AssetInputs], owner: str = "") -> dict[str, Any]:
    """Each managed property with a value, but for those that make the resource what it is.

    Some assets belong to one process only: each owner has its own.
    """
    names = managed(model, dict.fromkeys(model.model_fields))
    return {name: _value(model, name, owner) for name in names if name not in _OWN}


def references_in(props: dict[str, Any]) -> dict[str, list[str]]:
    """The qualifiedNames that the props refer to, by type."""
    found: dict[str, list[str]] = {}
    for value in props.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "type_name" in item:
                found.setdefault(item["type_name"], []).append(item["qualified_name"])
    return found


def tables(*numbers: int) -> list[dict[str, str]]:
    """References to tables of the seed."""
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def columns(*numbers: int) -> list[dict[str, str]]:
    """References to the column A of tables of the seed."""
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
    """A value by what stands in the type; an attribute that is several things is the first of them."""
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
