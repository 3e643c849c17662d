"""YAML and JSON as plain data, in which no key may stand twice."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.lineage_data._errors import unreadable
from atlan_pulumi.lineage_data._words import shown

_DEEP = "it is nested too deeply"


def load_json(text: str, where: str) -> Any:
    """The data of a JSON text.

    Raises:
        LineageDataError: It is not JSON, or a key is there twice.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                raise unreadable(where, f"{shown(key)} is there twice; take one out")
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise unreadable(where, f"line {error.lineno} is not JSON: {error.msg}") from None
    except RecursionError:
        raise unreadable(where, _DEEP) from None


def load_yaml(text: str, where: str) -> Any:
    """The data of a YAML text.

    Raises:
        LineageDataError: It is not YAML, or a key is there twice, or no reader of YAML is installed.
    """
    try:
        import yaml  # noqa: PLC0415 - the extra may be absent
    except ImportError:
        reason = "reading YAML needs PyYAML: pip install 'atlan-pulumi[cli]', or write it as JSON"
        raise unreadable(where, reason) from None
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = loader.get_single_node()
        _refuse_twins(root, where)
        return None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        raise unreadable(where, f"line {_line(error)} is not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise unreadable(where, f"it is not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise unreadable(where, _DEEP) from None
    finally:
        loader.dispose()


def _line(error: Any) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1


def _refuse_twins(root: Any, where: str) -> None:
    # PyYAML takes the last of two entries with one key: the other would be lost without a word.
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(getattr(node, "value", None), list):
            continue
        seen.add(id(node))  # an alias leads to the same node again
        pairs = [item for item in node.value if isinstance(item, tuple)]
        _refuse_twin([key for key, _ in pairs], where)
        waiting += [value for _, value in pairs] or node.value


def _refuse_twin(keys: list[Any], where: str) -> None:
    seen = set()
    for key in keys:
        name = (key.tag, str(key.value))
        if name in seen:
            reason = f"{shown(key.value)} is there twice; take one out"
            raise unreadable(where, f"line {key.start_mark.line + 1}: {reason}")
        seen.add(name)
