"""A row of the page of guarantees."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A case, its result, and the test that covers it, as `file::test` relative to `tests/`."""

    what: str
    outcome: str
    test: str
