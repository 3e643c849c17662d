"""A 429's block: waited out once, by all threads together."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from client.clocks import LeapingClock, SharedClock
from client.scripted_server import Connection, ScriptedServer, answer
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.client._rate_limit import Pace


def test_an_open_gate_lets_pass() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 0, clock)
    pace.wait()
    assert (pace.blocked_for, clock.slept) == (0, [])


def test_a_closed_gate_is_waited_for() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 0, clock)
    pace.block(60, sent_at=clock.now)
    assert pace.blocked_for == 60
    pace.wait()
    assert clock.slept == [60]
    assert pace.blocked_for == 0


def test_an_answer_to_a_request_from_before_the_block_does_not_lengthen_it() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 0, clock)
    pace.block(60, sent_at=999)
    clock.now += 50
    pace.block(60, sent_at=999.5)
    assert pace.blocked_for == 10
    clock.now += 20
    pace.block(60, sent_at=999.7)
    assert pace.blocked_for == 0, "not even when it comes after the end of the block"


def test_an_answer_to_a_request_from_after_it_closes_it_anew() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 0, clock)
    pace.block(60, sent_at=999)
    pace.wait()
    pace.block(30, sent_at=clock.now)
    assert pace.blocked_for == 30


def test_a_later_block_never_shortens_an_earlier_one() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 0, clock)
    pace.block(60, sent_at=clock.now)
    clock.now += 1
    pace.block(1, sent_at=clock.now)
    assert pace.blocked_for == 59


def test_one_block_is_one_wait_for_all_threads() -> None:
    threads = 12
    clock = SharedClock(threads)
    paces = [Pace("https://tenant", 0, clock) for _ in range(threads)]
    sent_together = threading.Barrier(threads)
    back_at: list[float] = []

    def work(pace: Pace) -> None:
        sent = clock.monotonic()
        sent_together.wait()
        pace.block(60, sent)
        pace.wait()
        back_at.append(clock.monotonic())
        clock.leave()

    started = [threading.Thread(target=work, args=(pace,)) for pace in paces]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(30)
        assert not thread.is_alive()
    assert back_at == [pytest.approx(1060)] * threads
    assert clock.sleeps == threads, "each slept once"


def test_requests_of_all_threads_wait_out_one_block(new_server: Callable[..., ScriptedServer]) -> None:
    threads, clock = 8, SharedClock(8)
    too_many, found = answer("slow down", 429), answer({"entity": {"typeName": "Table"}})

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
