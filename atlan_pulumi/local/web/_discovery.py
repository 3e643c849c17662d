"""`/api/meta/search`, `/api/meta/lineage`, and the activity log."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError, unknown_guid, unknown_path
from atlan_pulumi.local.lineage import lineage_graph, lineage_list, lineage_on_demand
from atlan_pulumi.local.search import audit_search, search
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._context import context_of, flag, json_body, unique_names
from atlan_pulumi.local.web._metastore import entity_by_name
from atlan_pulumi.local.web._responses import JsonResponse

_NUMBERS = {"depth": "3", "offset": "-1", "limit": "-1"}


async def _search(request: Request) -> JsonResponse:
    body, context = await json_body(request), context_of(request)
    lag = context.settings.search_lag_ms
    until = context.now() - int(lag) if lag else None
    return JsonResponse(await context.read(lambda store: search(store, body, seen_until=until)))


async def _lineage(request: Request) -> JsonResponse:
    body = await json_body(request)
    return JsonResponse(await context_of(request).read(lambda store: lineage_list(store, body)))


async def _graph_by_guid(request: Request) -> JsonResponse:
    parameters = {**_graph_parameters(request), "guid": request.path_params["guid"]}
    return JsonResponse(await context_of(request).read(lambda store: lineage_graph(store, parameters)))


async def _graph_by_name(request: Request) -> JsonResponse:
    parameters, name = _graph_parameters(request), unique_names(request)[0]

    def read(store: Store) -> dict[str, Any]:
        found = entity_by_name(store, request.path_params["type_name"], name)
        return lineage_graph(store, {**parameters, "guid": found.guid})

    return JsonResponse(await context_of(request).read(read))


def _graph_parameters(request: Request) -> dict[str, Any]:
    query = request.query_params
    numbers = {name: _parse_number(query.get(name, default)) for name, default in _NUMBERS.items()}
    flags = {name: flag(request, name) for name in ("hideProcess", "calculateRemainingVertexCounts")}
    return {"direction": query.get("direction", "BOTH"), **numbers, **flags}


def _parse_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise unknown_path(text) from None  # JAX-RS answers 404 for a parameter that is not a number


async def _graph_body(request: Request) -> JsonResponse:
    body = await json_body(request)
    if not isinstance(body, dict):
        raise MalformedRequestError("a lineage request must be an object")
    return JsonResponse(await context_of(request).read(lambda store: lineage_graph(store, body)))


async def _graph_on_demand(request: Request) -> JsonResponse:
    body, guid = await json_body(request), request.path_params["guid"]
    return JsonResponse(await context_of(request).read(lambda store: lineage_on_demand(store, guid, body)))


routes = [
    Route("/search/indexsearch", _search, methods=["POST"]),
    Route("/lineage/list", _lineage, methods=["POST"]),
    Route("/lineage/getlineage", _graph_body, methods=["POST"]),
    Route("/lineage/uniqueAttribute/type/{type_name}", _graph_by_name, methods=["GET"]),
    Route("/lineage/{guid}", _graph_by_guid, methods=["GET"]),
    Route("/lineage/{guid}", _graph_on_demand, methods=["POST"]),
]


async def _search_audit(request: Request) -> JsonResponse:
    body = await json_body(request)
    return JsonResponse(await context_of(request).read(lambda store: audit_search(store, body)))


async def _search_entity_audit(request: Request) -> JsonResponse:
    body, guid = await json_body(request), request.path_params["guid"]

    def read(store: Store) -> dict[str, object]:
        if store.entities.get(guid) is None and not store.audits.count("entity = ?", (guid,)):
            raise unknown_guid(guid)
        return audit_search(store, body, guid)

    return JsonResponse(await context_of(request).read(read))


audit_routes = [
    Route("/auditSearch", _search_audit, methods=["POST"]),
    Route("/{guid}/auditSearch", _search_entity_audit, methods=["POST"]),
]
