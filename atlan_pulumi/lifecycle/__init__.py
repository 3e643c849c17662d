"""The lifecycle core: what happens to an Atlan entity, in plain data, without Pulumi."""

from atlan_pulumi.lifecycle._attributes import AssetInputs
from atlan_pulumi.lifecycle._entity import Checked, Difference, EntityLifecycle, Observed, Props
from atlan_pulumi.lifecycle._model import Inputs, Mistake, Mistaken, Text, TextElement, did_you_mean
from atlan_pulumi.lifecycle._qualified_name import (
    AssetName,
    ConnectionName,
    below_connection,
    connection_of,
    connector_of,
)
from atlan_pulumi.lifecycle._references import ReferenceElement, ReferenceInputs, is_guid

__all__ = [
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
]
