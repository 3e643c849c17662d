"""Report progress while an engine is provided."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console


class Progress(Protocol):
    """Reports steps and notes."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Report the step `name`, such as "compile pulumi", while the block runs."""

    def note(self, text: str) -> None:
        """Report one line."""


class Silent:
    """Reports nothing."""

    def step(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002 - the protocol's
        """Do nothing."""
        return nullcontext()

    def note(self, text: str) -> None:
        """Do nothing."""


class Lines:
    """Reports in plain lines, for a log: at the start and end of a step, and at intervals between.

    Args:
        stream: Output stream; None = stderr.
        every: Seconds between lines while a step runs.
    """

    def __init__(self, stream: TextIO | None = None, *, every: float = 20.0) -> None:
        self._stream = stream or sys.stderr
        self._every = every

    def note(self, text: str) -> None:
        """Write the line."""
        self._stream.write(f"{text}\n")
        self._stream.flush()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Write lines about the step while the block runs."""
        self.note(f"{name} …")
        began, done = time.monotonic(), threading.Event()
        ticking = threading.Thread(target=self._tick, args=(name, began, done), daemon=True)
        ticking.start()
        try:
            yield
        finally:
            done.set()
            ticking.join()
        self.note(f"{name}: done in {_elapsed(began)}")

    def _tick(self, name: str, began: float, done: threading.Event) -> None:
        while not done.wait(self._every):
            self.note(f"{name}: {_elapsed(began)} so far …")


class Live:
    """Reports in a live line, for a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def note(self, text: str) -> None:
        """Write the line."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show the step and its elapsed time while the block runs."""
        from rich.progress import Progress as RichProgress  # noqa: PLC0415 - the extra `cli` may be absent
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - likewise

        began = time.monotonic()
        columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        with RichProgress(*columns, console=self._console, transient=True) as shown:
            shown.add_task(name, total=None)
            yield
        self.note(f"{name}: done in {_elapsed(began)}")


def progress_on(stream: TextIO) -> Progress:
    """Return a live line if `stream` is a terminal, else plain lines."""
    from rich.console import Console  # noqa: PLC0415 - the extra `cli` may be absent

    console = Console(file=stream)
    return Live(console) if console.is_terminal else Lines(stream)


def _elapsed(began: float) -> str:
    return f"{time.monotonic() - began:.0f} s"
