"""Responses with a JSON body."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json
from starlette.responses import JSONResponse

_NOT_JSON = (b"NaN", b"Infinity")


class JsonResponse(JSONResponse):
    """A response that Starlette renders only if `pydantic_core`, which is faster, cannot."""

    def render(self, content: Any) -> bytes:
        """Return the body. Values that are not JSON, such as NaN, are an error of the server."""
        try:
            body = to_json(content)
        except ValueError:
            return super().render(content)
        return super().render(content) if any(word in body for word in _NOT_JSON) else body
