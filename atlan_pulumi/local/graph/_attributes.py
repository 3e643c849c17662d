"""Apply the attributes, admins, tags, and custom metadata of an upsert."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import invalid_instance, name_taken, no_admins, unknown_tag
from atlan_pulumi.local._schema import (
    AttributeType,
    attribute_type,
    attribute_types,
    is_closed,
    is_same_value,
    normalize_value,
)
from atlan_pulumi.local.graph._identity import Entry, missing_attribute
from atlan_pulumi.local.graph._log import extras_entries
from atlan_pulumi.local.graph._payload import BulkFlags
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEntity
from atlan_pulumi.naming.relationships import ends_by_attribute

_LISTS = ("adminUsers", "adminGroups", "adminRoles")
_MANDATORY = ("qualifiedName", "name")
_STAMPED = {"certificateStatus": "certificateUpdated", "announcementType": "announcementUpdated"}


def with_creator(values: dict[str, Any], user: str) -> dict[str, Any]:
    """Return the attributes of a new connection, with the creator as an admin."""
    users = values.get("adminUsers") or []
    return {**values, "adminUsers": users if user in users else [*users, user]}


def check_admins(connection: StoredEntity, values: dict[str, Any]) -> dict[str, Any]:
    """Return the new attributes of an existing connection, without the qualifiedName, which never changes.

    Raises:
        AtlasError: the payload sets lists of admins, and no admin would be left.
    """
    kept = {name: value for name, value in values.items() if name != "qualifiedName"}
    sent = [name for name in _LISTS if name in kept]
    if sent and not any(kept.get(name, connection.attributes.get(name)) for name in _LISTS):
        raise no_admins(connection.type_name)
    return kept


def apply_values(session: Session, entry: Entry, *, partial: bool) -> dict[str, Any]:
    """Apply the attributes of a payload.

    Returns:
        The changed attributes, with their new values.

    Raises:
        AtlasError: a mandatory attribute is missing (unless `partial`), a value has the wrong type, a name is
            taken, or a connection would lose its last admin.
    """
    entity, new = entry.entity, entry.entity.guid in session.created
    values = _normalize_values(entity.type_name, entry.payload.attributes, partial=partial)
    if entity.type_name == "Connection":
        values = with_creator(values, session.user) if new else check_admins(entity, values)
    changed = [name for name, value in values.items() if _is_different(entity, name, value)]
    if "qualifiedName" in changed and session.find(entity.type_name, values["qualifiedName"]):
        raise name_taken(entity.type_name, values["qualifiedName"])
    for name in changed:
        _set_value(entity.attributes, name, values[name])
    _stamp_change(session, entity, changed)
    return {name: values[name] for name in changed}


def _normalize_values(type_name: str, sent: dict[str, Any], *, partial: bool) -> dict[str, Any]:
    absent = [name for name in _MANDATORY if sent.get(name) is None and (name in sent or not partial)]
    if absent:
        raise invalid_instance(missing_attribute(type_name, absent[0]))
    ends, kinds, closed = ends_by_attribute(type_name), attribute_types(type_name), is_closed(type_name)
    return {
        name: _normalize_value(type_name, name, value, kinds.get(name))
        for name, value in sent.items()
        if not name.startswith("__") and name not in ends and (name in kinds or not closed)
    }


def _normalize_value(type_name: str, name: str, value: Any, value_type: AttributeType | None) -> Any:
    if value_type is None:
        return value
    try:
        return normalize_value(value, value_type)
    except (ValueError, TypeError, OverflowError):
        text = value if isinstance(value, str) else json.dumps(value)
        raise invalid_instance(f"{type_name}.{name}={text}: invalid value for type {value_type}") from None


def _is_different(entity: StoredEntity, name: str, value: Any) -> bool:
    value_type = attribute_type(entity.type_name, name)
    current = entity.attributes.get(name)
    return current != value if value_type is None else not is_same_value(current, value, value_type)


def _set_value(attributes: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        attributes.pop(name, None)
    else:
        attributes[name] = value


def _stamp_change(session: Session, entity: StoredEntity, changed: list[str]) -> None:
    for name, prefix in _STAMPED.items():
        if name in changed:
            entity.attributes[f"{prefix}By"] = session.user
            entity.attributes[f"{prefix}At"] = session.now


def apply_extras(session: Session, entry: Entry, flags: BulkFlags, *, new: bool) -> bool:
    """Apply the tags, custom metadata, labels, and custom attributes of a payload.

    Returns:
        Whether anything changed.

    Raises:
        AtlasError: a tag or custom metadata is not defined.
    """
    raw, entity = entry.payload.raw, entry.entity
    wanted = {name: raw[name] for name in ("labels", "customAttributes") if raw.get(name) is not None}
    tags = _merge_tags(raw, entity.extras, flags, new=new)
    if tags is not None:
        wanted["classifications"] = tags
    metadata = _merge_metadata(raw, entity.extras, flags, new=new)
    if metadata is not None:
        wanted["businessAttributes"] = metadata
    return set_extras(session, entity, wanted)


def set_extras(session: Session, entity: StoredEntity, wanted: dict[str, Any]) -> bool:
    """Set the given tags, custom metadata, labels, and custom attributes of an entity.

    Returns:
        Whether anything changed.

    Raises:
        AtlasError: a tag or custom metadata is not defined.
    """
    extras = entity.extras
    if "businessAttributes" in wanted:
        _check_metadata(session, entity, wanted["businessAttributes"] or {})
        wanted = {**wanted, "businessAttributes": _without_unset(wanted["businessAttributes"])}
    changed = {name: value for name, value in wanted.items() if (extras.get(name) or None) != (value or None)}
    for tag in changed.get("classifications") or ():
        _check_tag(session, tag)
    for name, value in changed.items():
        for action, detail in extras_entries(name, extras.get(name), value):
            session.log(entity, action, detail)
    extras.update(changed)
    return bool(changed)


def _without_unset(metadata: dict[str, Any] | None) -> dict[str, Any]:
    """Return custom metadata without unset values and empty sets."""
    values = {
        name: {key: value for key, value in (one or {}).items() if value is not None}
        for name, one in (metadata or {}).items()
    }
    return {name: one for name, one in values.items() if one}


def _check_tag(session: Session, tag: dict[str, Any]) -> None:
    definition = session.definition(str(tag.get("typeName")))
    if definition is None or definition["category"] != "CLASSIFICATION":
        raise unknown_tag(tag.get("typeName"))


def _check_metadata(session: Session, entity: StoredEntity, metadata: dict[str, Any]) -> None:
    """Check that custom metadata is defined.

    Raises:
        AtlasError: a set is not defined.
    """
    for name in metadata:
        definition = session.definition(name)
        if definition is None or definition["category"] != "BUSINESS_METADATA":
            raise invalid_instance(f"[{name}: invalid business-metadata for entity type {entity.type_name}]")


def _merge_tags(raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool) -> list[Any] | None:
    if new or flags.replace_tags:
        return list(raw.get("classifications") or [])
    if not flags.append_tags:
        return None
    removed = {tag.get("typeName") for tag in raw.get("removeClassifications") or []}
    tags = {tag.get("typeName"): tag for tag in extras.get("classifications") or []}
    tags.update((tag.get("typeName"), tag) for tag in raw.get("addOrUpdateClassifications") or [])
    return [tag for name, tag in tags.items() if name not in removed]


def _merge_metadata(
    raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool
) -> dict[str, Any] | None:
    sent = raw.get("businessAttributes") or {}
    if new or (flags.replace_business_attributes and flags.overwrite_business_attributes):
        return dict(sent)
    if not flags.replace_business_attributes:
        return None
    kept = dict(extras.get("businessAttributes") or {})
    for name, values in sent.items():
        kept[name] = {**kept.get(name, {}), **(values or {})}
    return kept
