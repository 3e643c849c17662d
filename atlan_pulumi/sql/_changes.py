"""UPDATE, MERGE, and DELETE: the columns that they write into their target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from atlan_pulumi.sql._context import Context, first_line
from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Transformation
from atlan_pulumi.sql._projections import output_name
from atlan_pulumi.sql._query import resolve_query, with_ctes
from atlan_pulumi.sql._relation import OutputColumn, Relation, Written
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import add_join, add_source, identifier_in, record


def update(node: exp.Update, context: Context) -> list[Written]:
    """Return what an UPDATE writes, also with FROM and joins."""
    scope = with_ctes(node, Scope(context)).inner()
    from_ = node.args.get("from_")
    table = _target(node.this, from_, context)
    if table is None:
        return []
    name = _name_of_target(table, scope)
    is_input = name in context.inputs  # an earlier statement reads it
    _add_target(table, scope)
    if from_ is not None:
        add_source(from_.this, scope)
    if table is not node.this and not is_input:  # it is in FROM, where it is written and not read
        context.inputs.pop(name, None)
    for join in node.args.get("joins") or ():
        add_join(join, scope)
    record(node.args.get("where"), Transformation.FILTER, scope)
    return list(_by_table(node, name, scope))


def _by_table(node: exp.Update, name: str, scope: Scope) -> Iterator[Written]:
    """Yield what is written into each table: MySQL's UPDATE with a join may write into several."""
    names = scope.context.names
    joined = {
        names.fold(identifier_in(each.args.get("alias") or each.this)).lower(): each
        for join in node.this.args.get("joins") or ()
        for each in join.find_all(exp.Table)
    }
    found: dict[str, list[exp.Expr]] = {name: []}
    for each in node.expressions:
        qualifier = each.this.args.get("table") if isinstance(each.this, exp.Column) else None
        other = joined.get(names.fold(qualifier).lower()) if qualifier is not None else None
        found.setdefault(names.table(other) if other is not None else name, []).append(each)
    for table, assignments in found.items():
        yield Written(table, list(assigned(assignments, scope)))


def _name_of_target(table: exp.Table, scope: Scope) -> str:
    """Return the name of a table that is written; of a common table expression, the table that it reads."""
    names = scope.context.names
    cte = scope.ctes.get(names.fold(identifier_in(table)).lower()) if not table.args.get("db") else None
    if cte is None:
        return names.table(table)
    read = {source.table for each in cte.columns for source in each.sources}
    read |= {each for group in cte.open for each in group}
    if len(read) != 1:
        what = f"{table.name} is a query, and it is not known into which table it writes"
        scope.context.problem(what, table, hides_tables=True)
    return next(iter(read), names.table(table))


def _target(node: exp.Expr, from_: exp.From | None, context: Context) -> exp.Table | None:
    """Return the table that is updated: in FROM, if its name is an alias there."""
    if not isinstance(node, exp.Table):
        context.problem("UPDATE of something other than a table cannot be analyzed", node, hides_tables=True)
        return None
    if from_ is not None and not node.args.get("alias") and not node.args.get("db"):
        own = context.names.fold(identifier_in(node)).lower()
        for each in from_.find_all(exp.Table):
            if each.alias and context.names.fold(identifier_in(each.args["alias"])).lower() == own:
                return each
    return node


def _add_target(node: exp.Expr, scope: Scope) -> None:
    """Add the relation of the target, which is written and not read, and of what it is joined with."""
    before = dict(scope.context.inputs)
    alone = node.copy()
    alone.set("joins", None)
    add_source(alone, scope)
    scope.context.inputs = before
    for join in node.args.get("joins") or ():
        add_join(join, scope)


def assigned(assignments: Iterable[exp.Expr], scope: Scope) -> Iterator[OutputColumn]:
    """Yield the columns that assignments write.

    Args:
        assignments: Such as `a = b`, or `(a, b) = (SELECT …)`.
        scope: What their right sides refer to.
    """
    for each in assignments:
        if isinstance(each, exp.EQ) and isinstance(each.this, exp.Tuple):
            yield from _assigned_together(each.this, each.expression, scope)
        elif isinstance(each, exp.EQ):
            name = scope.context.names.fold(_last_identifier(each.this))
            yield OutputColumn(name, sources_of(each.expression, scope), line=first_line(each))


