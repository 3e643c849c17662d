"""Format the figures as text and JSON."""

from __future__ import annotations

import itertools
import math
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import imports
from measured import Step
from setting import PUBLISHED_RATE, Setting
from targets import Target, bound_seconds

_MEBI = 1024 * 1024
_COLUMNS = (
    ("", 34),
    ("seconds", 9),
    ("bound", 7),
    ("reads", 7),
    ("writes", 7),
    ("ent/req", 8),
    ("429", 5),
    ("state KB", 10),
    ("B/edge", 8),
    ("program MB", 11),
    ("provider MB", 12),
    ("engine MB", 10),
    ("CPU s", 8),
    ("Atlan CPU s", 12),
)
_VERDICTS = {True: "reached", False: "not reached", None: "not measured"}


def heading(given: Setting, imported: dict[str, float]) -> Iterator[str]:
    """Yield the description of the figures."""
    times = given.rate / PUBLISHED_RATE
    yield f"{given.latency_ms:g} ms per request, and {given.rate:,} requests per minute for every way:"
    yield f"{times:g} times the {PUBLISHED_RATE} that Atlan publishes. Each way writes to a separate local"
    yield "Atlan in a separate process. Seconds are the wall time of the command."
    yield "bound: requests / allowed rate. CPU s: processor seconds of the command."
    yield f"Each pyatlan command includes {imported[imports.SDK]:.1f} s for the import of the SDK."
    yield f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}."


def table(given: Setting, steps: Sequence[Step]) -> Iterator[str]:
    """Yield all steps, grouped by size and way."""
    groups = dict.fromkeys((one.edges, one.way) for one in sorted(steps, key=lambda one: one.edges))
    for edges, way in groups:
        guessed = any(one.extrapolated for one in steps if (one.edges, one.way) == (edges, way))
        yield ""
        note = " (EXTRAPOLATED from the measured sizes)" if guessed else ""
        yield f"{edges:,} edges, {way}{note}"
        yield _line([name for name, _ in _COLUMNS])
        yield from (_line(_cells(given, one)) for one in steps if (one.edges, one.way) == (edges, way))


def growth(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the growth of seconds, requests, state, and memory with the number of edges N."""
    yield ""
    yield "Growth from size to size, as a power of N (1 is linear):"
    for way, name in dict.fromkeys((one.way, one.name) for one in steps):
        sizes = sorted(
            (one for one in steps if (one.way, one.name) == (way, name) and not one.extrapolated),
            key=lambda one: one.edges,
        )
        for small, large in itertools.pairwise(sizes):
            yield f"  {way:24} {name:24} {small.edges:>6,} to {large.edges:>6,}: {_powers(small, large)}"


def verdicts(targets: Sequence[Target]) -> Iterator[str]:
    """Yield the targets with figures and results."""
    yield ""
    yield "Targets:"
    for target in targets:
        measured = f": {target.measured}" if target.measured else ""
        yield f"  {_VERDICTS[target.reached]:13} {target.aim}{measured}"


def as_json(
    given: Setting, steps: Sequence[Step], targets: Sequence[Target], imported: dict[str, float]
) -> dict[str, Any]:
    """Return all figures for other programs."""
    return {
        "settings": {
            "sizes": list(given.sizes),
            "latency_ms": given.latency_ms,
            "requests_per_minute": given.rate,
            "published_requests_per_minute": PUBLISHED_RATE,
        },
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "steps": [{**asdict(one), "bound_seconds": bound_seconds(one, given.rate)} for one in steps],
        "import_seconds": imported,
        "targets": [asdict(target) for target in targets],
    }


def _cells(given: Setting, step: Step) -> list[str]:
    each = f"{step.entities / step.writes:.1f}" if step.writes else "-"
    state = step.state_bytes
    return [
        f"  {step.name}",
        f"{step.seconds:.1f}",
        f"{bound_seconds(step, given.rate):.1f}" if step.requests else "-",
        f"{step.reads}",
        f"{step.writes}",
        each,
        f"{step.refused}",
        "-" if state is None else f"{state / 1024:.0f}",
        "-" if state is None else f"{state / step.edges:.0f}",
        *(_mebi(step.peaks.get(kind)) for kind in ("program", "provider", "engine")),
        f"{step.processor_seconds:.1f}" if not step.extrapolated else "-",
        f"{step.server_seconds:.1f}" if step.requests and not step.extrapolated else "-",
    ]


def _line(cells: Sequence[str]) -> str:
    (first, width), *others = zip(cells, (width for _, width in _COLUMNS), strict=True)
    return f"{first:{width}}" + "".join(f"{cell:>{space}}" for cell, space in others)


def _mebi(size: int | None) -> str:
    return f"{size / _MEBI:.0f}" if size else "-"


def _powers(small: Step, large: Step) -> str:
    pairs = {
        "seconds": (small.seconds, large.seconds),
        "requests": (small.requests, large.requests),
        "state": (small.state_bytes or 0, large.state_bytes or 0),
        **{
            f"{kind} memory": (small.peaks.get(kind, 0), large.peaks.get(kind, 0))
            for kind in ("program", "provider")
        },
    }
    width = math.log(large.edges / small.edges)
    return ", ".join(f"{name} {math.log(b / a) / width:.2f}" for name, (a, b) in pairs.items() if a and b)
