"""Why a request to Atlan got no usable response.

```
RequestError                 (atlan_pulumi.errors)
└── AtlanRequestError        shared attributes: status, code, reason, request_id, attempts
    ├── NetworkError             no response, or an incomplete one: network, closed connection
    │   └── RequestTimeoutError      connected, but the response took too long
    ├── TlsError                 no trusted connection could be established
    ├── RedirectRefusedError     3xx: redirects are never followed, so that the key stays with the tenant
    ├── InvalidAnswerError       2xx, but not a response of Atlan: HTML, empty, not JSON, another shape
    ├── RejectedError            4xx: the request is not acceptable
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
    """A request to Atlan got no usable response; `str(error)` is one line for the user.

    Attributes:
        status: HTTP status of the response; None without a response.
        code: Atlan's error code, such as `ATLAS-404-00-00A`; None where the response has none.
        reason: What the server or the network reported, on one line, without status and code.
        request_id: The `X-Atlan-Request-Id` that was sent; Atlan support can find the request by it.
        attempts: How often the request was sent; 0 where no request was needed.
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
    """No response arrived, or an incomplete one, in any attempt."""


class RequestTimeoutError(NetworkError):
    """The request was sent, and no complete response arrived in time."""


class TlsError(AtlanRequestError):
    """The certificate is not trusted, or the server does not support TLS."""


class RedirectRefusedError(AtlanRequestError):
    """The base URL redirects.

    Redirects are never followed, even on the same host: Atlan's API does not redirect.
    """


class InvalidAnswerError(AtlanRequestError):
    """The response reports success, but is not a response of Atlan."""


class RejectedError(AtlanRequestError):
    """The request is not acceptable (4xx)."""


class AuthenticationError(RejectedError):
    """Atlan does not accept the API key (401)."""


class PermissionDeniedError(RejectedError):
    """The API key does not have the permission (403)."""


class NotFoundError(RejectedError):
    """The resource does not exist (404), or Atlan does not know the name."""


class ConflictError(RejectedError):
    """The request conflicts with a concurrent request (409)."""


class RateLimitedError(RejectedError):
    """Too many requests (429), even after waiting."""


class ServerError(AtlanRequestError):
    """Atlan, or a gateway in front of it, failed (5xx)."""


class EventsNotConfiguredError(AtlanRequestError):
    """Atlan refuses OpenLineage events of this connector: no connection accepts them."""
