"""A SIGTERM, as a CI or a service manager sends it, ends a command in order: nothing is left running."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """Within the block a SIGTERM unwinds like a Ctrl-C; the exit code is a shell's for it."""
    before: Any = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)
