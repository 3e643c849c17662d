"""Mappings of columns by qualifiedName, out of the short form of a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from atlan_pulumi.importer._kinds import Kind
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.resources._column_map import lengthened
from atlan_pulumi.resources._column_names import Tables
from atlan_pulumi.resources._table_names import Paths, as_given, names_of


class Full(NamedTuple):
    """The columns of one process, with the tables of both sides."""

    inputs: list[str]
    outputs: list[str]
    columns: dict[str, list[str]]
    sql: dict[str, str]


def lineage_in_full(props: Props) -> Full:
    """What a `ColumnLineage` maps."""
    return _full(props["input_tables"], props["output_tables"], props["columns"], props.get("sql"))


def process_in_full(short: Mapping[str, Any], base: str) -> Full:
    """What one process of a `ProcessSet` maps.

    Args:
        short: The process in short form.
        base: Where the paths of its tables begin.
    """
    paths = Paths(base)
    inputs, outputs = (
        names_of([paths.reference(each) for each in as_given(short[side])]) for side in ("inputs", "outputs")
    )
    return _full(inputs, outputs, short.get("columns"), short.get("column_sql"))


def as_an_author_gives_them(kind: Kind, inputs: Props) -> Props:
    """The inputs of a state, with columns by qualifiedName: a short form is no input.

    The engine checks what it imports as it checks what a program gives.
    """
    if kind.name == "ColumnLineage":
        full = lineage_in_full(inputs)
        return {**inputs, "columns": full.columns} | ({"sql": full.sql} if full.sql else {})
    if kind.name == "ProcessSet":
        base = inputs.get("base") or inputs["connection"]
        processes = {id_: _process(short, base) for id_, short in inputs["processes"].items()}
        return {**inputs, "processes": processes}
    return inputs


def _process(short: Mapping[str, Any], base: str) -> Props:
    full = process_in_full(short, base)
    given = {"columns": full.columns, "column_sql": full.sql}
    return {**short, **{name: value for name, value in given.items() if value}}


def _full(inputs: list[str], outputs: list[str], columns: Any, sql: Any) -> Full:
    sources, targets = Tables(inputs), Tables(outputs)
    texts = {targets.long(target): text for target, text in (sql or {}).items()}
    return Full(inputs, outputs, lengthened(columns or {}, sources, targets), texts)
