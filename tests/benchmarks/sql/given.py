"""The cases: those of a file, or those of this project's own tests; and many statements for the speed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = 50


def from_file(path: Path) -> list[dict[str, Any]]:
    """Return the cases of a file with one JSON object per line.

    Each has `sql`, `dialect`, `schema`, and `columns`: pairs of an output column and a source column. It may
    have a `kind`, and `default_database` and `default_schema`.
    """
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_with_dialect(case) for case in cases]


def _with_dialect(case: dict[str, Any]) -> dict[str, Any]:
    names = {"ansi": None, "sparksql": "spark"}
    return {**case, "dialect": names.get(case.get("dialect"), case.get("dialect")), "kind": _kind(case)}


def _kind(case: dict[str, Any]) -> str:
    return str(case.get("kind") or case.get("suite") or "all")


def own() -> list[dict[str, Any]]:
    """Return the cases of this project's tests."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from sql.cases import KINDS

    return [
        {
            "kind": kind,
            "sql": sql,
            "dialect": options.get("dialect"),
            "schema": options.get("schema"),
            "default_database": options.get("default_database"),
            "default_schema": options.get("default_schema"),
            "columns": [edge.split(" < ") for edge in filter(None, expected.split(", "))],
        }
        for kind, cases in KINDS.items()
        for sql, options, expected in cases
    ]


def many(count: int) -> list[dict[str, Any]]:
    """Return different statements of 50 columns, each with a join, a CTE, and a grouping."""
    return [_statement(index) for index in range(count)]


def _statement(index: int) -> dict[str, Any]:
    target, left, right = f"mart.m{index}", f"raw.a{index}", f"raw.b{index}"
    names = [f"c{number}" for number in range(COLUMNS)]
    half = COLUMNS // 2
    selected = [f"q.{name}" for name in names[:half]] + [
        f"sum(b.{name} + q.c0) as {name}" for name in names[half:]
    ]
    sql = (
        f"insert into {target} with q as (select * from {left} where c1 > {index}) "
        f"select {', '.join(selected)} from q join {right} b on q.c0 = b.c{half} group by 1"
    )
    schema = {target: names, left: names[:half], right: names[half:]}
    return {"sql": sql, "dialect": "postgres", "schema": schema, "columns": []}
