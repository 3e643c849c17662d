"""Resolve a query: its tables, its joins, and the columns that it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Sources, TableColumn, Transformation
from atlan_pulumi.sql._patterns import match_rows
from atlan_pulumi.sql._pivots import pivoted
from atlan_pulumi.sql._projections import projections
from atlan_pulumi.sql._relation import OutputColumn, Relation, merged, relation_of
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import add_join, add_source, named_columns, record, resolve_table


def resolve_query(node: exp.Expr, scope: Scope) -> Relation:
    """Return the relation of a query. Correlated names refer to the scope around it.

    Args:
        node: A SELECT, a set operation, VALUES, a query in parentheses, or a table.
        scope: The scope around it.
    """
    scope = with_ctes(node, scope)
    if isinstance(node, exp.SetOperation):
        return _set_operation(node, scope)
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        return handler(node, scope)
    scope.context.problem(f"{node.key.upper()} cannot be analyzed: its columns are not known", node)
    return Relation()


def _subquery(node: exp.Subquery, scope: Scope) -> Relation:
    relation = pivoted(resolve_query(node.this, scope), node.args.get("pivots"), scope)
    return named_columns(relation, node, scope)


def _pivot_statement(node: exp.Pivot, scope: Scope) -> Relation:
    """Return the relation of DuckDB's statement `PIVOT t ON …`."""
    return pivoted(resolve_query(node.this, scope), [node], scope)


def with_ctes(node: exp.Expr, scope: Scope) -> Scope:
    """Return the scope with the common table expressions of a query, each of which sees the earlier ones."""
    given = node.args.get("with_")
    if given is None:
        return scope
    for cte in given.expressions:
        name = scope.context.names.fold(cte.args["alias"].this).lower()
        if cte.args.get("scalar"):
            continue  # a value, and no table
        relation = _recursive(cte, name, scope) if given.args.get("recursive") else None
        if relation is None:
            relation = named_columns(resolve_query(cte.this, scope), cte, scope)
        scope = scope.with_ctes({**scope.ctes, name: relation})
    return scope


def _recursive(cte: exp.CTE, name: str, scope: Scope) -> Relation | None:
    """Return the relation of a recursive query; None if it is none.

    The recursive part reads the columns of the result: they stand for themselves until all are known.
    """
    if not isinstance(cte.this, exp.SetOperation):
        return None
    anchor = named_columns(resolve_query(cte.this.left, scope), cte, scope)
    names = [each.name for each in anchor.columns]
    own = tuple(OutputColumn(each, {TableColumn(_SELF, each): Transformation.IDENTITY}) for each in names)
    inner = scope.with_ctes({**scope.ctes, name: Relation(own, anchor.open)})
    start = len(scope.context.indirect)
    found = named_columns(resolve_query(cte.this, inner), cte, scope)
    read = {each.name: each.sources for each in found.columns}
    columns = (replace(each, sources=_closed(each.sources, read)) for each in found.columns)
    indirect = scope.context.indirect
    indirect[start:] = [(_closed(sources, read), how) for sources, how in indirect[start:]]
    return Relation(tuple(columns), found.open)


_SELF = "\0"
"""Stands for the result of a recursive query in its own columns, until all of them are known."""


def _closed(sources: Sources, read: Mapping[str, Sources]) -> Sources:
    """Return the sources behind those that are columns of the recursive query itself."""
    found: dict[TableColumn, Transformation] = {}
    waiting = list(sources.items())
    seen: set[str] = set()
    for source, how in waiting:
        if source.table != _SELF:
            found.setdefault(source, how)
        elif source.column not in seen:
            seen.add(source.column)
            waiting += ((each, inner.then(how)) for each, inner in read.get(source.column, {}).items())
    return found


# -- set operations, VALUES ----------------------------------------------------------------------------------


def _set_operation(node: exp.SetOperation, scope: Scope) -> Relation:
    """Return the relation of a chain of operations, from the left. It may have thousands of links."""
    chain = [node]
    while isinstance(chain[-1].left, exp.SetOperation) and not chain[-1].left.args.get("with_"):
        chain.append(chain[-1].left)
    relation = resolve_query(chain[-1].left, scope)
    for each in reversed(chain):
        relation = _combined(each, relation, resolve_query(each.right, scope), scope)
    return relation


