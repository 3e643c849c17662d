"""The provider process answers more than four calls at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from atlan_pulumi.dynamic import _process
from atlan_pulumi.dynamic._process import serve_more_calls


@pytest.fixture
def in_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "in_provider_process", lambda: True)


def most_at_once(pool: ThreadPoolExecutor) -> int:
    """Return how many of 20 calls, of which each waits for the others, run at once."""
    running, ended = threading.Semaphore(0), threading.Event()

    def call() -> None:
        running.release()
        ended.wait(20)

    calls = [pool.submit(call) for _ in range(20)]
    count = 0
    while running.acquire(timeout=1):
        count += 1
    ended.set()
    for each in calls:
        each.result()
    return count


@pytest.mark.usefixtures("in_provider")
def test_the_pool_that_answers_the_call_grows() -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        pool.submit(serve_more_calls).result()
        pool.submit(serve_more_calls).result()
        assert most_at_once(pool) == 20


@pytest.mark.usefixtures("in_provider")
def test_a_larger_pool_stays() -> None:
    with ThreadPoolExecutor(max_workers=100) as pool:
        pool.submit(serve_more_calls).result()
        assert pool._max_workers == 100


def test_another_process_stays_as_it_is() -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        pool.submit(serve_more_calls).result()
        assert most_at_once(pool) == 4


@pytest.mark.usefixtures("in_provider")
def test_a_thread_without_a_pool_changes_nothing() -> None:
    serve_more_calls()
    thread = threading.Thread(target=serve_more_calls)
    thread.start()
    thread.join()
