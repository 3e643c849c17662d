"""The relations that an expression can refer to, and the resolution of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from atlan_pulumi.sql._context import Context
from atlan_pulumi.sql._dialects import is_pseudo_column
from atlan_pulumi.sql._lineage import Sources, Transformation
from atlan_pulumi.sql._relation import (
    Relation,
    merged,
    through,
)


@dataclass
class Scope:
    """The relations of a query, by alias, and those of the queries around it.

    Attributes:
        context: What all queries share.
        ctes: The common table expressions, by folded name.
        outer: The scope of the query around it.
        relations: The relations of FROM and JOIN, by folded alias, in order.
        joined: The columns of USING and NATURAL joins: each is one of several relations.
        aliases: The columns that the select list has defined so far, by folded name.
        hidden: Names that are parameters of a lambda.
        tables: The names of the tables, part by part, by folded alias.
        is_after_select: Whether names may refer to the select list before anything else, as in ORDER BY.
    """

    context: Context
    ctes: Mapping[str, Relation] = field(default_factory=dict)
    outer: Scope | None = None
    relations: dict[str, Relation] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    aliases: dict[str, Sources] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_after_select: bool = False

    def inner(self) -> Scope:
        """Return the scope of a query in this one."""
        return Scope(self.context, self.ctes, self)

    def with_ctes(self, ctes: Mapping[str, Relation]) -> Scope:
        """Return the same scope with other common table expressions."""
        return replace(self, ctes=ctes)

    def with_hidden(self, names: Iterable[str]) -> Scope:
        """Return the same scope with parameters of a lambda, which hide columns."""
        return replace(self, hidden=self.hidden | set(names))

    def after_select(self) -> Scope:
        """Return the same scope for ORDER BY, where the names of the select list come first."""
        return replace(self, is_after_select=True)

    def add(self, alias: str, relation: Relation, table: tuple[str, ...] = ()) -> None:
        """Add a relation under an alias. Without one, it can be referred to by its columns only."""
        key = alias.lower() or f" {len(self.relations)}"
        self.relations[key] = relation
        self.tables[key] = table

    def alias_of(self, name: Sequence[str]) -> str | None:
        """Return the alias of the only table that has a name, although it has an alias, here or around."""
        wanted = tuple(each.lower() for each in name)
        found = [alias for alias, parts in self.tables.items() if parts[-len(wanted) :] == wanted]
        if len(found) == 1:
            return found[0]
        return self.outer.alias_of(name) if self.outer is not None and not found else None

    def around(self, alias: str) -> Scope | None:
        """Return the scope that has an alias: this one, or the nearest one around it."""
        if alias.lower() in self.relations or self.outer is None:
            return self if alias.lower() in self.relations else None
        return self.outer.around(alias)

    def column(self, name: str, node: exp.Expr) -> Sources:
        """Return the sources of a column without a table."""
        if name.lower() in self.hidden:
            return {}
        alias = self.aliases.get(name.lower())
        if alias is not None and self.is_after_select:
            return alias
        found = self._known(name, node)
        if found is not None:
            return found
        if alias is not None and not self._is_guessable():
            return alias
        if is_pseudo_column(name, self.context.names.dialect):
            return {}
        return self._guessed(name, node)

    def _known(self, name: str, node: exp.Expr) -> Sources | None:
        """Return the sources of a known column of this scope; none and a problem if it is ambiguous."""
        found = [each for relation in self.relations.values() if (each := relation.find(name))]
        if name.lower() in self.joined:
            guesses = [
                relation.guess(name) for relation in self.relations.values() if not relation.find(name)
            ]
            return merged(*(each.sources for each in [*found, *guesses] if each)) or None
        if len(found) > 1 and name.lower() in self.aliases:
            return self.aliases[name.lower()]  # ORDER BY and GROUP BY may mean the select list
        if len(found) > 1:
            where = ", ".join(alias.strip() for alias, each in self.relations.items() if each.find(name))
            self.context.problem(f"column {name!r} is ambiguous: it is in {where}; qualify it", node)
            return {}
        return found[0].sources if found else None

    def _is_guessable(self) -> bool:
        return any(each.is_open for each in self.relations.values())

    def _guessed(self, name: str, node: exp.Expr) -> Sources:
        """Return the sources of a column that is not known: of the only table whose columns are not known."""
        row = self.relations.get(name.lower())
        if row is not None and not row.is_open:  # the whole row
            return through(merged(*(each.sources for each in row.columns)), Transformation.TRANSFORMATION)
        open_ = {alias: each for alias, each in self.relations.items() if each.is_open}
        if len(open_) == 1:
            ((_, relation),) = open_.items()
            if guess := relation.guess(name):
                return guess.sources
        if open_:
            tables = ", ".join(name_ for alias, each in open_.items() for name_ in _tables_of(alias, each))
            self.context.problem(
                f"column {name!r} may be of any of the tables {tables}: qualify it, or give their columns in "
                "the schema",
                node,
            )
            return {}
        around = self.outer
        while around is not None and not around.relations:
            around = around.outer
        if around is not None:
            return around.column(name, node)
        if self.relations:
            self.context.problem(f"no table of the query has a column {name!r}: check the schema", node)
        return {}

    def can_be_column(self, name: str) -> bool:
        """Return whether a relation of this scope is known to have a column."""
        return any(each.find(name) for each in self.relations.values())

    def field(self, path: list[str], node: exp.Expr) -> Sources:
        """Return the sources of a field of a struct: of the deepest path that a table lists as a column."""
        if path[0].lower() not in self.hidden:
            relations = [each for each in self.relations.values() if each.find_path(path) is not None]
            if len(relations) == 1 and path[0].lower() not in self.joined:
                return relations[0].find_path(path) or {}
        return self.column(path[0], node)

    def qualified(self, table: str, path: list[str], node: exp.Expr) -> Sources | None:
        """Return the sources of a column of a relation, or of a field of a struct.

        Args:
            table: The alias of the relation.
            path: The column, and fields in it.
            node: Where it is written.

        Returns:
            The sources; None if there is no relation of this alias.
        """
        relation = self.relations.get(table.lower())
        if relation is None:
            return self.outer.qualified(table, path, node) if self.outer else None
        name = path[0]
        found = relation.find_path(path)
        if found is None and (guess := relation.guess(name)):
            found = guess.sources
        if found is not None:
            return found
        if relation.open:
            tables = ", ".join(each for group in relation.open for each in group)
            self.context.problem(
                f"column {name!r} of {table!r} may be of any of {tables}: qualify it there", node
            )
        else:
            self.context.problem(f"{table!r} has no column {name!r}: check the schema", node)
        return {}

    def has(self, table: str) -> bool:
        """Return whether there is a relation of this alias, in this scope or around it."""
        return table.lower() in self.relations or (self.outer is not None and self.outer.has(table))


def _tables_of(alias: str, relation: Relation) -> list[str]:
    """Return the tables of a relation whose columns are not known; of a function, its alias."""
    if relation.rest is not None:
        return [alias.strip() or "a function"]
    return [each for group in relation.open for each in group]
