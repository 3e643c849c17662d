"""The one place where secrets leave a plan: between its JSON and all that reads it.

The engine hides what a program declares as a secret, and nothing else. Whatever looks like one otherwise, in
any text of any resource, message or name, is replaced here, so that no form of a review can print it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from atlan_pulumi.declared import KEYED, from_engine
from atlan_pulumi.leaks import KnownSecrets, Redaction, spans
from atlan_pulumi.lifecycle import GUIDS, HIDDEN_MARK, OWN_MARK, UNKNOWN

_URN = "urn:pulumi:"
_DEEPEST = 100
"""What has more levels is not read: no resource of this package has as many."""
_SIDES = frozenset({"old", "new", "oldState", "newState"})
#: Of a state's outputs a review reads no more than these, which hold no text of an author.
_OUTPUTS = ("guid", OWN_MARK, GUIDS)
_FLAGS = ("protect", "retainOnDelete")

Of = Callable[[str, str], str]
"""Gives the text to put in place of one. The first argument is the key that says what it is; mostly empty."""


def redacted(documents: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], Redaction]:
    """Return what the engine wrote without secrets, and the redaction, which knows their marks.

    Args:
        documents: The engine's events, or its digest alone.
    """
    met: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def meet(key: str, text: str) -> str:
        if (key, text) not in met:
            met[key, text] = _secrets(key, text)
        return text

    for document in documents:
        _mapping(document, meet)
    redaction = Redaction()
    found = {text[start:end] for (_, text), places in met.items() for start, end in places}
    redaction.number(found)
    known = KnownSecrets(found, redaction)
    clean = {each: known.without(redaction.text(each[1], met[each])) for each in sorted(met)}
    return [_mapping(document, lambda key, text: clean[key, text]) for document in documents], redaction


def _secrets(key: str, text: str) -> list[tuple[int, int]]:
    """Return where secrets stand in a text; below a key such as `password` it is one as a whole."""
    found = spans(text)
    if found or not key or not text or "\n" in text:
        return found
    return [(0, len(text))] if spans(f'{key}: "{text}"') else []


def _any(value: Any, of: Of, depth: int = 0, key: str = "", *, keyed: bool = False) -> Any:
    """Return a value with other texts in it; a key says what a text is where the keys are `keyed`."""
    if isinstance(value, str):
        return _text(value, of, key)
    if isinstance(value, (Mapping, list)) and depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, Mapping):
        return {
            _text(name, of): _any(item, of, depth + 1, name if keyed else "", keyed=keyed)
            for name, item in value.items()
        }
    return [_any(item, of, depth + 1, keyed=keyed) for item in value] if isinstance(value, list) else value


def _text(text: str, of: Of, key: str = "") -> str:
    if text.startswith(_URN):  # each of its parts is a text of its own, and it stays a URN
        return "::".join(of("", part) for part in text.split("::"))
    return text if from_engine(text) is UNKNOWN else of(key, text)


def _mapping(document: Mapping[str, Any], of: Of, depth: int = 0) -> dict[str, Any]:
    """Return a part of what the engine wrote; the states in it are read as such."""
    return {_text(name, of): _part(name, value, of, depth) for name, value in document.items()}


def _part(name: str, value: Any, of: Of, depth: int) -> Any:
    if depth > _DEEPEST and isinstance(value, (Mapping, list)):
        return None
    if isinstance(value, Mapping):
        return _state(value, of) if name in _SIDES else _mapping(value, of, depth + 1)
    if isinstance(value, list):
        return [_part("", item, of, depth + 1) for item in value]
    return _any(value, of)


def _state(state: Mapping[str, Any], of: Of) -> dict[str, Any]:
    """Return what a review reads of a state; of one that is nested too deep no more than its plain values."""
    found = {name: state[name] for name in _FLAGS if name in state}
    inputs, outputs = state.get("inputs"), state.get("outputs")
    if isinstance(outputs, Mapping):
        found["outputs"] = {name: outputs[name] for name in _OUTPUTS if name in outputs}
        if HIDDEN_MARK in outputs:  # what a refresh found
            found["outputs"][OWN_MARK] = outputs[HIDDEN_MARK]
    if not isinstance(inputs, Mapping):
        return found
    try:
        return {**found, "inputs": _props(inputs, of)}
    except RecursionError:
        plain = {name: value for name, value in inputs.items() if isinstance(value, (str, bool))}
        return {**found, "inputs": _props(plain, of), "tooDeep": True}


def _props(props: Mapping[str, Any], of: Of) -> dict[str, Any]:
    """Return a resource's properties, without those that only the provider reads."""
    shown = {name: value for name, value in props.items() if not name.startswith("__")}
    shown |= {OWN_MARK: props[HIDDEN_MARK]} if HIDDEN_MARK in props else {}
    return {_text(name, of): _any(value, of, keyed=name in KEYED) for name, value in shown.items()}
