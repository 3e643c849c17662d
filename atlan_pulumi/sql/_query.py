"""Resolve a query: its tables, its joins, and the columns that it returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Transformation
from atlan_pulumi.sql._pivots import pivoted
from atlan_pulumi.sql._relation import OutputColumn, Relation, merged, relation_of
from atlan_pulumi.sql._scope import Scope, first_line
from atlan_pulumi.sql._tables import add_join, add_source, identifier_in, named_columns, record, resolve_table


def resolve_query(node: exp.Expr, scope: Scope) -> Relation:
    """Return the relation of a query. Correlated names refer to the scope around it.

    Args:
        node: A SELECT, a set operation, VALUES, a query in parentheses, or a table.
        scope: The scope around it.
    """
    scope = with_ctes(node, scope)
    if isinstance(node, exp.Subquery):
        relation = pivoted(resolve_query(node.this, scope), node.args.get("pivots"), scope)
        return named_columns(relation, node, scope)
    if isinstance(node, exp.SetOperation):
        return _set_operation(node, scope)
    if isinstance(node, exp.Select):
        return _select(node, scope.inner())
    if isinstance(node, exp.Values):
        return _values(node, scope)
    if isinstance(node, exp.Table):
        return resolve_table(node, scope)
    scope.context.problem(f"{node.key.upper()} cannot be analyzed: its columns are not known", node)
    return Relation()


def with_ctes(node: exp.Expr, scope: Scope) -> Scope:
    """Return the scope with the common table expressions of a query, each of which sees the earlier ones."""
    given = node.args.get("with_")
    if given is None:
        return scope
    for cte in given.expressions:
        name = scope.context.names.fold(cte.args["alias"].this).lower()
        relation = _recursive(cte, name, scope) if given.args.get("recursive") else None
        if relation is None:
            relation = named_columns(resolve_query(cte.this, scope), cte, scope)
        scope = scope.with_ctes({**scope.ctes, name: relation})
    return scope


def _recursive(cte: exp.CTE, name: str, scope: Scope) -> Relation | None:
    """Return the relation of a recursive query; None if it is none.

    The recursive part reads the columns of the result, so that it is resolved until nothing changes.
    """
    if not isinstance(cte.this, exp.SetOperation):
        return None
    relation = named_columns(resolve_query(cte.this.left, scope), cte, scope)
    for _ in range(len(relation.columns) + 1):
        inner = scope.with_ctes({**scope.ctes, name: relation})
        found = named_columns(resolve_query(cte.this, inner), cte, scope)
        if found == relation:
            break
        relation = found
    return relation


# -- set operations, VALUES ----------------------------------------------------------------------------------


def _set_operation(node: exp.SetOperation, scope: Scope) -> Relation:
    left, right = resolve_query(node.left, scope), resolve_query(node.right, scope)
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
    columns = tuple(OutputColumn(a.name, merged(a.sources, b.sources), a.line) for a, b in pairs)
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


def _select(node: exp.Select, scope: Scope) -> Relation:
    from_ = node.args.get("from_")
    if from_ is not None:
        add_source(from_.this, scope)
    for each in node.args.get("laterals") or ():
        add_source(each, scope)
    for join in node.args.get("joins") or ():
        add_join(join, scope)
    columns = list(_projections(node, scope))
    _conditions(node, columns, scope)
    return relation_of(columns)


def _projections(node: exp.Select, scope: Scope) -> Iterator[OutputColumn]:
    for each in node.expressions:
        if _is_star(each):
            yield from _star(each, scope)
            continue
        name = output_name(each, scope)
        sources = sources_of(each, scope)
        if isinstance(each, exp.Aliases):
            for identifier in each.args["expressions"]:
                yield OutputColumn(scope.context.names.fold(identifier), sources, first_line(each))
            continue
        if isinstance(each, exp.Alias):
            scope.aliases[name.lower()] = sources
        else:
            scope.aliases.setdefault(name.lower(), sources)
        yield OutputColumn(name, sources, first_line(each))


def _is_star(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star))


def output_name(node: exp.Expr, scope: Scope) -> str:
    """Return the name of a column in a select list; of an expression without an alias, its text."""
    fold = scope.context.names.fold
    if isinstance(node, exp.Alias):
        alias = node.args["alias"]
        return fold(alias) if isinstance(alias, exp.Identifier) else str(node.alias)
    if isinstance(node, exp.Column):
        return fold(node.this)
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        return fold(node.expression)
    if isinstance(node, exp.Paren):
        return output_name(node.this, scope)
    return node.sql()


def _star(node: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    """Yield the columns of `*` or `t.*`, with EXCEPT, REPLACE, and RENAME."""
    star = node if isinstance(node, exp.Star) else node.this
    names = scope.context.names
    left_out = {names.fold(identifier_in(each)).lower() for each in star.args.get("except_") or ()}
    replaced = {
        names.fold(each.args["alias"]).lower(): sources_of(each.this, scope)
        for each in star.args.get("replace") or ()
    }
    renamed = {
        names.fold(identifier_in(each.this)).lower(): names.fold(each.args["alias"])
        for each in star.args.get("rename") or ()
    }
    for each in _columns_of_star(node, scope):
        key = each.name.lower()
        if key not in left_out:
            line = each.line or first_line(node)
            yield OutputColumn(renamed.get(key, each.name), replaced.get(key, each.sources), line)


def _columns_of_star(node: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    if isinstance(node, exp.Column):
        table = scope.context.names.fold(node.args["table"]) if node.args.get("table") else ""
        around: Scope | None = scope
        while around is not None and table.lower() not in around.relations:
            around = around.outer
        if around is None:
            scope.context.problem(f"there is no table {table!r} for {table}.*", node)
            return
        yield from around.relations[table.lower()].star()
        return
    seen: set[str] = set()
    for relation in scope.relations.values():
        for each in relation.star():
            key = each.name.lower()
            if key in scope.joined:
                if key in seen:
                    continue  # a column of USING is there once
                seen.add(key)
                yield OutputColumn(each.name, scope.column(each.name, node))
            else:
                yield each


def _conditions(node: exp.Select, columns: Sequence[OutputColumn], scope: Scope) -> None:
    """Record the columns that filter, group, and sort, also those that a number stands for."""
    distinct = node.args.get("distinct")
    if distinct is not None and not distinct.args.get("on"):
        _record_rows(columns, Transformation.GROUP_BY, scope)
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
        record(clause, how, scope)
        for number in _positions(clause) if how in (Transformation.GROUP_BY, Transformation.SORT) else ():
            if 0 < number <= len(columns) and (sources := columns[number - 1].sources):
                scope.context.indirect.append((sources, how))


def _positions(clause: exp.Expr | None) -> Iterator[int]:
    """Yield the numbers in `GROUP BY 1, 2` and `ORDER BY 1`."""
    for each in clause.expressions if clause is not None else ():
        term = each.this if isinstance(each, exp.Ordered) else each
        if isinstance(term, exp.Literal) and term.is_int:
            yield int(term.name)
