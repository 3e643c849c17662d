"""The columns that an expression reads, each with how the value is derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from atlan_pulumi.sql._lineage import Sources, TableColumn, Transformation
from atlan_pulumi.sql._relation import merged, through
from atlan_pulumi.sql._scope import Scope

Found = dict[TableColumn, Transformation]
#: What a sequence returns, written like a column of it.
_OF_SEQUENCE = {"nextval", "currval"}


def sources_of(node: exp.Expr | None, scope: Scope) -> Found:
    """Return the columns that an expression reads.

    Args:
        node: The expression; None reads nothing.
        scope: What its names refer to.
    """
    if node is None:
        return {}
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(node, scope)
    if isinstance(node, exp.Query):
        return _of_query(node, scope)
    return _of_parts(node, scope)


def _of_parts(node: exp.Expr, scope: Scope) -> Found:
    how = Transformation.AGGREGATION if isinstance(node, exp.AggFunc) else Transformation.TRANSFORMATION
    return through(merged(*(sources_of(each, scope) for each in _parts(node))), how)


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the parts of an expression that may read columns; of a chain such as `a + b + …`, its links."""
    kind = type(node)
    if isinstance(node, exp.Binary) and kind not in _SPECIAL:
        links = [node.expression]
        while type(node.this) is kind:
            node = node.this
            links.append(node.expression)
        yield from (each for each in (node.this, *reversed(links)) if isinstance(each, exp.Expr))
        return
    for value in node.args.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, exp.Expr) and not isinstance(each, (exp.Identifier, exp.DataType)):
                yield each


def _of_column(node: exp.Column, scope: Scope) -> Found:
    if isinstance(node.this, exp.Star):
        return {}  # count(t.*)
    if isinstance(node.this, exp.Parameter):
        table = node.args.get("table")
        return _at_position(node.this, scope.context.names.fold(table) if table else "", scope)
    return dict(path_sources(scope.context.names.parts(node), node, scope))


def _of_parameter(node: exp.Parameter, scope: Scope) -> Found:
    """Return the sources of `$1`: in Snowflake, a column by its position; elsewhere, a value from outside."""
    is_position = isinstance(node.this, exp.Literal) and node.this.is_int
    return _at_position(node, "", scope) if is_position and scope.context.names.has_positions else {}


def _at_position(node: exp.Parameter, table: str, scope: Scope) -> Found:
    """Return the sources of a column that is named by its position in a table, or in the only one."""
    found = [each for alias, each in scope.relations.items() if not table or alias == table.lower()]
    columns = found[0].columns if len(found) == 1 and not found[0].is_open else ()
    position = int(node.name) if node.name.isdecimal() else 0
    if 0 < position <= len(columns):
        return dict(columns[position - 1].sources)
    scope.context.problem(f"column ${node.name} is named by its position: write its name", node)
    return {}


def path_sources(names: list[str], node: exp.Expr, scope: Scope) -> Sources:
    """Return the sources of a name of several parts: a column with its table, or fields of a struct."""
    *qualifiers, last = names
    if not qualifiers:
        return scope.column(last, node)
    for position in range(len(qualifiers) - 1, -1, -1):
        if scope.has(qualifiers[position]):
            path = names[position + 1 :]
            return scope.qualified(qualifiers[position], path, node) or {}
    for length in range(len(qualifiers), 0, -1):  # the name of a table that has an alias
        if (alias := scope.alias_of(qualifiers[:length])) is not None:
            return scope.qualified(alias, names[length:], node) or {}
    if qualifiers and last.lower() in _OF_SEQUENCE and not scope.can_be_column(names[0]):
        return {}
    return scope.field(names, node)


def _of_alias(node: exp.Alias, scope: Scope) -> Found:
    return sources_of(node.this, scope)


