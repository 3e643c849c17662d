"""Tables and columns by name: the rules of a dialect, the given schema, and the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

#: The partition or the date at the end of a name in BigQuery.
_SHARD = re.compile(r"(\$\d+|_\d{8}|_\*)$")


#: Other names of dialects.
_ALIASES = {
    "ansi": "",
    "mssql": "tsql",
    "postgresql": "postgres",
    "sparksql": "spark",
    "sqlserver": "tsql",
}


def rules_of(dialect: str | None) -> Dialect:
    """Return the rules of a dialect.

    Args:
        dialect: The dialect, as sqlglot names it or by another common name; None for standard SQL.

    Raises:
        ValueError: The dialect is unknown.
    """
    return Dialect.get_or_raise(_ALIASES.get(str(dialect).lower(), dialect))


def ignores_case(dialect: str | None) -> bool:
    """Return whether names of tables that differ only in case mean the same table, also in quotes.

    Args:
        dialect: The dialect. An unknown one does not ignore case.
    """
    try:
        strategy = rules_of(dialect).normalization_strategy
    except ValueError:
        return False
    return strategy is NormalizationStrategy.CASE_INSENSITIVE


def stored_name(name: str, dialect: str | None) -> str:
    """Return an unquoted name as a dialect stores it, such as in capitals.

    Raises:
        ValueError: The dialect is unknown.
    """
    identifier = exp.to_identifier(name, quoted=False)
    return str(rules_of(dialect).normalize_identifier(identifier).name)


class Names:
    """Resolves table names as a dialect does, with defaults for the parts that are missing."""

    def __init__(
        self,
        dialect: Dialect,
        schema: Mapping[str, Sequence[str]] | None,
        default_database: str | None,
        default_schema: str | None,
    ) -> None:
        """Set up.

        Args:
            dialect: The dialect.
            schema: The columns of tables, by names of one to three parts.
            default_database: The database of names without one.
            default_schema: The schema of names without one.
        """
        self._dialect = dialect
        self._defaults = (default_database, default_schema)
        self._tables: dict[tuple[str, ...], tuple[str, list[str]]] = {}
        for name, columns in (schema or {}).items():
            parts = _parts(name)
            self._tables[_folded(parts)] = (name, list(columns))

    def fold(self, identifier: exp.Identifier) -> str:
        """Return an identifier as the dialect stores it, such as in capitals."""
        normalized = self._dialect.normalize_identifier(identifier.copy())
        return str(normalized.name)

    def parts(self, node: exp.Table | exp.Column) -> list[str]:
        """Return the parts of a name as the dialect stores them."""
        return [self.fold(each) for each in node.parts if isinstance(each, exp.Identifier)]

    def table(self, table: exp.Table) -> str:
        """Return the full name of a table: as in the schema, or else as the dialect stores it."""
        parts = self.parts(table)
        known = self._known(parts)
        return known[0] if known else ".".join(self._completed(parts))

    def columns(self, table: exp.Table) -> list[str] | None:
        """Return the columns of a table; None if they are unknown."""
        known = self._known(self.parts(table))
        return known[1] if known else None

    def _known(self, parts: list[str]) -> tuple[str, list[str]] | None:
        for candidate in (self._completed(parts), parts, *_without_shard(parts)):
            if found := self._tables.get(_folded(candidate)):
                return found
        return None

    def _completed(self, parts: list[str]) -> list[str]:
        """Return a name with the defaults for the parts that are missing."""
        database, schema = self._defaults
        if len(parts) == 1 and schema:
            parts = [schema, *parts]
        if len(parts) == 2 and database:  # noqa: PLR2004 - schema and table
            parts = [database, *parts]
        return parts


def _without_shard(parts: list[str]) -> Iterator[list[str]]:
    """Yield BigQuery's names of a table without a partition decorator, and with a wildcard for its date."""
    *place, last = parts
    bare = _SHARD.sub("", last)
    if bare != last:
        yield [*place, bare]
        yield [*place, f"{bare}_*"]


def _parts(name: str) -> list[str]:
    return [part.strip('"`[]') for part in name.split(".")]


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.lower() for part in parts)
