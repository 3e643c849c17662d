"""sqllineage, which gives a query no output columns of its own, so that it is read as an INSERT."""

from __future__ import annotations

import re
from typing import Any

from protocol import Edges, serve
from sqllineage.core.metadata.dummy import DummyMetaDataProvider
from sqllineage.runner import LineageRunner

_DIALECTS = {None: "ansi", "spark": "sparksql", "presto": "trino"}
_BARE = "bare_query"


def derive(case: dict[str, Any]) -> Edges:
    """Return the edges of a case."""
    dialect = _DIALECTS.get(case["dialect"], case["dialect"])
    is_bare = (
        re.match(r"\s*(select|with)\b", case["sql"], re.IGNORECASE) and "insert" not in case["sql"].lower()
    )
    sql = f"insert into {_BARE} {case['sql']}" if is_bare else case["sql"]
    schema = {
        name if "." in name else f"<default>.{name}": each for name, each in (case["schema"] or {}).items()
    }
    runner = LineageRunner(sql, dialect=dialect, metadata_provider=DummyMetaDataProvider(schema))
    for path in runner.get_column_lineage():
        target = str(path[-1]).replace(f"<default>.{_BARE}.", "")
        yield target, str(path[0])


serve(derive)
