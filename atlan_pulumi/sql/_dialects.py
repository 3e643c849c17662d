"""The dialects: their other names, their rules for names, and how they name a column without an alias."""

from __future__ import annotations

from sqlglot import exp, tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

#: Other names of dialects.
_ALIASES = {
    "": "standard",
    "ansi": "standard",
    "flink": "standard",
    "flinksql": "standard",
    "mssql": "tsql",
    "none": "standard",
    "postgresql": "postgres",
    "sparksql": "spark",
    "sqlserver": "tsql",
}
#: How a column without an alias is named, by its position from 0.
_UNNAMED = {"Hive": "_c{}", "Presto": "_col{}", "Trino": "_col{}", "Athena": "_col{}"}
#: What is written like a column, and is none.
_PSEUDO_COLUMNS = {
    "BigQuery": {"_file_name", "_partitiondate", "_partitiontime", "_table_suffix"},
    "Oracle": {"level", "rowid", "rownum", "sysdate", "systimestamp", "uid", "user"},
}
#: The dialects in which a converted column keeps its name, as in PostgreSQL.
_KEEP_CONVERTED = {"Postgres", "Redshift"}


class Standard(Dialect):
    """Standard SQL, in which backticks quote a name too."""

    class Tokenizer(tokens.Tokenizer):
        """Splits SQL into words."""

        IDENTIFIERS = ['"', "`"]  # noqa: RUF012 - as sqlglot declares it


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


def unnamed(node: exp.Expr, position: int, dialect: Dialect) -> str:
    """Return the name of a column without an alias: its text, where the dialect has no rule for such names.

    Args:
        node: Its expression.
        position: Its position in the select list, from 0.
        dialect: The dialect.
    """
    pattern = _UNNAMED.get(type(dialect).__name__)
    return pattern.format(position) if pattern else node.sql()


def keeps_converted(dialect: Dialect) -> bool:
    """Return whether `CAST(a AS …)` without an alias is named `a`, as in PostgreSQL."""
    return type(dialect).__name__ in _KEEP_CONVERTED


def is_pseudo_column(name: str, dialect: Dialect) -> bool:
    """Return whether a dialect has a value of this name, which is written like a column."""
    return name.lower() in _PSEUDO_COLUMNS.get(type(dialect).__name__, ())
