"""Column lineage from SQL: this project, plain sqlglot, DataHub's parser, and sqllineage.

Accuracy is the share of cases whose edges are exactly those expected; speed is processor time in one run.
The benchmark prints figures and asserts nothing. Run `make bench-sql`, or this folder with `--help`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from given import COLUMNS, from_file, many, own

from tools import OURS, TOOLS, Tool, read

CACHE = Path(__file__).parents[3] / ".bench" / "sql"


def options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/sql", description="Derive column lineage from SQL with several tools."
    )
    parser.add_argument("--cases", type=Path, metavar="FILE", help="cases, one JSON object per line")
    parser.add_argument("--only", choices=TOOLS, nargs="+", default=list(TOOLS), help="only these tools")
    parser.add_argument("--statements", type=int, default=1_000, metavar="N", help="for the speed; 0: none")
    parser.add_argument(
        "--cache", type=Path, default=CACHE, metavar="FOLDER", help="environments of the tools"
    )
    return parser.parse_args()


def expected(case: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the edges that a case should have."""
    pairs = ((str(each).lower().removeprefix("<default>.") for each in pair) for pair in case["columns"])
    return {(target, source) for target, source in pairs}


def accuracy(cases: list[dict[str, Any]], tools: list[Tool], cache: Path) -> None:
    """Print how many cases of each kind each tool derives exactly."""
    kinds = dict.fromkeys(case["kind"] for case in cases)
    exact = {}
    for tool in tools:
        found = read(tool, cases, cache).edges
        exact[tool] = [edges == expected(case) for edges, case in zip(found, cases, strict=True)]
    print(f"\n{'kind':24}{'cases':>7}" + "".join(f"{tool.name:>18}" for tool in tools))
    for kind in [*kinds, "all"]:
        chosen = [index for index, case in enumerate(cases) if kind in (case["kind"], "all")]
        counts = (sum(exact[tool][index] for index in chosen) for tool in tools)
        print(f"{kind:24}{len(chosen):>7}" + "".join(f"{count:>18}" for count in counts))


def speed(count: int, tools: list[Tool], cache: Path) -> None:
    """Print the time per statement of each tool, and this project's for twice as many statements."""
    seconds = {}
    for tool in tools:
        some = min(count, tool.most)
        seconds[tool] = read(tool, many(some), cache).seconds / some
        print(f"  {tool.name:18}{1000 * seconds[tool]:8.1f} ms per statement ({some:,} of {COLUMNS} columns)")
    if OURS in seconds:
        for tool in tools:
            print(f"  {seconds[tool] / seconds[OURS]:6.1f} x the time of {OURS.name}: {tool.name}")
        single, double = (_quickest(size, cache) for size in (count, 2 * count))
        print(f"  {double / single:6.2f} x the time of {count:,} statements: {2 * count:,} statements")


def _quickest(count: int, cache: Path) -> float:
    """Return the shorter time of two runs, since other processes slow a run down."""
    return min(read(OURS, many(count), cache).seconds for _ in range(2))


def main() -> None:
    """Measure, and print."""
    asked = options()
    tools = [TOOLS[name] for name in asked.only]
    accuracy(from_file(asked.cases) if asked.cases else own(), tools, asked.cache)
    if asked.statements:
        print("\nSpeed:")
        speed(asked.statements, tools, asked.cache)


if __name__ == "__main__":
    main()