def _combined(node: exp.SetOperation, left: Relation, right: Relation, scope: Scope) -> Relation:
    if node.args.get("by_name"):
        return _by_name(left, right)
    if left.open or right.open:
        groups = {table: None for each in (left, right) for group in each.open for table in group}
        if left.columns or right.columns:
            return Relation(_by_name(left, right).columns, (tuple(groups),))
        return Relation((), (tuple(groups),))
    if len(left.columns) != len(right.columns):
        scope.context.problem(
            f"the sides of {node.key.upper()} have {len(left.columns)} and {len(right.columns)} columns", node
        )
    pairs = zip(left.columns, right.columns, strict=False)
    columns = tuple(OutputColumn(a.name, merged(a.sources, b.sources), line=a.line) for a, b in pairs)
    if node.args.get("distinct") or not isinstance(node, exp.Union):  # whole rows decide which ones stay
        how = Transformation.GROUP_BY if isinstance(node, exp.Union) else Transformation.FILTER
        _record_rows(columns, how, scope)
    return Relation(columns)


def _record_rows(columns: Iterable[OutputColumn], how: Transformation, scope: Scope) -> None:
    """Record that whole rows are compared, so that each column decides about the values of the others."""
    scope.context.indirect += [(each.sources, how) for each in columns if each.sources]


def _by_name(left: Relation, right: Relation) -> Relation:
    names = dict.fromkeys([*(each.name for each in left.columns), *(each.name for each in right.columns)])
    sides = ((left.find(name), right.find(name)) for name in names)
    columns = (
        OutputColumn(name, merged(*(each.sources for each in pair if each)))
        for name, pair in zip(names, sides, strict=True)
    )
    return Relation(tuple(columns))


def _values(node: exp.Values, scope: Scope) -> Relation:
    rows = [list(each.expressions) if isinstance(each, exp.Tuple) else [each] for each in node.expressions]
    width = max(map(len, rows), default=0)
    read = [
        merged(*(sources_of(row[index], scope) for row in rows if index < len(row))) for index in range(width)
    ]
    relation = Relation(tuple(OutputColumn(f"column{index + 1}", each) for index, each in enumerate(read)))
    return named_columns(relation, node, scope)


# -- SELECT --------------------------------------------------------------------------------------------------


def _select(node: exp.Select, around: Scope) -> Relation:
    scope = around.inner()
    from_ = node.args.get("from_")
    if from_ is not None:
        add_source(from_.this, scope)
    if (match := node.args.get("match")) is not None:
        match_rows(match, scope)
    for each in node.args.get("laterals") or ():
        add_source(each, scope)
    for join in node.args.get("joins") or ():
        add_join(join, scope)
    for cte in node.args["with_"].expressions if node.args.get("with_") else ():
        if cte.args.get("scalar"):
            scope.aliases[scope.context.names.fold(cte.args["alias"].this).lower()] = sources_of(
                cte.this, scope
            )
    columns = projections(node, scope)
    _conditions(node, columns, scope)
    return relation_of(columns)


def _conditions(node: exp.Select, columns: Sequence[OutputColumn], scope: Scope) -> None:
    """Record the columns that filter, group, and sort, also those that a number stands for."""
    distinct = node.args.get("distinct")
    if distinct is not None and not distinct.args.get("on"):
        _record_rows(columns, Transformation.GROUP_BY, scope)
    for window in node.args.get("windows") or ():  # named ones, which planners do not count as sources
        for each in (*(window.args.get("partition_by") or ()), window.args.get("order")):
            record(each, Transformation.WINDOW, scope)
    for key, how in (
        ("where", Transformation.FILTER),
        ("prewhere", Transformation.FILTER),
        ("having", Transformation.FILTER),
        ("qualify", Transformation.FILTER),
        ("group", Transformation.GROUP_BY),
        ("order", Transformation.SORT),
        ("sort", Transformation.SORT),
        ("cluster", Transformation.SORT),
        ("distinct", Transformation.GROUP_BY),  # the columns of DISTINCT ON
    ):
        clause = node.args.get(key)
        record(clause, how, scope.after_select() if key in ("order", "sort") else scope)
        for number in _positions(clause) if how in (Transformation.GROUP_BY, Transformation.SORT) else ():
            if 0 < number <= len(columns) and (sources := columns[number - 1].sources):
                scope.context.indirect.append((sources, how))


def _positions(clause: exp.Expr | None) -> Iterator[int]:
    """Yield the numbers in `GROUP BY 1, 2` and `ORDER BY 1`."""
    for each in clause.expressions if clause is not None else ():
        term = each.this if isinstance(each, exp.Ordered) else each
        if isinstance(term, exp.Literal) and term.is_int:
            yield int(term.name)


_HANDLERS: dict[type, Callable[[Any, Scope], Relation]] = {
    exp.Pivot: _pivot_statement,
    exp.Select: _select,
    exp.Subquery: _subquery,
    exp.Table: resolve_table,
    exp.Values: _values,
}
