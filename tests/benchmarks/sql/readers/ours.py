"""This project's `derive_lineage`."""

from __future__ import annotations

from typing import Any

from protocol import Edges, serve

from atlan_pulumi.sql import derive_lineage


def derive(case: dict[str, Any]) -> Edges:
    """Return the edges of a case."""
    found = derive_lineage(
        case["sql"],
        dialect=case["dialect"],
        schema=case["schema"],
        default_database=case.get("default_database"),
        default_schema=case.get("default_schema"),
    )
    for target, sources in found.columns.items():
        for source in sources:
            yield ".".join(filter(None, target)), ".".join(source)


serve(derive)
