"""`/api/service`: identities and credentials."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._context import context_of, json_body, page_parameters, user_of
from atlan_pulumi.local.web._identities import filter_records
from atlan_pulumi.local.web._responses import JsonResponse

_SECRET_KEYS = ("password", "extra_secret")
_PAGE_SIZE = 20


async def _roles(request: Request) -> JsonResponse:
    return _list_records(request, context_of(request).directory.roles(), limit=100)


async def _users(request: Request) -> JsonResponse:
    return _list_records(request, context_of(request).directory.users())


async def _groups(request: Request) -> JsonResponse:
    return _list_records(request, context_of(request).directory.groups())


async def _api_keys(request: Request) -> JsonResponse:
    return _list_records(request, context_of(request).directory.api_keys())


async def _current(request: Request) -> JsonResponse:
    return JsonResponse(context_of(request).directory.user(user_of(request)))


async def _whoami(request: Request) -> JsonResponse:
    roles = [{"name": "$admin"}, {"name": "$api-token-default-access"}]
    return JsonResponse({"username": user_of(request), "roles": roles})


def _list_records(request: Request, records: list[dict[str, Any]], limit: int = _PAGE_SIZE) -> JsonResponse:
    try:
        found = filter_records(records, request.query_params.get("filter", ""))
    except (ValueError, AttributeError):
        return service_error(request, 400, "Bad Request", "the filter is not a JSON object")
    offset, size = page_parameters(request, limit)
    return JsonResponse(
        {"totalRecord": len(records), "filterRecord": len(found), "records": found[offset : offset + size]}
    )


async def _create_credential(request: Request) -> JsonResponse:
    body, guid, now = await json_body(request), str(uuid.uuid4()), context_of(request).now()
    if not isinstance(body, dict):
        return service_error(request, 400, "Bad Request", "a credential must be an object")
    stamps = {"id": guid, "version": "1", "isActive": True, "createdAt": now, "updatedAt": now}
    credential = {**_without_secrets(body), **stamps, "createdBy": user_of(request), "tenantId": "default"}
    await context_of(request).write(lambda store: store.credentials.put(guid, credential))
    return JsonResponse(credential)


async def _list_credentials(request: Request) -> JsonResponse:
    return _list_records(request, await context_of(request).read(lambda store: store.credentials.all()))


async def _read_credential(request: Request) -> JsonResponse:
    guid = request.path_params["guid"]
    credential = await context_of(request).read(lambda store: store.credentials.get(guid))
    return _unknown_credential(request, guid) if credential is None else JsonResponse(credential)


async def _update_credential(request: Request) -> JsonResponse:
    body, guid, context = await json_body(request), request.path_params["guid"], context_of(request)
    if not isinstance(body, dict):
        return service_error(request, 400, "Bad Request", "a credential must be an object")
    changes = {name: value for name, value in _without_secrets(body).items() if value is not None}

    def update(store: Store) -> dict[str, Any] | None:
        old = store.credentials.get(guid)
        if old is None:
            return None
        new = {**old, **changes, "id": guid, "updatedAt": context.now()}
        store.credentials.put(guid, new)
        return new

    credential = await context.write(update)
    return _unknown_credential(request, guid) if credential is None else JsonResponse(credential)


async def _remove_credential(request: Request) -> Response:
    guid = request.path_params["guid"]
    removed = await context_of(request).write(lambda store: store.credentials.remove(guid))
    return Response(status_code=200) if removed else _unknown_credential(request, guid)


async def _test_credential(_request: Request) -> JsonResponse:
    return JsonResponse({"code": 200, "error": None, "message": "successful"})


def _without_secrets(credential: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in credential.items() if name not in _SECRET_KEYS}


def _unknown_credential(request: Request, guid: str) -> JsonResponse:
    return service_error(request, 404, "Not Found", f"credential {guid} does not exist")


def service_error(request: Request, status: int, error: str, message: str) -> JsonResponse:
    """Return an error in the form of `/api/service`."""
    request_id = request.headers.get("x-atlan-request-id")
    body = {"code": status, "error": error, "info": None, "message": message, "requestId": request_id}
    return JsonResponse(body, status)


def _get(path: str, handler: Callable[..., Any]) -> Route:
    return Route(path, handler, methods=["GET"])


def _post(path: str, handler: Callable[..., Any]) -> Route:
    return Route(path, handler, methods=["POST"])


routes = [
    _get("/roles", _roles),
    _get("/users", _users),
    _get("/users/current", _current),
    _get("/groups", _groups),
    _get("/v2/groups", _groups),
    _get("/apikeys", _api_keys),
    _get("/whoami", _whoami),
    _get("/credentials", _list_credentials),
    _post("/credentials", _create_credential),
    _post("/credentials/test", _test_credential),
    _get("/credentials/{guid}", _read_credential),
    _post("/credentials/{guid}", _update_credential),
    _post("/credentials/{guid}/archive", _remove_credential),
    Route("/credentials/{guid}", _remove_credential, methods=["DELETE"]),
]
