"""Read and drop the edges of an entity."""

from __future__ import annotations

from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEdge
from atlan_pulumi.naming.relationships import RelationshipEnd


def active_edges(session: Session, end: RelationshipEnd, guid: str) -> list[StoredEdge]:
    """Return the edges of a relationship attribute of an entity, without dropped ones."""
    edges = session.store.edges.at(guid, end.relationship.name, first=end.first)
    return [edge for edge in edges if edge.status == "ACTIVE"]


def drop_edges(session: Session, edges: list[StoredEdge]) -> None:
    """Drop edges, and record that their ends changed."""
    session.store.edges.drop(edges)
    session.touch(guid for edge in edges for guid in (edge.end1, edge.end2))
    session.note_lineage_change(edges)
