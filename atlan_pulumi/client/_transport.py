"""Sends a call until it has an answer: at the tenant's pace, again where that helps, never for ever."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from atlan_pulumi.client import _responses as _network
from atlan_pulumi.client import _responses as _refusal
from atlan_pulumi.client import _responses as _success
from atlan_pulumi.client._calls import Answer, Call, Failure
from atlan_pulumi.client._rate_limit import Clock, Pace
from atlan_pulumi.client._responses import Scrubber, seconds_to_wait
from atlan_pulumi.client._retry import RetryPolicy, block_of
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.client.errors import AtlanRequestError, InvalidAnswerError
from atlan_pulumi.errors import ConfigurationError

_HEADERS = {
    "accept": "application/json",
    "user-agent": f"atlan-pulumi/{version('atlan-pulumi')}",
    "x-atlan-client-origin": "atlan-pulumi",
}
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20.0)
_REFUSAL = 300
_log = logging.getLogger("atlan_pulumi.client")
_Shape = TypeVar("_Shape")


class BearerAuth(httpx.Auth):
    """Puts the API key on requests to the tenant; it stands in no header of the client itself."""

    def __init__(self, settings: ClientSettings) -> None:
        self._tenant = httpx.URL(settings.base_url)
        self._api_key = settings.api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header, unless the request goes elsewhere."""
        if (request.url.scheme, request.url.netloc) == (self._tenant.scheme, self._tenant.netloc):
            request.headers["authorization"] = f"Bearer {self._api_key.get_secret_value()}"
        yield request


class Wire:
    """Connections to a tenant, reused by all threads."""

    def __init__(self, settings: ClientSettings, clock: Clock, scrub: Scrubber) -> None:
        """Set up; nothing is sent.

        Raises:
            ConfigurationError: The environment's proxy or certificate settings cannot be used.
        """
        self._settings = settings
        self._clock = clock
        self._scrub = scrub
        self._http = _http_client(settings)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def exchange(self, call: Call, until: float) -> Answer | Failure:
        """Send once.

        Args:
            call: What to send.
            until: When the answer must be complete at the latest, by the clock's monotonic time.
        """
        try:
            with self._http.stream(
                call.method,
                call.target,
                json=call.body,
                headers={"x-atlan-request-id": call.request_id},
                timeout=self._timeout(until),
            ) as response:
                body = b"".join(self._in_time(response.iter_bytes(), until))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _network.network_failure_of(error, self._scrub)
        return self._judged(call, response, body)

    def _judged(self, call: Call, response: httpx.Response, body: bytes) -> Answer | Failure:
        status, headers = response.status_code, response.headers
        if status < _REFUSAL:
            return _success.answer_of(status, body, call.json_answer, self._scrub)
        wait = seconds_to_wait(headers.get("retry-after"), headers.get("date"), self._clock.time())
        return _refusal.failure_of(status, headers, body, wait, self._scrub)

    def _timeout(self, until: float) -> httpx.Timeout:
        left = max(until - self._clock.monotonic(), 0.001)
        read = min(self._settings.read_timeout, left)
        return httpx.Timeout(read, connect=min(self._settings.connect_timeout, left))

    def _in_time(self, chunks: Iterator[bytes], until: float) -> Iterator[bytes]:
        """The chunks, as long as there is time: a server that drips would otherwise hold us for ever."""
        for chunk in chunks:
            if self._clock.monotonic() > until:
                raise httpx.ReadTimeout("too slow")
            yield chunk


def _http_client(settings: ClientSettings) -> httpx.Client:
    try:
        return httpx.Client(
            base_url=settings.base_url,
            auth=BearerAuth(settings),
            headers=_HEADERS,
            limits=_LIMITS,
            follow_redirects=False,
            # Proxies and certificates as the environment says; but what goes to a loopback address without
            # TLS never takes the way over a proxy, where the key could be read.
            trust_env=settings.encrypted,
        )
    except (ImportError, ValueError, OSError) as error:
        kind = type(error).__name__
    raise ConfigurationError(
        f"The environment's proxy or certificate settings cannot be used ({kind}): "
        "check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
    )


class Transport:
    """What the parts of the client send their calls through; safe to use from many threads."""

    def __init__(self, settings: ClientSettings, clock: Clock) -> None:
        self._policy = RetryPolicy(deadline=settings.deadline)
        self.clock = clock
        self._pace = Pace(settings.base_url, settings.requests_per_minute, clock)
        self._scrub = Scrubber(settings.api_key.get_secret_value())
        self._wire = Wire(settings, clock, self._scrub)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def fetch(self, call: Call, shape: type[_Shape]) -> _Shape:
        """Send, and answer the JSON in the given shape.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        return self.shaped(call, self.send(call), shape)

    def shaped(self, call: Call, answer: Answer, shape: type[_Shape]) -> _Shape:
        """The JSON of an answer in the given shape.

        Raises:
            InvalidAnswerError: It is of another shape.
        """
        try:
            return TypeAdapter(shape).validate_python(answer.value)
        except ValidationError as error:
            wrong = self._scrub("; ".join(_place(item["loc"], item["msg"]) for item in error.errors()[:3]))
        raise InvalidAnswerError(
            f"{call}: the answer is JSON of another shape than Atlan's: {wrong} "
            f"(request id {call.request_id}); check the base URL, or update atlan-pulumi",
            status=answer.status,
            reason=wrong,
            request_id=call.request_id,
            attempts=answer.attempts,
        )

    def await_turn(self) -> None:
        """Wait until a request may leave."""
        self._pace.wait()

    def send(self, call: Call, *, waited: bool = False) -> Answer:
        """Send, and again where that helps.

        Args:
            call: What to send.
            waited: Its turn has come (`await_turn`).

        Raises:
            AtlanRequestError: There is no usable answer; the message says how often it was tried.
        """
        if not waited:
            self.await_turn()
        started = self.clock.monotonic()
        attempt = 0
        while True:
            attempt += 1
            sent = self.clock.monotonic()
            outcome = self._wire.exchange(call, started + self._policy.deadline)
            self._note(call, outcome, attempt, sent)
            if isinstance(outcome, Answer):
                return replace(outcome, attempts=attempt, seconds=self.clock.monotonic() - sent)
            if not self._rest(call, outcome, attempt, started, sent):
                raise _error(call, outcome, attempt, self.clock.monotonic() - started)

    def _rest(self, call: Call, failure: Failure, attempt: int, started: float, sent: float) -> bool:
        """Wait for another attempt; False, at once, where there is none."""
        block = block_of(failure)
        if block is not None:
            self._pace.block(block, sent)
        if not self._policy.allows_another(call, failure, attempt):
            return False
        wait = self._policy.wait_after(failure, attempt)
        ready = self.clock.monotonic() + max(wait, self._pace.blocked_for)
        if ready >= started + self._policy.latest_start:
            return False
        self.clock.sleep(wait)
        self.await_turn()
        return True

    def _note(self, call: Call, outcome: Answer | Failure, attempt: int, sent: float) -> None:
        """Log an attempt: neither headers nor bodies, nor the query, which can be long."""
        milliseconds = (self.clock.monotonic() - sent) * 1000
        said = outcome.status or "no answer"
        _log.debug("%s %s: %s, %.0f ms, attempt %d", call.method, call.path, said, milliseconds, attempt)


def _error(call: Call, failure: Failure, attempts: int, seconds: float) -> AtlanRequestError:
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


def _place(location: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(part) for part in location) or 'answer'}: {message}"
