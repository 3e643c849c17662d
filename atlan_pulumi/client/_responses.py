"""What an answer (or none) means: decoded JSON, or which error, with what advice; the key scrubbed out."""

from __future__ import annotations

import base64
import html
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from atlan_pulumi.client import errors
from atlan_pulumi.client._calls import Answer, Failure

MOST_SECONDS = 120.0
"""The longest wait that a header can ask for; pyatlan keeps to the same bound."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?")
_MOST = 400
_SHORT_KEY = 8
_HIDDEN = "[secret]"
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
_CHECK_NETWORK = (
    "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), the network and any proxy (HTTPS_PROXY)"
)
_CHECK_TRUST = "check the base URL; a company's own certificate authority goes to SSL_CERT_FILE"
_CHECK = "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), and what stands between here and Atlan"
_CLOSING = {"{": "}", "[": "]"}


def seconds_to_wait(retry_after: str | None, date: str | None, now: float) -> float | None:
    """The seconds that `Retry-After` asks for.

    Args:
        retry_after: The header's value: seconds or an HTTP date (RFC 9110, section 10.2.3).
        date: The value of the answer's `Date` header: the server's own clock, for the second form.
        now: Seconds since the Unix epoch, used where `date` is absent.

    Returns:
        From 0 to `MOST_SECONDS`; None where the header is absent or says nothing that makes sense.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MOST_SECONDS)
    until = _timestamp(text)
    if until is None:
        return None
    answered = _timestamp(date or "")
    return min(max(until - (now if answered is None else answered), 0.0), MOST_SECONDS)


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None  # what it raises for garbage differs by version of Python


class Scrubber:
    """Knows the API key, so that nothing else has to look for it."""

    def __init__(self, api_key: str) -> None:
        is_short = len(api_key) < _SHORT_KEY
        written = [*_written(api_key), *(() if is_short else _in_base64(api_key.encode()))]
        # The longest first: it may begin with another, and would leave a rest.
        forms = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        # A key as short as a local Atlan's is a word that may be part of others ("local" in "localhost").
        self._key = re.compile(rf"(?<!\w)(?:{forms})(?!\w)" if is_short else forms)

    def __call__(self, text: str) -> str:
        """The text without the key, on one line, cut at 400 characters."""
        line = " ".join(self._key.sub(_HIDDEN, text).split())
        printable = "".join(character if character.isprintable() else "�" for character in line)
        return printable if len(printable) <= _MOST else f"{printable[: _MOST - 1]}…"


def _written(api_key: str) -> Iterator[str]:
    """The key as text, URLs, JSON, Python, and HTML write it."""
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


def _in_base64(key: bytes) -> Iterator[str]:
    """What the base64 of a text that holds the key always has, wherever in the text the key begins."""
    for before in range(3):
        left_over = (before + len(key)) % 3
        whole = base64.b64encode(b"\0" * before + key).rstrip(b"=").decode()
        # The first and the last character may depend on the neighbors of the key, too.
        inner = whole[(0, 2, 3)[before] : len(whole) - (1 if left_over else 0)]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))


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


def network_failure_of(error: httpx.HTTPError | httpx.InvalidURL, scrub: Scrubber) -> Failure:
    """The failure that an error of httpx stands for.

    Args:
        error: What httpx raised.
        scrub: Takes the API key out of it: a server's broken answer can be in its text.
    """
    if isinstance(error, httpx.InvalidURL):
        return Failure(errors.RejectedError, "a name in the request is too long for an address")
    handshake = _handshake_error(error)
    if handshake is not None:
        return Failure(errors.TlsError, f"TLS failed: {_tls_reason(handshake)}", _CHECK_TRUST)
    too_late = isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout))
    kind = errors.RequestTimeoutError if too_late else errors.NetworkError
    return Failure(kind, _reason(error, scrub), _CHECK_NETWORK)


def _handshake_error(error: httpx.HTTPError) -> ssl.SSLError | None:
    """Why the two ends did not agree; None for a connection that just ended while they tried."""
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
        return "no connection was free in time"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    said = scrub(str(error))
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({said})" if said else "no connection"
    return f"the connection broke ({said})" if said else "the connection broke"


def answer_of(status: int, body: bytes, json_answer: bool, scrub: Scrubber) -> Answer | Failure:
    """The answer, decoded.

    Args:
        status: HTTP status, below 300.
        body: The answer's body.
        json_answer: Whether it has to be JSON; a page is never an answer.
        scrub: Takes the API key out of what the server says.
    """
    text = body.decode("utf-8", errors="replace")
    if is_html(text):
        title = scrub(page_title(text))
        return _invalid(status, f"a login page or proxy answered instead of Atlan ({title})")
    if not json_answer:
        return Answer(status, None)
    return _decoded(status, body, text, scrub)


def _decoded(status: int, body: bytes, text: str, scrub: Scrubber) -> Answer | Failure:
    if not text.strip():
        return _invalid(status, "the answer is empty")
    try:
        return Answer(status, json.loads(body))
    except RecursionError:
        return _invalid(status, "the answer is nested too deeply")
    except ValueError as error:
        if _is_cut_off(text.strip(), error):
            return Failure(errors.NetworkError, "the answer was cut off", _CHECK)
        return _invalid(status, f"the answer is not JSON: {scrub(text)}")


def _invalid(status: int, reason: str) -> Failure:
    return Failure(errors.InvalidAnswerError, reason, _CHECK, status)


def _is_cut_off(text: str, error: ValueError) -> bool:
    """Whether JSON ends too early; a connection that just closes shows a lost rest in no other way."""
    closing = _CLOSING.get(text[0])
    if closing is None or not isinstance(error, json.JSONDecodeError):
        return False
    in_a_string = error.msg.startswith("Unterminated string")
    return in_a_string or not text.endswith(closing) or error.pos >= len(text)
