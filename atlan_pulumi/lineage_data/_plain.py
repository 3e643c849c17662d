"""Processes in their one plain form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.lineage_data._columns import plain_column_sql, plain_columns
from atlan_pulumi.lineage_data._errors import FlawError, at, text_of, unreadable
from atlan_pulumi.lineage_data._side import read_side
from atlan_pulumi.lineage_data._words import kind, shown

Lineage = dict[str, dict[str, Any]]
"""Process id to process, in the plain form."""

_WRAPPER = "processes"
_OWN = ["inputs", "outputs", "columns", "column_sql"]


def plain_lineage(
    processes: Mapping[Any, Any], where: str, lines: Mapping[str, int] | None = None
) -> Lineage:
    """Each process in the plain form.

    Args:
        processes: Process id to process.
        where: What to call the source in an error.
        lines: The lines in which the processes begin, by their ids, where they are known.

    Raises:
        LineageDataError: Something in it is wrong.
    """
    found: Lineage = {}
    line = None
    try:
        for process_id, process in processes.items():
            line = (lines or {}).get(str(process_id))
            with at(f"process {shown(process_id)}"):
                text_of(process_id, "a text")
                found[process_id] = _plain_process(process)
    except FlawError as flaw:
        raise unreadable(where, f"{flaw} (line {line})" if line else flaw) from None
    return found


def processes_in(data: object, where: str) -> Mapping[Any, Any]:
    """The processes of a mapping: itself, or what it holds as `processes`.

    Raises:
        LineageDataError: It is no mapping, or holds something beside.
    """
    if isinstance(data, Mapping) and _WRAPPER in data and not _is_process(data[_WRAPPER]):
        beside = next((key for key in data if key != _WRAPPER), None)
        if beside is not None:
            reason = f"{shown(beside)} stands beside 'processes'; move it below, or take it out"
            raise unreadable(where, reason)
        data = data[_WRAPPER]
    if not isinstance(data, Mapping):
        raise unreadable(where, f"it is {kind(data)}, and must map the id of each process to the process")
    if not data:
        raise unreadable(where, "there is no process in it")
    return data


def _is_process(value: object) -> bool:
    return isinstance(value, Mapping) and "inputs" in value and "outputs" in value


def _plain_process(value: Any) -> dict[str, Any]:
    process = _given(value)
    inputs, outputs = read_side(process, "inputs"), read_side(process, "outputs")
    plain = {**process, "inputs": inputs.tables, "outputs": outputs.tables}
    with at("columns"):
        plain["columns"] = plain_columns(process.get("columns", {}), inputs, outputs)
    with at("column_sql"):
        sql = plain_column_sql(plain.pop("column_sql", {}), plain["columns"], outputs)
    # What is a mapping here may be empty; what is not, is not known yet, and has no truth either.
    return plain if sql == {} else {**plain, "column_sql": sql}


def _given(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FlawError(f"is {kind(value)}, and must be a mapping with inputs and outputs")
    for key in value:
        if not isinstance(key, str):
            raise FlawError(f"{shown(key)} is {kind(key)}, and must be the name of an attribute")
        # Any other name may be an attribute of a process; one that is nearly ours is a slip.
        near = "" if key in _OWN else did_you_mean(key, _OWN)
        if near:
            raise FlawError(f"there is no {shown(key)}{near}")
    # Empty, as YAML and JSON say it, is the same as not given.
    process = {key: item for key, item in value.items() if item is not None}
    with at("name"):
        text_of(process.get("name", "not given"), "a text")
    return process
