"""Attributes, admins, tags and custom metadata of an upsert."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import invalid_instance, name_taken, no_admins, unknown_tag
from atlan_pulumi.local._schema import (
    Kind,
    attributes_of,
    ends_by_attribute,
    is_closed,
    kind_of,
    normalise,
    same_value,
)
from atlan_pulumi.local.graph._identity import Entry, missing
from atlan_pulumi.local.graph._log import extras_entries
from atlan_pulumi.local.graph._payload import BulkFlags
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import Entity

_LISTS = ("adminUsers", "adminGroups", "adminRoles")
_MANDATORY = ("qualifiedName", "name")
_STAMPED = {"certificateStatus": "certificateUpdated", "announcementType": "announcementUpdated"}


def with_creator(values: dict[str, Any], user: str) -> dict[str, Any]:
    """A new connection's attributes, the creator among its admins."""
    users = values.get("adminUsers") or []
    return {**values, "adminUsers": users if user in users else [*users, user]}


def check_admins(connection: Entity, values: dict[str, Any]) -> dict[str, Any]:
    """An existing connection's new attributes, its qualifiedName kept.

    Raises:
        AtlasError: lists of admins were sent, and none would be left.
    """
    kept = {name: value for name, value in values.items() if name != "qualifiedName"}
    sent = [name for name in _LISTS if name in kept]
    if sent and not any(kept.get(name, connection.attributes.get(name)) for name in _LISTS):
        raise no_admins(connection.type_name)
    return kept


def apply_values(session: Session, entry: Entry, *, partial: bool) -> dict[str, Any]:
    """Take over the attributes of a payload.

    Returns:
        Those that changed, with their new values.

    Raises:
        AtlasError: a mandatory one is missing (unless `partial`), one is of the wrong kind, a name is taken,
            or a connection would lose its last admin.
    """
    entity, new = entry.entity, entry.entity.guid in session.created
    values = _normalised(entity.type_name, entry.payload.attributes, partial=partial)
    if entity.type_name == "Connection":
        values = with_creator(values, session.user) if new else check_admins(entity, values)
    changed = [name for name, value in values.items() if _differs(entity, name, value)]
    if "qualifiedName" in changed and session.find(entity.type_name, values["qualifiedName"]):
        raise name_taken(entity.type_name, values["qualifiedName"])
    for name in changed:
        _set(entity.attributes, name, values[name])
    _stamp(session, entity, changed)
    return {name: values[name] for name in changed}


def _normalised(type_name: str, sent: dict[str, Any], *, partial: bool) -> dict[str, Any]:
    lacking = [name for name in _MANDATORY if sent.get(name) is None and (name in sent or not partial)]
    if lacking:
        raise invalid_instance(missing(type_name, lacking[0]))
    ends, kinds, closed = ends_by_attribute(type_name), attributes_of(type_name), is_closed(type_name)
    return {
        name: _normalise(type_name, name, value, kinds.get(name))
        for name, value in sent.items()
        if not name.startswith("__") and name not in ends and (name in kinds or not closed)
    }


def _normalise(type_name: str, name: str, value: Any, kind: Kind | None) -> Any:
    if kind is None:
        return value
    try:
        return normalise(value, kind)
    except (ValueError, TypeError, OverflowError):
        shown = value if isinstance(value, str) else json.dumps(value)
        raise invalid_instance(f"{type_name}.{name}={shown}: invalid value for type {kind}") from None


def _differs(entity: Entity, name: str, value: Any) -> bool:
    kind = kind_of(entity.type_name, name)
    current = entity.attributes.get(name)
    return current != value if kind is None else not same_value(current, value, kind)


def _set(attributes: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        attributes.pop(name, None)
    else:
        attributes[name] = value


def _stamp(session: Session, entity: Entity, changed: list[str]) -> None:
    for name, prefix in _STAMPED.items():
        if name in changed:
            entity.attributes[f"{prefix}By"] = session.user
            entity.attributes[f"{prefix}At"] = session.now


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
