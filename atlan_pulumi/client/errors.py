"""Why a request to Atlan got no usable answer.

```
RequestError                 (atlan_pulumi.errors)
└── AtlanRequestError        what they share: status, code, reason, request_id, attempts
    ├── NetworkError             no response, or an incomplete one: network, closed connection
    │   └── RequestTimeoutError      connected, but the response took too long
    ├── TlsError                 the two ends could not agree on a trusted connection
    ├── RedirectRefusedError     3xx: a redirect is never followed, so that the key stays with the tenant
    ├── InvalidAnswerError       2xx, but not what Atlan answers: HTML, empty, not JSON, of another shape
    ├── RejectedError            4xx: what was sent is not acceptable
    │   ├── AuthenticationError      401
    │   ├── PermissionDeniedError    403
    │   ├── NotFoundError            404, or a name that Atlan does not know
    │   ├── ConflictError            409
    │   └── RateLimitedError         429
    ├── ServerError              5xx
    └── EventsNotConfiguredError OpenLineage events are refused until a connection of that kind exists
```
"""

from __future__ import annotations

from atlan_pulumi.errors import RequestError


class AtlanRequestError(RequestError):
    """A request to Atlan got no usable answer; `str(error)` is one line for a person.

    Attributes:
        status: HTTP status of the answer; None where there was none.
        code: Atlan's code, such as `ATLAS-404-00-00A`; None where the answer had none.
        reason: What the server or the network said, on one line, without status and code.
        request_id: The `X-Atlan-Request-Id` that was sent: support can find the request by it.
        attempts: How often the request was sent; 0 where none was needed.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        reason: str = "",
        request_id: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.reason = reason
        self.request_id = request_id
        self.attempts = attempts


class NetworkError(AtlanRequestError):
    """No answer came, or it was cut off, however often it was tried."""


class RequestTimeoutError(NetworkError):
    """The request went out, and no answer, or not all of it, came in time."""


class TlsError(AtlanRequestError):
    """The certificate is not trusted, or the address does not speak TLS."""


class RedirectRefusedError(AtlanRequestError):
    """The address redirects. That is never followed, not on the same host either: Atlan's API does not."""


class InvalidAnswerError(AtlanRequestError):
    """The answer claims success, but is not what Atlan answers."""


class RejectedError(AtlanRequestError):
    """What was sent is not acceptable (4xx)."""


class AuthenticationError(RejectedError):
    """The API key is not accepted (401)."""


class PermissionDeniedError(RejectedError):
    """The API key may not do this (403)."""


class NotFoundError(RejectedError):
    """There is no such thing (404), or Atlan knows nothing of that name."""


class ConflictError(RejectedError):
    """It contradicts what another request did at the same time (409)."""


class RateLimitedError(RejectedError):
    """Too many requests (429), still after waiting."""


class ServerError(AtlanRequestError):
    """Atlan, or something in front of it, failed (5xx)."""


class EventsNotConfiguredError(AtlanRequestError):
    """OpenLineage events of this connector are refused: no connection takes them."""
