"""What differs in one entity of a resource that is many, beyond what its own properties show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from atlan_pulumi.drift._changes import Change, Props, ValueChange
from atlan_pulumi.lifecycle import DRIFTED

_UNSET = "(not set)"
_STATUS = "status"


def part_changes(kind: str, declared: Props, actual: Props) -> Iterator[Change]:
    """Yield the changes that a refresh collects under `drifted`, with what was declared of each.

    Args:
        kind: The kind of the resource, such as `ProcessSet`.
        declared: The outputs in the state.
        actual: The outputs as they were read.
    """
    before, after = (_mapping(props.get(DRIFTED)) for props in (declared, actual))
    if before == after:
        return
    wanted = _declared_parts(kind, declared)
    for id_ in sorted({*before, *after}):
        olds, news = _mapping(before.get(id_)), _mapping(after.get(id_))
        for name in sorted({*olds, *news}):
            if olds.get(name) != news.get(name):
                as_declared = "active" if name == _STATUS else _text(wanted.get(id_, {}).get(name))
                yield ValueChange(
                    f"{DRIFTED}[{json.dumps(id_)}][{json.dumps(name)}]",
                    _set(olds[name]) if name in olds else as_declared,
                    _set(news[name]) if name in news else as_declared,
                )


def _declared_parts(kind: str, props: Props) -> dict[str, Props]:
    """The properties of each process and column process, by its id in the connection."""
    from atlan_pulumi.declared import Declared, UnreadableError, from_engine  # noqa: PLC0415 - brings Pulumi

    try:
        edges = Declared(f"::::::{kind}", kind, from_engine(dict(props))).edges
    except UnreadableError:
        return {}
    return {str(edge.declared.get("process_id")): edge.declared for edge in edges}


def _set(words: Any) -> Any:
    return None if words == _UNSET else words


def _text(value: Any) -> Any:
    """A value in the words in which a refresh tells of one."""
    if isinstance(value, list):
        return ", ".join(str(_text(item)) for item in value) or None
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return value if value is None or isinstance(value, str) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
