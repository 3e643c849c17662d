"""Runs several look-ups at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

_Answer = TypeVar("_Answer")
_WIDTH = 6


def run_all(jobs: Sequence[Callable[[], _Answer]]) -> list[_Answer]:
    """The answers of all jobs, in their order; the first error is raised, and no further job begun.

    The threads do not keep the process alive: a program that is stopped ends at once.
    """
    answers: dict[int, _Answer] = {}
    errors: list[BaseException] = []
    waiting: SimpleQueue[int] = SimpleQueue()
    for index in range(len(jobs)):
        waiting.put(index)

    def work() -> None:
        try:
            while not errors:
                index = waiting.get_nowait()
                answers[index] = jobs[index]()
        except Empty:
            return
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_WIDTH, len(jobs)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [answers[index] for index in range(len(jobs))]
