"""Declared: a resource as the engine shows it; its secrets hidden."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.declared._edges import Edge, edges_of
from atlan_pulumi.engine import OURS, SECRET_MARK, SIGNATURE
from atlan_pulumi.errors import UnreadableError
from atlan_pulumi.lifecycle import LIFECYCLES, UNKNOWN, Props, ResourceLifecycle, lifecycle_of

#: What stands in place of a secret; the engine writes the same where it analyses a state.
SECRET = "[secret]"  # noqa: S105 - a mark that every Pulumi state holds, not a secret
#: What stands for a secret text in an edge: the edge is known, though the text is not.
HIDDEN = "(secret)"
#: Properties that tell which edges there are: where one is secret, its edges are as good as unknown.
_STRUCTURE = frozenset(
    {"base", "columns", "connection", "input_tables", "inputs", "job_name", "output_tables", "outputs"}
    | {"process", "processes", "qualified_name"}
)
#: Those whose keys are names of columns or processes, rather than properties.
_BY_NAME = frozenset({"columns", "processes"})
#: Below these properties a key tells what a text is, as `password` does; elsewhere keys are names of columns
#: or ids.
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
#: How the engine writes values that it does not know yet: of a text, a number and so on.
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


def opened(props: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's properties, with `UNKNOWN` for what is secret and tells which edges there are.

    Elsewhere a secret hides nothing but itself: were it taken to be unknown, its whole edge would be.
    """
    return {
        name: _part(name, value) if name in _STRUCTURE else _hidden(value) for name, value in props.items()
    }


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return HIDDEN if isinstance(value, str) and value == SECRET else value


def _part(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value == SECRET else value
    if isinstance(value, list):
        return [_part(name, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if name in _BY_NAME:
        return {key: _part("", item) for key, item in value.items()}
    return opened(value)


@dataclass(frozen=True)
class Declared:
    """A resource of this package, as a stack declares it.

    Its edges raise an `UnreadableError` where its properties are not those of this version.

    Attributes:
        urn: Its URN.
        kind: Its kind, such as `Process` or `ColumnLineage`.
        props: Its inputs, after they were checked; `UNKNOWN` where a preview does not know a value.
        protect: Whether Pulumi refuses to delete it.
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
        """Whether it is a connection, be it for events or not."""
        return self.kind in _CONNECTIONS

    @property
    def qualified_name(self) -> str | None:
        """Its `qualified_name`; None while it is not known."""
        name = self.props.get("qualified_name")
        return name if isinstance(name, str) else None

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The processes and column processes that it declares, as far as they are known."""
        return self._edges[0]

    @property
    def whole(self) -> bool:
        """Whether these are all of them: a preview may not know them yet."""
        return self._edges[1]

    @functools.cached_property
    def _edges(self) -> tuple[tuple[Edge, ...], bool]:
        try:
            return edges_of(self.kind, _lifecycle(self.kind), opened(self.props))
        except (AttributeError, LookupError, TypeError, ValueError):
            what = f"{self} has properties that this version does not know"
            raise UnreadableError(f"{what}: another version of atlan-pulumi wrote them") from None

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"


def resource_kind(type_token: str) -> str | None:
    """The kind of resource that a type token is; None for what is not of this package, or not known to it.

    Example:
        >>> kind_of("pulumi-python:dynamic/atlan:Process")
        'Process'
    """
    kind = type_token.removeprefix(OURS)
    return kind if kind != type_token and any(kind == name for name, _ in LIFECYCLES) else None


def from_engine(value: Any) -> Any:
    """A value as the engine's JSON has it, in plain data.

    What is not known yet is `UNKNOWN`; in place of a secret is `SECRET`; what is only the provider's goes.
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
    version = max(version for name, version in LIFECYCLES if name == kind)
    return lifecycle_of(kind, version)
