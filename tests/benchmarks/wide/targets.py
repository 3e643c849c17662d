"""Targets and measured figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import engine_alone
import imports
import naive
import ours
import sdk
import setting
import small
from measured import Bench, Step
from setting import (
    AGAIN,
    AGAIN_PREVIEW,
    CALM,
    CHANGE,
    DESTROY,
    FIRST,
    FIRST_PREVIEW,
    REFRESH,
    REFUSED,
    Setting,
)

_LINEAR = 1.1
_KIB = 1024
#: Seconds that the steps of the largest size may take.
_SECONDS = {FIRST_PREVIEW: 20, FIRST: 60, AGAIN: 12, CHANGE: 12, REFRESH: 30, DESTROY: 30}
#: KiB per edge that the processes of the first deployment may need.
_MEMORY = {"provider": 4, "program": 1.5}


@dataclass(frozen=True)
class Target:
    """A target. `reached` is None if its figures were not measured."""

    aim: str
    measured: str
    reached: bool | None


def bound_seconds(step: Step, rate: int) -> float:
    """Return the time that the requests of a step take at the allowed rate."""
    return step.requests * 60 / rate


def judge(given: Setting, bench: Bench, imported: dict[str, float]) -> list[Target]:
    """Return all targets with figures."""
    edges = max(given.shared_sizes)
    found = [*_writing(given, bench, edges), *_again(bench, edges)]
    found += [_one_refusal(given, bench), _memory(given, bench), *_imports(imported), *_small(bench)]
    return [*found, *_large(bench, max(given.sizes))] if max(given.sizes) > edges else found


def _writing(given: Setting, bench: Bench, edges: int) -> Iterator[Target]:
    first = bench.find(ours.WAY, edges, FIRST)
    most = 1.1 * math.ceil(edges / 50)
    yield _target(
        f"write requests of the first up of {edges:,} edges <= 1.1 * ceil(N / 50) = {most:.0f}",
        first and (f"{first.writes}", first.writes <= most),
    )
    by_sdk = bench.find(sdk.way(sdk.DOCUMENTED), edges, FIRST)
    yield _faster(f"first up of {edges:,} edges >= 8x faster than pyatlan Batch(20)", 8, by_sdk, first)
    best = min(
        (
            one
            for one in bench.steps
            if (one.edges, one.name) == (edges, FIRST) and one.way.startswith("pyatlan")
        ),
        key=lambda one: one.seconds,
        default=None,
    )
    yield _faster(f"first up of {edges:,} edges >= 5x faster than pyatlan at its best", 5, best, first)
    small = min(
        max(size for size in given.sizes if size <= max(min(given.sizes), setting.LARGEST_NAIVE)), edges
    )
    pair = (bench.find(naive.WAY, small, FIRST), bench.find(ours.WAY, small, FIRST))
    yield _faster(f"first up of {small:,} edges >= 20x faster than the naive provider", 20, *pair)
    bound = first and bound_seconds(first, given.rate)
    yield _target(
        f"first up of {edges:,} edges <= 1.5x the bound (its requests / the allowed rate)",
        first
        and bound
        and (
            f"{first.seconds / bound:.2f}x ({first.seconds:.1f} s / {bound:.1f} s)",
            first.seconds <= 1.5 * bound,
        ),
    )
    own = [one for one in bench.steps if one.way == ours.WAY and one.name != REFUSED]
    refused = sum(one.refused for one in own)
    yield _target("no 429 caused by this project, in any step", own and (f"{refused}", refused == 0))


def _again(bench: Bench, edges: int) -> Iterator[Target]:
    again = bench.find(ours.WAY, edges, AGAIN)
    most = math.ceil(edges / 100) + setting.tables(edges)
    yield _target(
        f"no-change up of {edges:,} edges: no write", again and (f"{again.writes}", again.writes == 0)
    )
    yield _target(
        f"no-change up of {edges:,} edges: reads <= ceil(N / 100) + tables = {most}",
        again and (f"{again.reads}", again.reads <= most),
    )
    preview = bench.find(ours.WAY, edges, AGAIN_PREVIEW)
    engine = bench.find(engine_alone.WAY, edges, AGAIN_PREVIEW)
    aim = f"no-change preview of {edges:,} edges >= 40x faster than the engine's with as many no-op resources"
    yield _faster(aim, 40, engine, preview)


def _large(bench: Bench, edges: int) -> Iterator[Target]:
    for name, most in _SECONDS.items():
        step = bench.find(ours.WAY, edges, name)
        aim = f"{name} of {edges:,} edges <= {most} s"
        yield _target(aim, step and (f"{step.seconds:.1f} s", step.seconds <= most))
    again, change = (bench.find(ours.WAY, edges, name) for name in (AGAIN, CHANGE))
    ratio = change.seconds / again.seconds if change and again else 0.0
    aim = f"change of 1 % of {edges:,} edges <= 1.5x the no-change up"
    yield _target(aim, ratio and (f"{ratio:.2f}x", ratio <= 1.5))
    first = bench.find(ours.WAY, edges, FIRST)
    for kind, most in _MEMORY.items():
        each = first.peaks.get(kind, 0) / edges / _KIB if first else 0.0
        aim = f"memory of the {kind} at {edges:,} edges <= {most} KiB per edge"
        yield _target(aim, each and (f"{each:.1f} KiB", each <= most))
    size = first.state_bytes / edges if first and first.state_bytes else 0.0
    yield _target(f"state of {edges:,} edges <= 100 bytes per edge", size and (f"{size:.0f}", size <= 100))


def _small(bench: Bench) -> Iterator[Target]:
    for name in (AGAIN_PREVIEW, AGAIN):
        own, nothing = (bench.find(way, 1, name) for way in (small.WAY, small.NOTHING))
        ratio = own.seconds / nothing.seconds if own and nothing else 0.0
        text = own and nothing and f"{ratio:.2f}x ({own.seconds:.2f} s / {nothing.seconds:.2f} s)"
        aim = f"{name} of a small stack <= 1.25x that of one no-op resource"
        yield _target(aim, text and (text, ratio <= 1.25))


def _one_refusal(given: Setting, bench: Bench) -> Target:
    edges = ours.size_of_refusal(given)
    calm, refused = (bench.find(ours.WAY, edges, name) for name in (CALM, REFUSED))
    aim = (
        f"one 429 (block of {ours.BLOCK_SECONDS} s) at {edges:,} edges costs the first up <= the block + 5 %"
    )
    if not calm or not refused:
        return Target(aim, "", None)
    most = 1.05 * (calm.seconds + ours.BLOCK_SECONDS)
    text = f"{refused.seconds - calm.seconds:.1f} s ({refused.seconds:.1f} s, {refused.refused} 429)"
    return Target(aim, text, refused.seconds <= most)


def _memory(given: Setting, bench: Bench) -> Target:
    aim = "memory of the provider process grows at most linearly"
    firsts = [bench.find(ours.WAY, edges, FIRST) for edges in sorted(given.sizes)[-2:]]
    peaks = [(one.edges, one.peaks.get("provider", 0)) for one in firsts if one]
    if len(peaks) < 2 or not all(peak for _, peak in peaks):
        return Target(aim, "", None)
    (few, small), (many, large) = peaks
    power = math.log(large / small) / math.log(many / few)
    each = (large - small) / (many - few) / 1024
    return Target(aim, f"N^{power:.2f}, {each:.1f} KiB per edge", power <= _LINEAR)


def _imports(imported: dict[str, float]) -> Iterator[Target]:
    for statement in (imports.PACKAGE, imports.RESOURCES):
        ratio = imported[statement] / imported[imports.PULUMI]
        text = (
            f"{ratio:.2f}x ({1000 * imported[statement]:.0f} ms / {1000 * imported[imports.PULUMI]:.0f} ms)"
        )
        yield Target(f"`{statement}` <= 1.2x `{imports.PULUMI}`", text, ratio <= 1.2)


def _faster(aim: str, times: float, slow: Step | None, fast: Step | None) -> Target:
    if not slow or not fast:
        return Target(aim, "", None)
    ratio = slow.seconds / fast.seconds
    return Target(aim, f"{ratio:.1f}x ({slow.seconds:.1f} s / {fast.seconds:.1f} s)", ratio >= times)


def _target(aim: str, measured: tuple[str, bool] | object) -> Target:
    return Target(aim, *measured) if isinstance(measured, tuple) else Target(aim, "", None)
