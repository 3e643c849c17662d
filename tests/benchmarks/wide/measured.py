"""Measure the steps of all ways."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import processes
from servers import Server


@dataclass(frozen=True)
class Step:
    """The figures of a step. Bytes are None without a state."""

    way: str
    edges: int
    name: str
    seconds: float
    reads: int = 0
    writes: int = 0
    entities: int = 0
    refused: int = 0
    state_bytes: int | None = None
    peaks: dict[str, int] = field(default_factory=dict)
    """The high-water mark of the memory of each kind of process, in bytes."""
    processor_seconds: float = 0.0
    """Processor time of the command and its child processes, without the local Atlan."""
    server_seconds: float = 0.0
    extrapolated: bool = False

    @property
    def requests(self) -> int:
        """The number of requests."""
        return self.reads + self.writes


class Bench:
    """Measure the steps of all ways, and print the progress.

    Args:
        total: The number of steps.
    """

    def __init__(self, total: int) -> None:
        self.steps: list[Step] = []
        self._total = total

    def measure(
        self,
        way: str,
        edges: int,
        name: str,
        action: Callable[[], processes.Ended],
        *,
        server: Server | None = None,
        state: Callable[[], int] | None = None,
    ) -> Step:
        """Measure a step.

        Args:
            way: The way.
            edges: The number of edges.
            name: The name of the step.
            action: Runs the step.
            server: The local Atlan that the step uses.
            state: Returns the size of the state after the step.
        """
        number = len(self.steps) + 1
        print(f"[{number}/{self._total}] {way}, {edges:,} edges: {name} …", end="", flush=True)
        before = server.counters() if server else None
        begun = time.perf_counter()
        ended = action()
        spent = time.perf_counter() - begun
        seen = server.counters().since(before) if server and before else None
        step = Step(
            way,
            edges,
            name,
            spent,
            reads=seen.reads if seen else 0,
            writes=seen.writes if seen else 0,
            entities=seen.entities if seen else 0,
            refused=seen.refused if seen else 0,
            state_bytes=state() if state else None,
            peaks=ended.peaks,
            processor_seconds=ended.processor_seconds,
            server_seconds=seen.processor_seconds if seen else 0.0,
        )
        self.steps.append(step)
        print(f" {spent:.1f} s", flush=True)
        return step

    def keep_fastest(self, way: str, name: str) -> None:
        """Keep only the fastest of several runs of a step."""
        runs = [one for one in self.steps if (one.way, one.name) == (way, name)]
        fastest = min(runs, key=lambda one: one.seconds)
        self.steps = [one for one in self.steps if one is fastest or one not in runs]

    def find(self, way: str, edges: int, name: str) -> Step | None:
        """Return a measured step, or None."""
        wanted = (way, edges, name)
        return next((one for one in self.steps if (one.way, one.edges, one.name) == wanted), None)
