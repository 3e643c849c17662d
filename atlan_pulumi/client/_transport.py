"""Transport: send a call at the tenant's rate until it has a response; retry until the deadline."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar, cast

import httpx
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from atlan_pulumi.client._calls import Call, Failure, Response
from atlan_pulumi.client._rate_limit import Clock, RateLimiter
from atlan_pulumi.client._responses import (
    Scrubber,
    parse_error,
    parse_network_error,
    parse_retry_after,
    parse_success,
)
from atlan_pulumi.client._retry import RetryPolicy, block_seconds
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.client.errors import AtlanRequestError, InvalidAnswerError
from atlan_pulumi.errors import ConfigurationError

_HEADERS = {
    "accept": "application/json",
    "user-agent": f"atlan-pulumi/{version('atlan-pulumi')}",
    "x-atlan-client-origin": "atlan-pulumi",
}
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20.0)
_FIRST_ERROR_STATUS = 300
_log = logging.getLogger("atlan_pulumi.client")
_Shape = TypeVar("_Shape")


class BearerAuth(httpx.Auth):
    """Adds the API key to requests to the tenant. The client's own headers never contain the key."""

    def __init__(self, settings: ClientSettings) -> None:
        self._tenant = httpx.URL(settings.base_url)
        self._api_key = settings.api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header, unless the request goes to another host."""
        if (request.url.scheme, request.url.netloc) == (self._tenant.scheme, self._tenant.netloc):
            request.headers["authorization"] = f"Bearer {self._api_key.get_secret_value()}"
        yield request


class HttpSession:
    """The connections to a tenant, shared by all threads."""

    def __init__(self, settings: ClientSettings, clock: Clock, scrub: Scrubber) -> None:
        """Create the connection pool. Nothing is sent.

        Raises:
            ConfigurationError: The environment's proxy or certificate settings are not valid.
        """
        self._settings = settings
        self._clock = clock
        self._scrub = scrub
        self._http = _http_client(settings)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def exchange(self, call: Call, until: float) -> Response | Failure:
        """Send a call once.

        Args:
            call: The call.
            until: When the response must be complete, in the clock's monotonic time.
        """
        try:
            with self._http.stream(
                call.method,
                call.target,
                content=None if call.body is None else to_json(call.body),
                headers=_headers(call),
                timeout=self._timeout(until),
            ) as response:
                body = b"".join(self._read_until(response.iter_bytes(), until))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return parse_network_error(error, self._scrub)
        return self._interpret(call, response, body)

    def _interpret(self, call: Call, response: httpx.Response, body: bytes) -> Response | Failure:
        status, headers = response.status_code, response.headers
        if status < _FIRST_ERROR_STATUS:
            return parse_success(status, body, call.expects_json, self._scrub)
        wait = parse_retry_after(headers.get("retry-after"), headers.get("date"), self._clock.time())
        return parse_error(status, headers, body, wait, self._scrub)

    def _timeout(self, until: float) -> httpx.Timeout:
        left = max(until - self._clock.monotonic(), 0.001)
        read = min(self._settings.read_timeout, left)
        return httpx.Timeout(read, connect=min(self._settings.connect_timeout, left))

    def _read_until(self, chunks: Iterator[bytes], until: float) -> Iterator[bytes]:
        """Yield the chunks until the deadline.

        Without it, a server that sends single bytes would block forever.
        """
        for chunk in chunks:
            if self._clock.monotonic() > until:
                raise httpx.ReadTimeout("too slow")
            yield chunk


def _headers(call: Call) -> dict[str, str]:
    content = {} if call.body is None else {"content-type": "application/json"}
    return {"x-atlan-request-id": call.request_id, **content}


@cache
def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _http_client(settings: ClientSettings) -> httpx.Client:
    try:
        return httpx.Client(
            base_url=settings.base_url,
            auth=BearerAuth(settings),
            headers=_HEADERS,
            limits=_LIMITS,
            follow_redirects=False,
            # Use the environment's proxies and certificates, except for a loopback address without TLS: a
            # proxy could read the key.
            trust_env=settings.encrypted,
            # Without TLS, no certificate is needed, and reading those of all authorities takes a while.
            verify=settings.encrypted or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
    except (ImportError, ValueError, OSError) as error:
        kind = type(error).__name__
    raise ConfigurationError(
        f"The environment's proxy or certificate settings cannot be used ({kind}): "
        "check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
    )


class Transport:
    """Sends the calls of all parts of the client. It is thread-safe."""

    def __init__(self, settings: ClientSettings, clock: Clock) -> None:
        self._policy = RetryPolicy(deadline=settings.deadline)
        self.clock = clock
        self._limiter = RateLimiter(settings.base_url, settings.requests_per_minute, clock)
        self._scrub = Scrubber(settings.api_key.get_secret_value())
        self._session = HttpSession(settings, clock, self._scrub)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def fetch(self, call: Call, shape: type[_Shape], *, waited: bool = False) -> _Shape:
        """Send a call, and return the JSON of the response as the given type.

        Args:
            call: The call.
            shape: The type.
            waited: See `send`.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return self.validate(call, self.send(call, waited=waited), shape)

    def validate(self, call: Call, response: Response, shape: type[_Shape]) -> _Shape:
        """Return the JSON of a response as the given type.

        Raises:
            InvalidAnswerError: The JSON has another shape.
        """
        try:
            return cast("_Shape", _adapter(shape).validate_python(response.value))  # type: ignore[arg-type]
        except ValidationError as error:
            wrong = self._scrub(
                "; ".join(_describe_problem(item["loc"], item["msg"]) for item in error.errors()[:3])
            )
        raise InvalidAnswerError(
            f"{call}: the response has another shape than Atlan's: {wrong} "
            f"(request id {call.request_id}); check the base URL, or update atlan-pulumi",
            status=response.status,
            reason=wrong,
            request_id=call.request_id,
            attempts=response.attempts,
        )

    def wait_for_turn(self) -> None:
        """Wait until the rate limit allows a request."""
        self._limiter.wait()

    def send(self, call: Call, *, waited: bool = False) -> Response:
        """Send a call, and retry it as long as that can help.

        Args:
            call: The call.
            waited: Whether the caller has called `wait_for_turn`.

        Raises:
            AtlanRequestError: Atlan gave no usable response; the message contains the number of attempts.
        """
        if not waited:
            self.wait_for_turn()
        started = self.clock.monotonic()
        attempt = 0
        while True:
            attempt += 1
            sent = self.clock.monotonic()
            outcome = self._session.exchange(call, started + self._policy.deadline)
            self._log_attempt(call, outcome, attempt, sent)
            if isinstance(outcome, Response):
                return replace(outcome, attempts=attempt, seconds=self.clock.monotonic() - sent)
            if not self._wait_for_retry(call, outcome, attempt, started, sent):
                raise _request_error(call, outcome, attempt, self.clock.monotonic() - started)

    def _wait_for_retry(
        self, call: Call, failure: Failure, attempt: int, started: float, sent: float
    ) -> bool:
        """Wait for the next attempt, and return True; return False at once if there is none."""
        block = block_seconds(failure)
        if block is not None:
            self._limiter.block(block, sent)
        if not self._policy.allows_another(call, failure, attempt):
            return False
        wait = self._policy.wait_after(failure, attempt)
        ready = self.clock.monotonic() + max(wait, self._limiter.blocked_for)
        if ready >= started + self._policy.latest_start:
            return False
        self.clock.sleep(wait)
        self.wait_for_turn()
        return True

    def _log_attempt(self, call: Call, outcome: Response | Failure, attempt: int, sent: float) -> None:
        """Log an attempt, without headers, bodies, and the query, which can be long."""
        milliseconds = (self.clock.monotonic() - sent) * 1000
        result = outcome.status or "no response"
        _log.debug("%s %s: %s, %.0f ms, attempt %d", call.method, call.path, result, milliseconds, attempt)


def _request_error(call: Call, failure: Failure, attempts: int, seconds: float) -> AtlanRequestError:
    status = " ".join(str(part) for part in (failure.status, failure.code) if part)
    what = ": ".join(part for part in (str(call), status, failure.reason) if part)
    tried = f"tried {attempts} times in {seconds:.0f} s, " if attempts > 1 else ""
    advice = f"; {failure.advice}" if failure.advice else ""
    return failure.error(
        f"{what} ({tried}request id {call.request_id}){advice}",
        status=failure.status,
        code=failure.code,
        reason=failure.reason,
        request_id=call.request_id,
        attempts=attempts,
    )


def _describe_problem(location: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(part) for part in location) or 'response'}: {message}"
