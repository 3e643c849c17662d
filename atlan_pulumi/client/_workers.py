"""Runs several requests at once, while the thread that wants them hears of each one that is finished."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import islice
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, NoReturn, TypeVar

_Job = TypeVar("_Job")
_Answer = TypeVar("_Answer")
_WIDTH = 10


class WorkerPool(Generic[_Job, _Answer]):
    """Threads that work, led by the thread that made it: only that one gives jobs and takes answers.

    So whoever leads needs no locks, may give more jobs because of an answer, and can show progress, which is
    only possible from some threads. The workers do not keep the process alive: a program that is stopped
    ends at once.

    Attributes:
        busy: How many jobs were given whose answers are not taken yet.
    """

    def __init__(self, work: Callable[[_Job], _Answer]) -> None:
        self._work = work
        self._given: SimpleQueue[tuple[_Job] | None] = SimpleQueue()
        self._finished: SimpleQueue[tuple[_Job, Callable[[], _Answer]]] = SimpleQueue()
        self._threads = 0
        self.busy = 0

    def give(self, job: _Job) -> None:
        """Have a job done; there are as many threads as jobs were under way at once."""
        self.busy += 1
        self._given.put((job,))
        if self._threads < self.busy:
            self._threads += 1
            threading.Thread(target=self._run, daemon=True).start()

    def take(self) -> tuple[_Job, _Answer]:
        """The next finished job and its answer; waits for it.

        Raises:
            BaseException: What the job raised.
        """
        job, told = self._finished.get()
        self.busy -= 1
        return job, told()

    def await_rest(self) -> None:
        """Wait until nothing is under way, whatever comes of it."""
        while self.busy:
            self._finished.get()
            self.busy -= 1

    def _run(self) -> None:
        while (given := self._given.get()) is not None:
            self._finished.put((given[0], self._done(given[0])))

    def _done(self, job: _Job) -> Callable[[], _Answer]:
        """Do a job; what came of it is told in the thread that takes it."""
        try:
            answer = self._work(job)
        except BaseException as error:  # noqa: BLE001 - raised again in the leading thread
            return _raising(error)
        return lambda: answer

    def __enter__(self) -> WorkerPool[_Job, _Answer]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the threads end; what they are at is not waited for."""
        for _ in range(self._threads):
            self._given.put(None)


def _raising(error: BaseException) -> Callable[[], NoReturn]:
    def tell() -> NoReturn:
        raise error

    return tell


def run_all(
    jobs: Sequence[Callable[[], _Answer]],
    *,
    width: int = _WIDTH,
    done: Callable[[int], None] | None = None,
) -> list[_Answer]:
    """The answers of all jobs, in their order.

    The first error is raised, after what was under way has ended; no further job is begun then.

    Args:
        jobs: What to do. A single one is done in the calling thread.
        width: How many at once, at most.
        done: Told the number of finished jobs, in the calling thread, each time that one is finished.
    """
    tell = done or _nobody
    if len(jobs) == 1:
        only = jobs[0]()
        tell(1)
        return [only]
    with WorkerPool[int, _Answer](lambda index: jobs[index]()) as crew:
        return _led(crew, len(jobs), width, tell)


def _led(crew: WorkerPool[int, _Answer], many: int, width: int, tell: Callable[[int], None]) -> list[_Answer]:
    answers: dict[int, _Answer] = {}
    waiting = iter(range(many))
    try:
        for index in islice(waiting, width):
            crew.give(index)
        while crew.busy:
            index, answer = crew.take()
            answers[index] = answer
            tell(len(answers))
            for following in islice(waiting, 1):
                crew.give(following)
    except Exception:
        crew.await_rest()
        raise
    return [answers[index] for index in range(many)]


def _nobody(_finished: int) -> None:
    """Nobody wants to hear of it."""
