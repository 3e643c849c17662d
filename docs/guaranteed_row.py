"""A line of the page of guarantees."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """What may happen, what comes of it, and `file::test` under `tests/`."""

    what: str
    outcome: str
    test: str
