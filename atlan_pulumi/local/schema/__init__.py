"""What the local Atlan knows of Atlan's types: super types, attributes and their kinds, relationships.

Facts are from Atlan's public model classes (typeNames and super types) and its metastore's public
typedefs (attributes of Asset, Process and Connection; relationships).
"""

from atlan_pulumi.asset_types import is_a, is_known, subtypes, supertypes, type_names
from atlan_pulumi.local.schema._attributes import attributes_of, is_closed, kind_of
from atlan_pulumi.local.schema._kinds import Kind, normalise, same_value, unset_value
from atlan_pulumi.local.schema._relationships import (
    End,
    Relationship,
    ends_by_attribute,
    ends_of,
    find_end,
    fits,
    relationship,
    relationships,
)

__all__ = [
    "End",
    "Kind",
    "Relationship",
    "attributes_of",
    "ends_by_attribute",
    "ends_of",
    "find_end",
    "fits",
    "is_a",
    "is_closed",
    "is_known",
    "kind_of",
    "normalise",
    "relationship",
    "relationships",
    "same_value",
    "subtypes",
    "supertypes",
    "type_names",
    "unset_value",
]
