"""How Atlan names things: types, connectors, qualifiedNames, columns."""

from __future__ import annotations

from atlan_pulumi.naming._column_names import Tables, column_ids, keep_order, split_column, table_of
from atlan_pulumi.naming._connectors import CATEGORIES, CONNECTOR_CATEGORIES, connector_of_namespace
from atlan_pulumi.naming._from_resource import TYPES_WITH_COLUMNS, asset_of_resource
from atlan_pulumi.naming._qualified_names import (
    CONNECTION_SEGMENTS,
    AssetName,
    ConnectionName,
    asset_path,
    below_connection,
    connection_of,
    connector_of,
    is_connection_name,
    normalize_path,
)
from atlan_pulumi.naming._resource_sql import sql_of_resource

__all__ = [
    "CATEGORIES",
    "CONNECTION_SEGMENTS",
    "CONNECTOR_CATEGORIES",
    "TYPES_WITH_COLUMNS",
    "AssetName",
    "ConnectionName",
    "Tables",
    "asset_of_resource",
    "asset_path",
    "below_connection",
    "column_ids",
    "connection_of",
    "connector_of",
    "connector_of_namespace",
    "is_connection_name",
    "keep_order",
    "normalize_path",
    "split_column",
    "sql_of_resource",
    "table_of",
]
