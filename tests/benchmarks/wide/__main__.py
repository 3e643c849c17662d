"""Up to 100,000 edges: this project, Atlan's SDK, a naive provider, and the engine alone.

Each writes the lineage of `stacks/wide` to a separate local Atlan, at the same rate. The benchmark prints
figures and asserts nothing. Run `make bench`, or `python tests/benchmarks/wide --help`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from types import ModuleType

import carrier
import engine_alone
import imports
import naive
import ours
import picture
import ratios
import report
import sdk
import small
import targets
from measured import Bench
from processes import CommandError
from setting import PUBLISHED_RATE, Setting

WAYS = {
    "ours": ours,
    "pyatlan": sdk,
    "naive": naive,
    "engine": engine_alone,
    "carrier": carrier,
    "small": small,
}
SIZES, QUICK_SIZES = (100, 1_000, 10_000, 100_000), (100, 1_000)
_SCALE = 10


def options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/wide", description="Write column lineage in several ways, and compare."
    )
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help=f"edges (default: {SIZES})")
    parser.add_argument("--only", choices=WAYS, nargs="+", default=list(WAYS), help="measure only these ways")
    parser.add_argument(
        "--latency-ms", type=float, default=100, help="latency of each request (default: 100)"
    )
    rate = PUBLISHED_RATE * _SCALE
    parser.add_argument("--rate", type=int, default=rate, help=f"requests per minute (default: {rate})")
    parser.add_argument("--quick", action="store_true", help=f"measure only the sizes {QUICK_SIZES}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write a picture to this file, as SVG")
    return parser.parse_args()


def measure(given: Setting, only: list[str]) -> Bench:
    """Measure the ways in sequence. A failure does not stop the next one."""
    ways = [WAYS[name] for name in WAYS if name in only]
    bench = Bench(sum(way.steps(given) for way in ways))
    for way in ways:
        _try(way, given, bench)
    return bench


def _try(way: ModuleType, given: Setting, bench: Bench) -> None:
    try:
        way.measure(given, bench)
    except CommandError as error:
        print(f"\nnot measured to its end: {error}", flush=True)


def main() -> None:
    """Measure, print, and write the requested files."""
    asked = options()
    sizes = tuple(sorted(asked.sizes or (QUICK_SIZES if asked.quick else SIZES)))
    imported = imports.seconds()
    with tempfile.TemporaryDirectory(prefix="wide-") as folder:
        given = Setting(sizes, asked.latency_ms, asked.rate, Path(folder))
        bench = measure(given, asked.only)
    steps = [*bench.steps, *naive.extrapolate(given, bench)]
    aims = targets.judge(given, bench, imported)
    print()
    for part in (
        report.heading(given, imported),
        report.table(given, steps),
        report.growth(steps),
        ratios.lines(steps),
        report.verdicts(aims),
    ):
        print("\n".join(part))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(report.as_json(given, steps, aims, imported), indent=1) + "\n")
    if asked.picture:
        asked.picture.parent.mkdir(parents=True, exist_ok=True)
        asked.picture.write_text(picture.draw(given, steps))


if __name__ == "__main__":
    main()
