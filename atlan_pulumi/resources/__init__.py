"""The resources: one file each."""

from atlan_pulumi.resources._datasets import DatasetReference, dataset
from atlan_pulumi.resources._provider import AtlanProvider
from atlan_pulumi.resources._references import AssetReference, asset, column, table, view
from atlan_pulumi.resources._sdk_id import sdk_process_id
from atlan_pulumi.resources.column_process import ColumnProcess
from atlan_pulumi.resources.connection import Connection
from atlan_pulumi.resources.openlineage_connection import OpenLineageConnection
from atlan_pulumi.resources.openlineage_job import OpenLineageJob
from atlan_pulumi.resources.process import Process

__all__ = [
    "AssetReference",
    "AtlanProvider",
    "ColumnProcess",
    "Connection",
    "DatasetReference",
    "OpenLineageConnection",
    "OpenLineageJob",
    "Process",
    "asset",
    "column",
    "dataset",
    "sdk_process_id",
    "table",
    "view",
]
