"""The picture as pixels, for places that show no SVG, such as a chat. It is drawn in the light theme."""

from __future__ import annotations

import re
from importlib import import_module

from atlan_pulumi.review._errors import ReviewError

_SMALL = 2_000.0  # pixels: up to this width the picture is drawn in twice its size, so that it is sharp
_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')


def png(svg_text: str) -> bytes:
    """The bytes of a PNG file.

    Args:
        svg_text: What `svg` has written.

    Raises:
        ReviewError: What draws the pixels is not installed.
    """
    try:
        draw = import_module("resvg_py").svg_to_bytes
    except ImportError:
        raise ReviewError(
            "cannot draw the picture as PNG: the package resvg_py is not installed: "
            "run `pip install 'atlan-pulumi[picture]'`, or ask for SVG"
        ) from None
    width = _WIDTH.match(svg_text)
    return bytes(draw(svg_string=svg_text, zoom=2 if width and float(width[1]) <= _SMALL else 1))
