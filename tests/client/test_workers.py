"""WorkerPool and run_all: results, order, progress, and errors."""

from __future__ import annotations

import threading

import pytest

from atlan_pulumi.client._workers import WorkerPool, run_all
from atlan_pulumi.errors import RequestError


@pytest.mark.parametrize("many", [0, 1, 5, 100])
def test_results_are_in_the_order_of_the_jobs(many: int) -> None:
    def job(number: int) -> int:
        return number * number

    assert run_all([lambda number=n: job(number) for n in range(many)]) == [n * n for n in range(many)]


@pytest.mark.parametrize("width", [3, 6])
def test_jobs_run_concurrently(width: int) -> None:
    meeting = threading.Barrier(width, timeout=10)
    assert len(run_all([meeting.wait] * width, width=width)) == width


def test_width_limits_concurrent_jobs() -> None:
    running, most, lock = [0], [0], threading.Lock()
    meeting = threading.Barrier(2, timeout=10)

    def job() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        meeting.wait()
        with lock:
            running[0] -= 1

    run_all([job] * 20, width=2)
    assert most == [2]


@pytest.mark.parametrize("many", [1, 20])
def test_progress_is_reported_in_the_calling_thread(many: int) -> None:
    reported: list[tuple[int, int]] = []
    run_all([lambda: None] * many, done=lambda number: reported.append((number, threading.get_ident())))
    assert reported == [(number, threading.get_ident()) for number in range(1, many + 1)]


def test_progress_is_reported_while_other_jobs_run() -> None:
    heard = threading.Event()

    def waits_for_progress() -> bool:
        return heard.wait(10)

    assert run_all([lambda: True, waits_for_progress], done=lambda _: heard.set()) == [True, True]


def fails() -> None:
    raise RequestError("no")


def test_the_first_error_is_raised_and_no_further_job_starts() -> None:
    begun: list[int] = []
    with pytest.raises(RequestError, match="no"):
        run_all([fails] * 6 + [lambda: begun.append(1)] * 1000)
    assert len(begun) < 1000


def test_the_error_is_raised_after_running_jobs_have_ended() -> None:
    failed, ended = threading.Event(), []

    def fails_first() -> None:
        failed.set()
        fails()

    def ends_later() -> None:
        failed.wait(10)
        threading.Event().wait(0.2)  # run_all sees the failure in the meantime
        ended.append(True)

    with pytest.raises(RequestError):
        run_all([ends_later, fails_first, ends_later])
    assert ended == [True, True]


def test_results_can_lead_to_further_jobs() -> None:
    with WorkerPool[int, int](lambda number: number // 2) as pool:
        pool.submit(40)
        finished = []
        while pool.pending:
            job, respond = pool.next_result()
            finished.append(job)
            if respond:
                pool.submit(respond)
    assert finished == [40, 20, 10, 5, 2, 1]


def test_threads_end_with_the_pool() -> None:
    before = set(threading.enumerate())
    with WorkerPool[int, int](abs) as pool:
        for number in range(5):
            pool.submit(number)
        mine = set(threading.enumerate()) - before
        pool.wait_until_idle()
    for thread in mine:
        thread.join(10)
        assert not thread.is_alive()
