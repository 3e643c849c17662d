"""The select list: the columns that a query returns, with their names, and what `*` stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from atlan_pulumi.sql._context import first_line
from atlan_pulumi.sql._dialects import keeps_converted, unnamed
from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Transformation
from atlan_pulumi.sql._relation import STAR, OutputColumn, Relation, merged, through
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import identifier_in


def projections(node: exp.Select, scope: Scope) -> list[OutputColumn]:
    """Return the columns of a select list, and remember them for the expressions that refer to them."""
    columns: list[OutputColumn] = []
    for each in node.expressions:
        if _is_star(each):
            columns += _star(each, scope)
        elif scope.context.names.has_column_patterns and (pattern := each.find(exp.Columns)) is not None:
            columns += _matching(each, pattern, scope)
        elif isinstance(each, exp.QueryTransform):
            columns += _of_script(each, scope)
        elif isinstance(each, exp.Aliases):
            names = map(scope.context.names.fold, each.args["expressions"])
            sources = sources_of(each.this, scope)
            columns += (OutputColumn(name, sources, line=first_line(each)) for name in names)
        else:
            columns.append(_projected(each, len(columns), scope))
    return columns


def _projected(node: exp.Expr, position: int, scope: Scope) -> OutputColumn:
    name = output_name(node, scope, position)
    sources = sources_of(node, scope)
    if isinstance(node, exp.Alias):
        scope.aliases[name.lower()] = sources
    else:
        scope.aliases.setdefault(name.lower(), sources)
    return OutputColumn(name, sources, line=first_line(node))


def _of_script(node: exp.QueryTransform, scope: Scope) -> list[OutputColumn]:
    """Return the columns of `TRANSFORM(…) USING 'script' AS (…)`: each may be of every argument."""
    schema = node.args.get("schema")
    names = [scope.context.names.fold(identifier_in(each)) for each in schema.expressions] if schema else []
    arguments = merged(*(sources_of(each, scope) for each in node.expressions))
    sources = through(arguments, Transformation.TRANSFORMATION)
    return [OutputColumn(name, sources, line=first_line(node)) for name in names or ["key", "value"]]


def output_name(node: exp.Expr, scope: Scope, position: int = 0) -> str:
    """Return the name of a column in a select list.

    Args:
        node: Its expression.
        scope: What its names refer to.
        position: Its position, from 0, after which some dialects name an expression without an alias.
    """
    fold = scope.context.names.fold
    if isinstance(node, exp.Alias):
        alias = node.args["alias"]
        return fold(alias) if isinstance(alias, exp.Identifier) else str(node.alias)
    inner = node.unnest()
    if isinstance(inner, exp.Cast) and keeps_converted(scope.context.names.dialect):
        inner = inner.this if isinstance(inner.this, exp.Column) else inner
    if isinstance(inner, exp.Column):
        return fold(inner.this)
    if isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Identifier):
        return fold(inner.expression)
    return unnamed(node, position, scope.context.names.dialect)


# -- * -------------------------------------------------------------------------------------------------------


def _is_star(node: exp.Expr) -> bool:
    inner = node.expression if isinstance(node, exp.Dot) else node
    return isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star))


def _star(node: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    """Yield the columns of `*` or `t.*`, with EXCEPT, REPLACE, and RENAME."""
    if isinstance(node, exp.Dot):
        scope.context.problem("the fields of a struct are not known: name them instead of .*", node)
        return
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
    like = star.args.get("ilike")
    pattern = _as_pattern(like.name) if like is not None else None
    for each in _columns_of_star(node, scope):
        key = each.name.lower()
        if key not in left_out and (pattern is None or pattern.fullmatch(each.name)):
            line = each.line or first_line(node)
            yield OutputColumn(
                renamed.get(key, each.name), replaced.get(key, each.sources), each.fields, line
            )


def _as_pattern(like: str) -> re.Pattern[str]:
    """Return the pattern of ILIKE."""
    escaped = re.escape(like).replace("%", ".*").replace("_", ".")
    return re.compile(escaped, re.IGNORECASE | re.DOTALL)


def _matching(node: exp.Expr, pattern: exp.Columns, scope: Scope) -> Iterator[OutputColumn]:
    """Yield a column for each one that COLUMNS(…) stands for: the expression around it is repeated."""
    kind = pattern.this
    if not isinstance(kind, (exp.Star, exp.Literal)):
        scope.context.problem("it is not known which columns COLUMNS(…) stands for: name them", node)
        return
    star = kind if isinstance(kind, exp.Star) else exp.Star()
    wanted = re.compile(kind.name) if isinstance(kind, exp.Literal) else None
    others = sources_of(node, scope)
    for each in _star(star, scope):
        if wanted is None or wanted.search(each.name):
            sources = (
                each.sources if node is pattern else through(each.sources, Transformation.TRANSFORMATION)
            )
            yield OutputColumn(node.alias or each.name, merged(sources, others), line=first_line(node))


def _columns_of_star(node: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    if isinstance(node, exp.Column):
        yield from _columns_of_table(node, scope)
        return
    seen: set[str] = set()
    for alias, relation in scope.relations.items():
        for each in _every(relation, alias, node, scope):
            key = each.name.lower()
            if key in scope.joined:
                if key in seen:
                    continue  # a column of USING is there once
                seen.add(key)
                yield OutputColumn(each.name, scope.column(each.name, node))
            else:
                yield each


def _columns_of_table(node: exp.Column, scope: Scope) -> Iterator[OutputColumn]:
    """Yield the columns of `t.*`."""
    names = [part for part in scope.context.names.parts(node) if part != STAR]
    alias = names[-1].lower()
    around = scope.around(alias)
    if around is None and (other := scope.alias_of(names)) is not None:
        around, alias = scope.around(other), other
    if around is None:
        table = ".".join(names)
        scope.context.problem(f"there is no table {table!r} for {table}.*", node)
        return
    yield from _every(around.relations[alias], alias, node, scope)


def _every(relation: Relation, alias: str, node: exp.Expr, scope: Scope) -> Iterator[OutputColumn]:
    """Yield all columns of a relation; if it is of a function that does not tell them, that is a problem."""
    if relation.rest and not relation.columns:
        name = "a function" if alias.startswith(" ") else alias
        what = f"the columns of {name} are not known"
        scope.context.problem(f"{what}: list them after its alias, or instead of *", node)
    yield from relation.star()
