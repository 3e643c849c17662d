"""The ASGI app: the API behind its gate, and beside it what exists only here."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from atlan_pulumi.local._errors import AtlasError, MalformedRequestError, unknown_path
from atlan_pulumi.local.web import (
    _admin as _local,
)
from atlan_pulumi.local.web import (
    _annotate,
    _discovery,
    _events,
    _relationships,
    _service,
    _types,
)
from atlan_pulumi.local.web import (
    _discovery as _audit,
)
from atlan_pulumi.local.web import (
    _metastore as _read_entities,
)
from atlan_pulumi.local.web import (
    _metastore as _write_entities,
)
from atlan_pulumi.local.web._context import Context
from atlan_pulumi.local.web._faults import Faulting
from atlan_pulumi.local.web._gate import Gate

_ROOTS = frozenset({"/api/meta/entity", "/api/meta/relationship"})  # a mount serves its own path with a slash
_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})

_logger = logging.getLogger("atlan_pulumi.local")


def build(context: Context) -> ASGIApp:
    """The app over a context."""
    entity_routes = [
        *_audit.audit_routes,
        *_annotate.routes,
        *_read_entities.routes,
        *_write_entities.write_routes,
    ]
    api = Starlette(
        routes=[
            Mount("/api/meta/entity", routes=entity_routes),
            Mount("/api/meta/relationship", routes=_relationships.routes),
            Mount("/api/meta/types", routes=_types.routes),
            Mount("/api/meta", routes=_discovery.routes),
            Mount("/api/service", routes=_service.routes),
            Mount("/events/openlineage", routes=_events.routes),
        ],
        exception_handlers=_HANDLERS,
    )
    local = Starlette(routes=_local.routes, exception_handlers=_HANDLERS)
    api.state.context = local.state.context = context
    gated = Gate(_Uniform(Faulting(_Guarded(api), context.faults)), context)
    return _Front(_Guarded(local), gated)


class _Front:
    """Sends a request to the API, or to what exists only here."""

    def __init__(self, local: ASGIApp, api: ASGIApp) -> None:
        self._local = local
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path != "/" and not path.startswith("/_local"):
            await self._api(scope, receive, send)
        elif _from_elsewhere(Headers(scope=scope)):
            await PlainTextResponse("only for pages of this server\n", 403)(scope, receive, send)
        else:
            await self._local(scope, receive, send)


def _from_elsewhere(headers: Headers) -> bool:
    """Whether a web page of another site asks: what needs no key must not be open to those."""
    host = headers.get("host", "")
    origin = headers.get("origin")
    return host.partition(":")[0] not in _OWN_NAMES or origin not in (None, f"http://{host}")


class _Uniform:
    """Serves a path with and without a slash at its end alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        scope["path"] = f"{path}/" if path in _ROOTS else path
        await self._app(scope, receive, send)


class _Guarded:
    """Answer an error of this server with 500, as the metastore does, and log it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            _logger.exception("%s %s failed", scope["method"], scope["path"])


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AtlasError)  # noqa: S101 - tells the type checker what the table says
    return JSONResponse(error.body(), error.status)


async def _unreadable(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"There was an error processing your request: {error}", 500)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - tells the type checker what the table says
    if error.status_code == 404:  # noqa: PLR2004 - HTTP's own number
        return JSONResponse(unknown_path(request.url.path).body(), 404)
    body = {"errorCode": f"ATLAS-{error.status_code}-00-000", "errorMessage": error.detail}
    return JSONResponse(body, error.status_code, error.headers)


async def _problem(_request: Request, error: Exception) -> Response:
    cause = {"errorType": type(error).__name__, "errorMessage": "see the server's log", "location": "local"}
    body: dict[str, Any] = {
        "errorId": str(uuid.uuid4()),
        "message": "There was an error processing your request.",
        "causes": [cause],
    }
    return JSONResponse(body, 500)


_HANDLERS: dict[Any, Any] = {
    AtlasError: _refuse,
    MalformedRequestError: _unreadable,
    HTTPException: _http_error,
    Exception: _problem,
}
