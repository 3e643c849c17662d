"""A local Atlan in a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._protocol import ClosableProtocol
from atlan_pulumi.local._settings import LocalSettings, Seed
from atlan_pulumi.local.web import Context, build

_HOST = "127.0.0.1"
_BACKLOG = 512
_START_SECONDS = 30


class LocalAtlan:
    """Serves a local Atlan on 127.0.0.1 while a with-block lasts, or from `start` to `stop`.

    Args:
        db: SQLite file that keeps the data; in memory without it.
        seed: a catalog to start with: path of a YAML file, or what it would hold.
        api_key: the key that clients use; its user is `service-account-apikey-local`.
        port: where to listen; 0 for a free one.
        users: more keys, each with the name of its user.
        latency_ms: time in milliseconds by which every API request is delayed.
        rate_limit: API requests a minute; over it 429, and nothing for a while. None for no limit.
        rate_block_seconds: how long that while is, in seconds.
        connection_delay_ms: time in milliseconds during which a new connection answers 403.
        search_lag_ms: time in milliseconds after which a new entity is found by searches.
        event_delay_ms: time in milliseconds after which an OpenLineage event is worked in.

    Raises:
        LocalAtlanError: the port is taken, the database cannot be opened, or the seed is wrong.
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
        """Where it listens: `http://127.0.0.1:PORT`."""
        return f"http://{_HOST}:{self._now.port}"

    @property
    def api_key(self) -> str:
        """The key that clients use."""
        return self._api_key

    def start(self) -> None:
        """Start serving; returns when requests are answered.

        Raises:
            LocalAtlanError: it runs already, or cannot start.
        """
        if self._running is not None:
            raise LocalAtlanError(f"this local Atlan runs already, at {self.base_url}")
        listener = _listen(self._port)
        try:
            self._running = _Running(listener, Context(self._settings))
        except BaseException:
            listener.close()
            raise

    def stop(self) -> None:
        """Stop serving; a stopped one stays so."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def stats(self) -> dict[str, Any]:
        """Counters since the start or the last reset, as `/_local/stats` answers them."""
        return self._now.context.stats.summary()

    def requests(self) -> list[dict[str, Any]]:
        """The last API requests, oldest first, as `/_local/requests` answers them."""
        return self._now.context.stats.recent()

    def fault(self, *rules: Mapping[str, Any]) -> None:
        """Add rules to the script of faults, as `/_local/faults` takes them.

        Raises:
            LocalAtlanError: a rule cannot be read.
        """
        try:
            self._now.context.faults.add(list(rules))
        except (ValueError, TypeError) as error:
            raise LocalAtlanError(f"the faults cannot be read: {error}") from None

    def await_fault(self, seconds: float = 60) -> None:
        """Wait until a rule of the script is done with a request, but perhaps for the answer.

        Args:
            seconds: how long at most.

        Raises:
            LocalAtlanError: no rule fired in that time.
        """
        if not self._now.context.faults.wait(seconds):
            raise LocalAtlanError(f"none of the faults happened within {seconds:g} seconds")

    def clear_faults(self) -> None:
        """Remove all rules from the script of faults."""
        self._now.context.faults.clear()

    def await_events(self, seconds: float = 60) -> None:
        """Wait until all OpenLineage events that came in are worked in.

        Args:
            seconds: how long at most.

        Raises:
            LocalAtlanError: some still wait after that time.
        """
        if not self._now.context.backlog.wait(seconds):
            raise LocalAtlanError(f"not all events were worked in within {seconds:g} seconds")

    @property
    def _now(self) -> _Running:
        if self._running is None:
            raise LocalAtlanError("this local Atlan does not run: start it, or use it in a with-block")
        return self._running


class _Running:
    """A server in its thread."""

    def __init__(self, listener: socket.socket, context: Context) -> None:
        self.context = context
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._server = uvicorn.Server(
            uvicorn.Config(
                build(context),
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
        """Close all connections and the data."""
        self._server.should_exit = True
        self._thread.join()
        self.context.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as failure:  # noqa: BLE001 - told to whoever waits for the start
            self._failure = failure

    def _await_start(self) -> None:
        # Connections wait in the listener's queue, so answering the first one means being ready.
        try:
            with socket.create_connection((_HOST, self.port), timeout=_START_SECONDS) as probe:
                probe.sendall(b"GET /_local/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if probe.recv(1):
                    return
        except OSError as failure:
            self._failure = self._failure or failure
        self.stop()
        raise LocalAtlanError(f"the local Atlan did not start: {self._failure}")


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; without it each answer waits for a delayed ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise LocalAtlanError(
            f"cannot listen on {_HOST}:{port}: {error.strerror}; "
            "give another port, or 0 to have a free one chosen"
        ) from None
    except OverflowError:
        listener.close()
        raise LocalAtlanError(f"cannot listen on port {port}: a port is a number from 0 to 65535") from None
    return listener
