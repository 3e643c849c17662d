"""INSERT: into which columns of the target the columns of a query go, by name or by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from atlan_pulumi.sql._conflicts import updated_on_conflict
from atlan_pulumi.sql._context import Context
from atlan_pulumi.sql._query import resolve_query, with_ctes
from atlan_pulumi.sql._relation import STAR, OutputColumn, Relation, Written, merged
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import identifier_in


def insert(node: exp.Insert, context: Context) -> list[Written]:
    """Return what an INSERT writes."""
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if isinstance(table, exp.Directory):
        return [Written(table.this.name, _selected(node, context))]
    if not isinstance(table, exp.Table):
        context.problem(
            "INSERT into something other than a table cannot be analyzed", node, hides_tables=True
        )
        return []
    columns = _columns(node, table, context)
    columns += updated_on_conflict(node, table, columns, context)
    return _written(context.names.table(table), columns, context)


def _columns(node: exp.Insert, table: exp.Table, context: Context) -> list[OutputColumn]:
    """Return the columns that are written, under the names of the target."""
    query = _query_of(node)
    columns = _selected(node, context)
    if query is None:
        return []
    if node.args.get("by_name"):
        return columns
    if isinstance(node.this, exp.Schema):
        given = [context.names.fold(identifier_in(each)) for each in node.this.expressions]
        return by_position(given, columns, table, context)
    known = context.columns_of(table)
    if known is None and isinstance(query, exp.Values):
        return []
    if known is None and any(each.name != STAR and each.sources for each in columns):
        context.guess(table)
    if known is None or any(each.name == STAR for each in columns):
        return columns
    return by_position(_in_order(known, table, context), columns, table, context)


def _selected(node: exp.Insert, context: Context) -> list[OutputColumn]:
    """Return the columns of the query of an INSERT, under its own names."""
    query = _query_of(node)
    return [] if query is None else list(resolve_query(query, with_ctes(node, Scope(context))).star())


def _query_of(node: exp.Insert) -> exp.Expr | None:
    """Return what is inserted: a query, rows, or `TABLE name`."""
    return node.expression or node.args.get("source") or None


def _in_order(known: Sequence[str], table: exp.Table, context: Context) -> list[str]:
    """Return the columns in the order of the values: no static partitions, and dynamic ones at the end."""
    partition = table.args.get("partition")
    fold = context.names.fold
    parts = partition.expressions if partition is not None else []
    static = {fold(identifier_in(each.this)).lower() for each in parts if isinstance(each, exp.EQ)}
    dynamic = [fold(identifier_in(each)).lower() for each in parts if not isinstance(each, exp.EQ)]
    spelled = {each.lower(): each for each in known}
    first = [each for each in known if each.lower() not in static and each.lower() not in dynamic]
    return [*first, *(spelled.get(each, each) for each in dynamic)]


def by_position(
    names: Sequence[str], columns: Sequence[OutputColumn], node: exp.Expr, context: Context
) -> list[OutputColumn]:
    """Return columns under other names, by position. If `*` hides their number, that is a problem."""
    if star := next((each for each in columns if each.name == STAR), None):
        tables = ", ".join(source.table for source in star.sources)
        what = f"* of {tables}, whose columns are not known, cannot be matched by position"
        context.problem(f"{what}: give the columns in the schema", node)
        return []
    if len(names) != len(columns):
        context.problem(f"{len(columns)} columns are written into {len(names)}", node)
    return [each.named(name) for name, each in zip(names, columns, strict=False)]


def _written(name: str, columns: list[OutputColumn], context: Context) -> list[Written]:
    """Return what is written. What goes into a temporary table is remembered instead."""
    made = context.made.get(name.lower())
    if made is None:
        return [Written(name, columns)]
    new = {each.name.lower(): each for each in columns}
    there = {each.name.lower() for each in made.columns}
    kept = [
        replace(each, sources=merged(each.sources, new.get(each.name.lower(), each).sources))
        for each in made.columns
    ]
    added = [each for key, each in new.items() if key not in there]
    context.made[name.lower()] = Relation((*kept, *added), made.open)
    return []


def _from(node: exp.MultitableInserts) -> exp.From:
    return exp.From(this=node.args["source"].copy())


def multi_insert(node: exp.MultitableInserts, context: Context) -> list[Written]:
    """Return what each INSERT of one FROM, or of one query, writes."""
    found: list[Written] = []
    for each in node.expressions:
        copied = (each.this if isinstance(each, exp.ConditionalInsert) else each).copy()
        query = copied.expression
        if query is None:
            copied.set("expression", node.args["source"].copy())
        elif isinstance(query, exp.Values) and len(query.expressions) == 1:
            row = [value.copy() for value in query.expressions[0].expressions]
            copied.set("expression", exp.Select(expressions=row, from_=_from(node)))
        elif isinstance(query, exp.Select) and not query.args.get("from_"):
            query.set("from_", _from(node))
        if node.args.get("with_") is not None:
            copied.set("with_", node.args["with_"].copy())
        found += insert(copied, context)
    return found
