"""The graph as a picture: SVG, and PNG from it."""

from __future__ import annotations

from atlan_pulumi.review.picture._svg import MOST_LINKS, SIZES, picture, png, signs, style, svg

__all__ = ["MOST_LINKS", "SIZES", "picture", "png", "signs", "style", "svg"]
