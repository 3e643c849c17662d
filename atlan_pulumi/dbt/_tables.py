"""The tables of a dbt project, named as a crawler of the warehouse names them in Atlan."""

from __future__ import annotations

from atlan_pulumi.dbt._artifacts import Node
from atlan_pulumi.derivation import CatalogTable, dialect_of_connector
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.naming import below_connection
from atlan_pulumi.sql import ignores_case, is_dialect, stored_name

_ADAPTERS = {
    "alloydb": "postgres",
    "fabricspark": "spark",
    "glue": "spark",
    "greenplum": "postgres",
    "impala": "hive",
    "sqlserver": "tsql",
    "synapse": "tsql",
    "vertica": "postgres",
    "yugabyte": "postgres",
}
"""The dialects of adapters that are named otherwise than their dialect."""
_QUOTES = ('"{}"', "`{}`", "[{}]")
_TYPES = (
    ("MATERIALIZED VIEW", "MaterialisedView"),
    ("DYNAMIC TABLE", "SnowflakeDynamicTable"),
    ("VIEW", "View"),
)
"""Atlan's types by words in the type of the warehouse, or in dbt's materialization; otherwise `Table`."""


def dialect_of_adapter(adapter: str) -> str | None:
    """Return the SQL dialect of a dbt adapter; None for standard SQL.

    Example:
        >>> dialect_of_adapter("sqlserver")
        'tsql'
    """
    if adapter in _ADAPTERS:
        return _ADAPTERS[adapter]
    return adapter if adapter and is_dialect(adapter) else dialect_of_connector(adapter)


def table_of_node(
    node: Node, connection: str, dialect: str | None, default_database: str | None
) -> CatalogTable:
    """Return the table of a node.

    The catalog has its name and its columns as the warehouse spells them. Without an entry there, a part of
    the name that dbt does not quote is spelled as the dialect stores it, such as in capitals; where case does
    not matter, as the project spells it.

    Args:
        node: A node with a table.
        connection: The qualifiedName of the connection.
        dialect: The dialect of the warehouse.
        default_database: The database of tables without one.

    Raises:
        LineageDataError: The name cannot be a path in Atlan.
    """
    entry = node.entry
    database, schema, name = entry.path if entry else _stored(node, dialect)
    parts = (database or default_database or "", schema, name)
    if not all(parts):
        raise LineageDataError(f"the table of {node.unique_id} has no database: set default_database")
    if any("/" in part for part in parts):
        raise LineageDataError(f"the table of {node.unique_id} has a slash in its name, {name!r}")
    columns = entry.columns if entry and entry.columns else None
    return CatalogTable(_type_of(node), below_connection(connection, "/".join(parts)), columns)


def _stored(node: Node, dialect: str | None) -> tuple[str | None, str, str]:
    database, schema, name = node.path
    spelled = [part and _as_stored(part, node.relation, dialect) for part in (database, schema, name)]
    return spelled[0], spelled[1] or "", spelled[2] or ""


def _as_stored(part: str, relation: str, dialect: str | None) -> str:
    is_quoted = any(quotes.format(part) in relation for quotes in _QUOTES)
    return part if is_quoted or ignores_case(dialect) else stored_name(part, dialect)


def _type_of(node: Node) -> str:
    kind = node.entry.kind if node.entry else node.materialized
    words = kind.upper().replace("_", " ")
    return next((type_name for part, type_name in _TYPES if part in words), "Table")
