"""OpenLineage: datasets and their fields by name, facets, and the events of a run.

The models of events and facets are those of `openlineage-python`, from the extra `[openlineage]`; what goes
out is sent by this package's own client.
"""

from __future__ import annotations

from atlan_pulumi.openlineage._datasets import (
    Columns,
    Field,
    FieldError,
    Side,
    asset_name,
    field_text,
    objection_to_name,
    resolved_columns,
)
from atlan_pulumi.openlineage._destination import (
    GENERIC,
    credential_for_events,
    is_relational,
    job_types,
    makes_partial_assets,
    objection_to_connector,
    unknown_names,
)

__all__ = [
    "GENERIC",
    "Columns",
    "Field",
    "FieldError",
    "Side",
    "asset_name",
    "credential_for_events",
    "field_text",
    "is_relational",
    "job_types",
    "makes_partial_assets",
    "objection_to_connector",
    "objection_to_name",
    "resolved_columns",
    "unknown_names",
]
