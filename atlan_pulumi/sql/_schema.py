"""Tables and columns by name: the rules of a dialect, the given schema, and the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

#: The partition, and the date or the wildcard for it, at the end of a name in BigQuery.
_PARTITION = re.compile(r"\$\w+$")
_SHARD = re.compile(r"(_\d{8}|_?\d*\*)$")
#: How a schema may name the tables of all dates, after their common name.
_ALL_SHARDS = ("", "_*", "*", "_yyyymmdd")
_INFORMATION_SCHEMA = "INFORMATION_SCHEMA."
#: A part of a name: in one of the kinds of quotes, or without; and what must be in quotes.
_PART = re.compile(r'"([^"]*)"|`([^`]*)`|\[([^\]]*)\]|([^."`\[\]]+)|(?<=\.)()(?=\.)')
_SPECIAL = re.compile(r'[."`\[\]]')


class Names:
    """Resolves table names as a dialect does, with defaults for the parts that are missing.

    Attributes:
        dialect: The dialect.
        has_column_patterns: Whether COLUMNS(…) stands for several columns.
        has_positions: Whether `$1` is the first column.
        places: The line and the column of the first reference to each table, from 1.
    """

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
        self.dialect = dialect
        self._defaults = (default_database, default_schema)
        self._is_bigquery = type(dialect).__name__ == "BigQuery"
        self._is_case_sensitive = dialect.normalization_strategy is not NormalizationStrategy.CASE_INSENSITIVE
        self._folds: dict[tuple[str, bool], str] = {}
        self._exact: dict[tuple[str, ...], _Known] = {}
        self._alike: dict[tuple[str, ...], _Known] = {}
        self._spelled: dict[tuple[str, ...], list[str]] = {}
        for name, columns in (schema or {}).items():
            known = _Known(name, None if columns is None else list(columns))
            self._exact[tuple(name_parts(name))] = known
            self._alike.setdefault(_folded(name_parts(name)), known)
        self.has_positions = type(dialect).__name__ == "Snowflake"
        self.places: dict[str, tuple[int, int]] = {}
        self.has_column_patterns = type(dialect).__name__ in ("ClickHouse", "DuckDB")

    def fold(self, identifier: exp.Identifier) -> str:
        """Return an identifier as the dialect stores it, such as in capitals."""
        key = (str(identifier.this), bool(identifier.args.get("quoted")))
        found = self._folds.get(key)
        if found is None:
            alone = exp.Identifier(this=key[0], quoted=key[1])
            found = self._folds[key] = str(self.dialect.normalize_identifier(alone).name)
        return found

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

    def folded_parts(self, table: exp.Table) -> tuple[str, ...]:
        """Return the parts of the name of a table as it is written, in lower case."""
        return _folded(self._table_parts(table))

    def columns(self, table: exp.Table) -> list[str] | None:
        """Return the columns of a table; None if they are unknown."""
        known = self._known(self._table_parts(table))
        return known.columns if known else None

    def _table_parts(self, table: exp.Table) -> list[str]:
        """Return the parts of a table's name. In `DATABASE..TABLE`, the schema is the default one, or empty.

        Where case does not matter, names keep the spelling of their first use.
        """
        if isinstance(table.this, exp.Parameter):  # a table variable
            return [f"@{table.this.name}"]
        names = [each for each in table.parts if isinstance(each, exp.Identifier)]
        parts = [self.fold(each) if self._is_case_sensitive else str(each.name) for each in names]
        if table.args.get("catalog") and not table.args.get("db"):
            parts.insert(-1, self._defaults[1] or "")
        if self._is_bigquery:
            parts = _in_bigquery(parts)
        return parts if self._is_case_sensitive else self._spelled.setdefault(_folded(parts), parts)

    def _known(self, parts: list[str]) -> _Known | None:
        candidates = [self._completed(parts), parts]
        if self._is_bigquery:
            candidates += [name for each in candidates for name in _all_shards(each)]
        for candidate in candidates:
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


def _in_bigquery(parts: list[str]) -> list[str]:
    """Return a name without a partition decorator. `INFORMATION_SCHEMA.X`, which is parsed as one, is two."""
    *place, last = parts
    if last.upper().startswith(_INFORMATION_SCHEMA):
        return [*place, *last.split(".")]
    return [*place, _PARTITION.sub("", last)]


def _all_shards(parts: list[str]) -> Iterator[list[str]]:
    """Yield the names that a schema may have for the tables of all dates, of which a name is one."""
    *place, last = parts
    bare = _SHARD.sub("", last)
    if bare != last:
        yield from ([*place, f"{bare}{end}"] for end in _ALL_SHARDS)


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.lower() for part in parts)
