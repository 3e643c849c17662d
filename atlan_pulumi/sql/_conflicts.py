"""ON CONFLICT and ON DUPLICATE KEY: what an INSERT writes into rows that are there already."""

from __future__ import annotations

from sqlglot import exp

from atlan_pulumi.sql._changes import assigned
from atlan_pulumi.sql._context import Context
from atlan_pulumi.sql._relation import OutputColumn, Relation
from atlan_pulumi.sql._scope import Scope
from atlan_pulumi.sql._tables import add_source


def updated_on_conflict(
    node: exp.Insert, table: exp.Table, inserted: list[OutputColumn], context: Context
) -> list[OutputColumn]:
    """Return the columns that are updated instead of inserted.

    Args:
        node: The INSERT.
        table: Its target.
        inserted: The columns that it inserts, to which `excluded.a` and `VALUES(a)` refer.
        context: What all queries share.
    """
    conflict = node.args.get("conflict")
    assignments = conflict.expressions if conflict is not None else []
    if conflict is None or not assignments:
        return []
    scope = Scope(context)
    before = dict(context.inputs)
    add_source(table, scope)
    context.inputs = before
    scope.add("excluded", Relation(tuple(inserted)))
    from_ = node.expression.args.get("from_") if node.expression is not None else None
    if conflict.args.get("duplicate") and from_ is not None:
        add_source(from_.this, scope)
    return list(assigned(map(_with_excluded, assignments), scope))


def _with_excluded(node: exp.Expr) -> exp.Expr:
    """Return an assignment with `excluded.a` for MySQL's `VALUES(a)`."""
    copied = node.copy()
    for call in list(copied.find_all(exp.Anonymous)):
        if str(call.this).upper() == "VALUES" and len(call.expressions) == 1:
            call.replace(exp.column(call.expressions[0].copy(), "excluded"))
    return copied
