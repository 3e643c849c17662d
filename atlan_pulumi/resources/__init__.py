"""The resources: one file each.

Nothing is imported here: a program loads what it declares, and `atlan_pulumi` has the public names.
"""

from __future__ import annotations

from atlan_pulumi.resources._column_mapping import BELOW, DEFAULT_NAME, lengthened, name_of, template_problem
from atlan_pulumi.resources._dataset_inputs import DatasetReference, dataset
from atlan_pulumi.resources._job_lineage import JobLineage, job_name_of, process_name_of
from atlan_pulumi.resources._provider import AtlanProvider
from atlan_pulumi.resources._references import AssetReference, asset, column, sdk_process_id, table, view
from atlan_pulumi.resources._set_process import Paths, Place, as_given, mistakes_in, names_of

__all__ = [
    "BELOW",
    "DEFAULT_NAME",
    "AssetReference",
    "AtlanProvider",
    "DatasetReference",
    "JobLineage",
    "Paths",
    "Place",
    "as_given",
    "asset",
    "column",
    "dataset",
    "job_name_of",
    "lengthened",
    "mistakes_in",
    "name_of",
    "names_of",
    "process_name_of",
    "sdk_process_id",
    "table",
    "template_problem",
    "view",
]
