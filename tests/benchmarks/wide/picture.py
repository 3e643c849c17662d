"""Draw the figures: wall time by edges for each way, and the speedup of this project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import engine_alone
import naive
import ours
import ratios
import sdk
from drawing import GREY, PALE, Scale, apart, bar, dot, path, svg, text
from measured import Step
from setting import AGAIN_PREVIEW, FIRST, Setting
from targets import bound_seconds

_WIDTH, _HEIGHT = 1280, 600
_TOP, _BOTTOM = 120, 540
_LINES, _LABELS, _BARS = (70, 470), 484, (1060, 1220)
_ROW = 44
_OURS, _BOUND = "#1b6ac9", "#2a9d8f"
_OTHERS = ("#d1495b", "#c77d0a", "#8d6a9f", "#5c677d")
_AIMS = {sdk.way(sdk.DOCUMENTED): 8, naive.WAY: 20, engine_alone.WAY: 40}


@dataclass(frozen=True)
class _Line:
    """The seconds of a step of a way by number of edges, measured and extrapolated."""

    name: str
    color: str
    points: list[tuple[int, float]]
    guessed: frozenset[int] = frozenset()
    dashed: bool = False


def draw(given: Setting, steps: Sequence[Step]) -> str:
    """Return an SVG with two charts side by side."""
    pace = f"{given.latency_ms:g} ms a request and {given.rate:,} requests a minute for every way alike"
    shapes = [
        text(24, 36, "Column lineage in Atlan: four ways to write the same edges", "#222222", 20),
        text(24, 60, f"{pace}; seconds of the whole command.", size=14),
        text(24, 96, "Seconds, by number of edges", "#222222", 15),
        text(900, 96, "How many times quicker atlan-pulumi is", "#222222", 15),
    ]
    return svg(_WIDTH, _HEIGHT, [*shapes, *_wall_times(given, steps), *_ratios(steps)])


def _wall_times(given: Setting, steps: Sequence[Step]) -> Iterator[str]:
    lines = list(_lines(given, steps))
    if not lines:
        return
    values = [value for line in lines for _, value in line.points]
    across = Scale(min(given.sizes) * 0.8, max(given.sizes) * 1.1, *_LINES)
    up = Scale(min(*values, 1) * 0.9, max(values) * 1.2, _BOTTOM, _TOP)
    yield from _axes(given, across, up)
    for line in lines:
        yield from _draw_line(line, across, up)
    ends = [(across(line.points[-1][0]), up(line.points[-1][1])) for line in lines]
    heights = apart([y for _, y in ends], 19, _BOTTOM)
    for line, (x, y), height in zip(lines, ends, heights, strict=True):
        yield path([(x + 6, y), (_LABELS - 4, height)], PALE)
        note = ", extrapolated" if line.points[-1][0] in line.guessed else ""
        seconds = line.points[-1][1]
        amount = f"{seconds:,.0f}" if seconds >= 10 else f"{seconds:.1f}"
        yield text(_LABELS, height + 4, f"{line.name}: {amount} s{note}", line.color)


def _axes(given: Setting, across: Scale, up: Scale) -> Iterator[str]:
    for value in up.decades():
        yield path([(_LINES[0], up(value)), (_LINES[1], up(value))], PALE)
        yield text(_LINES[0] - 8, up(value) + 4, f"{value:,g} s", anchor="end")
    for edges in given.sizes:
        yield path([(across(edges), _BOTTOM), (across(edges), _BOTTOM + 6)], GREY)
        yield text(across(edges), _BOTTOM + 22, f"{edges:,}", anchor="middle")
    yield path([(_LINES[0], _BOTTOM), (_LINES[1], _BOTTOM)], GREY)
    yield text(sum(_LINES) / 2, _BOTTOM + 44, "column edges (both axes are logarithmic)", anchor="middle")


def _draw_line(line: _Line, across: Scale, up: Scale) -> Iterator[str]:
    places = [(across(edges), up(seconds)) for edges, seconds in line.points]
    sure = sum(edges not in line.guessed for edges, _ in line.points)
    yield path(places[:sure], line.color, 2.5, "2 5" if line.dashed else "")
    if line.guessed:
        yield path(places[max(sure - 1, 0) :], line.color, 2.5, "7 6")
    for number, (x, y) in enumerate(places):
        yield dot(x, y, line.color, filled=number < sure)


def _lines(given: Setting, steps: Sequence[Step]) -> Iterator[_Line]:
    ways = dict.fromkeys(one.way for one in steps if one.name == FIRST)
    shown = [(way, FIRST) for way in ways]
    shown += [(way, AGAIN_PREVIEW) for way in (ours.WAY, engine_alone.WAY)]
    colors = iter(_OTHERS)
    for way, name in shown:
        found = sorted(_of(steps, way, name), key=lambda one: one.edges)
        color = _OURS if way == ours.WAY else next(colors, GREY)
        if found:
            guessed = frozenset(one.edges for one in found if one.extrapolated)
            points = [(one.edges, one.seconds) for one in found]
            yield _Line(f"{way}, {name}", color, points, guessed)
    own = [(one.edges, bound_seconds(one, given.rate)) for one in _of(steps, ours.WAY, FIRST)]
    if own:
        yield _Line(f"{ours.WAY}'s requests / the rate", _BOUND, sorted(own), dashed=True)


def _ratios(steps: Sequence[Step]) -> Iterator[str]:
    pairs = list(ratios.pairs(steps))
    if not pairs:
        return
    across = Scale(
        min(1, *(ratio for _, _, ratio in pairs)), max(ratio for _, _, ratio in pairs) * 1.1, *_BARS
    )
    bottom = _TOP + _ROW * len(pairs)
    for value in across.decades():
        yield path([(across(value), _TOP), (across(value), bottom)], PALE)
        yield text(across(value), bottom + 18, f"{value:g}x", anchor="middle")
    for number, (slow, edges, ratio) in enumerate(pairs):
        yield from _row(across, _TOP + _ROW * number, slow, edges, ratio)


def _row(across: Scale, top: float, slow: Step, edges: int, ratio: float) -> Iterator[str]:
    left, right = sorted((across(1), across(ratio)))
    yield text(_BARS[0] - 10, top + 14, slow.way, "#222222", anchor="end")
    yield text(_BARS[0] - 10, top + 30, f"{slow.name}, {edges:,} edges", anchor="end", size=12)
    yield bar(left, top + 6, right - left, 22, _OURS)
    yield text(right + 6, top + 22, f"{ratio:.1f}x", "#222222")
    if slow.way in _AIMS:
        aim = across(min(_AIMS[slow.way], across.high))
        yield path([(aim, top + 2), (aim, top + 32)], "#222222", 2)
        yield text(aim, top + 42, f"aim {_AIMS[slow.way]}x", size=11, anchor="middle")


def _of(steps: Sequence[Step], way: str, name: str | None = None) -> list[Step]:
    return [one for one in steps if one.way == way and name in (None, one.name)]
