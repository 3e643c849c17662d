"""The lifecycle core: what happens to an Atlan entity, in plain data, without Pulumi."""

from atlan_pulumi.lifecycle._attributes import AssetInputs, ResourceInputs, managed, wire_name
from atlan_pulumi.lifecycle._declared import DeclaredResources, PartKey
from atlan_pulumi.lifecycle._entity import EntityLifecycle, Provided
from atlan_pulumi.lifecycle._guids import packed, unpacked
from atlan_pulumi.lifecycle._many import DRIFTED, GUIDS, Found, ManyLifecycle, Seen
from atlan_pulumi.lifecycle._mark import (
    is_precise,
    mark,
    ownership_text_problem,
    parse_mark,
    resource_of,
    same_owner,
    stack_of,
    stack_prefix,
)
from atlan_pulumi.lifecycle._model import (
    Element,
    Inputs,
    Mistake,
    Mistaken,
    Text,
    TextElement,
    did_you_mean,
    mistakes_of,
)
from atlan_pulumi.lifecycle._not_text import OUTPUT as OUTPUT_AS_TEXT
from atlan_pulumi.lifecycle._not_text import given_resource, problem_of_text, resource_as_text
from atlan_pulumi.lifecycle._observe import HANG_ON_IT, OwnedNote, last_written, named, shortened
from atlan_pulumi.lifecycle._observe import by_owner as notes_by_owner
from atlan_pulumi.lifecycle._observe import drift as note_of_drift
from atlan_pulumi.lifecycle._observe import gone as note_of_absence
from atlan_pulumi.lifecycle._observe import hanging as objection_to_orphans
from atlan_pulumi.lifecycle._observe import other_type as objection_to_type
from atlan_pulumi.lifecycle._ownership import ATTRIBUTE as OWNERSHIP_ATTRIBUTE
from atlan_pulumi.lifecycle._ownership import (
    NOT_OURS,
    goes_with,
    has_stack,
    is_news,
    is_ours,
    leftover,
    made_anew,
    mark_of,
    memory_of_loss,
    objection_to_create,
    objection_to_delete,
    objection_to_update,
    takeover,
)
from atlan_pulumi.lifecycle._parts import Change, Part, Parts, changed_parts, is_live, look_up
from atlan_pulumi.lifecycle._plain import as_set, plain, same
from atlan_pulumi.lifecycle._qualified_name import (
    AssetName,
    ConnectionName,
    below_connection,
    connection_of,
    connector_of,
)
from atlan_pulumi.lifecycle._references import ReferenceElement, ReferenceInputs, is_guid, references_in
from atlan_pulumi.lifecycle._resource import (
    DEFAULTS,
    Checked,
    Difference,
    Observed,
    Props,
    ResourceLifecycle,
    Tell,
    merged,
)

__all__ = [
    "DEFAULTS",
    "DRIFTED",
    "GUIDS",
    "HANG_ON_IT",
    "NOT_OURS",
    "OUTPUT_AS_TEXT",
    "OWNERSHIP_ATTRIBUTE",
    "AssetInputs",
    "AssetName",
    "Change",
    "Checked",
    "ConnectionName",
    "DeclaredResources",
    "Difference",
    "Element",
    "EntityLifecycle",
    "Found",
    "Inputs",
    "ManyLifecycle",
    "Mistake",
    "Mistaken",
    "Observed",
    "OwnedNote",
    "Part",
    "PartKey",
    "Parts",
    "Props",
    "Provided",
    "ReferenceElement",
    "ReferenceInputs",
    "ResourceInputs",
    "ResourceLifecycle",
    "Seen",
    "Tell",
    "Text",
    "TextElement",
    "as_set",
    "below_connection",
    "changed_parts",
    "connection_of",
    "connector_of",
    "did_you_mean",
    "given_resource",
    "goes_with",
    "has_stack",
    "is_guid",
    "is_live",
    "is_news",
    "is_ours",
    "is_precise",
    "last_written",
    "leftover",
    "look_up",
    "made_anew",
    "managed",
    "mark",
    "mark_of",
    "memory_of_loss",
    "merged",
    "mistakes_of",
    "named",
    "note_of_absence",
    "note_of_drift",
    "notes_by_owner",
    "objection_to_create",
    "objection_to_delete",
    "objection_to_orphans",
    "objection_to_type",
    "objection_to_update",
    "ownership_text_problem",
    "packed",
    "parse_mark",
    "plain",
    "problem_of_text",
    "references_in",
    "resource_as_text",
    "resource_of",
    "same",
    "same_owner",
    "shortened",
    "stack_of",
    "stack_prefix",
    "takeover",
    "unpacked",
    "wire_name",
]
