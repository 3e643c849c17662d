"""Plain values as expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.importer.code._layout import Items, Node, Text
from atlan_pulumi.importer.code._literals import block, literal


def plain(value: Any, texts: Mapping[str, str] = {}) -> Node:
    """A text, a number, a list or a dict as an expression.

    Args:
        value: The value.
        texts: Constants for long texts, by their value.
    """
    if isinstance(value, str):
        return texts.get(value) or text(value)
    if isinstance(value, list):
        return Items("[", "]", [("", plain(item, texts)) for item in value])
    if isinstance(value, dict):
        return Items("{", "}", [(f"{literal(key)}: ", plain(item, texts)) for key, item in value.items()])
    return literal(value)


def text(value: str) -> Node:
    """A text: as it reads where it has several lines."""
    return block(value) if "\n" in value.rstrip("\n") else Text(value)
