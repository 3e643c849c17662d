"""Create, update, and delete single relationships."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    invalid_parameters,
    missing_relationship_end,
    relationship_changed,
    relationship_deleted,
    relationship_exists,
    unknown_relationship_guid,
    unknown_relationship_type,
    wrong_end,
)
from atlan_pulumi.local.graph._edges import active_edges, drop_edges
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_asset_type
from atlan_pulumi.naming.relationships import Relationship, RelationshipEnd, fits_end, relationship


def create_relationship(session: Session, body: Any) -> StoredEdge:
    """Create the relationship in a request.

    Raises:
        MalformedRequestError: the body is not an object.
        AtlasError: the type is unknown, an end does not exist or has the wrong type, or the relationship
            exists.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("a relationship must be an object")
    definition = relationship(str(body.get("typeName")))
    if definition is None:
        raise unknown_relationship_type(body.get("typeName"))
    if body.get("end1") is None or body.get("end2") is None:
        raise invalid_parameters("end1/end2 is null")
    end1 = _resolve_end(session, body["end1"], definition.type1)
    end2 = _resolve_end(session, body["end2"], definition.type2)
    if not _ends_fit(definition, end1, end2):
        end1, end2 = end2, end1  # clients may swap the ends
    if not _ends_fit(definition, end1, end2):
        raise wrong_end(definition.name, end2.type_name, end1.type_name)
    if _find_edge(session, definition, end1, end2) is not None:
        raise relationship_exists(definition.name, end1.guid, end2.guid)
    return _create_edge(session, definition, end1, end2)


def update_relationship(session: Session, body: Any) -> StoredEdge:
    """Return the relationship in a request. Its type and its ends cannot change.

    Raises:
        MalformedRequestError: the body is not an object.
        AtlasError: the relationship does not exist, or the request would change it.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("a relationship must be an object")
    edge = find_relationship(session, str(body.get("guid") or ""))
    known = {"typeName": edge.relationship, "end1": edge.end1, "end2": edge.end2}
    for key, value in known.items():
        sent = body.get(key)
        sent_guid = sent.get("guid") if isinstance(sent, dict) else sent
        if sent_guid is not None and sent_guid != value:
            raise relationship_changed(edge.guid)
    return edge


def delete_relationship(session: Session, guid: str) -> None:
    """Delete a relationship.

    Raises:
        AtlasError: the relationship does not exist, or was deleted before.
    """
    edge = find_relationship(session, guid)
    if edge.status != "ACTIVE":
        raise relationship_deleted(guid)
    drop_edges(session, [edge])
    session.flush()


def find_relationship(session: Session, guid: str) -> StoredEdge:
    """Return the relationship with a GUID.

    Raises:
        AtlasError: no relationship has this GUID.
    """
    edge = session.store.edges.get(guid)
    if edge is None:
        raise unknown_relationship_guid(guid)
    return edge


def _resolve_end(session: Session, reference: Any, expected: str) -> StoredEntity:
    unique = reference.get("uniqueAttributes") if isinstance(reference, dict) else None
    found = None
    if isinstance(reference, dict) and reference.get("guid"):
        found = session.get(str(reference["guid"]))
    elif isinstance(unique, dict) and is_asset_type(reference.get("typeName")):
        found = session.find(reference["typeName"], str(unique.get("qualifiedName")))
    if found is None:
        raise missing_relationship_end(expected)
    return found


def _ends_fit(definition: Relationship, end1: StoredEntity, end2: StoredEntity) -> bool:
    return fits_end(end1.type_name, definition.type1) and fits_end(end2.type_name, definition.type2)


def _create_edge(
    session: Session, definition: Relationship, end1: StoredEntity, end2: StoredEntity
) -> StoredEdge:
    first = RelationshipEnd(definition, True)
    for end, entity in ((first, end1), (first.other, end2)):
        if not end.many:  # this end holds one entity: replace it
            drop_edges(session, active_edges(session, end, entity.guid))
    session.link(definition.name, end1.guid, end2.guid)
    session.touch((end1.guid, end2.guid))
    session.flush()
    edge = _find_edge(session, definition, end1, end2)
    assert edge is not None  # noqa: S101 - it was just created
    return edge


def _find_edge(
    session: Session, definition: Relationship, end1: StoredEntity, end2: StoredEntity
) -> StoredEdge | None:
    edges = active_edges(session, RelationshipEnd(definition, True), end1.guid)
    return next((edge for edge in edges if edge.end2 == end2.guid), None)