def _assigned_together(targets: exp.Tuple, value: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    """Yield the columns of an assignment such as `(a, b) = (SELECT …)`."""
    if isinstance(value, exp.Query):
        read = [each.sources for each in resolve_query(value, scope).columns]
    else:
        read = [sources_of(each, scope) for each in value.expressions]
    for target, sources in zip(targets.expressions, read, strict=False):
        name = scope.context.names.fold(_last_identifier(target))
        yield OutputColumn(name, sources, line=first_line(target))


def merge(node: exp.Merge, context: Context) -> list[Written]:
    """Return what all branches of a MERGE write."""
    scope = with_ctes(node, Scope(context)).inner()
    table = node.this.this if isinstance(node.this, exp.Subquery) else node.this
    if not isinstance(table, exp.Table):
        context.problem("MERGE into something other than a table cannot be analyzed", node, hides_tables=True)
        return []
    _add_target(node.this, scope)
    own = set(scope.relations)
    add_source(node.args["using"], scope)
    record(node.args.get("on"), Transformation.JOIN, scope)
    read = (each.star() for alias, each in scope.relations.items() if alias not in own)
    source = Relation(tuple(column for columns in read for column in columns))
    known = context.columns_of(table)
    whens = node.args.get("whens")
    columns: list[OutputColumn] = []
    for when in whens.expressions if whens is not None else ():
        record(when.args.get("condition"), Transformation.FILTER, scope)
        columns += _branch(when.args.get("then"), scope, known, source, table)
    return [Written(context.names.table(table), columns)]


def _branch(
    then: exp.Expr | None, scope: Scope, known: Sequence[str] | None, source: Relation, table: exp.Table
) -> list[OutputColumn]:
    """Return the columns that a branch of MERGE writes."""
    if isinstance(then, exp.Update):
        if any(isinstance(each, exp.Star) for each in then.expressions):
            return _by_name(known, source)
        return list(assigned(then.expressions, scope))
    if not isinstance(then, exp.Insert):
        return []
    if isinstance(then.this, exp.Star) or (
        isinstance(then.this, exp.Var) and then.this.name.upper() == "ROW"
    ):
        return _by_name(known, source)
    return _inserted(then, scope, known, table)


def _inserted(
    then: exp.Insert, scope: Scope, known: Sequence[str] | None, table: exp.Table
) -> list[OutputColumn]:
    listed = then.this.expressions if isinstance(then.this, (exp.Tuple, exp.Schema)) else []
    values = then.expression.expressions if isinstance(then.expression, (exp.Tuple, exp.Values)) else []
    if len(values) == 1 and isinstance(values[0], exp.Tuple):
        values = values[0].expressions
    fold = scope.context.names.fold
    names = [fold(_last_identifier(each)) for each in listed] or list(known or ())
    if not names:
        names = [output_name(each, scope) for each in values]
        scope.context.guess(table)
    if len(names) != len(values):
        what = f"a branch of MERGE writes {len(values)} values into {len(names)} columns"
        scope.context.problem(what, then)
    pairs = zip(names, values, strict=False)
    return [OutputColumn(name, sources_of(value, scope), line=first_line(value)) for name, value in pairs]


def _last_identifier(node: exp.Expr) -> exp.Identifier:
    return identifier_in(node.this if isinstance(node, exp.Column) else node)


def _by_name(known: Sequence[str] | None, source: Relation) -> list[OutputColumn]:
    """Return the columns of `UPDATE SET *` and `INSERT *`, which go by the names of the target."""
    if known is None:
        return list(source.star())
    pairs = ((name, source.find(name)) for name in known)
    return [found.named(name) for name, found in pairs if found is not None]


def delete(node: exp.Delete, context: Context) -> list[Written]:
    """Return the table that a DELETE changes: it writes no column, but reads those of its condition."""
    if not isinstance(node.this, exp.Table):
        return []
    scope = with_ctes(node, Scope(context)).inner()
    _add_target(node.this, scope)
    using = node.args.get("using") or []
    for each in using if isinstance(using, list) else [using]:
        add_source(each, scope)
    record(node.args.get("where"), Transformation.FILTER, scope)
    return [Written(_name_of_target(node.this, scope), [])]
