"""The columns of a process: which become which, and by what SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.lineage_data._errors import FlawError, at, refuse_data, text_of
from atlan_pulumi.lineage_data._side import Side
from atlan_pulumi.lineage_data._words import shown, shown_all

_MUST = "an input column, or a list of them"


def plain_columns(value: Any, inputs: Side, outputs: Side) -> Any:
    """Each output column with the list of its input columns.

    Raises:
        FlawError: A column is of none of the tables, or is there twice, or has no input columns.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to input columns")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with at(shown(text)):
            found[target] = _sources(value[text], inputs)
    return found


def plain_column_sql(value: Any, columns: Any, outputs: Side) -> Any:
    """Each output column with its SQL.

    Raises:
        FlawError: A column has no input columns, or is there twice, or its SQL is no text.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to SQL")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with at(shown(text)):
            if isinstance(columns, dict) and target not in columns:
                near = did_you_mean(target, list(columns))
                raise FlawError(f"there is no such output column in columns ({shown_all(columns)}){near}")
            found[target] = text_of(value[text], "a text")
    return found


def _targets(value: Mapping[Any, Any], outputs: Side) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for text in value:
        with at(shown(text)):
            target = outputs.column(text_of(text, "an output column"))
            if target in seen:
                raise FlawError("is there twice, written in two ways; take one out")
        seen.add(target)
        yield text, target


def _sources(value: Any, inputs: Side) -> Any:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        refuse_data(value, _MUST)
        return value
    if not value:
        raise FlawError("has no input columns; give at least one, or leave it out")
    sources: list[Any] = []
    seen: set[str] = set()
    for item in value:
        source = _source(item, inputs)
        if isinstance(source, str):
            if source in seen:
                raise FlawError(f"{shown(item)} is there twice; take one out")
            seen.add(source)
        sources.append(source)
    return sources


def _source(item: Any, inputs: Side) -> Any:
    text = text_of(item, "an input column")
    if not isinstance(text, str):
        return text
    with at(shown(text)):
        return inputs.column(text)
