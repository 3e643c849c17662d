"""Settings of all ways: sizes, rate, seeds, and the working folder."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from servers import API_KEY, Server

STACK = Path(__file__).parents[3] / "stacks" / "wide"
PROGRAMS = Path(__file__).parent / "programs"
COLUMNS = 50
PUBLISHED_RATE = 400
LARGEST_NAIVE = 1_000
LARGEST_OTHERS = 10_000
"""Larger sizes are measured for this project only: the other ways would take hours."""

FIRST, AGAIN, REFRESH, DESTROY = "first up", "no-change up", "refresh", "destroy"
FIRST_PREVIEW, AGAIN_PREVIEW = "preview of the first up", "no-change preview"
CHANGE = "change of 1 %"
CALM, REFUSED = "first up, repeated", "first up, one 429"
CREATE = "create"


@dataclass(frozen=True)
class Setting:
    """The settings of the benchmark."""

    sizes: tuple[int, ...]
    latency_ms: float
    rate: int
    folder: Path

    @property
    def shared_sizes(self) -> tuple[int, ...]:
        """The sizes that all ways are measured at."""
        return tuple(edges for edges in self.sizes if edges <= LARGEST_OTHERS) or self.sizes[:1]

    def server(self, edges: int) -> Server:
        """Return a new local Atlan with the tables for a number of edges."""
        return Server(self._seed(edges), self.latency_ms, self.rate)

    def environ(self, server: Server | None, edges: int, changed: int = 0) -> dict[str, str]:
        """Return the environment with the tenant and the size for a program."""
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": API_KEY} if server else {}
        return {
            **tenant,
            "ATLAN_REQUESTS_PER_MINUTE": str(self.rate),
            "PYTHONPATH": str(STACK),
            "WIDE_TABLES": str(tables(edges)),
            "WIDE_COLUMNS": str(columns(edges)),
            "WIDE_CHANGED": str(changed),
        }

    def _seed(self, edges: int) -> Path:
        seed = self.folder / f"seed-{edges}.yaml"
        if not seed.exists():
            size = ["--tables", str(tables(edges)), "--columns", str(columns(edges))]
            command = [sys.executable, str(STACK / "catalog.py"), *size]
            seed.write_text(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return seed


def columns(edges: int) -> int:
    """Return the number of columns per table."""
    return min(COLUMNS, edges)


def tables(edges: int) -> int:
    """Return the number of tables per side."""
    return edges // columns(edges)


def one_percent(edges: int) -> int:
    """Return the number of changed edges."""
    return max(edges // 100, 1)
