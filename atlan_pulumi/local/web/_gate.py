"""The gate of the API: counters, authentication, rate limit, and latency."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlan_pulumi.local.web._context import Context
from atlan_pulumi.local.web._counters import Exchange, Stats
from atlan_pulumi.local.web._responses import JsonResponse

_REQUEST_ID = "x-atlan-request-id"
_CREDENTIALS_PATH = "/api/service/credentials"


class Gate:
    """Admits requests with a known API key, within the rate limit."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, and count it."""
        recorder = _Recorder(scope, receive, send, self._context.stats)
        self._context.stats.arrived(scope["method"], scope["path"])
        try:
            await self._admit(scope, recorder)
        finally:
            recorder.finish()

    async def _admit(self, scope: Scope, recorder: _Recorder) -> None:
        user = self._context.directory.user_of(recorder.headers.get("authorization", ""))
        if user is None:
            body = {"code": "401", "error": "Unauthorized", "message": "the API key is missing or unknown"}
            await JsonResponse(body, 401)(scope, recorder.receive, recorder.send)
            return
        scope["user"] = user
        wait = self._context.limiter.take()
        if wait:
            answer = JsonResponse({"message": "API rate limit exceeded"}, 429, {"Retry-After": str(wait)})
            await answer(scope, recorder.receive, recorder.send)
            return
        if self._context.settings.latency_ms:
            await asyncio.sleep(self._context.settings.latency_ms / 1000)
        await self._app(scope, recorder.receive, recorder.send)


class _Recorder:
    """Records an exchange, counts the response before the client receives it, and echoes the request id."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, stats: Stats) -> None:
        self.headers = Headers(scope=scope)
        self._scope, self._receive, self._send, self._stats = scope, receive, send, stats
        self._started = time.monotonic()
        self._answered = False
        self._body = bytearray()

    async def receive(self) -> Message:
        """Forward a message of the request."""
        message = await self._receive()
        self._body += message.get("body", b"")
        return message

    async def send(self, message: Message) -> None:
        """Forward a message of the response."""
        if message["type"] == "http.response.start":
            self._count(message["status"])
            request_id = self.headers.get(_REQUEST_ID)
            if request_id is not None:
                headers = [*message.get("headers", ()), (_REQUEST_ID.encode(), request_id.encode("latin-1"))]
                message = {**message, "headers": headers}
        await self._send(message)

    def finish(self) -> None:
        """Count a request without a response."""
        if not self._answered:
            self._count("none")

    def _count(self, status: int | str) -> None:
        self._answered = True
        path = self._scope["path"]
        self._stats.answered(
            Exchange(
                self._scope["method"],
                path,
                self._scope["query_string"],
                None if path.startswith(_CREDENTIALS_PATH) else bytes(self._body),
                self.headers.get(_REQUEST_ID),
                self._scope.get("user"),
                status,
                round((time.monotonic() - self._started) * 1000, 1),
            )
        )
