"""Gathers what becomes ready at about the same time, so that it is looked up together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from atlan_pulumi.dynamic._background import in_background

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_QUIET_TURNS = 30
"""So many turns of the event loop without a newcomer end a wave: more than the resolving of inputs takes."""


class Waves(Generic[_Item, _Answer]):
    """Answers items wave by wave: while one is being answered, the next one gathers."""

    def __init__(self, answer_all: Callable[[list[_Item]], list[_Answer]]) -> None:
        """Set up.

        Args:
            answer_all: Answers a wave, in its order; it runs in a thread.
        """
        self._answer_all = answer_all
        self._waiting: list[tuple[_Item, asyncio.Future[_Answer]]] = []
        self._running: asyncio.Task[None] | None = None

    async def answer(self, item: _Item) -> _Answer:
        """The answer for one item, when its wave has been answered."""
        future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            await self._gathered()
            wave, self._waiting = self._waiting, []
            try:
                answers = await in_background(self._answer_all, [item for item, _ in wave])
            except Exception as error:  # noqa: BLE001 - raised again where the answers are awaited
                for _, future in wave:
                    future.set_exception(error)
            else:
                for (_, future), answer in zip(wave, answers, strict=True):
                    future.set_result(answer)
        self._running = None

    async def _gathered(self) -> None:
        quiet, seen = 0, 0
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._waiting) == seen else 0
            seen = len(self._waiting)
