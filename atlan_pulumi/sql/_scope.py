"""The relations that an expression can refer to, and the resolution of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from atlan_pulumi.sql._lineage import Problem, Sources
from atlan_pulumi.sql._relation import Indirect, Relation, Written, merged, table_relation
from atlan_pulumi.sql._schema import Names


class UnreadError(Exception):
    """The error of a statement that reads something else than tables."""


@dataclass
class Context:
    """What all queries of a script share.

    Attributes:
        names: Resolves names of tables.
        resolve: Resolves a query, which may refer to the scope around it.
        view_columns: The names of the columns of a statement that only selects, by position.
        made: The relations of temporary tables and of views that the script has created, by folded name.
        views: What the views of the script return, by folded name.
        read_views: The folded names of those that the script reads.
        known: The columns of persistent tables that the script has created, by folded name.
        problems: What could not be decided.
        inputs: The tables that are read.
        guessed: The tables whose columns are not known, and are named after those of a query.
        kinds: What CREATE makes, by table, unless it is a table.
        indirect: The columns that only filter, join, group, or sort in the current statement.
    """

    names: Names
    resolve: Callable[[exp.Expr, Scope], Relation]
    view_columns: Sequence[str] = ()
    made: dict[str, Relation] = field(default_factory=dict)
    views: dict[str, Written] = field(default_factory=dict)
    read_views: set[str] = field(default_factory=set)
    known: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    inputs: dict[str, None] = field(default_factory=dict)
    guessed: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    indirect: list[Indirect] = field(default_factory=list)

    def problem(self, message: str, node: exp.Expr | None = None, *, hides_tables: bool = False) -> None:
        """Record what could not be decided, with its position."""
        line, column = position(node)
        self.problems[Problem(message, line, column, hides_tables)] = None

    def guess(self, table: exp.Table) -> None:
        """Record that columns of a table are named after those of a query, which may be wrong."""
        name = self.names.table(table)
        self.guessed[name] = None
        what = f"the columns of {name} are not known, and are named after those of the query"
        self.problem(f"{what}: list them, or give them in the schema", table)

    def columns_of(self, table: exp.Table) -> list[str] | None:
        """Return the columns of a table: of the script, or of the schema; None if they are unknown."""
        key = self.names.table(table).lower()
        if made := self.made.get(key):
            return [each.name for each in made.columns]
        return self.known.get(key) or self.names.columns(table)

    def relation_of(self, table: exp.Table) -> Relation:
        """Return the relation of a table that is read.

        Raises:
            UnreadError: It is no table, but a stage or a variable.
        """
        if not any(isinstance(each, exp.Identifier) for each in table.parts):
            what = f"@{table.this.name}" if isinstance(table.this, exp.Parameter) else table.this.name
            raise UnreadError(f"{what} is a stage or a variable, not a table, and is not read")
        name = self.names.table(table)
        if (made := self.made.get(name.lower())) is not None:
            self.read_views.add(name.lower())
            self.indirect += made.indirect
            return made
        self.inputs.setdefault(name)
        return table_relation(name, self.columns_of(table))


def first_line(node: exp.Expr) -> int:
    """Return the first line in which a node has a name, from 1; 0 if it has none."""
    return min((int(each.meta["line"]) for each in node.walk() if "line" in each.meta), default=0)


def position(node: exp.Expr | None) -> tuple[int, int]:
    """Return the line and the column of a node in the SQL, from 1; zeros if they are unknown."""
    for each in node.walk() if node is not None else ():
        meta = each.meta
        if "line" in meta and "col" in meta:
            text = str(each.name) if isinstance(each, exp.Identifier) else ""
            return int(meta["line"]), max(int(meta["col"]) - len(text) + 1, 1)
    return 0, 0


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
    """

    context: Context
    ctes: Mapping[str, Relation] = field(default_factory=dict)
    outer: Scope | None = None
    relations: dict[str, Relation] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    aliases: dict[str, Sources] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def inner(self) -> Scope:
        """Return the scope of a query in this one."""
        return Scope(self.context, self.ctes, self)

    def with_ctes(self, ctes: Mapping[str, Relation]) -> Scope:
        """Return the same scope with other common table expressions."""
        return replace(self, ctes=ctes)

    def with_hidden(self, names: Iterable[str]) -> Scope:
        """Return the same scope with parameters of a lambda, which hide columns."""
        return replace(self, hidden=self.hidden | set(names))

    def add(self, alias: str, relation: Relation) -> None:
        """Add a relation under an alias. Without one, it can be referred to by its columns only."""
        self.relations[alias.lower() or f" {len(self.relations)}"] = relation

    def column(self, name: str, node: exp.Expr) -> Sources:
        """Return the sources of a column without a table."""
        if name.lower() in self.hidden:
            return {}
        found = self._known(name, node)
        if found is not None:
            return found
        if (alias := self.aliases.get(name.lower())) is not None and not self._is_guessable():
            return alias
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
        return any(each.open for each in self.relations.values())

    def _guessed(self, name: str, node: exp.Expr) -> Sources:
        """Return the sources of a column that is not known: of the only table whose columns are not known."""
        open_ = {alias: each for alias, each in self.relations.items() if each.open}
        if len(open_) == 1:
            ((_, relation),) = open_.items()
            if guess := relation.guess(name):
                return guess.sources
        if open_:
            tables = ", ".join(name_ for each in open_.values() for group in each.open for name_ in group)
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

    def field(self, path: list[str], node: exp.Expr) -> Sources:
        """Return the sources of a field of a struct: of the deepest path that a table lists as a column."""
        for length in range(len(path), 1, -1):
            name = ".".join(path[:length])
            if any(each.find(name) for each in self.relations.values()):
                return self.column(name, node)
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
        deepest = (relation.find(".".join(path[:length])) for length in range(len(path), 0, -1))
        name = path[0]
        found = next(filter(None, deepest), None) or relation.guess(name)
        if found is not None:
            return found.sources
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
