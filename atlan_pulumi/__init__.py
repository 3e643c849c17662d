"""Lineage as infrastructure code: declare what flows where in Atlan, beside the pipelines that make it flow.

```python
import atlan_pulumi as atlan

warehouse = "default/snowflake/1657025257"
atlan.Process(
    "load-orders",
    name="Load orders",
    connection=warehouse,
    inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
    outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
)
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import AtlanError
from atlan_pulumi.startup import without_collection

if TYPE_CHECKING:
    from atlan_pulumi.resources.application_assets import (
        APIPath,
        APISpec,
        Application,
        ApplicationField,
        CustomEntity,
    )
    from atlan_pulumi.resources.asset import Asset
    from atlan_pulumi.resources.column_lineage import ColumnLineage
    from atlan_pulumi.resources.column_process import ColumnProcess
    from atlan_pulumi.resources.connection import Connection
    from atlan_pulumi.resources.crawler_run import CrawlerRun
    from atlan_pulumi.resources.datasets import DatasetReference, dataset
    from atlan_pulumi.resources.file_assets import File, KafkaTopic, S3Bucket, S3Object
    from atlan_pulumi.resources.lineage_from_builder import lineage_from_builder
    from atlan_pulumi.resources.lineage_from_dbt import lineage_from_dbt
    from atlan_pulumi.resources.lineage_from_openlineage import lineage_from_openlineage
    from atlan_pulumi.resources.lineage_map import LineageMap
    from atlan_pulumi.resources.lineage_of import lineage_of
    from atlan_pulumi.resources.literals import (
        AiDatasetType,
        AnnouncementType,
        CertificateStatus,
        CheckLevel,
        ConnectionCategory,
        DeleteType,
        MissingAssetHandling,
        ProcessDerivation,
        QueryUsernameStrategy,
        TerminalState,
    )
    from atlan_pulumi.resources.lookups import FoundConnection, find_asset, get_connection
    from atlan_pulumi.resources.openlineage_connection import OpenLineageConnection
    from atlan_pulumi.resources.openlineage_job import OpenLineageJob
    from atlan_pulumi.resources.process import Process
    from atlan_pulumi.resources.process_set import ProcessSet
    from atlan_pulumi.resources.provider import AtlanProvider
    from atlan_pulumi.resources.references import AssetReference, asset, column, sdk_process_id, table, view
    from atlan_pulumi.resources.resource_assets import asset_of, column_of, register_asset_type, table_of
    from atlan_pulumi.resources.sql_assets import Column, Database, Schema, Table, View
    from atlan_pulumi.resources.sql_context import SqlContext

__all__ = [
    "APIPath",
    "APISpec",
    "AiDatasetType",
    "AnnouncementType",
    "Application",
    "ApplicationField",
    "Asset",
    "AssetReference",
    "AtlanError",
    "AtlanProvider",
    "CertificateStatus",
    "CheckLevel",
    "Column",
    "ColumnLineage",
    "ColumnProcess",
    "Connection",
    "ConnectionCategory",
    "CrawlerRun",
    "CustomEntity",
    "Database",
    "DatasetReference",
    "DeleteType",
    "File",
    "FoundConnection",
    "KafkaTopic",
    "LineageMap",
    "MissingAssetHandling",
    "OpenLineageConnection",
    "OpenLineageJob",
    "Process",
    "ProcessDerivation",
    "ProcessSet",
    "QueryUsernameStrategy",
    "S3Bucket",
    "S3Object",
    "Schema",
    "SqlContext",
    "Table",
    "TerminalState",
    "View",
    "asset",
    "asset_of",
    "column",
    "column_of",
    "dataset",
    "find_asset",
    "get_connection",
    "lineage_from_builder",
    "lineage_from_dbt",
    "lineage_from_openlineage",
    "lineage_of",
    "register_asset_type",
    "sdk_process_id",
    "table",
    "table_of",
    "view",
]
#: The module in `resources` that defines each name.
_DEFINED_IN = {
    "APIPath": "application_assets",
    "APISpec": "application_assets",
    "AiDatasetType": "literals",
    "AnnouncementType": "literals",
    "Application": "application_assets",
    "ApplicationField": "application_assets",
    "Asset": "asset",
    "AssetReference": "references",
    "AtlanProvider": "provider",
    "CertificateStatus": "literals",
    "CheckLevel": "literals",
    "Column": "sql_assets",
    "ColumnLineage": "column_lineage",
    "ColumnProcess": "column_process",
    "Connection": "connection",
    "ConnectionCategory": "literals",
    "CrawlerRun": "crawler_run",
    "CustomEntity": "application_assets",
    "Database": "sql_assets",
    "DatasetReference": "datasets",
    "DeleteType": "literals",
    "File": "file_assets",
    "FoundConnection": "lookups",
    "KafkaTopic": "file_assets",
    "LineageMap": "lineage_map",
    "MissingAssetHandling": "literals",
    "OpenLineageConnection": "openlineage_connection",
    "OpenLineageJob": "openlineage_job",
    "Process": "process",
    "ProcessDerivation": "literals",
    "ProcessSet": "process_set",
    "QueryUsernameStrategy": "literals",
    "S3Bucket": "file_assets",
    "S3Object": "file_assets",
    "Schema": "sql_assets",
    "SqlContext": "sql_context",
    "Table": "sql_assets",
    "TerminalState": "literals",
    "View": "sql_assets",
    "asset": "references",
    "asset_of": "resource_assets",
    "column": "references",
    "column_of": "resource_assets",
    "dataset": "datasets",
    "find_asset": "lookups",
    "get_connection": "lookups",
    "lineage_from_dbt": "lineage_from_dbt",
    "lineage_from_builder": "lineage_from_builder",
    "lineage_from_openlineage": "lineage_from_openlineage",
    "lineage_of": "lineage_of",
    "register_asset_type": "resource_assets",
    "sdk_process_id": "references",
    "table": "references",
    "table_of": "resource_assets",
    "view": "references",
}
#: Reachable as attributes: `atlan_pulumi.local.LocalAtlan`.
_MODULES = frozenset({"client", "engine", "local"})


def __getattr__(name: str) -> Any:
    """Load a resource, and Pulumi with it, when it is first used: the commands need neither."""
    if name in _MODULES:
        return import_module(f"atlan_pulumi.{name}")
    if name not in _DEFINED_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with without_collection():
        value = getattr(import_module(f"atlan_pulumi.resources.{_DEFINED_IN[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the exported names only, so that an editor offers nothing else."""
    return sorted(__all__)
