"""The answer to a write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.store import Entity
from atlan_pulumi.local.views._entity import listed
from atlan_pulumi.local.views._header import header
from atlan_pulumi.local.views._related import Relations


def mutation(
    session: Session,
    assignments: dict[str, str] | None = None,
    *,
    update: str = "UPDATE",
    handler: str = "",
) -> dict[str, Any]:
    """What a write did; empty parts are left out.

    Args:
        session: the write, settled.
        assignments: GUIDs by placeholder.
        update: the name under which directly updated entities appear (`PARTIAL_UPDATE` for a patch).
        handler: the delete type that deleted entities name.
    """
    done = {
        "CREATE": _written(session, session.created.values()),
        update: _written(session, session.changed.values()),
        "DELETE": [{**one, "deleteHandler": handler} for one in _plain(session.deleted.values())],
    }
    done["UPDATE"] = [*done.get("UPDATE", ()), *_plain(session.touched)]
    mutated = {name: headers for name, headers in done.items() if headers}
    answer: dict[str, Any] = {"mutatedEntities": mutated} if mutated else {}
    return {**answer, "guidAssignments": assignments} if assignments else answer


def _written(session: Session, entities: Iterable[Entity]) -> list[dict[str, Any]]:
    return [header(entity, {**entity.attributes, **_lineage(session, entity)}) for entity in entities]


def _lineage(session: Session, entity: Entity) -> dict[str, Any]:
    return listed(Relations(session.store, entity), entity.type_name, dropped=False)


def _plain(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    return [header(entity, {}) for entity in entities]
