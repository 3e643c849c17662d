"""The graph as a picture: SVG, and PNG made from it."""

from __future__ import annotations

from atlan_pulumi.review.picture._svg import (
    COUNT_NOTE,
    MOST_LINKS,
    SIZES,
    picture,
    png,
    sign_styles,
    style_sheet,
    svg,
)

__all__ = ["COUNT_NOTE", "MOST_LINKS", "SIZES", "picture", "png", "sign_styles", "style_sheet", "svg"]
