"""`/api/meta/types`: type definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError, unknown_typedef, unknown_typedef_guid
from atlan_pulumi.local._schema import attribute_types
from atlan_pulumi.local._typedefs import (
    LISTS,
    Stamp,
    create_definitions,
    delete_definition,
    group_by_category,
    update_definitions,
)
from atlan_pulumi.local.store import Definition, Store
from atlan_pulumi.local.web._context import context_of, json_body, user_of
from atlan_pulumi.local.web._responses import JsonResponse
from atlan_pulumi.naming.asset_types import is_asset_type, supertypes, type_names
from atlan_pulumi.naming.relationships import relationship, relationships

_STRUCT: Definition = {"category": "STRUCT", "name": "SourceTagAttachment", "attributeDefs": []}
_BY_PATH = {
    "typedef": None,
    "enumdef": "ENUM",
    "structdef": "STRUCT",
    "classificationdef": "CLASSIFICATION",
    "entitydef": "ENTITY",
    "relationshipdef": "RELATIONSHIP",
    "businessmetadatadef": "BUSINESS_METADATA",
}


async def _list_definitions(request: Request) -> JsonResponse:
    wanted = {value_type.upper() for value_type in request.query_params.getlist("type")} or set(LISTS)

    def read(store: Store) -> dict[str, list[Definition]]:
        return group_by_category(
            one for category in wanted & set(LISTS) for one in _definitions_of(store, category)
        )

    return JsonResponse(await context_of(request).read(read))


async def _list_headers(request: Request) -> JsonResponse:
    def read(store: Store) -> list[Definition]:
        every = (one for category in LISTS for one in _definitions_of(store, category))
        return [{key: one.get(key) for key in ("guid", "name", "category", "displayName")} for one in every]

    return JsonResponse(await context_of(request).read(read))


def _definitions_of(store: Store, category: str) -> Iterable[Definition]:
    if category == "ENTITY":
        return map(_entity_definition, type_names())
    if category == "RELATIONSHIP":
        return map(_relationship_definition, relationships())
    return [_STRUCT] if category == "STRUCT" else store.typedefs.of(category)


def _read_by_name(category: str | None) -> Callable[[Request], Any]:
    async def serve(request: Request) -> JsonResponse:
        name = request.path_params["name"]
        found = await context_of(request).read(lambda store: _find_definition(store, name))
        if found is None or category not in (None, found["category"]):
            raise unknown_typedef(name)
        return JsonResponse(found)

    return serve


def _find_definition(store: Store, name: str) -> Definition | None:
    if is_asset_type(name):
        return _entity_definition(name)
    if name == _STRUCT["name"]:
        return _STRUCT
    return store.typedefs.get(name) or (_relationship_definition(name) if relationship(name) else None)


def _read_by_guid(category: str | None) -> Callable[[Request], Any]:
    async def serve(request: Request) -> JsonResponse:
        guid = request.path_params["guid"]
        found = await context_of(request).read(lambda store: store.typedefs.by_guid(guid))
        if found is None or category not in (None, found["category"]):
            raise unknown_typedef_guid(guid)
        return JsonResponse(found)

    return serve


async def _create(request: Request) -> JsonResponse:
    return await _write_definitions(request, create_definitions)


async def _update(request: Request) -> JsonResponse:
    return await _write_definitions(request, update_definitions)


async def _write_definitions(
    request: Request, write: Callable[[Store, Any, Stamp], list[Definition]]
) -> JsonResponse:
    body, context = await json_body(request), context_of(request)
    stamp = Stamp(user_of(request), context.now())
    return JsonResponse(group_by_category(await context.write(lambda store: write(store, body, stamp))))


async def _delete(request: Request) -> Response:
    body = await json_body(request)
    if not isinstance(body, dict):
        raise MalformedRequestError("the body must be an object with type definitions")
    names = [str(one.get("name")) for name in LISTS.values() for one in body.get(name) or ()]
    return await _delete_definitions(request, names)


async def _delete_name(request: Request) -> Response:
    return await _delete_definitions(request, [request.path_params["name"]])


async def _delete_definitions(request: Request, names: list[str]) -> Response:
    def write(store: Store) -> None:
        for name in names:
            delete_definition(store, name)

    await context_of(request).write(write)
    return Response(status_code=204)


def _entity_definition(name: str) -> Definition:
    kinds = sorted(attribute_types(name).items())
    return {
        "category": "ENTITY",
        "name": name,
        "superTypes": sorted(supertypes(name)),
        "attributeDefs": [{"name": attribute, "typeName": value_type} for attribute, value_type in kinds],
    }


def _relationship_definition(name: str) -> Definition:
    known = relationship(name)
    assert known is not None  # noqa: S101 - the caller took the name from the list
    ends = (
        {"type": known.type1, "name": known.name1, "cardinality": "SET" if known.many1 else "SINGLE"},
        {"type": known.type2, "name": known.name2, "cardinality": "SET" if known.many2 else "SINGLE"},
    )
    return {"category": "RELATIONSHIP", "name": name, "endDef1": ends[0], "endDef2": ends[1]}


routes = [
    Route("/typedefs", _list_definitions, methods=["GET"]),
    Route("/typedefs", _create, methods=["POST"]),
    Route("/typedefs", _update, methods=["PUT"]),
    Route("/typedefs", _delete, methods=["DELETE"]),
    Route("/typedefs/headers", _list_headers, methods=["GET"]),
    Route("/typedef/name/{name}", _delete_name, methods=["DELETE"]),
    *(
        Route(f"/{path}/name/{{name}}", _read_by_name(category), methods=["GET"])
        for path, category in _BY_PATH.items()
    ),
    *(
        Route(f"/{path}/guid/{{guid}}", _read_by_guid(category), methods=["GET"])
        for path, category in _BY_PATH.items()
    ),
]
