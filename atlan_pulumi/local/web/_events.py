"""`/events/openlineage`: events are stored as received, and processed after the response."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._context import context_of, json_body, user_of

_USES_CREDENTIAL = (
    "type_name = 'Connection' AND status = 'ACTIVE' "
    "AND json_extract(attributes, '$.defaultCredentialGuid') = ?"
)


async def _receive(request: Request) -> PlainTextResponse:
    context, connector = context_of(request), request.path_params["connector"]
    path = request.url.path.rstrip("/")
    try:
        body = await json_body(request)
    except MalformedRequestError as error:
        return PlainTextResponse(f"Bad Request: {error}", 400)

    def store_event(store: Store) -> bool:
        if not _accepts_events(store, path):
            return False
        store.events.add(connector, context.now(), user_of(request), body)
        return True

    context.backlog.add()  # before the write: the worker may be faster than this coroutine
    if await context.write(store_event):
        context.process_event_later()
        return PlainTextResponse("Event received", 202)
    context.backlog.remove(1)
    text = f"Unauthorized: url path not configured to receive data, urlPath: {path}"
    return PlainTextResponse(text, 401)


def _accepts_events(store: Store, path: str) -> bool:
    """Check whether an active connection has a credential that enables events on this path."""
    enabled = [
        str(credential["id"])
        for credential in store.credentials.all()
        if str((credential.get("extra") or {}).get("events.urlPath", "")).rstrip("/") == path
    ]
    return any(store.entities.count(_USES_CREDENTIAL, (guid,)) for guid in enabled)


routes = [Route("/{connector}/api/v1/lineage", _receive, methods=["POST"])]
