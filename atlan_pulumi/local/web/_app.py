"""The ASGI app: the API of Atlan behind a gate, and `/_local`."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from atlan_pulumi.local._errors import AtlasError, MalformedRequestError, unknown_path
from atlan_pulumi.local.web import (
    _admin,
    _annotate,
    _discovery,
    _events,
    _metastore,
    _relationships,
    _service,
    _types,
    _workflows,
)
from atlan_pulumi.local.web._context import Context
from atlan_pulumi.local.web._faults import FaultInjector
from atlan_pulumi.local.web._gate import Gate
from atlan_pulumi.local.web._responses import JsonResponse

# Starlette serves the path of a mount only with a slash at the end.
_ROOTS = frozenset({"/api/meta/entity", "/api/meta/relationship"})
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})

_logger = logging.getLogger("atlan_pulumi.local")


def build_app(context: Context) -> ASGIApp:
    """Return the app of a context."""
    entity_routes = [
        *_discovery.audit_routes,
        *_annotate.routes,
        *_metastore.routes,
        *_metastore.write_routes,
    ]
    api = Starlette(
        routes=[
            Mount("/api/meta/entity", routes=entity_routes),
            Mount("/api/meta/relationship", routes=_relationships.routes),
            Mount("/api/meta/types", routes=_types.routes),
            Mount("/api/meta", routes=_discovery.routes),
            Mount("/api/service", routes=[*_service.routes, *_workflows.routes]),
            Mount("/events/openlineage", routes=_events.routes),
        ],
        exception_handlers=_HANDLERS,
    )
    local = Starlette(routes=_admin.routes, exception_handlers=_HANDLERS)
    api.state.context = local.state.context = context
    gated = Gate(_IgnoreTrailingSlash(FaultInjector(_CatchErrors(api), context.faults)), context)
    return _Router(_CatchErrors(local), gated)


class _Router:
    """Routes a request to the API or to `/_local`."""

    def __init__(self, local: ASGIApp, api: ASGIApp) -> None:
        self._local = local
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path != "/" and not path.startswith("/_local"):
            await self._api(scope, receive, send)
        elif _is_cross_site(Headers(scope=scope)):
            await PlainTextResponse("requests from other sites are not allowed\n", 403)(scope, receive, send)
        else:
            await self._local(scope, receive, send)


def _is_cross_site(headers: Headers) -> bool:
    """Check whether a page of another site sends the request. `/_local` needs no API key."""
    host = headers.get("host", "")
    origin = headers.get("origin")
    return host.partition(":")[0] not in _LOCAL_HOSTS or origin not in (None, f"http://{host}")


class _IgnoreTrailingSlash:
    """Ignores a slash at the end of a path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        scope["path"] = f"{path}/" if path in _ROOTS else path
        await self._app(scope, receive, send)


class _CatchErrors:
    """Logs errors of this server. Starlette answers them with 500, as the metastore does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            _logger.exception("%s %s failed", scope["method"], scope["path"])


async def _atlas_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AtlasError)  # noqa: S101 - for the type checker
    return JsonResponse(error.body(), error.status)


async def _malformed_request(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"There was an error processing your request: {error}", 500)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    if error.status_code == 404:  # noqa: PLR2004 - an HTTP status
        return JsonResponse(unknown_path(request.url.path).body(), 404)
    body = {"errorCode": f"ATLAS-{error.status_code}-00-000", "errorMessage": error.detail}
    return JsonResponse(body, error.status_code, error.headers)


async def _internal_error(_request: Request, error: Exception) -> Response:
    cause = {"errorType": type(error).__name__, "errorMessage": "see the server's log", "location": "local"}
    body: dict[str, Any] = {
        "errorId": str(uuid.uuid4()),
        "message": "There was an error processing your request.",
        "causes": [cause],
    }
    return JsonResponse(body, 500)


_HANDLERS: dict[Any, Any] = {
    AtlasError: _atlas_error,
    MalformedRequestError: _malformed_request,
    HTTPException: _http_error,
    Exception: _internal_error,
}
