"""Table functions, such as UNNEST: the columns that they return, and what each is derived from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Sources, Transformation
from atlan_pulumi.sql._relation import OutputColumn, Relation, merged, through
from atlan_pulumi.sql._scope import Scope

#: The columns of FLATTEN of which the value is a part of the argument.
_FLATTENED = {"seq": False, "key": True, "path": True, "index": False, "value": True, "this": True}
#: The functions that assign rows to windows of time, and the columns that they add.
_WINDOWING = {"TUMBLE", "HOP", "CUMULATE", "SESSION"}
_WINDOW_COLUMNS = ("window_start", "window_end", "window_time")
#: The parts of the definition of columns, such as in JSON_TABLE.
_DEFINITIONS = (exp.JSONColumnDef, exp.OpenJSONColumnDef, exp.ColumnDef)


def function_relation(node: exp.Expr, alias: str, names: Sequence[str], scope: Scope) -> Relation:
    """Return the relation of a table function.

    Args:
        node: The function, as it is in FROM.
        alias: Its alias; empty without one.
        names: The names of its columns; empty if they are not listed.
        scope: What its arguments refer to.
    """
    function = _unwrapped(node)
    if isinstance(function, exp.SemanticView):
        return _semantic_view(function, scope)
    arguments = list(function.expressions) if isinstance(function, exp.Unnest) else [function]
    if (query := _query_in(function)) is not None:
        relation = _of_rows(function, query, scope)
        return relation.renamed(names) if names else relation
    read: list[Sources] = [
        through(sources_of(each, scope), Transformation.TRANSFORMATION) for each in arguments
    ]
    defined = names or [each.name for each in function.find_all(*_DEFINITIONS)]
    relation = _unnested(function, defined, read, alias)
    if isinstance(function, (exp.Unnest, exp.Explode)) and len(arguments) == 1:
        relation = _with_fields(relation, arguments[0], scope)
    return relation


def _unwrapped(node: exp.Expr) -> exp.Expr:
    """Return the function in `LATERAL f(…)` and `TABLE(f(…))`."""
    inner = node.this if isinstance(node, (exp.Lateral, exp.Table, exp.TableFromRows)) else node
    if isinstance(inner, exp.Anonymous) and inner.name.upper() == "TABLE" and len(inner.expressions) == 1:
        return _unwrapped(inner.expressions[0])
    return _unwrapped(inner) if inner is not node and isinstance(inner, exp.TableFromRows) else inner


def _semantic_view(node: exp.SemanticView, scope: Scope) -> Relation:
    """Return the columns of a semantic view: those that are selected, and others of its name."""
    view = scope.context.relation_of(node.this)
    inner = Scope(scope.context, scope.ctes, None, {" ": view})
    selected = [each for key in ("metrics", "dimensions", "facts") for each in node.args.get(key) or ()]
    columns = [
        OutputColumn(scope.context.names.fold(each.args["alias"]), sources_of(each.this, inner))
        for each in selected
        if isinstance(each, exp.Alias)
    ]
    return Relation((*columns, *view.columns), view.open)


def _query_in(function: exp.Expr) -> exp.Query | None:
    """Return the first argument of a function that is a query, such as `TABLE orders`."""
    for each in function.expressions if isinstance(function, exp.Func) else ():
        value = each.expression if isinstance(each, (exp.Kwarg, exp.PropertyEQ)) else each
        if isinstance(value, exp.Query):
            return value
    return None


def _of_rows(function: exp.Expr, query: exp.Query, scope: Scope) -> Relation:
    """Return the relation of a function of rows, such as TUMBLE: it adds columns to those of the rows."""
    rows = scope.context.resolve(query, scope)
    if function.name.upper() not in _WINDOWING:
        return Relation(rest=merged(*(each.sources for each in rows.star())))
    inner = Scope(scope.context, scope.ctes, None, {" ": rows})
    described = (each for each in function.expressions if each.name.upper() == "DESCRIPTOR")
    time = through(merged(*(sources_of(each, inner) for each in described)), Transformation.TRANSFORMATION)
    fold = scope.context.names.fold
    added = (OutputColumn(fold(exp.to_identifier(each)), time) for each in _WINDOW_COLUMNS)
    return Relation((*rows.columns, *added), rows.open)


def _unnested(node: exp.Expr, names: Sequence[str], read: list[Sources], alias: str) -> Relation:
    """Return the columns of a table function: the nth name is of the nth array, an ordinal of nothing."""
    every = merged(*read)
    if names and {each.lower() for each in names} == _FLATTENED.keys():
        return Relation(
            tuple(OutputColumn(each, every if _FLATTENED[each.lower()] else {}) for each in names)
        )
    if not names:
        known = (OutputColumn(alias or "value", every),) if _has_one_column(node) else ()
        return Relation((*known, *_ordinal(node)), rest=every)
    has_ordinal = bool(node.args.get("offset")) and not _ordinal(node) and len(names) > len(read)
    made = []
    for index, name in enumerate(names):
        of_one = read[index] if index < len(read) else {}
        is_ordinal = has_ordinal and index == len(names) - 1
        made.append(OutputColumn(name, {} if is_ordinal else of_one if len(read) > 1 else every))
    return Relation((*made, *_ordinal(node)))


def _has_one_column(node: exp.Expr) -> bool:
    return isinstance(node, (exp.Unnest, exp.Explode, exp.GenerateSeries))


def _ordinal(node: exp.Expr) -> list[OutputColumn]:
    """Return the column of WITH OFFSET, if it has a name of its own."""
    offset = node.args.get("offset")
    return [OutputColumn(offset.name)] if isinstance(offset, exp.Identifier) else []


def _with_fields(relation: Relation, array: exp.Expr, scope: Scope) -> Relation:
    """Return a relation of the elements of an array with the fields that a table lists for them."""
    if not isinstance(array, exp.Column) or not relation.columns:
        return relation
    element, *others = relation.columns
    fields = dict(_fields(scope.context.names.parts(array), scope))
    return Relation(
        (OutputColumn(element.name, element.sources, fields), *others), relation.open, rest=relation.rest
    )


def _fields(path: list[str], scope: Scope) -> Iterator[tuple[str, Sources]]:
    """Yield the fields below a path, each with its sources."""
    for alias, relation in scope.relations.items():
        for names in (path, path[1:]) if path[0].lower() == alias else (path,):
            start = "".join(f"{each.lower()}." for each in names)
            for each in relation.columns:
                if names and each.name.lower().startswith(start):
                    yield each.name[len(start) :].lower(), each.sources
