"""`/api/meta/search` and `/api/meta/lineage`."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError, unknown_guid, unknown_path
from atlan_pulumi.local.lineage import lineage_graph, lineage_list, lineage_on_demand
from atlan_pulumi.local.search import audit_search, search
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._context import context_of, flag, json_body, unique_names
from atlan_pulumi.local.web._metastore import by_name

_NUMBERS = {"depth": "3", "offset": "-1", "limit": "-1"}


async def _search(request: Request) -> JSONResponse:
    body, context = await json_body(request), context_of(request)
    lag = context.settings.search_lag_ms
    until = context.now() - int(lag) if lag else None
    return JSONResponse(await context.read(lambda store: search(store, body, seen_until=until)))


async def _lineage(request: Request) -> JSONResponse:
    body = await json_body(request)
    return JSONResponse(await context_of(request).read(lambda store: lineage_list(store, body)))


async def _graph_guid(request: Request) -> JSONResponse:
    asked = {**_asked(request), "guid": request.path_params["guid"]}
    return JSONResponse(await context_of(request).read(lambda store: lineage_graph(store, asked)))


async def _graph_name(request: Request) -> JSONResponse:
    asked, name = _asked(request), unique_names(request)[0]

    def read(store: Store) -> dict[str, Any]:
        found = by_name(store, request.path_params["type_name"], name)
        return lineage_graph(store, {**asked, "guid": found.guid})

    return JSONResponse(await context_of(request).read(read))


def _asked(request: Request) -> dict[str, Any]:
    query = request.query_params
    numbers = {name: _number(query.get(name, default)) for name, default in _NUMBERS.items()}
    flags = {name: flag(request, name) for name in ("hideProcess", "calculateRemainingVertexCounts")}
    return {"direction": query.get("direction", "BOTH"), **numbers, **flags}


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise unknown_path(text) from None  # what JAX-RS makes of a parameter that is no number


async def _graph_body(request: Request) -> JSONResponse:
    body = await json_body(request)
    if not isinstance(body, dict):
        raise MalformedRequestError("no lineage request")
    return JSONResponse(await context_of(request).read(lambda store: lineage_graph(store, body)))


async def _graph_on_demand(request: Request) -> JSONResponse:
    body, guid = await json_body(request), request.path_params["guid"]
    return JSONResponse(await context_of(request).read(lambda store: lineage_on_demand(store, guid, body)))


routes = [
    Route("/search/indexsearch", _search, methods=["POST"]),
    Route("/lineage/list", _lineage, methods=["POST"]),
    Route("/lineage/getlineage", _graph_body, methods=["POST"]),
    Route("/lineage/uniqueAttribute/type/{type_name}", _graph_name, methods=["GET"]),
    Route("/lineage/{guid}", _graph_guid, methods=["GET"]),
    Route("/lineage/{guid}", _graph_on_demand, methods=["POST"]),
]


async def _search_activity(request: Request) -> JSONResponse:
    body = await json_body(request)
    return JSONResponse(await context_of(request).read(lambda store: audit_search(store, body)))


async def _search_guid(request: Request) -> JSONResponse:
    body, guid = await json_body(request), request.path_params["guid"]

    def read(store: Store) -> dict[str, object]:
        if store.entities.get(guid) is None and not store.audits.count("entity = ?", (guid,)):
            raise unknown_guid(guid)
        return audit_search(store, body, guid)

    return JSONResponse(await context_of(request).read(read))


audit_routes = [
    Route("/auditSearch", _search_activity, methods=["POST"]),
    Route("/{guid}/auditSearch", _search_guid, methods=["POST"]),
]
