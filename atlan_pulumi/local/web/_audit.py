"""`/api/meta/entity/auditSearch`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import unknown_guid
from atlan_pulumi.local.search import audit_search
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._requests import context_of, json_body


async def _search(request: Request) -> JSONResponse:
    body = await json_body(request)
    return JSONResponse(await context_of(request).read(lambda store: audit_search(store, body)))


async def _search_guid(request: Request) -> JSONResponse:
    body, guid = await json_body(request), request.path_params["guid"]

    def read(store: Store) -> dict[str, object]:
        if store.entities.get(guid) is None and not store.audits.count("entity = ?", (guid,)):
            raise unknown_guid(guid)
        return audit_search(store, body, guid)

    return JSONResponse(await context_of(request).read(read))


routes = [
    Route("/auditSearch", _search, methods=["POST"]),
    Route("/{guid}/auditSearch", _search_guid, methods=["POST"]),
]
