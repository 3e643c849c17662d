"""`/api/meta/entity`: reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import forbidden, unknown_guid, unknown_name, unknown_type
from atlan_pulumi.local.schema import is_known
from atlan_pulumi.local.store import Entity, Store
from atlan_pulumi.local.views import header, whole
from atlan_pulumi.local.web._requests import context_of, flag, unique_names, user_of


def by_guid(store: Store, guid: str) -> Entity:
    """The entity with a GUID.

    Raises:
        AtlasError: there is none.
    """
    entity = store.entities.get(guid)
    if entity is None:
        raise unknown_guid(guid)
    return entity


def by_name(store: Store, type_name: str, qualified_name: str) -> Entity:
    """The entity of a type (or a sub-type) with a qualifiedName.

    Raises:
        AtlasError: there is no such type or no such entity.
    """
    if not is_known(type_name):
        raise unknown_type(type_name)
    entity = store.entities.find(type_name, qualified_name)
    if entity is None:
        raise unknown_name(type_name, qualified_name)
    return entity


async def _read_guid(request: Request) -> JSONResponse:
    return await _one(request, lambda store: by_guid(store, request.path_params["guid"]), _with_referred)


async def _read_name(request: Request) -> JSONResponse:
    return await _one(request, _named(request), _with_referred)


async def _header_guid(request: Request) -> JSONResponse:
    return await _one(request, lambda store: by_guid(store, request.path_params["guid"]), _header)


async def _header_name(request: Request) -> JSONResponse:
    return await _one(request, _named(request), _header)


def _named(request: Request) -> Callable[[Store], Entity]:
    name = unique_names(request)[0]
    return lambda store: by_name(store, request.path_params["type_name"], name)


async def _one(
    request: Request,
    find: Callable[[Store], Entity],
    show: Callable[[Request, Store, Entity], dict[str, Any]],
) -> JSONResponse:
    def read(store: Store) -> dict[str, Any]:
        entity = find(store)
        _check_ready(request, entity)
        return show(request, store, entity)

    return JSONResponse(await context_of(request).read(read))


def _with_referred(request: Request, store: Store, entity: Entity) -> dict[str, Any]:
    relationships = not flag(request, "ignoreRelationships")
    return {"referredEntities": {}, "entity": whole(store, entity, relationships=relationships)}


def _header(_request: Request, _store: Store, entity: Entity) -> dict[str, Any]:
    return header(entity, {})


def _check_ready(request: Request, entity: Entity) -> None:
    """A new connection's policies take a while: until then even its creator may not read it."""
    context = context_of(request)
    age = context.now() - entity.create_time
    if entity.type_name == "Connection" and age < context.settings.connection_delay_ms:
        raise forbidden(user_of(request), f"read entity: guid={entity.guid}")


async def _read_guids(request: Request) -> JSONResponse:
    guids = request.query_params.getlist("guid")
    if not guids:
        raise unknown_guid("[]")
    relationships = not flag(request, "ignoreRelationships")

    def read(store: Store) -> dict[str, Any]:
        found = [by_guid(store, guid) for guid in guids]
        return {
            "entities": [whole(store, one, relationships=relationships) for one in found],
            "referredEntities": {},
        }

    return JSONResponse(await context_of(request).read(read))


async def _read_names(request: Request) -> JSONResponse:
    type_name = request.path_params["type_name"]
    if not is_known(type_name):
        raise unknown_type(type_name)
    names = dict.fromkeys(unique_names(request))
    relationships = not flag(request, "ignoreRelationships")

    def read(store: Store) -> dict[str, Any]:
        found = (store.entities.find(type_name, name) for name in names)
        shown = [whole(store, one, relationships=relationships) for one in found if one is not None]
        return {"entities": shown, "referredEntities": {}}

    return JSONResponse(await context_of(request).read(read))


routes = [
    Route("/guid/{guid}", _read_guid, methods=["GET"]),
    Route("/guid/{guid}/header", _header_guid, methods=["GET"]),
    Route("/uniqueAttribute/type/{type_name}", _read_name, methods=["GET"]),
    Route("/uniqueAttribute/type/{type_name}/header", _header_name, methods=["GET"]),
    Route("/bulk", _read_guids, methods=["GET"]),
    Route("/bulk/uniqueAttribute/type/{type_name}", _read_names, methods=["GET"]),
]
