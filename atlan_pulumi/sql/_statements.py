"""What each kind of statement writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlglot import exp

from atlan_pulumi.sql._changes import delete, merge, update
from atlan_pulumi.sql._context import Context
from atlan_pulumi.sql._creates import create_as, create_table_or_view
from atlan_pulumi.sql._inserts import by_position, insert, multi_insert
from atlan_pulumi.sql._query import resolve_query
from atlan_pulumi.sql._relation import OutputColumn, Relation, Written
from atlan_pulumi.sql._scope import Scope

BY_HAND = "leave the statement out of the SQL, or declare the lineage by hand"


def analyze(node: exp.Expr, context: Context) -> list[Written]:
    """Return what a statement writes."""
    returning = node.args.get("returning")
    if returning is not None and returning.args.get("into"):
        context.problem(f"OUTPUT … INTO is not read: {BY_HAND}", node, hides_tables=True)
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        return handler(node, context)
    if isinstance(node, (exp.Query, exp.Pivot)):
        return _query(node, context)
    if isinstance(node, exp.Alter) and node.args.get("kind") == "VIEW":
        return _alter_view(node, context)
    if problem := _problem(node):
        context.problem(problem, node, hides_tables=True)
    return []


def _problem(node: exp.Expr) -> str | None:
    """Return why a statement must not be ignored, although it writes no column."""
    if isinstance(node, exp.Use) and str(node.args.get("kind") or "").upper() not in _WITHOUT_NAMES:
        return "USE changes what names mean: write whole names instead"
    if isinstance(node, exp.Set) and _SEARCH_PATH.search(node.sql()):
        return "SET changes what names mean: write whole names instead"
    if isinstance(node, exp.Alter) and node.find(exp.AlterRename, exp.SwapTable):
        return "ALTER gives a table another name: declare the lineage by hand"
    if isinstance(node, _WITHOUT_LINEAGE):
        return None
    if isinstance(node, _OF_FILES):
        name = "LOAD DATA" if isinstance(node, exp.LoadData) else node.key.upper()
        return f"{name} moves files, which are not read: {BY_HAND}"
    return f"{node.key.upper()} cannot be analyzed: it was left out"


def _query(node: exp.Expr, context: Context) -> list[Written]:
    """Return the columns of a query, which go nowhere, unless it is a SELECT INTO."""
    columns = list(resolve_query(node, Scope(context)).star())
    into = node.args.get("into")
    if not isinstance(into, exp.Into) and context.view_columns:
        columns = by_position(context.view_columns, columns, node, context)
    if not isinstance(into, exp.Into):
        return [Written("", columns)]
    return create_as(into.this, columns, context, temporary=bool(into.args.get("temporary")))


def _create(node: exp.Create, context: Context) -> list[Written]:
    if str(node.args.get("kind") or "").upper() in ("PROCEDURE", "FUNCTION", "TRIGGER"):
        return _body(node.expression, context)
    return create_table_or_view(node, context)


def _alter_view(node: exp.Alter, context: Context) -> list[Written]:
    """Return what ALTER VIEW … AS writes: what CREATE VIEW does."""
    query = next((each for each in node.args.get("actions") or () if isinstance(each, exp.Query)), None)
    if query is None or not isinstance(node.this, (exp.Table, exp.Schema)):
        return []
    return create_table_or_view(exp.Create(this=node.this, kind="VIEW", expression=query), context)


def _cache(node: exp.Cache, context: Context) -> list[Written]:
    """Remember what CACHE TABLE … AS returns; it is no table."""
    if isinstance(node.expression, exp.Query) and isinstance(node.this, exp.Table):
        columns = list(resolve_query(node.expression, Scope(context)).star())
        create_as(node.this, columns, context, temporary=True)
    return []


def _locking(node: exp.LockingStatement, context: Context) -> list[Written]:
    return analyze(node.expression, context)


def _declare(node: exp.Declare, context: Context) -> list[Written]:
    """Remember the columns of table variables, which are temporary tables."""
    for item in node.expressions:
        kind = item.args.get("kind")
        if isinstance(kind, exp.Schema):
            definitions = [each for each in kind.expressions if isinstance(each, exp.ColumnDef)]
            columns = tuple(OutputColumn(context.names.fold(each.this)) for each in definitions)
            for variable in item.this if isinstance(item.this, list) else [item.this]:
                context.made[context.names.table(exp.Table(this=variable)).lower()] = Relation(columns)
    return []


def _body(node: exp.Expr | None, context: Context) -> list[Written]:
    """Return what the statements in the body of a procedure write."""
    found = (analyze(each, context) for each in _statements_in(node)) if node is not None else ()
    return [written for several in found for written in several]


def _statements_in(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the outermost statements with lineage in a body. What a body only selects goes nowhere."""
    if isinstance(node, (exp.Insert, exp.Update, exp.Merge, exp.Delete, exp.Create)):
        yield node
    elif isinstance(node, exp.Query):
        if node.args.get("into"):
            yield node
    else:
        for value in node.args.values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, exp.Expr):
                    yield from _statements_in(each)


#: What USE may name without changing what the names of tables mean.
_WITHOUT_NAMES = {"ROLE", "SECONDARY ROLES", "WAREHOUSE"}
_SEARCH_PATH = re.compile(r"\b(search_path|current_schema|schema|catalog|database)\b", re.IGNORECASE)
_WITHOUT_LINEAGE = (
    exp.Alter,
    exp.Analyze,
    exp.Comment,
    exp.Commit,
    exp.Describe,
    exp.Drop,
    exp.EndStatement,
    exp.Grant,
    exp.Pragma,
    exp.Refresh,
    exp.Rollback,
    exp.Semicolon,
    exp.Set,
    exp.Show,
    exp.Transaction,
    exp.TruncateTable,
    exp.Uncache,
    exp.Use,
)
_OF_FILES = (exp.Copy, exp.Export, exp.Get, exp.LoadData, exp.Put)
_HANDLERS: dict[type, Callable[[Any, Context], list[Written]]] = {
    exp.Block: _body,
    exp.Cache: _cache,
    exp.Create: _create,
    exp.Declare: _declare,
    exp.Delete: delete,
    exp.Insert: insert,
    exp.LockingStatement: _locking,
    exp.Merge: merge,
    exp.MultitableInserts: multi_insert,
    exp.Update: update,
}
