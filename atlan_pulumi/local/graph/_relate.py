"""Single relationships: making and dropping one edge."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    invalid_parameters,
    no_end,
    relationship_changed,
    relationship_deleted,
    relationship_exists,
    unknown_relationship_guid,
    unknown_relationship_type,
    wrong_end,
)
from atlan_pulumi.local._schema import End, Relationship, fits, relationship
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import Edge, Entity
from atlan_pulumi.naming.asset_types import is_known


def relate(session: Session, body: Any) -> Edge:
    """Make the relationship that a request describes.

    Raises:
        MalformedRequestError: the body is no object.
        AtlasError: the type is not known, an end does not exist or does not fit, or the relationship exists.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("no relationship")
    definition = relationship(str(body.get("typeName")))
    if definition is None:
        raise unknown_relationship_type(body.get("typeName"))
    if body.get("end1") is None or body.get("end2") is None:
        raise invalid_parameters("end1/end2 is null")
    end1 = _end(session, body["end1"], definition.type1)
    end2 = _end(session, body["end2"], definition.type2)
    if not _fit(definition, end1, end2):
        end1, end2 = end2, end1  # the ends may come the other way around
    if not _fit(definition, end1, end2):
        raise wrong_end(definition.name, end2.type_name, end1.type_name)
    if _active(session, End(definition, True), end1.guid, end2.guid):
        raise relationship_exists(definition.name, end1.guid, end2.guid)
    return _link(session, definition, end1, end2)


def update(session: Session, body: Any) -> Edge:
    """Return the relationship that a request names: what it links, and how, cannot change.

    Raises:
        AtlasError: it does not exist, or the request would change it.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("no relationship")
    edge = find(session, str(body.get("guid") or ""))
    known = {"typeName": edge.relationship, "end1": edge.end1, "end2": edge.end2}
    for key, value in known.items():
        sent = body.get(key)
        told = sent.get("guid") if isinstance(sent, dict) else sent
        if told is not None and told != value:
            raise relationship_changed(edge.guid)
    return edge


def unrelate(session: Session, guid: str) -> None:
    """Drop a relationship.

    Raises:
        AtlasError: it does not exist, or was dropped before.
    """
    edge = find(session, guid)
    if edge.status != "ACTIVE":
        raise relationship_deleted(guid)
    _drop(session, [edge])
    session.settle()


def find(session: Session, guid: str) -> Edge:
    """Return the relationship with a GUID.

    Raises:
        AtlasError: there is none.
    """
    edge = session.store.edges.get(guid)
    if edge is None:
        raise unknown_relationship_guid(guid)
    return edge


def _end(session: Session, reference: Any, expected: str) -> Entity:
    unique = reference.get("uniqueAttributes") if isinstance(reference, dict) else None
    found = None
    if isinstance(reference, dict) and reference.get("guid"):
        found = session.get(str(reference["guid"]))
    elif isinstance(unique, dict) and is_known(reference.get("typeName")):
        found = session.find(reference["typeName"], str(unique.get("qualifiedName")))
    if found is None:
        raise no_end(expected)
    return found


def _fit(definition: Relationship, end1: Entity, end2: Entity) -> bool:
    return fits(end1.type_name, definition.type1) and fits(end2.type_name, definition.type2)


def _link(session: Session, definition: Relationship, end1: Entity, end2: Entity) -> Edge:
    first = End(definition, True)
    for end, entity in ((first, end1), (first.other, end2)):
        if not end.many:  # one partner only: the former one goes
            _drop(session, _active(session, end, entity.guid))
    session.link(definition.name, end1.guid, end2.guid)
    session.touch((end1.guid, end2.guid))
    session.settle()
    (edge,) = _active(session, first, end1.guid, end2.guid)
    return edge


def _active(session: Session, end: End, guid: str, other: str | None = None) -> list[Edge]:
    edges = session.store.edges.at(guid, end.relationship.name, first=end.first)
    return [edge for edge in edges if edge.status == "ACTIVE" and other in (None, edge.other(guid))]


def _drop(session: Session, edges: list[Edge]) -> None:
    session.store.edges.drop(edges)
    session.touch(guid for edge in edges for guid in (edge.end1, edge.end2))
    session.relinked(edges)
