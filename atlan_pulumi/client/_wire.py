"""One attempt over httpx: a call goes out, an answer or a failure comes back."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from importlib.metadata import version

import httpx

from atlan_pulumi.client import _network, _refusal, _success
from atlan_pulumi.client._call import Answer, Call, Failure
from atlan_pulumi.client._clock import Clock
from atlan_pulumi.client._retry_after import seconds_to_wait
from atlan_pulumi.client._scrub import Scrubber
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.errors import ConfigurationError

_HEADERS = {
    "accept": "application/json",
    "user-agent": f"atlan-pulumi/{version('atlan-pulumi')}",
    "x-atlan-client-origin": "atlan-pulumi",
}
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20.0)
_REFUSAL = 300


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
            return _network.failure_of(error, self._scrub)
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
