"""How a long import tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

#: Is called with what is being done, how many are done, and of how many (None while that is not known).
Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""
