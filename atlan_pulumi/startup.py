"""Start and end a process quickly: a program, Pulumi's provider, or a command.

Imports create objects that stay, and Python's garbage collector looks through all of them again and again
while their number grows: a quarter of the time of the import. It does so once more at the end of a process,
where it frees them one by one; the operating system frees them at once.
"""

from __future__ import annotations

import atexit
import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Turn the garbage collector off during imports."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@functools.cache
def exit_without_collection() -> None:
    """Collect no garbage when this process exits."""
    atexit.register(gc.freeze)
