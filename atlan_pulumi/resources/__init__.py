"""The resources: one file each."""

from atlan_pulumi.resources._datasets import DatasetReference, dataset
from atlan_pulumi.resources._provider import AtlanProvider
from atlan_pulumi.resources._references import AssetReference, asset, column, table, view
from atlan_pulumi.resources._sdk_id import sdk_process_id
from atlan_pulumi.resources.column_lineage import ColumnLineage
from atlan_pulumi.resources.column_process import ColumnProcess
from atlan_pulumi.resources.connection import Connection
from atlan_pulumi.resources.lineage_map import LineageMap
from atlan_pulumi.resources.openlineage_connection import OpenLineageConnection
from atlan_pulumi.resources.openlineage_job import OpenLineageJob
from atlan_pulumi.resources.process import Process
from atlan_pulumi.resources.process_set import ProcessSet

__all__ = [
    "AssetReference",
    "AtlanProvider",
    "ColumnLineage",
    "ColumnProcess",
    "Connection",
    "DatasetReference",
    "LineageMap",
    "OpenLineageConnection",
    "OpenLineageJob",
    "Process",
    "ProcessSet",
    "asset",
    "column",
    "dataset",
    "sdk_process_id",
    "table",
    "view",
]
