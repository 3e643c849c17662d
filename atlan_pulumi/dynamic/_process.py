"""Which process this is: the program, or Pulumi's provider process.

When one resource fails, the engine stops the program in one of two ways. It sends a SIGINT: Python's answer
is a `KeyboardInterrupt` whose traceback, some 26 lines, would stand below the one line that says what failed.
Or it closes its resource monitor (Pulumi 3.274 does), and the registrations under way fail: Pulumi's SDK
reports that as a second error.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

_KILLED = 137  # what a shell answers for a command that was killed
_CLOSED = "resource monitor shut down"
"""How the engine's answer begins for a request that was under way when it closed the monitor."""
_MODULES = ("pulumi.runtime.settings", "pulumi.runtime.invoke")
"""The modules of Pulumi's SDK that have the function below, each under a name of its own."""
_TRANSLATE = "grpc_error_to_exception"
_PROBE_SECONDS = 5
_LAUNCHER = "pulumi-language-python-exec"
_STOPPED = 130  # what a shell answers for a command that was interrupted


def in_provider_process() -> bool:
    """Whether this is the process in which Pulumi runs dynamic providers."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec is not None and spec.name == "pulumi.dynamic.__main__"


@functools.cache
def exit_when_engine_exits() -> None:
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


def exit_when_monitor_is_gone(code: int) -> None:
    """End the program with that exit code where Pulumi's SDK would raise that the monitor has terminated.

    The engine closes the monitor after it has reported why: the SDK's error adds nothing to that. The SDK
    raises the same error for a provider that is unavailable; that one stays.
    """
    for module in map(importlib.import_module, _MODULES):
        translate: Callable[[Any], Exception] | None = getattr(module, _TRANSLATE, None)
        if translate is not None:
            setattr(module, _TRANSLATE, _leaving(translate, code))


def _leaving(translate: Callable[[Any], Exception], code: int) -> Callable[[Any], Exception]:
    def exit_or_translate(error: Any) -> Exception:
        if error.code() is grpc.StatusCode.UNAVAILABLE and _is_gone(error.details() or ""):
            raise SystemExit(code)
        return translate(error)

    return exit_or_translate


def _is_gone(details: str) -> bool:
    return details.startswith(_CLOSED) or not _answers()


def _answers() -> bool:
    """Whether the monitor still answers; any answer will do."""
    monitor: Any = settings.get_monitor()
    try:
        monitor.SupportsFeature(resource_pb2.SupportsFeatureRequest(id="secrets"), timeout=_PROBE_SECONDS)
    except grpc.RpcError as error:
        return bool(error.code() is not grpc.StatusCode.UNAVAILABLE)
    return True


@functools.cache
def install_signal_handlers() -> None:
    """Take the place of Python's own handler, in a program that `pulumi` runs; elsewhere do nothing.

    `finally` blocks and `atexit` functions run as for any `SystemExit`. A handler that the program set
    itself stays.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not (in_main_thread and _launched_by_pulumi()):
        return
    exit_when_monitor_is_gone(_STOPPED)
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
