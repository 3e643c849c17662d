"""Threads that write at the same time while the rate limit holds them back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from client.clocks import HeldClock
from client.scripted_server import ScriptedServer
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity, MutationResult
from atlan_pulumi.local import LocalAtlan


class Callers:
    """Threads that write at the same time while the rate limit holds them back."""

    def __init__(self, client: AtlanClient, clock: HeldClock) -> None:
        self.client = client
        self.clock = clock
        self.results: dict[int, MutationResult] = {}
        self.errors: dict[int, BaseException] = {}
        self._threads: list[threading.Thread] = []

    def write(self, *entities: Entity, joins: bool = True, **options: Any) -> None:
        """Start another write, and wait until it is pending."""
        before = self._waiting()
        thread = threading.Thread(target=self._write, args=(len(self._threads), entities, options))
        self._threads.append(thread)
        thread.start()
        if not joins:
            assert self.clock.asleep.acquire(timeout=20)
        until = time.monotonic() + 20
        while joins and self._waiting() == before:
            assert time.monotonic() < until, "the write does not join"
            time.sleep(0.001)

    def finish(self, **options: Any) -> None:
        self.clock.let_pass(**options)
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()

    def _waiting(self) -> int:
        return sum(len(group.writes) for group in self.client.entities._coalescer._waiting.values())

    def _write(self, number: int, entities: Sequence[Entity], options: dict[str, Any]) -> None:
        try:
            self.results[number] = self.client.entities.upsert(entities, **options)
        except BaseException as error:  # noqa: BLE001 - the test checks it
            self.errors[number] = error


@contextmanager
def waiting(server: LocalAtlan | ScriptedServer) -> Iterator[Callers]:
    """Yield callers of a client that has used up its burst."""
    clock, key = HeldClock(), getattr(server, "api_key", "some-key")
    settings = ClientSettings(server.base_url, SecretStr(key), requests_per_minute=10)
    with AtlanClient(settings, clock=clock) as client:
        client._transport._limiter.wait()
        yield Callers(client, clock)
