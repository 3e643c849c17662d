"""The first half of a bulk request, for faults that leave the rest undone."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.types import Message, Receive, Scope


async def halved(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    """The request with the first half of its entities or GUIDs, rounded down; None where nothing is left."""
    if scope["method"] == "DELETE":
        return _fewer_guids(scope, receive)
    body = await Request(scope, receive).json()
    entities = body["entities"][: len(body["entities"]) // 2]
    message = {"type": "http.request", "body": json.dumps({**body, "entities": entities}).encode()}

    async def replay() -> Message:
        return message

    return (scope, replay) if entities else None


def _fewer_guids(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    guids = [pair for pair in query if pair[0] == "guid"]
    kept = guids[: len(guids) // 2]
    others = [pair for pair in query if pair[0] != "guid"]
    return ({**scope, "query_string": urlencode([*others, *kept]).encode()}, receive) if kept else None
