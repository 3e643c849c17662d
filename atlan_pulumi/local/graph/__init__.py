"""What a write means: upsert, relationships, delete, restore, as the contract's sections 4 and 11 tell."""

from __future__ import annotations

from atlan_pulumi.local.graph._operations import annotate, delete, patch, restore, upsert
from atlan_pulumi.local.graph._payload import BulkFlags, Payload, parse_bulk, parse_entity
from atlan_pulumi.local.graph._relate import find, relate, unrelate, update
from atlan_pulumi.local.graph._session import Session

__all__ = [
    "BulkFlags",
    "Payload",
    "Session",
    "annotate",
    "delete",
    "find",
    "parse_bulk",
    "parse_entity",
    "patch",
    "relate",
    "restore",
    "unrelate",
    "update",
    "upsert",
]
