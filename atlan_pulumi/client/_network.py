"""What the network did to a request, as a failure."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx

from atlan_pulumi.client import errors
from atlan_pulumi.client._call import Failure
from atlan_pulumi.client._scrub import Scrubber

_CHECK_NETWORK = (
    "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), the network and any proxy (HTTPS_PROXY)"
)
_CHECK_TRUST = "check the base URL; a company's own certificate authority goes to SSL_CERT_FILE"


def failure_of(error: httpx.HTTPError | httpx.InvalidURL, scrub: Scrubber) -> Failure:
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
    kind = errors.NoAnswerInTime if too_late else errors.ConnectionFailed
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
