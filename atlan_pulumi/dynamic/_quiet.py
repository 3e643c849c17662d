"""A program that the engine stops ends without a traceback.

When one resource fails, the engine sends the program a SIGINT. Python's answer is a `KeyboardInterrupt`
whose traceback, some 26 lines, would stand below the one line that tells what failed.
"""

from __future__ import annotations

import functools
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

_LAUNCHER = "pulumi-language-python-exec"
_STOPPED = 130  # what a shell answers for a command that was interrupted


@functools.cache
def leave_quietly_when_stopped() -> None:
    """Take the place of Python's own handler, in a program that `pulumi` runs; elsewhere do nothing.

    `finally` blocks and `atexit` functions run as for any `SystemExit`. A handler that the program set
    itself stays.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if (
        in_main_thread
        and _launched_by_pulumi()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):
        signal.signal(signal.SIGINT, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(_STOPPED)


def _launched_by_pulumi() -> bool:
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the launcher leaves no other trace
    while frame is not None:
        if Path(frame.f_code.co_filename).name == _LAUNCHER:
            return True
        frame = frame.f_back
    return False
