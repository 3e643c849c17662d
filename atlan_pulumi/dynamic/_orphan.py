"""A provider process whose engine was killed ends: what it would still write, nobody would know of."""

from __future__ import annotations

import functools
import os
import stat
import threading

from atlan_pulumi.dynamic._process import in_provider_process

_KILLED = 137  # what a shell answers for a command that was killed


@functools.cache
def leave_with_the_engine() -> None:
    """In Pulumi's provider process, end as soon as the engine is gone; elsewhere do nothing.

    The engine holds the other end of stdin: when it dies without a word, that end closes.
    """
    if in_provider_process() and _is_pipe(0):
        threading.Thread(target=_wait_for_the_end, args=(0,), daemon=True).start()


def _is_pipe(descriptor: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:  # closed
        return False


def _wait_for_the_end(descriptor: int) -> None:
    while os.read(descriptor, 4096):
        pass
    os._exit(_KILLED)
