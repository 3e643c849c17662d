"""Tables and columns by name: the rules of a dialect, the given schema, and the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

#: The partition or the date at the end of a name in BigQuery.
_SHARD = re.compile(r"(\$\d+|_\d{8}|_\*)$")
#: A part of a name: in one of the kinds of quotes, or without; and what must be in quotes.
_PART = re.compile(r'"([^"]*)"|`([^`]*)`|\[([^\]]*)\]|([^."`\[\]]+)|(?<=\.)()(?=\.)')
_SPECIAL = re.compile(r'[."`\[\]]')


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


def is_dialect(name: str) -> bool:
    """Return whether a name is that of a dialect."""
    try:
        rules_of(name)
    except ValueError:
        return False
    return True


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
    """Return the unquoted name of a table as a dialect stores it, such as in capitals.

    Raises:
        ValueError: The dialect is unknown.
    """
    # BigQuery keeps the case of a table in a dataset, but not that of other names.
    table = exp.Table(this=exp.to_identifier(name, quoted=False), db=exp.to_identifier("dataset"))
    return str(rules_of(dialect).normalize_identifier(table.this).name)


class Names:
    """Resolves table names as a dialect does, with defaults for the parts that are missing."""

    def __init__(
        self,
        dialect: Dialect,
        schema: Mapping[str, Sequence[str] | None] | None,
        default_database: str | None,
        default_schema: str | None,
    ) -> None:
        """Set up.

        Args:
            dialect: The dialect.
            schema: The columns of tables, by names of one to three parts; None for unknown columns.
            default_database: The database of names without one.
            default_schema: The schema of names without one.
        """
        self._dialect = dialect
        self._defaults = (default_database, default_schema)
        self.has_positions = type(dialect).__name__ == "Snowflake"
        """Whether `$1` is the first column."""
        self._has_shards = type(dialect).__name__ == "BigQuery"
        self._is_case_sensitive = dialect.normalization_strategy is not NormalizationStrategy.CASE_INSENSITIVE
        self._exact: dict[tuple[str, ...], _Known] = {}
        self._alike: dict[tuple[str, ...], _Known] = {}
        self._spelled: dict[tuple[str, ...], list[str]] = {}
        self.places: dict[str, tuple[int, int]] = {}
        """The line and the column of the first reference to each table, from 1."""
        for name, columns in (schema or {}).items():
            known = _Known(name, None if columns is None else list(columns))
            self._exact[tuple(name_parts(name))] = known
            self._alike.setdefault(_folded(name_parts(name)), known)

    def fold(self, identifier: exp.Identifier) -> str:
        """Return an identifier as the dialect stores it, such as in capitals."""
        normalized = self._dialect.normalize_identifier(identifier.copy())
        return str(normalized.name)

    def parts(self, column: exp.Column) -> list[str]:
        """Return the parts of a column's name as the dialect stores them."""
        return [self.fold(each) for each in column.parts if isinstance(each, exp.Identifier)]

    def table(self, table: exp.Table) -> str:
        """Return the full name of a table: as in the schema, or else as the dialect stores it.

        A part with a dot is in double quotes.
        """
        parts = self._table_parts(table)
        known = self._known(parts)
        name = known.name if known else ".".join(map(_quoted, self._completed(parts)))
        if place := _place(table):
            self.places[name] = min(self.places.get(name, place), place)
        return name

    def columns(self, table: exp.Table) -> list[str] | None:
        """Return the columns of a table; None if they are unknown."""
        known = self._known(self._table_parts(table))
        return known.columns if known else None

    def _table_parts(self, table: exp.Table) -> list[str]:
        """Return the parts of a table's name. In `DATABASE..TABLE`, the schema is the default one, or empty.

        Where case does not matter, names keep the spelling of their first use.
        """
        names = [each for each in table.parts if isinstance(each, exp.Identifier)]
        parts = [self.fold(each) if self._is_case_sensitive else str(each.name) for each in names]
        if table.args.get("catalog") and not table.args.get("db"):
            parts.insert(-1, self._defaults[1] or "")
        return parts if self._is_case_sensitive else self._spelled.setdefault(_folded(parts), parts)

    def _known(self, parts: list[str]) -> _Known | None:
        shards = _without_shard(parts) if self._has_shards else ()
        for candidate in (self._completed(parts), parts, *shards):
            if found := self._exact.get(tuple(candidate)) or self._alike.get(_folded(candidate)):
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


class _Known(NamedTuple):
    """A table in the schema, by its name there."""

    name: str
    columns: list[str] | None


def name_parts(name: str) -> list[str]:
    """Return the parts of a table's name. A part with a dot is in quotes.

    Example:
        >>> name_parts('RAW."ORDERS.V2"')
        ['RAW', 'ORDERS.V2']
    """
    return [next(filter(None, found), "") for found in _PART.findall(name)]


def _place(table: exp.Table) -> tuple[int, int] | None:
    """Return the line and the column where the last part of a name begins; None if they are unknown."""
    meta = table.parts[-1].meta
    if not {"line", "col", "start", "end"} <= meta.keys():
        return None
    return int(meta["line"]), max(int(meta["col"]) - (int(meta["end"]) - int(meta["start"])), 1)


def _quoted(part: str) -> str:
    return f'"{part}"' if _SPECIAL.search(part) else part


def _without_shard(parts: list[str]) -> Iterator[list[str]]:
    """Yield BigQuery's names of a table without a partition decorator, and with a wildcard for its date."""
    *place, last = parts
    bare = _SHARD.sub("", last)
    if bare != last:
        yield [*place, bare]
        yield [*place, f"{bare}_*"]


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.lower() for part in parts)
