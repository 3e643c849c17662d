"""An answer that is no success, as a failure: which error it is, what the server said, what to do."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from atlan_pulumi.client import errors
from atlan_pulumi.client._call import Failure
from atlan_pulumi.client._scrub import Scrubber

_FIRST_REJECTION = 400
_FIRST_SERVER_ERROR = 500
_ERRORS: dict[int, type[errors.AtlanRequestError]] = {
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitedError,
}
_ADVICE: dict[type[errors.AtlanRequestError], str] = {
    errors.AuthenticationError: "check atlan:apiKey (or ATLAN_API_KEY): it may have expired, or be another's",
    errors.PermissionDeniedError: "let an administrator give the API key's persona access",
    errors.ConflictError: "run it again",
    errors.RateLimitedError: "lower atlan:requestsPerMinute, or try again when others use the tenant less",
    errors.ServerError: "try again later; if it stays, give Atlan's support the request id",
    errors.RedirectRefusedError: "set atlan:baseUrl (or ATLAN_BASE_URL) to the tenant's own address",
}
_ADVICE_BY_CODE = {
    "ATLAS-404-00-00A": "create the referenced asset first, or correct its type and qualifiedName",
    "ATLAS-400-00-014": "check the type's name",
}
_NOT_ATLAN = "check that the base URL (atlan:baseUrl or ATLAN_BASE_URL) is an Atlan tenant's"
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


class Said(NamedTuple):
    """What a body says: a code where it has one, and a text that may be empty."""

    code: str | None
    text: str
    is_document: bool


def failure_of(
    status: int, headers: Mapping[str, str], body: bytes, wait: float | None, scrub: Scrubber
) -> Failure:
    """The failure that an answer from 300 on stands for.

    Args:
        status: HTTP status, 300 or more.
        headers: The answer's headers.
        body: The answer's body, in any of the forms that Atlan, its gateway and proxies use.
        wait: Seconds that the answer asks to wait.
        scrub: Takes the API key out of what the server says.
    """
    error = _error_of(status)
    if error is errors.RedirectRefusedError:
        target = scrub(headers.get("location", "")).split("?")[0] or "no address"
        reason = f"redirects to {target}, which is not followed"
        return Failure(error, reason, _ADVICE[error], status)
    said = _said(body, scrub)
    advice = _ADVICE_BY_CODE.get(said.code or "", _ADVICE.get(error, ""))
    if error is errors.NotFoundError and not said.is_document:
        advice = _NOT_ATLAN
    code = None if said.code == str(status) else said.code
    return Failure(error, said.text, advice, status, code, wait)


def _error_of(status: int) -> type[errors.AtlanRequestError]:
    if status < _FIRST_REJECTION:
        return errors.RedirectRefusedError
    if status >= _FIRST_SERVER_ERROR:
        return errors.ServerError
    return _ERRORS.get(status, errors.RejectedError)


def _said(body: bytes, scrub: Scrubber) -> Said:
    text = body.decode("utf-8", errors="replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return Said(None, scrub(page_title(text) if is_html(text) else text), False)
    if not isinstance(document, dict):
        return Said(None, scrub(text), False)
    code = _first(document, "errorCode", "code")
    said = "; ".join(_texts(document))
    return Said(scrub(code) if code else None, scrub(said or text), True)


def _first(document: dict[str, Any], *names: str) -> str | None:
    values = (document.get(name) for name in names)
    return next((str(value) for value in values if value not in (None, "", [], {})), None)


def _texts(document: dict[str, Any]) -> list[str]:
    """What is said, and its causes, as the metastore tells them of expected and of unexpected errors."""
    causes = document.get("causes")
    listed = [cause for cause in causes if isinstance(cause, dict)] if isinstance(causes, list) else []
    found = [
        _first(document, "errorMessage", "message", "error", "info"),
        *(_first(cause, "errorMessage", "errorType") for cause in listed),
        _first(document, "errorCause"),
    ]
    error_id = _first(document, "errorId")
    return [text for text in found if text] + ([f"error id {error_id}"] if error_id else [])


def is_html(text: str) -> bool:
    """Whether a text is a page."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def page_title(text: str) -> str:
    """What a page is about, for a message."""
    title = _TITLE.search(text)
    return f"a page titled {' '.join(html.unescape(title.group(1)).split())!r}" if title else "a page"
