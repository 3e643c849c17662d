"""PIVOT and UNPIVOT: the columns that each operator returns, in order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from atlan_pulumi.sql._lineage import Sources, Transformation
from atlan_pulumi.sql._relation import OutputColumn, Relation, merged, through
from atlan_pulumi.sql._scope import Scope


def pivoted(relation: Relation, pivots: Sequence[exp.Pivot] | None, scope: Scope) -> Relation:
    """Return a relation after its operators, each of which sees the columns of the one before it."""
    for pivot in pivots or ():
        relation = (
            _unpivot(relation, pivot, scope) if pivot.args.get("unpivot") else _pivot(relation, pivot, scope)
        )
        alias = pivot.args.get("alias")
        names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        if names:
            relation = scope.context.renamed(relation, names, pivot)
    return relation


def _read(names: Sequence[str], relation: Relation, node: exp.Expr, scope: Scope) -> Sources:
    inner = Scope(scope.context, scope.ctes, None, {" ": relation})
    return merged(*(inner.column(name, node) for name in names))


def _names_in(node: exp.Expr, scope: Scope) -> list[str]:
    return [scope.context.names.fold(each.this) for each in node.find_all(exp.Column)]


def _pivot(relation: Relation, pivot: exp.Pivot, scope: Scope) -> Relation:
    """Return the kept columns, then a column for each value and aggregate."""
    fields = [each for each in pivot.args.get("fields") or () if isinstance(each, exp.In)]
    is_statement = isinstance(pivot.args.get("using"), list)
    aggregates = list(pivot.args["using"] if is_statement else pivot.expressions)
    listed = pivot.expressions if is_statement else [each.this for each in fields]
    of_fields = {name.lower() for each in listed for name in _names_in(each, scope)}
    used = [_names_in(each, scope) for each in aggregates]
    gone = of_fields | {name.lower() for names in used for name in names}
    read = [through(_read(names, relation, pivot, scope), Transformation.AGGREGATION) for names in used]
    group = pivot.args.get("group")
    keep = {name.lower() for name in _names_in(group, scope)} if group else None
    kept = [
        each
        for each in relation.columns
        if (each.name.lower() in keep if keep is not None else each.name.lower() not in gone)
    ]
    values = [each for field in fields for each in field.expressions]
    if is_statement or any(isinstance(each, (exp.PivotAny, exp.Query)) for each in values):
        what = "the columns that PIVOT makes depend on the data: list the values in IN"
        scope.context.problem(what, pivot)
        return Relation(tuple(kept), relation.open, rest=merged(*read))
    made = [scope.context.names.fold(each) for each in pivot.args.get("columns") or ()]
    columns = [
        OutputColumn(name.strip("'"), read[index % len(read)] if read else {})
        for index, name in enumerate(made)
    ]
    return Relation((*kept, *columns), relation.open)


def _unpivot(relation: Relation, pivot: exp.Pivot, scope: Scope) -> Relation:
    """Return the kept columns, then the name, which depends on what is not null, and the values."""
    fold = scope.context.names.fold
    (field,) = pivot.args.get("fields") or [_as_field(pivot)]
    if not isinstance(field, exp.In):
        scope.context.problem("UNPIVOT cannot be analyzed: its columns are not known", pivot)
        return relation
    groups = [_names_in(each, scope) or [each.name] for each in field.expressions]
    gone = {name.lower() for names in groups for name in names}
    kept = [each for each in relation.columns if each.name.lower() not in gone]
    name = field.this
    into = pivot.args.get("into")
    values = [
        fold(identifier)
        for each in (into.expressions if into is not None else pivot.expressions)
        for identifier in ([each] if isinstance(each, exp.Identifier) else each.find_all(exp.Identifier))
    ]
    title = fold(name if isinstance(name, exp.Identifier) else name.find(exp.Identifier))
    every = _read([each for names in groups for each in names], relation, pivot, scope)
    columns = [OutputColumn(title, through(every, Transformation.CONDITIONAL))]
    for index, value in enumerate(values):
        read = [names[index] for names in groups if index < len(names)]
        columns.append(
            OutputColumn(value, through(_read(read, relation, pivot, scope), Transformation.TRANSFORMATION))
        )
    return Relation((*kept, *columns), relation.open)


def _as_field(pivot: exp.Pivot) -> exp.In | None:
    """Return `name IN (columns)` for DuckDB's statement `UNPIVOT t ON columns INTO NAME name VALUE …`."""
    into = pivot.args.get("into")
    are_columns = all(isinstance(each, (exp.Column, exp.Tuple)) for each in pivot.expressions)
    if not isinstance(into, exp.UnpivotColumns) or not are_columns:
        return None
    return exp.In(this=into.this, expressions=list(pivot.expressions))
