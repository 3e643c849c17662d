"""`/api/meta/entity`: writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError, forbidden, invalid_parameters, unknown_type
from atlan_pulumi.local.graph import (
    BulkFlags,
    Payload,
    Session,
    delete,
    parse_bulk,
    parse_entity,
    patch,
    restore,
    upsert,
)
from atlan_pulumi.local.schema import is_known
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.views import mutation
from atlan_pulumi.local.web._read_entities import by_name
from atlan_pulumi.local.web._requests import context_of, json_body, unique_names, user_of

Answer = dict[str, Any]

_DELETE_TYPES = frozenset({"SOFT", "HARD", "PURGE"})


async def _upsert_bulk(request: Request) -> JSONResponse:
    return await _upsert(request, parse_bulk(await json_body(request)))


async def _upsert_one(request: Request) -> JSONResponse:
    return await _upsert(request, [_single(await json_body(request))])


async def _upsert(request: Request, payloads: list[Payload]) -> JSONResponse:
    flags = BulkFlags.read(request.query_params)

    def write(session: Session) -> Answer:
        _check_ready(request, session, payloads)
        return mutation(session, upsert(session, payloads, flags))

    return await _written(request, write)


async def _patch(request: Request) -> JSONResponse:
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    payload = _single(await json_body(request))

    def write(session: Session) -> Answer:
        found = by_name(session.store, type_name, name)
        entity = session.get(found.guid) or found
        patch(session, entity, payload)
        return mutation(session, update="PARTIAL_UPDATE")

    return await _written(request, write)


async def _delete_bulk(request: Request) -> JSONResponse:
    return await _delete(request, lambda _: _guids(request))


async def _delete_guid(request: Request) -> JSONResponse:
    return await _delete(request, lambda _: [request.path_params["guid"]])


async def _delete_name(request: Request) -> JSONResponse:
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    return await _delete(request, lambda store: _named(store, type_name, [name]))


async def _delete_names(request: Request) -> JSONResponse:
    references = await json_body(request)
    if not references:
        raise invalid_parameters("No objectIds specified")
    if not isinstance(references, list) or not all(isinstance(one, dict) for one in references):
        raise MalformedRequestError("no list of references")
    return await _delete(
        request, lambda store: [guid for one in references for guid in _referenced(store, one)]
    )


def _referenced(store: Store, reference: dict[str, Any]) -> list[str]:
    unique = reference.get("uniqueAttributes")
    name = unique.get("qualifiedName") if isinstance(unique, dict) else None
    if name is None:
        raise invalid_parameters("uniqueAttributes is null/empty")
    return _named(store, str(reference.get("typeName")), [str(name)])


async def _delete(request: Request, which: Callable[[Store], list[str]]) -> JSONResponse:
    asked = request.query_params.get("deleteType", "").upper()
    delete_type = asked if asked in _DELETE_TYPES else "DEFAULT"

    def write(session: Session) -> Answer:
        delete(session, which(session.store), delete_type)
        return mutation(session, handler=delete_type)

    return await _written(request, write)


async def _restore(request: Request) -> JSONResponse:
    def write(session: Session) -> Answer:
        restore(session, _guids(request))
        return mutation(session)

    return await _written(request, write)


async def _written(request: Request, operation: Callable[[Session], Answer]) -> JSONResponse:
    context = context_of(request)

    def write(store: Store) -> tuple[Answer, int]:
        session = Session(store, user_of(request), context.now())
        return operation(session), session.written

    answer, written = await context.write(write)
    context.stats.wrote(written)
    return JSONResponse(answer)


def _guids(request: Request) -> list[str]:
    guids = request.query_params.getlist("guid")
    if not guids:
        raise invalid_parameters("Guid(s) not specified")
    return guids


def _named(store: Store, type_name: str, names: Iterable[str]) -> list[str]:
    """Return the GUIDs of the entities with these names; unknown ones are left out."""
    if not is_known(type_name):
        raise unknown_type(type_name)
    found = (store.entities.find(type_name, name) for name in names)
    return [entity.guid for entity in found if entity is not None]


def _single(body: Any) -> Payload:
    if not isinstance(body, dict) or not isinstance(body.get("entity"), dict):
        raise MalformedRequestError("no entity")
    return parse_entity(body["entity"])


def _check_ready(request: Request, session: Session, payloads: list[Payload]) -> None:
    """Nothing may be created in a connection whose policies are not there yet."""
    delay = context_of(request).settings.connection_delay_ms
    if not delay:
        return
    for name in {payload.attributes.get("connectionQualifiedName") for payload in payloads} - {None}:
        connection = session.find("Connection", str(name))
        if connection is not None and session.now - connection.create_time < delay:
            raise forbidden(user_of(request), f"create entity: connection {name}")


routes = [
    Route("/", _upsert_one, methods=["POST"]),
    Route("/bulk", _upsert_bulk, methods=["POST"]),
    Route("/bulk", _delete_bulk, methods=["DELETE"]),
    Route("/bulk/uniqueAttribute", _delete_names, methods=["DELETE"]),
    Route("/restore/bulk", _restore, methods=["POST"]),
    Route("/guid/{guid}", _delete_guid, methods=["DELETE"]),
    Route("/uniqueAttribute/type/{type_name}", _patch, methods=["PUT"]),
    Route("/uniqueAttribute/type/{type_name}", _delete_name, methods=["DELETE"]),
]
