"""What a response means: decoded JSON, or an error with advice; the key is redacted."""

from __future__ import annotations

import base64
import html
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
from pydantic_core import from_json

from atlan_pulumi.client import errors
from atlan_pulumi.client._calls import Failure, Response

MAX_RETRY_AFTER = 120.0
"""Longest wait that a header can ask for; pyatlan has the same limit."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?")
_MAX_LENGTH = 400
_SHORT_KEY = 8
_REDACTED = "[secret]"
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
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
    errors.AuthenticationError: "check atlan:apiKey (or ATLAN_API_KEY): it may have expired",
    errors.PermissionDeniedError: "ask an administrator to give the API key's persona access",
    errors.ConflictError: "run it again",
    errors.RateLimitedError: "lower atlan:requestsPerMinute, or try again when the tenant is less busy",
    errors.ServerError: "try again later; if it persists, give Atlan support the request id",
    errors.RedirectRefusedError: "set atlan:baseUrl (or ATLAN_BASE_URL) to the tenant's own address",
}
_ADVICE_BY_CODE = {
    "ATLAS-404-00-00A": "create the referenced asset first, or correct its type and qualifiedName",
    "ATLAS-400-00-014": "check the type's name",
}
_PLAIN_HTTP = frozenset(
    {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"}
)
"""OpenSSL's reasons for a response without TLS; they differ by version."""
_BY_NETWORK = frozenset({403, 407, 451, 511})
"""Statuses with which proxies and firewalls refuse a request, in addition to server errors."""
_ASK_NETWORK = (
    "ask the administrators of your network's proxy or firewall to allow HTTPS to the tenant's host"
)
_ASK_GATEWAY = (
    "try again later; if it persists, ask the administrators of your network's proxy, or Atlan support"
)
_PROXY_REFUSED = (
    "check HTTPS_PROXY (or ALL_PROXY) with its user and password, set NO_PROXY if the tenant needs no proxy, "
    f"or {_ASK_NETWORK}"
)
_NOT_ATLAN = "check that the base URL (atlan:baseUrl or ATLAN_BASE_URL) is an Atlan tenant's"
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_CHECK_NETWORK = (
    "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), the network and any proxy (HTTPS_PROXY)"
)
_CHECK_CERTIFICATE = "check the base URL; for a company's own certificate authority, set SSL_CERT_FILE"
_CHECK_SCHEME = "check the port in atlan:baseUrl (or ATLAN_BASE_URL); for a local Atlan, use http://"
_CHECK_PROXY = "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), and any proxy in front of Atlan"
_CLOSERS = {"{": "}", "[": "]"}


