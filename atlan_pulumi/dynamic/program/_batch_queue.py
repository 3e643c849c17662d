"""BatchQueue: answers what many resources ask at about the same time in one batch, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Generic, TypeVar

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_QUIET_TURNS = 30
"""Turns of the event loop without a new item that end a batch. Resolving inputs takes fewer."""


async def in_background(function: Callable[..., _Result], *arguments: Any) -> _Result:
    """Run a function in a thread, and return its result.

    The thread runs in the caller's context, where Pulumi stores the names of stack and project. Unlike a
    thread of asyncio's executor, it does not keep a stopped program alive.
    """
    loop, context = asyncio.get_running_loop(), copy_context()
    answer: asyncio.Future[_Result] = loop.create_future()

    def resolve(setter: Callable[[Any], None], value: object) -> None:
        if not answer.done():
            setter(value)

    def run() -> None:
        try:
            outcome, setter = context.run(function, *arguments), answer.set_result
        except BaseException as error:  # noqa: BLE001 - raised again by `await answer`
            outcome, setter = error, answer.set_exception  # type: ignore[assignment]
        if not loop.is_closed():
            loop.call_soon_threadsafe(resolve, setter, outcome)

    threading.Thread(target=run, daemon=True).start()
    return await answer


class BatchQueue(Generic[_Item, _Answer]):
    """Answers items in batches: while one batch is answered, the next one collects."""

    def __init__(self, answer_all: Callable[[list[_Item]], list[_Answer]]) -> None:
        """Set up.

        Args:
            answer_all: Answers a batch, in its order. It runs in a thread.
        """
        self._answer_all = answer_all
        self._waiting: list[tuple[_Item, asyncio.Future[_Answer]]] = []
        self._running: asyncio.Task[None] | None = None

    async def answer(self, item: _Item) -> _Answer:
        """Wait for the item's batch, and return the item's answer."""
        future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            await self._collect()
            batch, self._waiting = self._waiting, []
            try:
                answers = await in_background(self._answer_all, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001 - raised again where an answer is awaited
                for _, future in batch:
                    future.set_exception(error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    future.set_result(answer)
        self._running = None

    async def _collect(self) -> None:
        quiet, seen = 0, 0
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._waiting) == seen else 0
            seen = len(self._waiting)
