"""Small helpers for SVG: an element with attributes, a tooltip, and how wide a text is at most."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from atlan_pulumi.review._drawing.places import Box
from atlan_pulumi.review._drawing.text import drawable, units

# No font is known where the picture is shown. Texts are set in one of fixed width, and there is room
# for the widest such font in use, whose letters are 0.617 as wide as they are high.
_WIDEST = 0.617
_LISTED = 12


def add(parent: Element, tag: str, *, text: str = "", **attributes: str | float) -> Element:
    """A new element at the end of its parent; `kind` is its class, and `_` in names stands for `-`."""
    names = {"kind": "class"}
    written = {names.get(name, name.replace("_", "-")): number(value) for name, value in attributes.items()}
    element = SubElement(parent, tag, written)
    if text:
        element.text = text
    return element


def number(value: str | float) -> str:
    """A number without digits that nobody sees."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def rectangle(parent: Element, kind: str, box: Box, *, round_by: float = 5) -> Element:
    """A rectangle with round corners."""
    return add(parent, "rect", kind=kind, x=box.x, y=box.y, width=box.width, height=box.height, rx=round_by)


def tooltip(parent: Element, lines: Iterable[str]) -> None:
    """What shows when the pointer rests: a few lines, and how many more there are."""
    shown = [drawable(line) for line in lines]
    if len(shown) > _LISTED:
        shown[_LISTED - 1 :] = [f"and {len(shown) - _LISTED + 1:,} more"]
    add(parent, "title", text="\n".join(shown))


def text_width(text: str, size: float = 12) -> float:
    """How wide a text is at most, in the size of its letters."""
    return units(text) * size * _WIDEST
