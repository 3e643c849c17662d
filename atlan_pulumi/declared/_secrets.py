"""Properties with secrets in them, fit to tell edges: a secret hides itself, and no more than it must."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.unknown import UNKNOWN

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
