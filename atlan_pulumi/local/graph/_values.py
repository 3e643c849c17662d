"""Plain attributes of an upsert: only those sent change, null clears."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import invalid_instance, name_taken
from atlan_pulumi.local.graph._admins import check_admins, with_creator
from atlan_pulumi.local.graph._identity import Entry, missing
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.schema import (
    Kind,
    attributes_of,
    ends_by_attribute,
    is_closed,
    kind_of,
    normalise,
    same_value,
)
from atlan_pulumi.local.store import Entity

_MANDATORY = ("qualifiedName", "name")
_STAMPED = {"certificateStatus": "certificateUpdated", "announcementType": "announcementUpdated"}


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
