"""How two versions of a resource's properties differ: values, sets, and secrets that nobody gets to see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from atlan_pulumi.engine_json import SECRET_MARK, SIGNATURE

Props = Mapping[str, Any]


@dataclass(frozen=True)
class ValueChange:
    """A property with another value.

    Attributes:
        property: The property, such as `sql` or `query_preview_config["limit"]`.
        declared: What the state has; None when it is not set.
        actual: What Atlan has; None when it is not set.
    """

    kind: ClassVar[str] = "value"
    property: str
    declared: Any
    actual: Any


@dataclass(frozen=True)
class SetChange:
    """A list, which to Atlan is a set, with other items.

    Attributes:
        property: The property, such as `inputs`.
        removed: The items that the state has and Atlan has not.
        added: The items that Atlan has and the state has not.
    """

    kind: ClassVar[str] = "set"
    property: str
    removed: tuple[Any, ...]
    added: tuple[Any, ...]


@dataclass(frozen=True)
class SecretChange:
    """A secret property that differs; Pulumi hides both values.

    Attributes:
        property: The property.
    """

    kind: ClassVar[str] = "secret"
    property: str


Change = ValueChange | SetChange | SecretChange


def changes(declared: Props, actual: Props) -> Iterator[Change]:
    """What differs visibly, in the order of the properties' names; Pulumi's own properties are left out."""
    for name in sorted({*declared, *actual}):
        if not name.startswith("__"):
            yield from _between(name, declared.get(name), actual.get(name))


def secrets(props: Props) -> list[str]:
    """The names of the properties that hold a secret."""
    return sorted(name for name, value in props.items() if _holds_secret(value))


def _between(name: str, declared: Any, actual: Any) -> Iterator[Change]:
    if declared == actual or _holds_secret(declared) or _holds_secret(actual):
        return
    if isinstance(declared, list) or isinstance(actual, list):
        removed, added = _missing(declared, actual), _missing(actual, declared)
        if removed or added:
            yield SetChange(name, removed, added)
    elif all(each is None or _is_mapping(each) for each in (declared, actual)):
        olds, news = declared or {}, actual or {}
        for key in sorted({*olds, *news}):
            yield from _between(f"{name}[{json.dumps(key)}]", olds.get(key), news.get(key))
    else:
        yield ValueChange(name, declared, actual)


def _missing(wanted: Any, there: Any) -> tuple[Any, ...]:
    """The items of `wanted` that are not in `there`; a single item may stand for itself."""
    known = {json.dumps(item, sort_keys=True) for item in _items(there)}
    return tuple(item for item in _items(wanted) if json.dumps(item, sort_keys=True) not in known)


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_mapping(value: Any) -> bool:
    """Whether a value is compared by its keys; a reference to an asset is one value."""
    return isinstance(value, dict) and "type_name" not in value


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET_MARK or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))
