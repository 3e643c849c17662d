"""The style sheet of the SVG picture: the colours of both themes, and how lines and texts look.

Plain rules rather than variables, since a program that turns SVG into pixels may know no more than those.
"""

from __future__ import annotations

from collections.abc import Iterator

from atlan_pulumi.review._drawing.colours import DARK, LIGHT, LOOKS, Page

FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

_SHAPES = """\
.lineage text { font: 12px FONT; white-space: pre; }
.lineage .box { stroke-width: 1; }
.lineage .title { font-weight: 600; font-size: 11.5px; }
.lineage .kind { font-size: 10px; }
.lineage .sign { font-weight: 700; font-size: 14px; text-anchor: middle; }
.lineage .way { fill: none; }
.lineage .hit { fill: none; stroke: transparent; stroke-width: 11; }
.lineage .count .face { stroke-width: 1.25; }
.lineage .count text { font-size: 10.5px; font-weight: 600; text-anchor: middle; }
"""


def style() -> str:
    """The text of the style element."""
    dark = "".join(f"  {rule}\n" for rule in _theme(DARK, dark=True))
    light = "".join(f"{rule}\n" for rule in _theme(LIGHT, dark=False))
    return (
        f"\n{_SHAPES.replace('FONT', FONT)}{''.join(_dashes())}{light}"
        f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    )


def _dashes() -> Iterator[str]:
    for change, look in LOOKS.items():
        dash = f" stroke-dasharray: {look.dash};" if look.dash else ""
        parts = f".lineage .{change} .way, .lineage .node.{change} .face"
        yield f"{parts} {{ stroke-width: {look.width};{dash} }}\n"


def _theme(page: Page, *, dark: bool) -> Iterator[str]:
    yield f".lineage .ground {{ fill: {page.ground}; }}"
    yield f".lineage .box {{ fill: {page.box}; stroke: {page.rim}; }}"
    yield f".lineage text {{ fill: {page.ink}; }}"
    yield f".lineage .title, .lineage .kind, .lineage .note {{ fill: {page.muted}; }}"
    for change, look in LOOKS.items():
        colours = look.dark if dark else look.light
        one = f".lineage .{change}"
        yield f"{one} .way {{ stroke: {colours.line}; }}"
        yield f"{one} .face {{ fill: {colours.ground}; stroke: {colours.line}; }}"
        yield f"{one} .name, {one} .count text {{ fill: {colours.ink}; }}"
        yield f"{one} .strip, .lineage .tip-{change} {{ fill: {colours.line}; }}"
        yield f"{one} .sign {{ fill: {page.ground if dark else '#ffffff'}; }}"


def signs() -> str:
    """Rules for the page around a picture: the signs of changes in their colours."""
    light = "".join(f"{rule}\n" for rule in _sign_rules(LIGHT, dark=False))
    dark = "".join(f"  {rule}\n" for rule in _sign_rules(DARK, dark=True))
    return f"\n{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _sign_rules(page: Page, *, dark: bool) -> Iterator[str]:
    for change, look in LOOKS.items():
        colours = look.dark if dark else look.light
        ink = page.ground if dark else "#ffffff"
        yield f".link-row.{change} .sign {{ background: {colours.line}; color: {ink}; }}"
