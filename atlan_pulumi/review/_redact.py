"""Remove secrets from a plan, directly after its JSON is read, and before anything else reads it.

The engine hides only what a program declares as a secret. Everything else that looks like a secret, in any
text, message, or name, is replaced here, so that no form of a review can print it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from atlan_pulumi.declared import KEYED, from_engine
from atlan_pulumi.leaks import KnownSecrets, Redaction, spans
from atlan_pulumi.lifecycle import GUIDS, HIDDEN_MARK, OWN_MARK, UNKNOWN

_URN = "urn:pulumi:"
_MAX_DEPTH = 100
"""Deeper values are not read: no resource of this package is nested that deeply."""
_SIDES = frozenset({"old", "new", "oldState", "newState"})
#: The outputs of a state that a review reads. They contain no text that a user wrote.
_OUTPUTS = ("guid", OWN_MARK, GUIDS)
_FLAGS = ("protect", "retainOnDelete")

Replace = Callable[[str, str], str]
"""Returns the replacement of a text. The first argument is the key of the text, which is mostly empty."""


def redact(documents: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], Redaction]:
    """Return the engine's output without secrets, and the redaction, which knows their marks.

    Args:
        documents: The engine's events, or its digest.
    """
    spans_by_text: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def collect(key: str, text: str) -> str:
        if (key, text) not in spans_by_text:
            spans_by_text[key, text] = _secrets(key, text)
        return text

    for document in documents:
        _mapping(document, collect)
    redaction = Redaction()
    found = {text[start:end] for (_, text), places in spans_by_text.items() for start, end in places}
    redaction.number(found)
    known = KnownSecrets(found, redaction)
    clean = {
        each: known.without(redaction.text(each[1], spans_by_text[each])) for each in sorted(spans_by_text)
    }
    return [_mapping(document, lambda key, text: clean[key, text]) for document in documents], redaction


def _secrets(key: str, text: str) -> list[tuple[int, int]]:
    """Return the spans of secrets in a text. Below a key such as `password`, the whole text is one."""
    found = spans(text)
    if found or not key or not text or "\n" in text:
        return found
    return [(0, len(text))] if spans(f'{key}: "{text}"') else []


def _value(value: Any, replace: Replace, depth: int = 0, key: str = "", *, keyed: bool = False) -> Any:
    """Return a value with replaced texts. With `keyed`, the key says what a text is."""
    if isinstance(value, str):
        return _text(value, replace, key)
    if isinstance(value, (Mapping, list)) and depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, Mapping):
        return {
            _text(name, replace): _value(item, replace, depth + 1, name if keyed else "", keyed=keyed)
            for name, item in value.items()
        }
    return (
        [_value(item, replace, depth + 1, keyed=keyed) for item in value]
        if isinstance(value, list)
        else value
    )


def _text(text: str, replace: Replace, key: str = "") -> str:
    if text.startswith(_URN):  # replace each part, so that it remains a URN
        return "::".join(replace("", part) for part in text.split("::"))
    return text if from_engine(text) is UNKNOWN else replace(key, text)


def _mapping(document: Mapping[str, Any], replace: Replace, depth: int = 0) -> dict[str, Any]:
    """Return a part of the engine's output. States in it are read separately."""
    return {_text(name, replace): _part(name, value, replace, depth) for name, value in document.items()}


def _part(name: str, value: Any, replace: Replace, depth: int) -> Any:
    if depth > _MAX_DEPTH and isinstance(value, (Mapping, list)):
        return None
    if isinstance(value, Mapping):
        return _state(value, replace) if name in _SIDES else _mapping(value, replace, depth + 1)
    if isinstance(value, list):
        return [_part("", item, replace, depth + 1) for item in value]
    return _value(value, replace)


def _state(state: Mapping[str, Any], replace: Replace) -> dict[str, Any]:
    """Return the parts of a state that a review reads; if it is nested too deeply, only its plain values."""
    found = {name: state[name] for name in _FLAGS if name in state}
    inputs, outputs = state.get("inputs"), state.get("outputs")
    if isinstance(outputs, Mapping):
        found["outputs"] = {name: outputs[name] for name in _OUTPUTS if name in outputs}
        if HIDDEN_MARK in outputs:  # what a refresh found
            found["outputs"][OWN_MARK] = outputs[HIDDEN_MARK]
    if not isinstance(inputs, Mapping):
        return found
    try:
        return {**found, "inputs": _props(inputs, replace)}
    except RecursionError:
        plain = {name: value for name, value in inputs.items() if isinstance(value, (str, bool))}
        return {**found, "inputs": _props(plain, replace), "tooDeep": True}


def _props(props: Mapping[str, Any], replace: Replace) -> dict[str, Any]:
    """Return a resource's properties, without those that only the provider reads."""
    shown = {name: value for name, value in props.items() if not name.startswith("__")}
    shown |= {OWN_MARK: props[HIDDEN_MARK]} if HIDDEN_MARK in props else {}
    return {
        _text(name, replace): _value(value, replace, keyed=name in KEYED) for name, value in shown.items()
    }
