"""OpenLineage: datasets and their fields by name, facets, and the events of a run.

The models of events and facets are those of `openlineage-python`, from the extra `[openlineage]`; what goes
out is sent by this package's own client.
"""

from atlan_pulumi.openlineage._connectors import GENERIC, is_relational, job_types, objection_to_connector
from atlan_pulumi.openlineage._datasets import Field, Side, asset_name, asset_path, field_text, flat
from atlan_pulumi.openlineage._errors import OpenLineageError
from atlan_pulumi.openlineage._fields import Columns, FieldError, resolved_columns
from atlan_pulumi.openlineage._naming import objection_to_name
from atlan_pulumi.openlineage._place import credential_for_events, makes_partial_assets, unknown_names

__all__ = [
    "GENERIC",
    "Columns",
    "Field",
    "FieldError",
    "OpenLineageError",
    "Side",
    "asset_name",
    "asset_path",
    "credential_for_events",
    "field_text",
    "flat",
    "is_relational",
    "job_types",
    "makes_partial_assets",
    "objection_to_connector",
    "objection_to_name",
    "resolved_columns",
    "unknown_names",
]
