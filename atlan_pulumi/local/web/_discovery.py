"""`/api/meta/search`, `/api/meta/lineage` and `/api/meta/types`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import unknown_path
from atlan_pulumi.local.lineage import lineage_list
from atlan_pulumi.local.schema import attributes_of, is_known, supertypes, type_names
from atlan_pulumi.local.search import search
from atlan_pulumi.local.web._requests import context_of, json_body

_STRUCT = {"category": "STRUCT", "name": "SourceTagAttachment", "attributeDefs": []}


async def _search(request: Request) -> JSONResponse:
    body, context = await json_body(request), context_of(request)
    lag = context.settings.search_lag_ms
    until = context.now() - int(lag) if lag else None
    return JSONResponse(await context.read(lambda store: search(store, body, seen_until=until)))


async def _lineage(request: Request) -> JSONResponse:
    body = await json_body(request)
    return JSONResponse(await context_of(request).read(lambda store: lineage_list(store, body)))


async def _types(request: Request) -> JSONResponse:
    wanted = {kind.upper() for kind in request.query_params.getlist("type")}
    entities = [_definition(name) for name in type_names()] if not wanted or "ENTITY" in wanted else []
    return JSONResponse(
        {
            "enumDefs": [],
            "structDefs": [_STRUCT] if not wanted or "STRUCT" in wanted else [],
            "classificationDefs": [],
            "entityDefs": entities,
            "relationshipDefs": [],
            "businessMetadataDefs": [],
        }
    )


async def _type(request: Request) -> JSONResponse:
    name = request.path_params["name"]
    if not is_known(name):
        raise unknown_path(f"typedef {name}")
    return JSONResponse(_definition(name))


def _definition(name: str) -> dict[str, object]:
    kinds = attributes_of(name)
    attributes = [{"name": attribute, "typeName": kind} for attribute, kind in sorted(kinds.items())]
    return {
        "category": "ENTITY",
        "name": name,
        "superTypes": sorted(supertypes(name)),
        "attributeDefs": attributes,
    }


routes = [
    Route("/search/indexsearch", _search, methods=["POST"]),
    Route("/lineage/list", _lineage, methods=["POST"]),
    Route("/types/typedefs", _types, methods=["GET"]),
    Route("/types/typedef/name/{name}", _type, methods=["GET"]),
]
