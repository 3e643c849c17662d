"""CREATE TABLE and VIEW, and SELECT INTO: what a script creates, and what later statements read of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from atlan_pulumi.sql._context import Context
from atlan_pulumi.sql._inserts import by_position
from atlan_pulumi.sql._query import resolve_query, with_ctes
from atlan_pulumi.sql._relation import STAR, OutputColumn, Relation, Written, relation_of
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import identifier_in


def create_table_or_view(node: exp.Create, context: Context) -> list[Written]:
    """Return what CREATE … AS writes: nothing yet for a temporary table and for a view.

    A view that a later statement of the script reads is expanded there, and is no output.
    """
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if not isinstance(target, exp.Table):
        return []
    query, properties = node.expression, _properties(node)
    if (kind := _kind(node, properties)) is not None:
        context.kinds[context.names.table(target)] = kind
    if isinstance(clone := node.args.get("clone"), exp.Clone):
        query = exp.select("*").from_(clone.this.copy())
    if not isinstance(query, (exp.Query, exp.Values, exp.Table)):
        _remember_columns(node, target, properties, context)
        return []
    columns = list(resolve_query(query, with_ctes(node, Scope(context))).star())
    if isinstance(node.this, exp.Schema):
        given = [context.names.fold(identifier_in(each)) for each in node.this.expressions]
        columns = by_position(given, columns, target, context)
    to = next((each.this for each in properties if isinstance(each, exp.ToTableProperty)), None)
    if isinstance(to, (exp.Table, exp.Schema)):
        return create_as(to.this if isinstance(to, exp.Schema) else to, columns, context)
    temporary = _is_temporary(target, properties)
    is_stored = any(isinstance(each, exp.MaterializedProperty) for each in properties)
    if str(node.args.get("kind") or "").upper() == "VIEW" and not is_stored and not temporary:
        name = context.names.table(target)
        context.views[name.lower()] = Written(name, columns)
        context.made[name.lower()] = relation_of(columns, context.indirect)
        return []
    return create_as(target, columns, context, temporary=temporary)


def create_as(
    table: exp.Table, columns: list[OutputColumn], context: Context, *, temporary: bool = False
) -> list[Written]:
    """Return what is written into a new table. A temporary one is only remembered."""
    name = context.names.table(table)
    if temporary or table.name.startswith("#"):
        context.made[name.lower()] = relation_of(columns, context.indirect)
        context.temporary[name.lower()] = Written(name, columns)
        return []
    if not any(each.name == STAR for each in columns):
        context.known[name.lower()] = [each.name for each in columns]
    return [Written(name, columns)]


def _properties(node: exp.Create) -> list[exp.Expr]:
    properties = node.args.get("properties")
    return list(properties.expressions) if properties is not None else []


def _kind(node: exp.Create, properties: Sequence[exp.Expr]) -> str | None:
    """Return what CREATE makes, unless it is a table."""
    is_view = str(node.args.get("kind") or "").upper() == "VIEW"
    if any(isinstance(each, exp.DynamicProperty) for each in properties):
        return "dynamic table"
    if any(isinstance(each, exp.MaterializedProperty) for each in properties):
        return "materialized view"
    return "view" if is_view else None


def _is_temporary(target: exp.Table, properties: Sequence[exp.Expr]) -> bool:
    return target.name.startswith("#") or any(isinstance(each, exp.TemporaryProperty) for each in properties)


def _remember_columns(
    node: exp.Create, target: exp.Table, properties: Sequence[exp.Expr], context: Context
) -> None:
    """Remember the columns of a table that a script creates without rows."""
    like = next((each.this for each in properties if isinstance(each, exp.LikeProperty)), None)
    if isinstance(node.this, exp.Schema):
        definitions = [each for each in node.this.expressions if isinstance(each, exp.ColumnDef)]
        columns = [context.names.fold(each.this) for each in definitions]
    else:
        columns = (context.columns_of(like) if isinstance(like, exp.Table) else None) or []
    name = context.names.table(target).lower()
    if columns and _is_temporary(target, properties):
        context.made[name] = Relation(tuple(OutputColumn(each) for each in columns))
    elif columns:
        context.known[name] = columns