def _of_dot(node: exp.Dot, scope: Scope) -> Found:
    """Return the sources of a field: those of the struct, or of a column of `(t).a`."""
    value = node.this.unnest()
    if (
        value is not node.this
        and isinstance(value, exp.Column)
        and isinstance(node.expression, exp.Identifier)
    ):
        names = scope.context.names
        return dict(path_sources([*names.parts(value), names.fold(node.expression)], value, scope))
    return through(sources_of(node.this, scope), Transformation.TRANSFORMATION)


def _of_condition(node: exp.Case | exp.If, scope: Scope) -> Found:
    conditions = [node.this] if node.this is not None else []
    values = []
    if isinstance(node, exp.If):
        values = [node.args.get("true"), node.args.get("false")]
    else:
        for each in node.args.get("ifs") or ():
            conditions.append(each.this)
            values.append(each.args.get("true"))
        values.append(node.args.get("default"))
    read = merged(*(sources_of(each, scope) for each in values))
    asked = merged(*(sources_of(each, scope) for each in conditions))
    return merged(through(read, Transformation.TRANSFORMATION), through(asked, Transformation.CONDITIONAL))


def _of_window(node: exp.Window, scope: Scope) -> Found:
    value = sources_of(node.this, scope)
    over = [*(node.args.get("partition_by") or ()), node.args.get("order")]
    ordered = merged(*(sources_of(each, scope) for each in over))
    return merged(through(value, Transformation.TRANSFORMATION), through(ordered, Transformation.WINDOW))


def _of_filter(node: exp.Filter, scope: Scope) -> Found:
    value = sources_of(node.this, scope)
    asked = sources_of(node.expression, scope)
    return merged(value, through(asked, Transformation.CONDITIONAL))


def _of_lambda(node: exp.Lambda, scope: Scope) -> Found:
    parameters = [each.name.lower() for each in node.expressions]
    return sources_of(node.this, scope.with_hidden(parameters))


def _of_call(node: exp.Anonymous, scope: Scope) -> Found:
    """Return the sources of a function that the parser does not know.

    ClickHouse's `dictGet(dictionary, 'attribute', key)` reads a dictionary, which is written like a column.
    """
    arguments = list(node.expressions)
    is_lookup = str(node.this).upper().startswith("DICTGET") and len(arguments) > 1
    if not is_lookup or not isinstance(arguments[0], exp.Column):
        return _of_parts(node, scope)
    name, attribute, *others = arguments
    table = scope.context.relation_of(exp.table_(*reversed([each.copy() for each in name.parts])))
    value = table.find_path([attribute.name]) or getattr(table.guess(attribute.name), "sources", {})
    return through(
        merged(value, *(sources_of(each, scope) for each in others)), Transformation.TRANSFORMATION
    )


def _of_query(node: exp.Expr, scope: Scope) -> Found:
    """Return the columns that a scalar query selects. Its own conditions do not count."""
    relation = scope.context.resolve(node, scope)
    return through(merged(*(each.sources for each in relation.star())), Transformation.TRANSFORMATION)


def _of_exists(node: exp.Exists, scope: Scope) -> Found:
    if isinstance(node.this, exp.Query):
        scope.context.resolve(node.this, scope)  # its tables are read
        return {}
    return merged(*(sources_of(each, scope) for each in _parts(node)))


def _of_nothing(_node: exp.Expr, _scope: Scope) -> Found:
    return {}


_SPECIAL: dict[type, Callable[..., Found]] = {
    exp.Anonymous: _of_call,
    exp.Column: _of_column,
    exp.Parameter: _of_parameter,
    exp.Alias: _of_alias,
    exp.Paren: _of_alias,
    exp.Dot: _of_dot,
    exp.Case: _of_condition,
    exp.If: _of_condition,
    exp.Window: _of_window,
    exp.Filter: _of_filter,
    exp.Lambda: _of_lambda,
    exp.Subquery: _of_query,
    exp.Select: _of_query,
    exp.Exists: _of_exists,
    exp.Star: _of_nothing,
    exp.Interval: _of_nothing,
    exp.Var: _of_nothing,
    exp.JSONPath: _of_nothing,
}
