"""One section of a review: a title, a sentence and a table.

Markdown and HTML render the same sections, so that no reader sees more than another.
Every text is plain: a renderer escapes it for its own format.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A table under a title. A section without heads is its intro alone."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    intro: str = ""
