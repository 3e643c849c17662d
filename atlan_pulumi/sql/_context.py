"""What all queries of a script share: names, what the script has created, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from atlan_pulumi.sql._lineage import Problem
from atlan_pulumi.sql._relation import Indirect, OutputColumn, Relation, Written, table_relation
from atlan_pulumi.sql._schema import Names
from atlan_pulumi.text import printable

_MOST_COLUMNS = 50_000
"""Columns of a table; the analysis of more would take minutes."""


class UnreadError(Exception):
    """The error of a statement that reads something else than tables."""


@dataclass
class Context:
    """What all queries of a script share.

    Attributes:
        names: Resolves names of tables.
        resolve: Resolves a query in a scope, to which it may refer.
        view_columns: The names of the columns of a statement that only selects, by position.
        made: The relations of temporary tables and of views that the script has created, by folded name.
        views: What the views of the script return, by folded name.
        read_views: The folded names of those that the script reads.
        temporary: What the temporary tables of the script contain, by folded name.
        known: The columns of persistent tables that the script has created, by folded name.
        problems: What could not be decided.
        inputs: The tables that are read.
        guessed: The tables whose columns are not known, and are named after those of a query.
        kinds: What CREATE makes, by table, unless it is a table.
        indirect: The columns that only filter, join, group, or sort in the current statement.
    """

    names: Names
    resolve: Callable[[exp.Expr, Any], Relation]
    view_columns: Sequence[str] = ()
    made: dict[str, Relation] = field(default_factory=dict)
    views: dict[str, Written] = field(default_factory=dict)
    read_views: set[str] = field(default_factory=set)
    temporary: dict[str, Written] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    inputs: dict[str, None] = field(default_factory=dict)
    guessed: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    indirect: list[Indirect] = field(default_factory=list)

    def problem(self, message: str, node: exp.Expr | None = None, *, hides_tables: bool = False) -> None:
        """Record what could not be decided, with its position."""
        line, column = position(node)
        self.problems[Problem(printable(message), line, column, hides_tables)] = None

    def guess(self, table: exp.Table) -> None:
        """Record that columns of a table are named after those of a query, which may be wrong."""
        name = self.names.table(table)
        self.guessed[name] = None
        what = f"the columns of {name} are not known, and are named after those of the query"
        self.problem(f"{what}: list them, or give them in the schema", table)

    def renamed(self, relation: Relation, names: Sequence[exp.Identifier], node: exp.Expr) -> Relation:
        """Return a relation under other names, by position. If columns are not known, that is a problem."""
        folded = [self.names.fold(each) for each in names]
        if not relation.open:
            return relation.renamed(folded)
        tables = ", ".join(each for group in relation.open for each in group)
        what = f"the columns of {tables} are not known, and cannot be named {', '.join(folded)} by position"
        self.problem(f"{what}: give them in the schema", node)
        return Relation(tuple(OutputColumn(each) for each in folded))

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
        name = self.names.table(table)
        if (made := self.made.get(name.lower())) is not None:
            self.read_views.add(name.lower())
            self.indirect += made.indirect
            return made
        if not any(isinstance(each, exp.Identifier) for each in table.parts):
            what = f"@{table.this.name}" if isinstance(table.this, exp.Parameter) else table.this.name
            raise UnreadError(f"{what} is a stage or a variable, not a table, and is not read")
        self.inputs.setdefault(name)
        columns = self.columns_of(table)
        if columns is not None and len(columns) > _MOST_COLUMNS:
            what = f"{name} has {len(columns):,} columns, and is analyzed as if they were not known"
            self.problem(f"{what}: {_MOST_COLUMNS:,} are possible", table)
            columns = None
        return table_relation(name, columns)


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
