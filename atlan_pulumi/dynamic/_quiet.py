"""A program that the engine stops ends without an error of its own.

When one resource fails, the engine stops the program in one of two ways. It sends a SIGINT: Python's answer
is a `KeyboardInterrupt` whose traceback, some 26 lines, would stand below the one line that says what failed.
Or it closes its resource monitor (Pulumi 3.274 does), and the registrations under way fail: Pulumi's SDK
reports that as a second error.
"""

from __future__ import annotations

import functools
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

from atlan_pulumi.dynamic._monitor import leave_when_monitor_is_gone

_LAUNCHER = "pulumi-language-python-exec"
_STOPPED = 130  # what a shell answers for a command that was interrupted


@functools.cache
def leave_quietly_when_stopped() -> None:
    """Take the place of Python's own handler, in a program that `pulumi` runs; elsewhere do nothing.

    `finally` blocks and `atexit` functions run as for any `SystemExit`. A handler that the program set
    itself stays.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not (in_main_thread and _launched_by_pulumi()):
        return
    leave_when_monitor_is_gone(_STOPPED)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
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
