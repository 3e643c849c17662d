"""Semantics of writes: upsert, patch, delete, and restore entities; create and delete relationships."""

from __future__ import annotations

from atlan_pulumi.local.graph._operations import (
    annotate_entity,
    delete_entities,
    patch_entity,
    restore_entities,
    upsert_entities,
)
from atlan_pulumi.local.graph._payload import BulkFlags, Payload, parse_bulk, parse_entity
from atlan_pulumi.local.graph._relate import (
    create_relationship,
    delete_relationship,
    find_relationship,
    update_relationship,
)
from atlan_pulumi.local.graph._session import Session

__all__ = [
    "BulkFlags",
    "Payload",
    "Session",
    "annotate_entity",
    "create_relationship",
    "delete_entities",
    "delete_relationship",
    "find_relationship",
    "parse_bulk",
    "parse_entity",
    "patch_entity",
    "restore_entities",
    "update_relationship",
    "upsert_entities",
]
