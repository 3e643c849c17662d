"""What a refresh finds of one entity of many that the short form of a resource cannot tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from atlan_pulumi.lifecycle import Props, same
from atlan_pulumi.resources._column_map import name_of
from atlan_pulumi.resources._column_names import split

#: What is told of an entity that has to stay in the short form although it is not there.
GONE = {"status": "gone"}
_NOTHING = "(not set)"


class Shown(NamedTuple):
    """The columns of a process as Atlan shows them, by qualifiedName."""

    columns: dict[str, list[str]]
    sql: dict[str, str]
    drifted: Props
    """What these two do not tell, by the ids of the column processes."""


def columns_shown(edges: Mapping[str, tuple[Props, Props | None]], template: str | None) -> Shown:
    """The columns that are there; and of those that are gone each that others share a name with.

    The names of these are longer because of it: without it their own would be other ones.

    Args:
        edges: Output column -> what is declared of its column process, and what that shows.
        template: The template of the names.
    """
    columns, sql, drifted = {}, {}, {}
    stay = {split(target)[1] for target, (_, seen) in edges.items() if seen is not None}
    for target, (declared, seen) in edges.items():
        if seen is None and split(target)[1] not in stay:
            continue
        shown = declared if seen is None else seen
        columns[target] = sources_shown(declared, shown)
        if "sql" in declared:
            sql[target] = shown.get("sql") or ""
        named = {**declared, "name": name_of(template, target, columns[target])}
        if odd := GONE if seen is None else what_drifted(named, seen, told_else={"sql"}):
            drifted[declared["process_id"]] = odd
    return Shown(columns, sql, drifted)


def sources_shown(declared: Props, seen: Props) -> list[str]:
    """The input columns that a column process shows; where they are not all columns, those declared."""
    inputs = seen["inputs"]
    odd = not inputs or any(each["type_name"] != "Column" or "qualified_name" not in each for each in inputs)
    return sorted(each["qualified_name"] for each in (declared["inputs"] if odd else inputs))


def what_drifted(declared: Props, seen: Props, told_else: Collection[str] = ()) -> dict[str, str]:
    """The properties that an entity shows otherwise than declared, in words.

    Args:
        declared: What is declared of it.
        seen: What it shows.
        told_else: Properties that the short form tells; it tells input columns, where there are some.
    """
    told = {*told_else, "inputs"} if sources_shown({"inputs": []}, seen) else {*told_else}
    return {
        name: _words(value)
        for name, value in seen.items()
        if name not in told and not same(declared.get(name), value)
    }


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or _NOTHING
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return _NOTHING if value in (None, "") else str(value)
