"""Declared: a resource as the engine shows it, with its secrets hidden."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.declared._edges import Edge, declared_edges
from atlan_pulumi.engine import OURS, SECRET_MARK, SIGNATURE
from atlan_pulumi.errors import ResourceError, UnreadableError
from atlan_pulumi.lifecycle import (
    NO_ENTITIES,
    UNKNOWN,
    Props,
    ResourceLifecycle,
    lifecycle_of,
    newest_version,
)
from atlan_pulumi.naming import asset_types

#: Replaces a secret. The engine writes the same text when it analyzes a state.
SECRET = "[secret]"  # noqa: S105 - a marker in every Pulumi state, not a secret
#: Replaces a secret text in an edge: the edge is known, the text is not.
HIDDEN = "(secret)"
#: Properties that determine the edges: if one is secret, its edges are unknown.
_EDGE_PROPERTIES = frozenset(
    {"base", "columns", "connection", "input_tables", "inputs", "job_name", "output_tables", "outputs"}
    | {"process", "processes", "qualified_name"}
)
#: Properties whose keys are names of columns or processes.
_BY_NAME = frozenset({"columns", "processes"})
#: Properties in which keys describe the text, as `password` does. Elsewhere, keys are column names or ids.
KEYED = frozenset(
    {
        "connection_workflow_configuration",
        "inputs",
        "job_facets",
        "outputs",
        "query_preview_config",
        "run_facets",
    }
)
#: The engine's placeholders for unknown values: a string, a number, and so on.
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_CONNECTIONS = frozenset({"Connection", "OpenLineageConnection"})


def hide_secrets(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource's properties, with `UNKNOWN` for secrets that determine its edges.

    Any other secret hides only itself: as unknown, it would make the whole edge unknown.
    """
    return {
        name: _hide_structure(name, value) if name in _EDGE_PROPERTIES else _hide_text(value)
        for name, value in props.items()
    }


def _hide_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _hide_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hide_text(item) for item in value]
    return HIDDEN if isinstance(value, str) and value == SECRET else value


def _hide_structure(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value == SECRET else value
    if isinstance(value, list):
        return [_hide_structure(name, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if name in _BY_NAME:
        return {key: _hide_structure("", item) for key, item in value.items()}
    return hide_secrets(value)


@dataclass(frozen=True)
class Declared:
    """A resource of this package in a stack.

    Reading its edges raises `UnreadableError` if another version wrote its properties.

    Attributes:
        urn: Its URN.
        kind: Its kind, such as `Process` or `ColumnLineage`.
        props: Its validated inputs; `UNKNOWN` for values that a preview does not know.
        protect: Whether Pulumi's `protect` is set.
    """

    urn: str
    kind: str
    props: Props
    protect: bool = False

    @property
    def name(self) -> str:
        """Its name in the stack."""
        return self.urn.split("::", 3)[3]

    @property
    def stack(self) -> str:
        """The name of the stack."""
        return self.urn.split("::", 1)[0].rpartition(":")[2]

    @property
    def is_connection(self) -> bool:
        """Whether it is a connection, with or without OpenLineage events."""
        return self.kind in _CONNECTIONS

    @property
    def is_asset(self) -> bool:
        """Whether it is an asset of a source, such as a table, which the program declares."""
        return asset_types.is_source_type(self.kind)

    @property
    def policy_kind(self) -> str:
        """Its kind in the settings of policies: `Asset` for all types of assets."""
        return "Asset" if self.is_asset else self.kind

    @property
    def entity_type(self) -> str | None:
        """The type of its entity, if it has no edges: of a connection or an asset."""
        return "Connection" if self.is_connection else self.kind if self.is_asset else None

    @property
    def qualified_name(self) -> str | None:
        """Its `qualified_name`; None while it is unknown."""
        name = self.props.get("qualified_name")
        return name if isinstance(name, str) else None

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The known processes and column processes that it declares."""
        return self._edges[0]

    @property
    def whole(self) -> bool:
        """Whether all of its edges are known: a preview may not know them yet."""
        return self._edges[1]

    @functools.cached_property
    def _edges(self) -> tuple[tuple[Edge, ...], bool]:
        try:
            return declared_edges(self.kind, _lifecycle(self.kind), hide_secrets(self.props))
        except (AttributeError, LookupError, ResourceError, TypeError, ValueError):
            what = f"{self} has properties that this version does not know"
            raise UnreadableError(f"{what}: another version of atlan-pulumi wrote them") from None

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"


def resource_kind(type_token: str) -> str | None:
    """Return the kind of a resource type token; None if the type is not from this package.

    Example:
        >>> resource_kind("pulumi-python:dynamic/atlan:Process")
        'Process'
    """
    kind = type_token.removeprefix(OURS)
    known = kind != type_token and kind not in NO_ENTITIES and newest_version(kind) is not None
    return kind if known else None


def from_engine(value: Any) -> Any:
    """Return a value from the engine's JSON as plain data.

    Unknown values become `UNKNOWN`, secrets `SECRET`; internal properties of the provider are removed.
    """
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN else value
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET_MARK:
            return SECRET
        return {key: from_engine(item) for key, item in value.items() if not str(key).startswith("__")}
    if isinstance(value, (list, tuple)):
        return [from_engine(item) for item in value]
    return value


@functools.cache
def _lifecycle(kind: str) -> ResourceLifecycle:
    return lifecycle_of(kind)
