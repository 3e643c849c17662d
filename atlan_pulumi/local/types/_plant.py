"""Type definitions of a seed catalog, whose internal names are the ones that people read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from atlan_pulumi.local.store import Definition, Store

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:typedef")


def plant_types(
    store: Store, tags: Iterable[str], metadata: Mapping[str, Mapping[str, str]], user: str
) -> None:
    """Define tags, and custom metadata with their attributes and types, where they are not defined yet."""
    definitions = [_definition("CLASSIFICATION", name, user) for name in tags]
    for name, attributes in metadata.items():
        defined = [_attribute(attribute, kind) for attribute, kind in attributes.items()]
        definitions.append(_definition("BUSINESS_METADATA", name, user, attributeDefs=defined))
    for one in definitions:
        if store.typedefs.get(one["name"]) is None:
            store.typedefs.put(one)


def _definition(category: str, name: str, user: str, **more: Any) -> Definition:
    guid = str(uuid.uuid5(_NAMESPACE, f"{category}:{name}"))
    own = {"category": category, "guid": guid, "name": name, "displayName": name}
    return {
        **own,
        "createdBy": user,
        "updatedBy": user,
        "createTime": 0,
        "updateTime": 0,
        "version": 1,
        **more,
    }


def _attribute(name: str, kind: str) -> Definition:
    options = {"applicableEntityTypes": '["Asset"]', "primitiveType": kind, "customMetadataVersion": "v2"}
    known = {"name": name, "displayName": name, "typeName": kind, "options": options}
    return {**known, "cardinality": "SINGLE", "isOptional": True, "isUnique": False, "isIndexable": True}
