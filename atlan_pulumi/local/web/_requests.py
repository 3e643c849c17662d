"""Reading requests."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from atlan_pulumi.local._errors import MalformedRequestError, bad_request
from atlan_pulumi.local.web._context import Context

_MOST = 2**31 - 1


def context_of(request: Request) -> Context:
    """What the app's handlers share."""
    context: Context = request.app.state.context
    return context


def user_of(request: Request) -> str:
    """Who asks."""
    return str(request.scope["user"])


async def json_body(request: Request) -> Any:
    """The request's JSON body.

    Raises:
        MalformedRequestError: there is none, or it is not JSON.
    """
    try:
        return json.loads(await request.body())
    except ValueError:
        raise MalformedRequestError("the body is not JSON") from None


def flag(request: Request, name: str, *, default: bool = False) -> bool:
    """A true-or-false query parameter."""
    value = request.query_params.get(name)
    return default if value is None else value.lower() == "true"


def unique_names(request: Request) -> list[str]:
    """The qualifiedNames of `attr:qualifiedName` and `attr_N:qualifiedName` parameters, in order.

    Raises:
        AtlasError: there are none.
    """
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    names = [value for key, value in pairs if key.startswith("attr") and key.endswith(":qualifiedName")]
    if not names:
        raise bad_request("Missing query parameter attr:qualifiedName")
    return names


def page_of(request: Request, limit: int) -> tuple[int, int]:
    """`offset` and `limit`; unusable ones count as absent."""

    def number(name: str, default: int) -> int:
        text = request.query_params.get(name, "")
        return min(int(text), _MOST) if text.isdecimal() else default

    return number("offset", 0), number("limit", limit)
