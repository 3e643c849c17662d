"""Tags, custom metadata and labels: kept as they come, under the flags of the request."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import invalid_instance, unknown_tag
from atlan_pulumi.local.graph._extras_log import extras_entries
from atlan_pulumi.local.graph._identity import Entry
from atlan_pulumi.local.graph._payload import BulkFlags
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import Entity


def apply_extras(session: Session, entry: Entry, flags: BulkFlags, *, new: bool) -> bool:
    """Take over tags, custom metadata, labels and custom attributes of a payload.

    Returns:
        Whether any of them changed.

    Raises:
        AtlasError: a tag or custom metadata is not defined.
    """
    raw, entity = entry.payload.raw, entry.entity
    wanted = {name: raw[name] for name in ("labels", "customAttributes") if raw.get(name) is not None}
    tags = _tags(raw, entity.extras, flags, new=new)
    if tags is not None:
        wanted["classifications"] = tags
    metadata = _metadata(raw, entity.extras, flags, new=new)
    if metadata is not None:
        wanted["businessAttributes"] = metadata
    return set_extras(session, entity, wanted)


def set_extras(session: Session, entity: Entity, wanted: dict[str, Any]) -> bool:
    """Set what is given of an entity's tags, custom metadata, labels and custom attributes.

    Returns:
        Whether any of them changed.

    Raises:
        AtlasError: a tag or custom metadata is not defined.
    """
    extras = entity.extras
    if "businessAttributes" in wanted:
        _check_metadata(session, entity, wanted["businessAttributes"] or {})
        wanted = {**wanted, "businessAttributes": _set_only(wanted["businessAttributes"])}
    changed = {name: value for name, value in wanted.items() if (extras.get(name) or None) != (value or None)}
    for tag in changed.get("classifications") or ():
        _check_tag(session, tag)
    for name, value in changed.items():
        for action, detail in extras_entries(name, extras.get(name), value):
            session.log(entity, action, detail)
    extras.update(changed)
    return bool(changed)


def _set_only(metadata: dict[str, Any] | None) -> dict[str, Any]:
    """Return custom metadata without unset values, and without sets that have none."""
    values = {
        name: {key: value for key, value in (one or {}).items() if value is not None}
        for name, one in (metadata or {}).items()
    }
    return {name: one for name, one in values.items() if one}


def _check_tag(session: Session, tag: dict[str, Any]) -> None:
    definition = session.definition(str(tag.get("typeName")))
    if definition is None or definition["category"] != "CLASSIFICATION":
        raise unknown_tag(tag.get("typeName"))


def _check_metadata(session: Session, entity: Entity, metadata: dict[str, Any]) -> None:
    """Check custom metadata against its definitions.

    Raises:
        AtlasError: one of them is not defined.
    """
    for name in metadata:
        definition = session.definition(name)
        if definition is None or definition["category"] != "BUSINESS_METADATA":
            raise invalid_instance(f"[{name}: invalid business-metadata for entity type {entity.type_name}]")


def _tags(raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool) -> list[Any] | None:
    if new or flags.replace_tags:
        return list(raw.get("classifications") or [])
    if not flags.append_tags:
        return None
    gone = {tag.get("typeName") for tag in raw.get("removeClassifications") or []}
    tags = {tag.get("typeName"): tag for tag in extras.get("classifications") or []}
    tags.update((tag.get("typeName"), tag) for tag in raw.get("addOrUpdateClassifications") or [])
    return [tag for name, tag in tags.items() if name not in gone]


def _metadata(raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool) -> dict[str, Any] | None:
    sent = raw.get("businessAttributes") or {}
    if new or (flags.replace_business_attributes and flags.overwrite_business_attributes):
        return dict(sent)
    if not flags.replace_business_attributes:
        return None
    kept = dict(extras.get("businessAttributes") or {})
    for name, values in sent.items():
        kept[name] = {**kept.get(name, {}), **(values or {})}
    return kept
