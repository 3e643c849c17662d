"""`/api/meta/relationship`: single relationships."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from atlan_pulumi.local._errors import invalid_parameters
from atlan_pulumi.local._views import header, object_id
from atlan_pulumi.local.graph import Session, find, relate, unrelate, update
from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.local.web._context import context_of, flag, json_body, user_of

Write = Callable[[Session, Any], Edge]


async def _read(request: Request) -> JSONResponse:
    guid, extended = request.path_params["guid"], flag(request, "extendedInfo")

    def read(store: Store) -> dict[str, Any]:
        edge = find(Session(store, user_of(request)), guid)
        ends = store.entities.get_many((edge.end1, edge.end2))
        headers = {guid: header(entity, {}) for guid, entity in ends.items()} if extended else {}
        return {"relationship": _shown(edge, ends), "referredEntities": headers}

    return JSONResponse(await context_of(request).read(read))


def _shown(edge: Edge, ends: dict[str, Entity]) -> dict[str, Any]:
    return {
        "typeName": edge.relationship,
        "attributes": {},
        "guid": edge.guid,
        "end1": object_id(ends[edge.end1]),
        "end2": object_id(ends[edge.end2]),
        "status": edge.status,
        "version": 0,
    }


def _writer(write: Write) -> Callable[[Request], Any]:
    async def serve(request: Request) -> JSONResponse:
        body = await json_body(request)
        return JSONResponse(await _written(request, lambda session: _shown_in(session, write(session, body))))

    return serve


async def _write_bulk(request: Request) -> JSONResponse:
    bodies = await json_body(request)
    if not isinstance(bodies, list) or not bodies:
        raise invalid_parameters("no relationships")

    def write(session: Session) -> list[dict[str, Any]]:
        edges = [_edge_of(session, body) for body in bodies]
        return [_shown_in(session, edge) for edge in edges]

    return JSONResponse(await _written(request, write))


def _edge_of(session: Session, body: Any) -> Edge:
    is_known = isinstance(body, dict) and body.get("guid")
    return update(session, body) if is_known else relate(session, body)


def _shown_in(session: Session, edge: Edge) -> dict[str, Any]:
    return _shown(edge, session.store.entities.get_many((edge.end1, edge.end2)))


async def _delete(request: Request) -> Response:
    guid = request.path_params["guid"]
    await _written(request, lambda session: unrelate(session, guid))
    return Response(status_code=204)


async def _delete_bulk(request: Request) -> Response:
    guids = await json_body(request)
    if not isinstance(guids, list) or not guids:
        raise invalid_parameters("Need list of GUIDs")

    def write(session: Session) -> None:
        for guid in guids:
            unrelate(session, str(guid))

    await _written(request, write)
    return Response(status_code=204)


async def _written(request: Request, operation: Callable[[Session], Any]) -> Any:
    context = context_of(request)

    def write(store: Store) -> tuple[Any, int]:
        session = Session(store, user_of(request), context.now())
        return operation(session), session.written

    answer, written = await context.write(write)
    context.stats.wrote(written)
    return answer


routes = [
    Route("/", _writer(relate), methods=["POST"]),
    Route("/", _writer(update), methods=["PUT"]),
    Route("/bulk", _write_bulk, methods=["POST"]),
    Route("/guid/bulk", _delete_bulk, methods=["DELETE"]),
    Route("/guid/{guid}", _read, methods=["GET"]),
    Route("/guid/{guid}", _delete, methods=["DELETE"]),
]