def parse_retry_after(retry_after: str | None, date: str | None, now: float) -> float | None:
    """Return the seconds that `Retry-After` asks for.

    Args:
        retry_after: The header's value: seconds or an HTTP date (RFC 9110, section 10.2.3).
        date: The value of the response's `Date` header: the server's clock, for an HTTP date.
        now: Seconds since the Unix epoch, used if `date` is missing.

    Returns:
        From 0 to `MAX_RETRY_AFTER`; None if the header is missing or not valid.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MAX_RETRY_AFTER)
    until = _timestamp(text)
    if until is None:
        return None
    responded = _timestamp(date or "")
    return min(max(until - (now if responded is None else responded), 0.0), MAX_RETRY_AFTER)


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None  # the exception differs by version of Python


class Scrubber:
    """Redacts the API key in text from servers and the network."""

    def __init__(self, api_key: str) -> None:
        is_short = len(api_key) < _SHORT_KEY
        written = [*_encodings(api_key), *(() if is_short else _base64_forms(api_key.encode()))]
        # The longest first: another form may be its beginning.
        forms = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        # A short key, such as a local Atlan's, may be part of other words ("local" in "localhost").
        self._key = re.compile(rf"(?<!\w)(?:{forms})(?!\w)" if is_short else forms)

    def __call__(self, text: str) -> str:
        """Return the text on one line without the key, truncated to 400 characters."""
        line = " ".join(self._key.sub(_REDACTED, text).split())
        printable = "".join(character if character.isprintable() else "�" for character in line)
        return printable if len(printable) <= _MAX_LENGTH else f"{printable[: _MAX_LENGTH - 1]}…"


def _encodings(api_key: str) -> Iterator[str]:
    """Yield the key as text, URLs, JSON, Python, and HTML write it."""
    yield api_key
    for escaped in (quote(api_key, safe=""), quote(api_key)):
        yield escaped
        yield _ESCAPE.sub(lambda escape: escape[0].lower(), escaped)
    in_json = json.dumps(api_key)[1:-1]
    yield in_json
    yield json.dumps(in_json)[1:-1]
    yield in_json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    yield repr(api_key)[1:-1]
    yield html.escape(api_key)


def _base64_forms(key: bytes) -> Iterator[str]:
    """Yield what the base64 form of any text with the key contains, for each position of the key."""
    for before in range(3):
        left_over = (before + len(key)) % 3
        encoded = base64.b64encode(b"\0" * before + key).rstrip(b"=").decode()
        # The first and the last character also depend on the text around the key.
        inner = encoded[(0, 2, 3)[before] : len(encoded) - (1 if left_over else 0)]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))


class ErrorBody(NamedTuple):
    """The content of an error response: a code if it has one, and a text, which may be empty."""

    code: str | None
    text: str
    is_document: bool = False
    is_page: bool = False


def parse_error(
    status: int, headers: Mapping[str, str], body: bytes, wait: float | None, scrub: Scrubber
) -> Failure:
    """Return the failure for a response with a status of 300 or above.

    Args:
        status: HTTP status, 300 or above.
        headers: The response's headers.
        body: The response's body, in any format that Atlan, its gateway, or proxies use.
        wait: Seconds that the response asks to wait.
        scrub: Redacts the API key.
    """
    error = _error_of(status)
    if error is errors.RedirectRefusedError:
        target = scrub(headers.get("location", "")).split("?")[0] or "no address"
        reason = f"redirects to {target}, which is not followed"
        return Failure(error, reason, _ADVICE[error], status)
    message = _parse_error_body(body, scrub)
    advice = _ADVICE_BY_CODE.get(message.code or "", _ADVICE.get(error, ""))
    if error is errors.NotFoundError and not message.is_document:
        advice = _NOT_ATLAN
    code = None if message.code == str(status) else message.code
    reason = message.text
    if message.is_page and (status in _BY_NETWORK or status >= _FIRST_SERVER_ERROR):
        reason = f"a proxy or firewall answered instead of Atlan ({reason})"
        advice = _ASK_NETWORK if status in _BY_NETWORK else _ASK_GATEWAY
    return Failure(error, reason, advice, status, code, wait)


def _error_of(status: int) -> type[errors.AtlanRequestError]:
    if status < _FIRST_REJECTION:
        return errors.RedirectRefusedError
    if status >= _FIRST_SERVER_ERROR:
        return errors.ServerError
    return _ERRORS.get(status, errors.RejectedError)


def _parse_error_body(body: bytes, scrub: Scrubber) -> ErrorBody:
    text = body.decode("utf-8", errors="replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        if is_html(text):
            return ErrorBody(None, scrub(page_title(text)), is_page=True)
        return ErrorBody(None, scrub(text))
    if not isinstance(document, dict):
        return ErrorBody(None, scrub(text))
    code = _first_value(document, "errorCode", "code")
    message = "; ".join(_messages(document))
    return ErrorBody(scrub(code) if code else None, scrub(message or text), is_document=True)


def _first_value(document: dict[str, Any], *names: str) -> str | None:
    values = (document.get(name) for name in names)
    return next((str(value) for value in values if value not in (None, "", [], {})), None)


def _messages(document: dict[str, Any]) -> list[str]:
    """Return the messages of an error and its causes, in the metastore's formats."""
    causes = document.get("causes")
    listed = [cause for cause in causes if isinstance(cause, dict)] if isinstance(causes, list) else []
    found = [
        _first_value(document, "errorMessage", "message", "error", "info"),
        *(_first_value(cause, "errorMessage", "errorType") for cause in listed),
        _first_value(document, "errorCause"),
    ]
    error_id = _first_value(document, "errorId")
    return [text for text in found if text] + ([f"error id {error_id}"] if error_id else [])


