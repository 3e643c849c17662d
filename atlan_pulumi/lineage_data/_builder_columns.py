"""The columns of a CSV file of Atlan's Lineage Builder.

Source: Atlan's Lineage Builder (atlanhq/atlan-java, samples/packages/lineage-builder), which passes further
columns on as attributes of the process.
"""

from __future__ import annotations

from collections.abc import Iterable

from atlan_pulumi.lineage_data._problems import InvalidDataError, format_value
from atlan_pulumi.text import did_you_mean, fold_name

SIDES = ("Source", "Target")
TRANSFORMATION = "Transformation"
_OF_AN_ASSET = ("Type", "Connector", "Connection", "Identity")
_OF_A_PROCESS = ("Connector", "Connection", "Identity")
REQUIRED = [
    *(f"{side} {name}" for side in SIDES for name in _OF_AN_ASSET),
    *(f"{TRANSFORMATION} {name}" for name in _OF_A_PROCESS),
]
OPTIONAL = [f"{part} Name" for part in (*SIDES, TRANSFORMATION)]
#: Atlan's names of the attributes that a file may set, by the names that processes have here.
ATTRIBUTES = {
    "sql": "sql",
    "code": "code",
    "ast": "ast",
    "additional_etl_context": "additionalEtlContext",
    "display_name": "displayName",
    "description": "description",
    "user_description": "userDescription",
    "certificate_status": "certificateStatus",
    "certificate_status_message": "certificateStatusMessage",
    "announcement_type": "announcementType",
    "announcement_title": "announcementTitle",
    "announcement_message": "announcementMessage",
    "source_url": "sourceURL",
    "source_embed_url": "sourceEmbedURL",
    "source_created_by": "sourceCreatedBy",
    "source_updated_by": "sourceUpdatedBy",
    "source_owners": "sourceOwners",
    "sub_type": "subType",
}
_LABELS = [*REQUIRED, *OPTIONAL, *ATTRIBUTES.values()]
_FOLDED = {fold_name(label): label for label in _LABELS}
_SIGNS = frozenset(fold_name(f"{part} Identity") for part in (*SIDES, TRANSFORMATION))


def is_builder_header(names: Iterable[str]) -> bool:
    """Return whether the names in a header are those of a Lineage Builder file."""
    return {fold_name(name) for name in names} >= _SIGNS


def count_builder_columns(names: Iterable[str]) -> int:
    """Count the names that are columns."""
    return sum(fold_name(name) in _FOLDED for name in names)


def builder_columns(names: Iterable[str]) -> list[str]:
    """Return the columns of a header, in order, as Atlan writes them.

    Raises:
        InvalidDataError: A name is unknown or a duplicate, or a required column is missing.
    """
    found: list[str] = []
    for name in names:
        label = _FOLDED.get(fold_name(name))
        if label is None:
            near = did_you_mean(name, _LABELS) or "; remove it"
            attributes = ", ".join(ATTRIBUTES.values())
            raise InvalidDataError(f"unknown column {format_value(name)}{near} (attributes: {attributes})")
        if label in found:
            raise InvalidDataError(f"duplicate column {format_value(name)}; remove one")
        found.append(label)
    missing = [label for label in REQUIRED if label not in found]
    if missing:
        raise InvalidDataError(f"missing column {missing[0]!r}; {', '.join(REQUIRED)} are required")
    return found
