"""`/api/meta/relationship`: single relationships."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlan_pulumi.local._errors import invalid_parameters
from atlan_pulumi.local._relations import object_id
from atlan_pulumi.local._views import show_header
from atlan_pulumi.local.graph import (
    Session,
    create_relationship,
    delete_relationship,
    find_relationship,
    update_relationship,
)
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.local.web._context import context_of, flag, json_body, user_of, write_session
from atlan_pulumi.local.web._responses import JsonResponse

Write = Callable[[Session, Any], StoredEdge]


async def _read(request: Request) -> JsonResponse:
    guid, extended = request.path_params["guid"], flag(request, "extendedInfo")

    def read(store: Store) -> dict[str, Any]:
        edge = find_relationship(Session(store, user_of(request)), guid)
        ends = store.entities.get_many((edge.end1, edge.end2))
        headers = {guid: show_header(entity, {}) for guid, entity in ends.items()} if extended else {}
        return {"relationship": _show_edge(edge, ends), "referredEntities": headers}

    return JsonResponse(await context_of(request).read(read))


def _show_edge(edge: StoredEdge, ends: dict[str, StoredEntity]) -> dict[str, Any]:
    return {
        "typeName": edge.relationship,
        "attributes": {},
        "guid": edge.guid,
        "end1": object_id(ends[edge.end1]),
        "end2": object_id(ends[edge.end2]),
        "status": edge.status,
        "version": 0,
    }


def _write_handler(write: Write) -> Callable[[Request], Any]:
    async def serve(request: Request) -> JsonResponse:
        body = await json_body(request)
        return JsonResponse(
            await write_session(request, lambda session: _load_and_show_edge(session, write(session, body)))
        )

    return serve


async def _write_bulk(request: Request) -> JsonResponse:
    bodies = await _json_list(request, "no relationships")

    def write(session: Session) -> list[dict[str, Any]]:
        edges = [_create_or_update(session, body) for body in bodies]
        return [_load_and_show_edge(session, edge) for edge in edges]

    return JsonResponse(await write_session(request, write))


def _create_or_update(session: Session, body: Any) -> StoredEdge:
    is_known = isinstance(body, dict) and body.get("guid")
    return update_relationship(session, body) if is_known else create_relationship(session, body)


def _load_and_show_edge(session: Session, edge: StoredEdge) -> dict[str, Any]:
    return _show_edge(edge, session.store.entities.get_many((edge.end1, edge.end2)))


async def _delete(request: Request) -> Response:
    guid = request.path_params["guid"]
    await write_session(request, lambda session: delete_relationship(session, guid))
    return Response(status_code=204)


async def _delete_bulk(request: Request) -> Response:
    guids = await _json_list(request, "Need list of GUIDs")

    def write(session: Session) -> None:
        for guid in guids:
            delete_relationship(session, str(guid))

    await write_session(request, write)
    return Response(status_code=204)


async def _json_list(request: Request, missing: str) -> list[Any]:
    """Return the body, a list with at least one item."""
    body = await json_body(request)
    if not isinstance(body, list) or not body:
        raise invalid_parameters(missing)
    return body


routes = [
    Route("/", _write_handler(create_relationship), methods=["POST"]),
    Route("/", _write_handler(update_relationship), methods=["PUT"]),
    Route("/bulk", _write_bulk, methods=["POST"]),
    Route("/guid/bulk", _delete_bulk, methods=["DELETE"]),
    Route("/guid/{guid}", _read, methods=["GET"]),
    Route("/guid/{guid}", _delete, methods=["DELETE"]),
]
