"""The local Atlan, served from a thread of this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._protocol import ClosableProtocol
from atlan_pulumi.local._scripted_workflows import CatalogSource
from atlan_pulumi.local._settings import LocalSettings, Seed
from atlan_pulumi.local.seed import load_seed
from atlan_pulumi.local.web import Context, build_app

_HOST = "127.0.0.1"
_BACKLOG = 512
_START_SECONDS = 30


class LocalAtlan:
    """A local Atlan on 127.0.0.1. It runs in a `with` block, or between `start` and `stop`.

    Args:
        db: the SQLite file for the data. Default: in memory.
        seed: the initial catalog, as the path of a YAML file or as plain data. Default: empty.
        api_key: the API key of the user `service-account-apikey-local`. Default: `local`.
        port: the port. Default: 0, a free port.
        users: more API keys, with the names of their users.
        latency_ms: the delay of every API request, in milliseconds. Default: 0.
        rate_limit: the maximum of API requests per minute. More requests are answered with 429 for
            `rate_block_seconds`. Default: None, no limit.
        rate_block_seconds: the time without service after too many requests, in seconds. Default: 60.
        connection_delay_ms: the time in which a new connection answers 403, in milliseconds. Default: 0.
        search_lag_ms: the time until searches find a new entity, in milliseconds. Default: 0.
        event_delay_ms: the time until an OpenLineage event is processed, in milliseconds. Default: 0.

    Raises:
        LocalAtlanError: the port is in use, the database cannot be opened, or the seed is invalid.
    """

    def __init__(
        self,
        *,
        db: str | Path | None = None,
        seed: Seed | None = None,
        api_key: str = "local",
        port: int = 0,
        users: Mapping[str, str] | None = None,
        latency_ms: float = 0,
        rate_limit: int | None = None,
        rate_block_seconds: float = 60,
        connection_delay_ms: float = 0,
        search_lag_ms: float = 0,
        event_delay_ms: float = 0,
    ) -> None:
        self._api_key = api_key
        self._port = port
        self._settings = LocalSettings(
            db=None if db is None else Path(db),
            seed=seed,
            users={api_key: "service-account-apikey-local", **(users or {})},
            latency_ms=latency_ms,
            rate_limit=rate_limit,
            rate_block_seconds=rate_block_seconds,
            connection_delay_ms=connection_delay_ms,
            search_lag_ms=search_lag_ms,
            event_delay_ms=event_delay_ms,
        )
        self._running: _Running | None = None

    def __repr__(self) -> str:
        return f"<LocalAtlan {self.base_url if self._running else 'stopped'}>"

    def __enter__(self) -> LocalAtlan:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """The base URL: `http://127.0.0.1:PORT`."""
        return f"http://{_HOST}:{self._current.port}"

    @property
    def api_key(self) -> str:
        """The API key for clients."""
        return self._api_key

    def start(self) -> None:
        """Start the server, and wait until it answers requests.

        Raises:
            LocalAtlanError: the server is already running, or cannot start.
        """
        if self._running is not None:
            raise LocalAtlanError(f"this local Atlan is already running at {self.base_url}")
        listener = _listen(self._port)
        try:
            self._running = _Running(listener, Context(self._settings))
        except BaseException:
            listener.close()
            raise

    def stop(self) -> None:
        """Stop the server, if it is running."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def stats(self) -> dict[str, Any]:
        """Return the counters since the start or the last reset, as `/_local/stats` does."""
        return self._current.context.stats.summary()

    def requests(self) -> list[dict[str, Any]]:
        """Return the last API requests, oldest first, as `/_local/requests` does."""
        return self._current.context.stats.recent()

    def fault(self, *rules: Mapping[str, Any]) -> None:
        """Add fault rules, as `POST /_local/faults` does.

        Raises:
            LocalAtlanError: a rule is invalid.
        """
        try:
            self._current.context.faults.add(list(rules))
        except (ValueError, TypeError) as error:
            raise LocalAtlanError(f"invalid fault rule: {error}") from None

    def await_fault(self, seconds: float = 60) -> None:
        """Wait until a fault rule has handled a request, except perhaps for the response.

        Args:
            seconds: the timeout, in seconds.

        Raises:
            LocalAtlanError: no rule fired before the timeout.
        """
        if not self._current.context.faults.wait(seconds):
            raise LocalAtlanError(f"no fault rule fired within {seconds:g} seconds")

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self._current.context.faults.clear()

    def crawl(self, catalog: Seed, *, archive_unpublished: bool = False) -> dict[str, int]:
        """Publish a catalog as Atlan's crawlers do, as `POST /_local/crawl` does.

        Args:
            catalog: the content of the crawled connections, as a seed catalog.
            archive_unpublished: also archive assets that no crawl has published, such as partial assets that
                the catalog does not have. Whether Atlan does this is unknown.

        Returns:
            The numbers of assets by what happened to them: `created`, `promoted` (from partial to full),
            `restored`, `archived`, and `published` (all assets of the catalog).

        Raises:
            LocalAtlanError: the catalog is invalid.
        """
        loaded = load_seed(catalog, "crawl")
        published = self._current.context.crawl(loaded, archive_unpublished=archive_unpublished)
        return published.result().to_json()

    def add_workflow(
        self, name: str, *, source: CatalogSource | None = None, runs: Sequence[Mapping[str, Any]] = ()
    ) -> str:
        """Add a crawler to the app API, and return its slug. One with this name is replaced.

        Args:
            name: the name of the workflow.
            source: returns the catalog that each successful run publishes. Default: the one in `runs`.
            runs: how the next runs go, as in a seed; the last one repeats. Default: each run succeeds.

        Raises:
            LocalAtlanError: a run is invalid.
        """
        workflow = load_seed({"workflows": [{"name": name, "runs": list(runs)}]}).workflows
        return self._current.context.workflows.add(workflow, source)[0]

    def await_events(self, seconds: float = 60) -> None:
        """Wait until all received OpenLineage events are processed.

        Args:
            seconds: the timeout, in seconds.

        Raises:
            LocalAtlanError: some events are not processed before the timeout.
        """
        if not self._current.context.backlog.wait(seconds):
            raise LocalAtlanError(f"not all events were processed within {seconds:g} seconds")

    @property
    def _current(self) -> _Running:
        if self._running is None:
            raise LocalAtlanError(
                "this local Atlan is not running: call start(), or use it in a `with` block"
            )
        return self._running