def is_html(text: str) -> bool:
    """Return whether a text is an HTML page."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def page_title(text: str) -> str:
    """Return a description of a page, for a message."""
    title = _TITLE.search(text)
    return f"a page titled {' '.join(html.unescape(title.group(1)).split())!r}" if title else "a page"


def parse_network_error(error: httpx.HTTPError | httpx.InvalidURL, scrub: Scrubber) -> Failure:
    """Return the failure for an exception of httpx.

    Args:
        error: The exception.
        scrub: Redacts the API key: the exception can contain a server's malformed response.
    """
    if isinstance(error, httpx.InvalidURL):
        return Failure(errors.RejectedError, "a name in the request is too long for a URL")
    if isinstance(error, httpx.ProxyError):
        return Failure(
            errors.NetworkError, f"the proxy refused the connection ({scrub(str(error))})", _PROXY_REFUSED
        )
    handshake = _handshake_error(error)
    if handshake is not None and handshake.reason in _PLAIN_HTTP:
        return Failure(errors.TlsError, "TLS failed: this port speaks http, not https", _CHECK_SCHEME)
    if handshake is not None:
        return Failure(errors.TlsError, f"TLS failed: {_tls_reason(handshake)}", _CHECK_CERTIFICATE)
    too_late = isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout))
    kind = errors.RequestTimeoutError if too_late else errors.NetworkError
    return Failure(kind, _reason(error, scrub), _CHECK_NETWORK)


def _handshake_error(error: httpx.HTTPError) -> ssl.SSLError | None:
    """Return why the TLS handshake failed; None if the connection was only closed during the handshake."""
    if not isinstance(error, httpx.ConnectError):
        return None
    found = (cause for cause in _causes(error) if isinstance(cause, ssl.SSLError))
    return next((cause for cause in found if not isinstance(cause, ssl.SSLEOFError)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _tls_reason(cause: ssl.SSLError) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({cause.verify_message})"
    return (cause.reason or "unknown reason").replace("_", " ").lower()


def _reason(error: httpx.HTTPError, scrub: Scrubber) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, httpx.PoolTimeout):
        return "no free connection in time"
    if isinstance(error, httpx.TimeoutException):
        return "no response in time"
    message = scrub(str(error))
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({message})" if message else "no connection"
    return f"the connection broke ({message})" if message else "the connection broke"


def parse_success(status: int, body: bytes, expects_json: bool, scrub: Scrubber) -> Response | Failure:
    """Return the decoded response.

    Args:
        status: HTTP status, below 300.
        body: The response's body.
        expects_json: Whether it must be JSON; an HTML page is always an error.
        scrub: Redacts the API key.
    """
    text = body.decode("utf-8", errors="replace")
    if is_html(text):
        title = scrub(page_title(text))
        return _invalid(status, f"a login page or proxy answered instead of Atlan ({title})")
    if not expects_json:
        return Response(status, None)
    return _decoded(status, body, text, scrub)


def _decoded(status: int, body: bytes, text: str, scrub: Scrubber) -> Response | Failure:
    if not text.strip():
        return _invalid(status, "the response is empty")
    with suppress(ValueError):  # what it refuses is decoded once more, since `json` accepts more
        return Response(status, from_json(body))
    try:
        return Response(status, json.loads(body))
    except RecursionError:
        return _invalid(status, "the response is nested too deeply")
    except ValueError as error:
        if _is_truncated(text.strip(), error):
            return Failure(errors.NetworkError, "the response was truncated", _CHECK_PROXY)
        return _invalid(status, f"the response is not JSON: {scrub(text)}")


def _invalid(status: int, reason: str) -> Failure:
    return Failure(errors.InvalidAnswerError, reason, _CHECK_PROXY, status)


def _is_truncated(text: str, error: ValueError) -> bool:
    """Return whether JSON ends too early.

    A connection that just closes shows a missing rest in no other way.
    """
    closing = _CLOSERS.get(text[0])
    if closing is None or not isinstance(error, json.JSONDecodeError):
        return False
    in_a_string = error.msg.startswith("Unterminated string")
    return in_a_string or not text.endswith(closing) or error.pos >= len(text)
