"""Plain sqlglot: `sqlglot.lineage`, with the glue that a query in CREATE and INSERT needs."""

from __future__ import annotations

from typing import Any

from protocol import Edges, serve
from sqlglot import exp, parse
from sqlglot.lineage import lineage


def nested(case: dict[str, Any]) -> dict[str, Any]:
    """Return the schema as sqlglot expects it: a dictionary per part of a name."""
    found: dict[str, Any] = {}
    for name, columns in (case["schema"] or {}).items():
        *places, table = name.split(".")
        inner = found
        for place in places:
            inner = inner.setdefault(place, {})
        inner[table] = dict.fromkeys(columns, "text")
    return found


def written(node: exp.Expr) -> tuple[str, list[str], exp.Expr | None]:
    """Return the table that a statement writes, the listed columns, and the query."""
    if isinstance(node, exp.Query):
        return "", [], node
    into = node.this
    names = [each.name for each in into.expressions] if isinstance(into, exp.Schema) else []
    table = into.this if isinstance(into, exp.Schema) else into
    is_table = isinstance(table, exp.Table)
    return ".".join(part.name for part in table.parts) if is_table else "", names, node.args.get("expression")


def derive(case: dict[str, Any]) -> Edges:
    """Return the edges of a case."""
    schema = nested(case)
    for node in parse(case["sql"], dialect=case["dialect"]):
        table, names, query = written(node) if node is not None else ("", [], None)
        if not isinstance(query, exp.Query):
            continue
        columns = lineage(None, query, schema=schema, dialect=case["dialect"])
        for index, (column, root) in enumerate(columns.items()):
            name = names[index] if index < len(names) else column
            for leaf in root.walk():
                if not leaf.downstream and isinstance(leaf.expression, exp.Table):
                    source = ".".join(part.name for part in leaf.expression.parts)
                    yield f"{table}.{name}".lstrip("."), f"{source}.{leaf.name.rpartition('.')[2]}"


serve(derive)
