"""Start and end a process quickly: a program, Pulumi's provider, or a command.

Imports create objects that stay, and Python's garbage collector looks through all of them again and again
while their number grows: a quarter of the time of the import. It does so again at the end of a process,
which is nine tenths of the time that it takes to exit.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS, _YOUNG, _MIDDLE = 100_000, 20, 50
"""Python's defaults are 700, 10, and 10."""


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
def exempt_imports() -> None:
    """Leave what exists now, which is mostly modules, out of every later collection, also at exit.

    What a program creates later is collected as usual.
    """
    gc.freeze()


def collect_rarely() -> None:
    """Collect garbage after 100,000 new objects at the earliest.

    Thousands of entities are a million objects that stay, and few that are garbage: by default, an update of
    100,000 edges spends a seventh of its processor time on the collection.
    """
    gc.set_threshold(_NEW_OBJECTS, _YOUNG, _MIDDLE)
