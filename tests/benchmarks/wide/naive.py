"""A naive dynamic provider: one resource and one request per edge."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import setting
from measured import Bench, Step
from project import Project
from setting import AGAIN, AGAIN_PREVIEW, DESTROY, FIRST, Setting

WAY = "naive dynamic provider"
_APPLY = ("--yes", "--skip-preview")
_COMMANDS = (
    (FIRST, ("up", *_APPLY)),
    (AGAIN, ("up", *_APPLY)),
    (AGAIN_PREVIEW, ("preview",)),
    (DESTROY, ("destroy", *_APPLY)),
)


def steps(given: Setting) -> int:
    """Return the number of steps."""
    return len(_COMMANDS) * len(_sizes(given))


def measure(given: Setting, bench: Bench) -> None:
    """Run all commands at each size that takes only minutes."""
    for edges in _sizes(given):
        with given.server(edges) as server:
            folder = given.folder / f"naive-{edges}"
            project = Project(setting.PROGRAMS / "naive", folder, given.environ(server, edges))
            for name, command in _COMMANDS:
                bench.measure(
                    WAY,
                    edges,
                    name,
                    partial(project.run, *command),
                    server=server,
                    state=project.state_bytes,
                )


def extrapolate(given: Setting, bench: Bench) -> list[Step]:
    """Extrapolate larger sizes from the growth between the last two measured sizes."""
    sizes = _sizes(given)
    if len(sizes) < 2:
        return []
    larger = [edges for edges in given.shared_sizes if edges > setting.LARGEST_NAIVE]
    guesses = [_guess(bench, name, sizes[-2:], edges) for edges in larger for name, _ in _COMMANDS]
    return [guess for guess in guesses if guess]


def _sizes(given: Setting) -> tuple[int, ...]:
    return tuple(edges for edges in given.sizes if edges <= setting.LARGEST_NAIVE)


def _guess(bench: Bench, name: str, sizes: tuple[int, ...], edges: int) -> Step | None:
    small, large = (bench.find(WAY, size, name) for size in sizes)
    if not small or not large:
        return None

    def grow(first: float, second: float) -> float:
        if not first or not second:
            return 0.0
        power = math.log(second / first) / math.log(large.edges / small.edges)
        return second * (edges / large.edges) ** power

    counts = {each: round(grow(getattr(small, each), getattr(large, each))) for each in _COUNTS}
    seconds = grow(small.seconds, large.seconds)
    return replace(
        large, edges=edges, seconds=seconds, **counts, peaks={}, server_seconds=0.0, extrapolated=True
    )


_COUNTS = ("reads", "writes", "entities", "state_bytes")
