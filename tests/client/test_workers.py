"""Jobs at once: all are done, answers come in order, and the calling thread hears of each."""

from __future__ import annotations

import threading

import pytest

from atlan_pulumi.client._workers import WorkerPool, run_all
from atlan_pulumi.errors import RequestError


@pytest.mark.parametrize("many", [0, 1, 5, 100])
def test_all_jobs_are_done_and_answer_in_order(many: int) -> None:
    def job(number: int) -> int:
        return number * number

    assert run_all([lambda number=n: job(number) for n in range(many)]) == [n * n for n in range(many)]


@pytest.mark.parametrize("width", [3, 6])
def test_jobs_run_at_once(width: int) -> None:
    meeting = threading.Barrier(width, timeout=10)
    assert len(run_all([meeting.wait] * width, width=width)) == width


def test_but_no_more_than_the_width() -> None:
    under_way, most, lock = [0], [0], threading.Lock()
    meeting = threading.Barrier(2, timeout=10)

    def job() -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        meeting.wait()
        with lock:
            under_way[0] -= 1

    run_all([job] * 20, width=2)
    assert most == [2]


@pytest.mark.parametrize("many", [1, 20])
def test_the_calling_thread_hears_of_each_job(many: int) -> None:
    told: list[tuple[int, int]] = []
    run_all([lambda: None] * many, done=lambda number: told.append((number, threading.get_ident())))
    assert told == [(number, threading.get_ident()) for number in range(1, many + 1)]


def test_it_hears_of_one_while_others_are_at_work() -> None:
    heard = threading.Event()

    def waits_until_it_is_told() -> bool:
        return heard.wait(10)

    assert run_all([lambda: True, waits_until_it_is_told], done=lambda _: heard.set()) == [True, True]


def fails() -> None:
    raise RequestError("no")


def test_the_first_error_is_raised_and_ends_the_rest() -> None:
    begun: list[int] = []
    with pytest.raises(RequestError, match="no"):
        run_all([fails] * 6 + [lambda: begun.append(1)] * 1000)
    assert len(begun) < 1000


def test_but_not_before_what_is_under_way_has_ended() -> None:
    failed, ended = threading.Event(), []

    def fails_first() -> None:
        failed.set()
        fails()

    def ends_later() -> None:
        failed.wait(10)
        threading.Event().wait(0.2)  # run_all hears of the failure meanwhile
        ended.append(True)

    with pytest.raises(RequestError):
        run_all([ends_later, fails_first, ends_later])
    assert ended == [True, True]


def test_a_crew_takes_jobs_that_come_of_answers() -> None:
    with WorkerPool[int, int](lambda number: number // 2) as crew:
        crew.give(40)
        taken = []
        while crew.busy:
            job, answer = crew.take()
            taken.append(job)
            if answer:
                crew.give(answer)
    assert taken == [40, 20, 10, 5, 2, 1]


def test_the_threads_of_a_crew_end_with_it() -> None:
    before = set(threading.enumerate())
    with WorkerPool[int, int](abs) as crew:
        for number in range(5):
            crew.give(number)
        mine = set(threading.enumerate()) - before
        crew.await_rest()
    for thread in mine:
        thread.join(10)
        assert not thread.is_alive()
