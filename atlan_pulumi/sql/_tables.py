"""The tables of a query: FROM, joins, table functions, and their aliases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._functions import function_relation
from atlan_pulumi.sql._lineage import Transformation
from atlan_pulumi.sql._pivots import pivoted
from atlan_pulumi.sql._relation import OutputColumn, Relation, relation_of
from atlan_pulumi.sql._scope import Scope


def named_columns(relation: Relation, node: exp.Expr, scope: Scope) -> Relation:
    """Return a relation with the column names of an alias, such as `t(a, b)`."""
    alias = node.args.get("alias")
    names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    return scope.context.renamed(relation, names, node) if names else relation


def identifier_in(node: exp.Expr) -> exp.Identifier:
    """Return the first identifier of a node, which is one or contains one."""
    found = node.find(exp.Identifier)
    return found if found is not None else exp.Identifier(this=node.name)


def record(node: exp.Expr | None, how: Transformation, scope: Scope) -> None:
    """Record the columns of a condition, which are no sources of a value."""
    if node is not None and (found := sources_of(node, scope)):
        scope.context.indirect.append((found, how))


def add_join(join: exp.Join, scope: Scope) -> None:
    """Add the relation of a join, and record its condition."""
    fold = scope.context.names.fold
    if str(join.args.get("kind") or "").upper() == "ARRAY":
        _add_arrays([join.this, *join.expressions], scope)
        return
    before = set(scope.relations)
    add_source(join.this, scope)
    using = {fold(identifier_in(each)).lower() for each in join.args.get("using") or ()}
    if str(join.args.get("method") or "").upper() == "NATURAL":
        sides: list[set[str]] = [set(), set()]
        for alias, relation in scope.relations.items():
            sides[alias not in before] |= {each.name.lower() for each in relation.columns}
        using |= sides[0] & sides[1]
    scope.joined |= using
    for name in sorted(using):
        if found := scope.column(name, join):
            scope.context.indirect.append((found, Transformation.JOIN))
    record(join.args.get("on"), Transformation.JOIN, scope)
    if str(join.args.get("kind") or "").upper() in ("SEMI", "ANTI"):  # only the left side is returned
        scope.relations = {alias: each for alias, each in scope.relations.items() if alias in before}


def _add_arrays(arrays: Sequence[exp.Expr], scope: Scope) -> None:
    """Add the elements of the arrays of ARRAY JOIN; without an alias, they replace their array."""
    made = [
        OutputColumn(scope.context.names.fold(each.args["alias"]), sources_of(each.this, scope))
        for each in arrays
        if isinstance(each, exp.Alias)
    ]
    scope.add("", Relation(tuple(made)))


def add_source(node: exp.Expr, scope: Scope) -> None:
    """Add the relation of a part of FROM, under its alias, and those of the joins inside of it."""
    if isinstance(node, exp.TableFromRows) and isinstance(node.this, exp.Literal):
        scope.context.problem("TABLE('…') names a table by text: write its name", node, hides_tables=True)
    if isinstance(node, exp.Final):
        node = node.this
    if isinstance(node, exp.Table):
        _add_table(node, scope)
    elif isinstance(node, (exp.Lateral, exp.Unnest)) or node.find(exp.Explode, exp.Posexplode) is node:
        _add_function(node, scope)
    elif isinstance(node, exp.Subquery) and isinstance(node.unnest(), exp.Table):
        _add_joined(node, scope)
    elif isinstance(node, exp.Paren):
        add_source(node.this, scope)
    else:
        relation = scope.context.resolve(node, scope)
        alias = node.args.get("alias")
        if isinstance(alias, exp.TableAlias):
            relation = named_columns(relation, node, scope)
        scope.add(_alias(node, scope), relation)
    for join in node.args.get("joins") or ():
        add_join(join, scope)
    for each in node.args.get("laterals") or ():
        add_source(each, scope)


def _add_joined(node: exp.Subquery, scope: Scope) -> None:
    """Add the relations of a join in parentheses: one relation, if it has an alias."""
    if not node.alias:
        add_source(node.this, scope)
        return
    inner = scope.inner()
    add_source(node.this, inner)
    columns = [column for each in inner.relations.values() for column in each.star()]
    scope.add(_alias(node, scope), named_columns(relation_of(columns), node, scope))


def _alias(node: exp.Expr, scope: Scope) -> str:
    alias = node.args.get("alias")
    identifier = alias.this if isinstance(alias, exp.TableAlias) else alias
    return scope.context.names.fold(identifier) if isinstance(identifier, exp.Identifier) else ""


def _add_table(node: exp.Table, scope: Scope) -> None:
    if isinstance(node.this, exp.DynamicIdentifier):
        what = "the table that IDENTIFIER names is not known: write its name"
        scope.context.problem(what, node, hides_tables=True)
    if isinstance(node.this, (exp.Func, exp.SemanticView)):
        _add_function(node, scope)
        return
    pivots = node.args.get("pivots")
    relation = pivoted(named_columns(resolve_table(node, scope), node, scope), pivots, scope)
    alias = _alias(node, scope) or next((each.alias for each in pivots or () if each.alias), "")
    last = scope.context.names.fold(node.this) if isinstance(node.this, exp.Identifier) else ""
    scope.add(alias or last, relation, scope.context.names.folded_parts(node))


def resolve_table(node: exp.Table, scope: Scope) -> Relation:
    """Return the relation of a table: of a common table expression, of the script, or of the schema."""
    if not node.args.get("db") and isinstance(node.this, exp.Identifier):
        cte = scope.ctes.get(scope.context.names.fold(node.this).lower())
        if cte is not None:
            return cte
    return scope.context.relation_of(node)


def _add_function(node: exp.Expr, scope: Scope) -> None:
    """Add the relation of a table function, such as UNNEST: its columns come from its arguments."""
    alias = node.args.get("alias")
    columns = list(alias.args.get("columns") or ()) if isinstance(alias, exp.TableAlias) else []
    inner = node.this if isinstance(node, (exp.Lateral, exp.Table)) else node
    if isinstance(inner, exp.Subquery):
        scope.add(_alias(node, scope), named_columns(scope.context.resolve(inner, scope), node, scope))
        return
    names = [scope.context.names.fold(each) for each in columns]
    scope.add(_alias(node, scope), function_relation(node, _alias(node, scope), names, scope))
