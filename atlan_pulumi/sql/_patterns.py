"""MATCH_RECOGNIZE: the columns that a pattern of rows returns."""

from __future__ import annotations

from sqlglot import exp

from atlan_pulumi.sql._expressions import sources_of
from atlan_pulumi.sql._lineage import Transformation
from atlan_pulumi.sql._relation import OutputColumn, Relation, merged
from atlan_pulumi.sql._scope import Scope


def match_rows(match: exp.MatchRecognize, scope: Scope) -> None:
    """Replace the last relation of FROM by what a pattern returns of its rows.

    Args:
        match: The clause.
        scope: The relations of FROM.
    """
    alias, rows = scope.relations.popitem()
    variables = scope.inner()
    for each in _variables(match, scope):
        variables.add(each, rows)
    inner = variables.inner()
    inner.add("", rows)
    for each in match.args.get("define") or ():
        if found := sources_of(each.this, inner):
            scope.context.indirect.append((found, Transformation.FILTER))
    fold = scope.context.names.fold
    ordered = [match.args["order"]] if match.args.get("order") else []
    sorted_by = merged(*(sources_of(each, inner) for each in ordered))
    scope.context.indirect += [(sorted_by, Transformation.SORT)] if sorted_by else []
    parts = [each for each in match.args.get("partition_by") or () if isinstance(each, exp.Column)]
    kept = [OutputColumn(fold(each.this), sources_of(each, inner)) for each in parts]
    measures = [each.this for each in match.args.get("measures") or ()]
    made = [
        OutputColumn(fold(each.args["alias"]), sources_of(each.this, inner))
        for each in measures
        if isinstance(each, exp.Alias)
    ]
    keeps_all = "ALL" in str(match.args.get("rows") or "").upper().split()
    own = match.args.get("alias")
    name = fold(own.this) if isinstance(own, exp.TableAlias) and own.this is not None else alias
    relation = Relation((*rows.columns, *made), rows.open) if keeps_all else Relation((*kept, *made))
    scope.add(name.strip(), relation)


def _variables(match: exp.MatchRecognize, scope: Scope) -> set[str]:
    """Return the variables of the pattern: they are written like tables."""
    return {
        scope.context.names.fold(each.args["table"])
        for each in match.find_all(exp.Column)
        if each.args.get("table") is not None
    }
