"""Runs what blocks beside the program's event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


async def in_background(function: Callable[..., _Answer], *arguments: Any) -> _Answer:
    """The answer of a function that runs in a thread.

    Unlike those of asyncio's own executor, the thread does not keep a program alive that is stopped.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Answer] = loop.create_future()

    def settle(setter: Callable[[Any], None], value: object) -> None:
        if not answer.done():
            setter(value)

    def run() -> None:
        try:
            outcome, setter = function(*arguments), answer.set_result
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
            outcome, setter = error, answer.set_exception  # type: ignore[assignment]
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, setter, outcome)

    threading.Thread(target=run, daemon=True).start()
    return await answer
