"""WorkerPool: run several requests at once, led by the calling thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import islice
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, NoReturn, TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")
_MAX_THREADS = 10


class WorkerPool(Generic[_Job, _Result]):
    """Worker threads for one leading thread, which alone submits jobs and collects results.

    The leading thread needs no locks, can submit more jobs in response to a result, and can report progress.
    The workers are daemon threads: they do not keep a stopped program alive.

    Attributes:
        pending: Number of submitted jobs whose results have not been collected.
    """

    def __init__(self, work: Callable[[_Job], _Result]) -> None:
        self._work = work
        self._queue: SimpleQueue[tuple[_Job] | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[_Job, Callable[[], _Result]]] = SimpleQueue()
        self._threads = 0
        self.pending = 0

    def submit(self, job: _Job) -> None:
        """Submit a job. The pool starts a thread when all of its threads are busy."""
        self.pending += 1
        self._queue.put((job,))
        if self._threads < self.pending:
            self._threads += 1
            threading.Thread(target=self._work_off, daemon=True).start()

    def next_result(self) -> tuple[_Job, _Result]:
        """Wait for the next finished job, and return it with its result.

        Raises:
            BaseException: The exception that the job raised.
        """
        job, outcome = self._results.get()
        self.pending -= 1
        return job, outcome()

    def wait_until_idle(self) -> None:
        """Wait for all pending jobs, and discard their results."""
        while self.pending:
            self._results.get()
            self.pending -= 1

    def _work_off(self) -> None:
        while (given := self._queue.get()) is not None:
            self._results.put((given[0], self._call(given[0])))

    def _call(self, job: _Job) -> Callable[[], _Result]:
        """Run a job, and return a function that returns its result or raises its exception."""
        try:
            result = self._work(job)
        except BaseException as error:  # noqa: BLE001 - raised again in the leading thread
            return _raising(error)
        return lambda: result

    def __enter__(self) -> WorkerPool[_Job, _Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the threads, without waiting for jobs that are still running."""
        for _ in range(self._threads):
            self._queue.put(None)


def _raising(error: BaseException) -> Callable[[], NoReturn]:
    def raise_error() -> NoReturn:
        raise error

    return raise_error


def run_all(
    jobs: Sequence[Callable[[], _Result]],
    *,
    width: int = _MAX_THREADS,
    done: Callable[[int], None] | None = None,
) -> list[_Result]:
    """Run all jobs, and return their results in the order of the jobs.

    After an error no further job starts. The error is raised when the running jobs have ended.

    Args:
        jobs: The jobs. A single job runs in the calling thread.
        width: Most jobs at once.
        done: Called in the calling thread with the number of finished jobs, each time a job finishes.
    """
    report = done or _ignore
    if len(jobs) == 1:
        only = jobs[0]()
        report(1)
        return [only]
    with WorkerPool[int, _Result](lambda index: jobs[index]()) as pool:
        return _run_in_order(pool, len(jobs), width, report)


def _run_in_order(
    pool: WorkerPool[int, _Result], many: int, width: int, report: Callable[[int], None]
) -> list[_Result]:
    results: dict[int, _Result] = {}
    waiting = iter(range(many))
    try:
        for index in islice(waiting, width):
            pool.submit(index)
        while pool.pending:
            index, result = pool.next_result()
            results[index] = result
            report(len(results))
            for following in islice(waiting, 1):
                pool.submit(following)
    except Exception:
        pool.wait_until_idle()
        raise
    return [results[index] for index in range(many)]


def _ignore(_results: int) -> None:
    """Ignore the progress."""