class _Running:
    """A server in its thread."""

    def __init__(self, listener: socket.socket, context: Context) -> None:
        self.context = context
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._server = _Server(
            uvicorn.Config(
                build_app(context),
                http=ClosableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="local-atlan", daemon=True)
        self._failure: BaseException | None = None
        self._thread.start()
        self._await_start()

    def stop(self) -> None:
        """Close all connections and the database."""
        self._server.stop()
        self._thread.join()
        self.context.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as failure:  # noqa: BLE001 - `_await_start` reports it
            self._failure = failure

    def _await_start(self) -> None:
        # The listener queues connections. The server is ready when it answers the first one.
        try:
            with socket.create_connection((_HOST, self.port), timeout=_START_SECONDS) as probe:
                probe.sendall(b"GET /_local/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if probe.recv(1):
                    return
        except OSError as failure:
            self._failure = self._failure or failure
        self.stop()
        raise LocalAtlanError(f"the local Atlan did not start: {self._failure}")


class _Server(uvicorn.Server):
    """Stops as soon as it is asked to: uvicorn looks for that ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event | None = None

    def stop(self) -> None:
        """Ask the server to stop, from any thread."""
        self.should_exit = True
        if self._loop is not None and self._woken is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._woken.set)

    async def main_loop(self) -> None:
        """Wait until the server is to stop. `on_tick` keeps the header `Date` current."""
        self._woken, self._loop = asyncio.Event(), asyncio.get_running_loop()
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 0.1)


def _listen(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only for an explicit protocol. Without it, responses wait for a delayed ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise LocalAtlanError(
            f"cannot listen on {_HOST}:{port}: {error.strerror}; use another port, or 0 for a free one"
        ) from None
    except OverflowError:
        listener.close()
        raise LocalAtlanError(f"cannot listen on port {port}: a port must be from 0 to 65535") from None
    return listener
