"""What every reader does: read statements, derive their edges, and write them with the time.

A reader runs in the environment of its own tool, and needs nothing but that tool.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

Edges = Iterable[tuple[str, str]]
"""Pairs of an output column and a source column, each `table.column`, or `column` without a table."""


def serve(derive: Callable[[dict[str, Any]], Edges]) -> None:
    """Derive the edges of all statements, and write them. A failure has no edges.

    Args:
        derive: Derives the edges of one statement.
    """
    cases = json.load(sys.stdin)
    derive({"sql": "select a from t", "dialect": None, "schema": None})  # what is loaded once
    start = time.process_time()
    results = [_edges(derive, case) for case in cases]
    seconds = time.process_time() - start
    sys.__stdout__.write(json.dumps({"seconds": seconds, "edges": results}))


def _edges(derive: Callable[[dict[str, Any]], Edges], case: dict[str, Any]) -> list[tuple[str, str]] | None:
    try:
        return sorted(derive(case))
    except Exception:  # noqa: BLE001 - a tool may fail in any way
        return None
