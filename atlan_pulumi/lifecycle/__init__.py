"""The lifecycle core: what happens to an Atlan entity, in plain data, without Pulumi."""

from atlan_pulumi.lifecycle._attributes import AssetInputs, managed, wire_name
from atlan_pulumi.lifecycle._entity import Checked, Difference, EntityLifecycle, Observed, Props
from atlan_pulumi.lifecycle._model import Inputs, Mistake, Mistaken, Text, TextElement, did_you_mean
from atlan_pulumi.lifecycle._observe import last_written
from atlan_pulumi.lifecycle._observe import other_type as objection_to_type
from atlan_pulumi.lifecycle._ownership import ATTRIBUTE as OWNERSHIP_ATTRIBUTE
from atlan_pulumi.lifecycle._ownership import mark, mark_of, objection_to_create, resource_of, stack_of
from atlan_pulumi.lifecycle._plain import same
from atlan_pulumi.lifecycle._qualified_name import (
    AssetName,
    ConnectionName,
    below_connection,
    connection_of,
    connector_of,
)
from atlan_pulumi.lifecycle._references import ReferenceElement, ReferenceInputs, is_guid, references_in

__all__ = [
    "OWNERSHIP_ATTRIBUTE",
    "AssetInputs",
    "AssetName",
    "Checked",
    "ConnectionName",
    "Difference",
    "EntityLifecycle",
    "Inputs",
    "Mistake",
    "Mistaken",
    "Observed",
    "Props",
    "ReferenceElement",
    "ReferenceInputs",
    "Text",
    "TextElement",
    "below_connection",
    "connection_of",
    "connector_of",
    "did_you_mean",
    "is_guid",
    "last_written",
    "managed",
    "mark",
    "mark_of",
    "objection_to_create",
    "objection_to_type",
    "references_in",
    "resource_of",
    "same",
    "stack_of",
    "wire_name",
]
