"""Atlan's SDK: a script that writes the same entities with `Batch`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import processes
from measured import Bench
from servers import Server
from setting import AGAIN, FIRST, Setting

DOCUMENTED = 20
LARGEST_PUBLISHED = 50
_SWEEP = (20, 50, 100, 200, 500)
_SWEEP_EDGES = 1_000
SWEEP = "sweep: Batch({})"


def way(batch: int) -> str:
    """Return the name of the SDK with a batch size."""
    return f"pyatlan Batch({batch})"


def steps(given: Setting) -> int:
    """Return the number of steps."""
    return len(_SWEEP) + 4 * len(given.shared_sizes)


def measure(given: Setting, bench: Bench) -> None:
    """Find the fastest batch size, then write everything at each size with it and with the documented one."""
    best = _best(given, bench)
    for edges in given.shared_sizes:
        for batch in (DOCUMENTED, best):
            with given.server(edges) as server:
                for name in (FIRST, AGAIN):
                    _write(given, bench, server, (edges, batch), (way(batch), name))


def _best(given: Setting, bench: Bench) -> int:
    edges = max(
        (size for size in given.shared_sizes if size <= _SWEEP_EDGES), default=min(given.shared_sizes)
    )
    taken: dict[int, float] = {}
    for batch in _SWEEP:
        with given.server(edges) as server:
            labels = ("pyatlan", SWEEP.format(batch))
            taken[batch] = _write(given, bench, server, (edges, batch), labels)
    best = min((batch for batch in _SWEEP if batch != DOCUMENTED), key=taken.__getitem__)
    print(f"      the quickest batch of pyatlan here: {best}", flush=True)
    return best


def _write(
    given: Setting, bench: Bench, server: Server, size: tuple[int, int], labels: tuple[str, str]
) -> float:
    edges, batch = size
    script = str(Path(__file__).with_name("pyatlan_writer.py"))
    environ = {**os.environ, **given.environ(server, edges)}

    def write() -> processes.Ended:
        return processes.run([sys.executable, script, str(batch)], given.folder, environ)

    return bench.measure(labels[0], edges, labels[1], write, server=server).seconds
