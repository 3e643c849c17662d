"""The lineage of the SQL of processes, for policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.naming import CONNECTION_SEGMENTS, TYPES_WITH_COLUMNS, connection_of, connector_of
from atlan_pulumi.policies._tenant import tenant_client

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, Script


def sql_of(edge: Edge) -> str | None:
    """Return the SQL of a process whose inputs and outputs are known; None if it is not known, too."""
    sql = edge.declared.get("sql")
    return sql if isinstance(sql, str) and edge.qualified_name and not edge.unknown else None


def script_of(
    edge: Edge,
    sql: str,
    *,
    dialect: str | None = None,
    default_database: str | None = None,
    default_schema: str | None = None,
    short_names: bool = False,
) -> Script:
    """Return the SQL of a process, with its inputs and outputs as tables.

    Args:
        edge: The process.
        sql: Its SQL.
        dialect: The dialect. Default: that of the connector of its tables.
        default_database: The database of names that lack one.
        default_schema: The schema of names that lack one.
        short_names: Whether a short name means the only output whose path ends with it.
    """
    from atlan_pulumi.derivation import CatalogTable, Script, dialect_of_connector  # noqa: PLC0415 - sqlglot

    inputs, outputs = (
        [CatalogTable(each.type_name, each.name) for each in assets if _is_table(each)]
        for assets in (edge.inputs, edge.outputs)
    )
    tables = (*inputs, *outputs)
    connection = connection_of(tables[0].qualified_name) if tables else ""
    return Script(
        sql,
        connection,
        dialect or (dialect_of_connector(connector_of(connection)) if connection else None),
        default_database,
        default_schema,
        tables=tuple(outputs) if short_names else (),
        passed=tables,
        target=outputs[0] if len(outputs) == 1 else None,
    )


def _is_table(asset: Asset) -> bool:
    return asset.type_name in TYPES_WITH_COLUMNS and asset.name.count("/") >= CONNECTION_SEGMENTS


def derive(scripts: Sequence[Script], *, ask: bool) -> list[CatalogLineage]:
    """Return the lineage of each script.

    Args:
        scripts: The scripts.
        ask: Whether to ask Atlan for the columns of their tables.

    Raises:
        AtlanError: The settings are invalid, or Atlan refused, or cannot be reached.
    """
    from atlan_pulumi.derivation import derive_in_catalog  # noqa: PLC0415 - brings sqlglot

    if not ask:
        return derive_in_catalog(None, scripts)
    with tenant_client() as client:
        return derive_in_catalog(client, scripts)
