"""Deleting and restoring entities."""

from __future__ import annotations

from collections.abc import Iterable

from atlan_pulumi.local.graph._lineage_flag import INPUTS, OUTPUTS
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.schema import is_a
from atlan_pulumi.local.store import Edge, Entity

LINEAGE = (INPUTS, OUTPUTS)
_FOR_EVER = frozenset({"HARD", "PURGE"})


def delete(session: Session, guids: Iterable[str], delete_type: str) -> None:
    """Delete entities; unknown GUIDs are no error, nothing else goes with them.

    Args:
        session: the write.
        guids: which.
        delete_type: `PURGE` removes active and archived ones, `HARD` active ones; anything else archives.
    """
    for guid in dict.fromkeys(guids):
        entity = session.get(guid)
        if entity is None or (not entity.active and delete_type != "PURGE"):
            continue
        edges = session.store.edges.of(guid)
        session.touch(_neighbours(session, entity, edges))
        session.relinked(edges)
        session.delete(entity)
        if delete_type in _FOR_EVER:
            session.store.edges.remove_all(guid)
            session.store.entities.remove(guid)
            entity.status = "DELETED"
        else:
            entity.status = "DELETED"
            session.store.entities.put(entity)
            if not is_a(entity.type_name, "Process"):  # a process gets its edges back, an asset does not
                session.store.edges.drop(edge for edge in edges if edge.relationship in LINEAGE)
    session.settle()


def restore(session: Session, guids: Iterable[str]) -> None:
    """Make archived entities active again; unknown and active ones are skipped.

    As in Atlan, nothing gets `__hasLineage` by this.
    """
    for guid in dict.fromkeys(guids):
        entity = session.get(guid)
        if entity is not None and not entity.active:
            _revive(session, entity)
    session.settle()


def revive(session: Session, entity: Entity) -> None:
    """Make one archived entity active again as part of an upsert, which sets `__hasLineage`."""
    session.relinked(_revive(session, entity))


def _revive(session: Session, entity: Entity) -> list[Edge]:
    """Make one archived entity active again, and return its edges.

    A process regains all of its inputs and outputs, those dropped earlier included. An asset regains none:
    they were dropped when it was archived. All other relationships are as they were.
    """
    entity.status = "ACTIVE"
    session.change(entity)
    if is_a(entity.type_name, "Process"):
        for relationship in LINEAGE:
            session.store.edges.activate_all(entity.guid, relationship)
    edges = session.store.edges.of(entity.guid)
    session.touch(_neighbours(session, entity, edges))
    return edges


def _neighbours(session: Session, entity: Entity, edges: Iterable[Edge]) -> list[str]:
    # A process that loses an asset is not told: the metastore leaves it as it is.
    is_process = is_a(entity.type_name, "Process")
    found = []
    for edge in edges:
        other = session.get(edge.other(entity.guid))
        if other is None or not other.active or edge.status != "ACTIVE":
            continue
        if is_process or not is_a(other.type_name, "Process"):
            found.append(other.guid)
    return found
