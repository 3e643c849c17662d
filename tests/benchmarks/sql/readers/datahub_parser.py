"""DataHub's parser, one statement after the other."""

from __future__ import annotations

import re
from typing import Any

from datahub.sql_parsing.schema_resolver import SchemaResolver
from datahub.sql_parsing.split_statements import split_statements
from datahub.sql_parsing.sqlglot_lineage import sqlglot_lineage
from protocol import Edges, serve

#: How DataHub calls a dialect, if not as sqlglot does. It has no standard SQL: PostgreSQL is the nearest.
_PLATFORMS = {None: "postgres", "spark": "databricks", "tsql": "mssql"}


def table_of(urn: str | None) -> str:
    """Return the name of the table in a URN."""
    found = re.search(r"dataPlatform:[^,]+,(.*),[A-Z]+\)$", urn or "")
    return found[1] if found else ""


def derive(case: dict[str, Any]) -> Edges:
    """Return the edges of a case."""
    resolver = SchemaResolver(platform=_PLATFORMS.get(case["dialect"], case["dialect"]))
    for name, columns in (case["schema"] or {}).items():
        platform = f"urn:li:dataPlatform:{resolver.platform}"
        resolver.add_raw_schema_info(
            f"urn:li:dataset:({platform},{name},PROD)", dict.fromkeys(columns, "string")
        )
    for statement in split_statements(case["sql"]):
        result = sqlglot_lineage(
            statement,
            schema_resolver=resolver,
            default_db=case.get("default_database"),
            default_schema=case.get("default_schema"),
        )
        for each in result.column_lineage or ():
            target = f"{table_of(each.downstream.table)}.{each.downstream.column}".lstrip(".")
            for source in each.upstreams:
                yield target, f"{table_of(source.table)}.{source.column}"


serve(derive)
