"""OpenLineage: datasets and their fields by name, facets, and the events of a run.

Events and facets use the models of `openlineage-python`, from the extra `[openlineage]`. This package's own
client sends them.
"""

from __future__ import annotations

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage._datasets import (
    Columns,
    Field,
    FieldError,
    Side,
    asset_name,
    dataset_name_problem,
    field_text,
    resolved_columns,
)
from atlan_pulumi.openlineage._destination import (
    GENERIC,
    Destination,
    connector_problem,
    credential_for_events,
    is_relational,
    job_types,
    known_assets,
    makes_partial_assets,
    unknown_names,
)

__all__ = [
    "GENERIC",
    "Columns",
    "Destination",
    "Field",
    "FieldError",
    "OpenLineageError",
    "Side",
    "asset_name",
    "connector_problem",
    "credential_for_events",
    "dataset_name_problem",
    "field_text",
    "is_relational",
    "job_types",
    "known_assets",
    "makes_partial_assets",
    "resolved_columns",
    "unknown_names",
]
