"""Numbers with nouns."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """A number of things.

    Example:
        >>> counted(1_000, "process")
        '1,000 processes'
    """
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
