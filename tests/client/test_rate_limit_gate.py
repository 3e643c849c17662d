"""The 429 gate: all threads wait for a block together, once."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from client.clocks import LeapingClock, SharedClock
from client.scripted_server import Connection, ScriptedServer, respond
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.client._rate_limit import RateLimiter


def test_an_open_gate_does_not_wait() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 0, clock)
    limiter.wait()
    assert (limiter.blocked_for, clock.slept) == (0, [])


def test_a_closed_gate_waits() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 0, clock)
    limiter.block(60, sent_at=clock.now)
    assert limiter.blocked_for == 60
    limiter.wait()
    assert clock.slept == [60]
    assert limiter.blocked_for == 0


def test_a_request_sent_before_the_block_does_not_prolong_it() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 0, clock)
    limiter.block(60, sent_at=999)
    clock.now += 50
    limiter.block(60, sent_at=999.5)
    assert limiter.blocked_for == 10
    clock.now += 20
    limiter.block(60, sent_at=999.7)
    assert limiter.blocked_for == 0, "not even after the end of the block"


def test_a_request_sent_after_the_block_closes_the_gate_again() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 0, clock)
    limiter.block(60, sent_at=999)
    limiter.wait()
    limiter.block(30, sent_at=clock.now)
    assert limiter.blocked_for == 30


def test_a_later_block_never_shortens_an_earlier_one() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 0, clock)
    limiter.block(60, sent_at=clock.now)
    clock.now += 1
    limiter.block(1, sent_at=clock.now)
    assert limiter.blocked_for == 59


def test_all_threads_wait_for_a_block_once() -> None:
    threads = 12
    clock = SharedClock(threads)
    limiters = [RateLimiter("https://tenant", 0, clock) for _ in range(threads)]
    sent_together = threading.Barrier(threads)
    back_at: list[float] = []

    def work(limiter: RateLimiter) -> None:
        sent = clock.monotonic()
        sent_together.wait()
        limiter.block(60, sent)
        limiter.wait()
        back_at.append(clock.monotonic())
        clock.leave()

    started = [threading.Thread(target=work, args=(limiter,)) for limiter in limiters]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(30)
        assert not thread.is_alive()
    assert back_at == [pytest.approx(1060)] * threads
    assert clock.sleeps == threads, "each slept once"


def test_clients_in_all_threads_wait_for_a_block_once(new_server: Callable[..., ScriptedServer]) -> None:
    threads, clock = 8, SharedClock(8)
    too_many, found = respond("slow down", 429), respond({"entity": {"typeName": "Table"}})

    def blocked_for_a_minute(connection: Connection) -> None:
        step = too_many if clock.monotonic() < 1060 else found
        step(connection)

    server = new_server(blocked_for_a_minute)
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    sent_together = threading.Barrier(threads)
    back_at: list[float] = []

    def work(client: AtlanClient) -> None:
        sent_together.wait()
        assert client.entities.get("g") is not None
        back_at.append(clock.monotonic())
        clock.leave()

    with ExitStack() as stack:
        clients = [stack.enter_context(AtlanClient(settings, clock=clock)) for _ in range(threads)]
        started = [threading.Thread(target=work, args=(client,)) for client in clients]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join(30)
            assert not thread.is_alive()
    assert back_at == [pytest.approx(1060, abs=1)] * threads
    assert len(server.received) <= 2 * threads
