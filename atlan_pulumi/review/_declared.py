"""A resource before or after a step, with its edges as far as the engine shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.declared import SECRET, Declared, Edge, from_engine
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._preview import State
from atlan_pulumi.unknown import UNKNOWN

#: Properties that tell which edges there are: where one is secret, its edges are as good as unknown.
_STRUCTURE = frozenset(
    {"base", "column_sql", "columns", "connection", "input_tables", "inputs", "job_name", "output_tables"}
    | {"outputs", "process", "processes", "qualified_name"}
)
#: Those whose keys are names of columns or processes, rather than properties.
_BY_NAME = frozenset({"columns", "processes"})
_TEXTS = frozenset({"column_sql", "sql"})


def declared(urn: str, kind: str, state: State) -> Declared:
    """A resource as a step shows it."""
    return Declared(urn, kind, from_engine(state.inputs), state.protect)


def edges_of(resource: Declared) -> tuple[tuple[Edge, ...], bool]:
    """The edges of a resource, and whether these are all of them.

    Raises:
        ReviewError: Its properties are not those that this version knows.
    """
    structure = _STRUCTURE | {"sql"} if resource.kind == "ColumnLineage" else _STRUCTURE
    opened = Declared(resource.urn, resource.kind, _opened(resource.props, structure), resource.protect)
    try:
        return opened.edges, opened.whole
    except (AttributeError, LookupError, TypeError, ValueError):
        raise ReviewError(
            f"{resource} has properties that this version does not know: another atlan-pulumi wrote them"
        ) from None


def _opened(props: Mapping[str, Any], structure: frozenset[str]) -> dict[str, Any]:
    """The properties, with `UNKNOWN` for what is secret and tells which edges there are."""
    return {
        name: _part(name, value, structure) if name in structure else value for name, value in props.items()
    }


def _part(name: str, value: Any, structure: frozenset[str]) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value == SECRET else value
    if isinstance(value, list):
        return [_part(name, item, structure) for item in value]
    if not isinstance(value, Mapping) or name in _TEXTS:
        return value
    if name in _BY_NAME:
        return {key: _part("", item, structure) for key, item in value.items()}
    return _opened(value, structure)
