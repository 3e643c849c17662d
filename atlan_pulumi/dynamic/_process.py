"""The current process: the program or Pulumi's provider process, and how each exits.

When one resource fails, the engine stops the program in one of two ways. It sends SIGINT, which Python
turns into a `KeyboardInterrupt` with a traceback of some 26 lines below the one line that says what failed.
Or it closes its resource monitor (Pulumi 3.274), so that pending registrations fail, which Pulumi's SDK
reports as a second error. Both handlers here end the program quietly instead.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import stat
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from atlan_pulumi.startup import exempt_imports

_KILLED = 137  # the exit code of a shell for a killed command
_CLOSED = "resource monitor shut down"
"""The beginning of the engine's answer to requests that were pending when it closed the monitor."""
_MODULES = ("pulumi.runtime.settings", "pulumi.runtime.invoke")
"""The modules of Pulumi's SDK that import the function below by name."""
_TRANSLATE = "grpc_error_to_exception"
_PROBE_SECONDS = 5
_MOST_CALLS = 64
"""The most calls that the provider process answers at a time."""
_LAUNCHER = "pulumi-language-python-exec"
_STOPPED = 130  # the exit code of a shell for an interrupted command


def in_provider_process() -> bool:
    """Return whether this is the process in which Pulumi runs dynamic providers."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec is not None and spec.name == "pulumi.dynamic.__main__"


@functools.cache
def exit_when_engine_exits() -> None:
    """End Pulumi's provider process as soon as the engine exits; do nothing in other processes.

    The engine holds the other end of stdin, which closes even when the engine is killed.
    """
    if in_provider_process() and _is_pipe(0):
        threading.Thread(target=_exit_at_end_of_file, args=(0,), daemon=True).start()


def serve_more_calls() -> None:
    """Let Pulumi's provider process answer as many calls at a time as the engine sends.

    It must be called by a thread that answers a call. Pulumi's SDK answers four at a time, without a setting
    (`pulumi/dynamic/__main__.py`). The engine sends up to `--parallel`, by default four for each processor.
    Look-ups and writes that wait for the rate limit together share requests, so that more of them at a time
    means fewer requests. In other processes, and if the SDK's pool is not found, nothing changes.
    """
    first, *_ = getattr(threading.current_thread(), "_args", None) or [None]
    pool = first() if isinstance(first, weakref.ref) else None
    if pool is not None and in_provider_process() and hasattr(pool, "_max_workers"):
        pool._max_workers = max(pool._max_workers, _MOST_CALLS)  # noqa: SLF001 - there is no setting


def _is_pipe(descriptor: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:  # closed
        return False


def _exit_at_end_of_file(descriptor: int) -> None:
    while os.read(descriptor, 4096):
        pass
    os._exit(_KILLED)


def exit_when_monitor_is_gone(code: int) -> None:
    """Exit where Pulumi's SDK would raise "Resource monitor has terminated".

    The engine reports the cause before it closes the monitor, so the SDK's error is noise. The SDK raises
    the same error for an unavailable provider, which still raises.

    Args:
        code: The exit code.
    """
    for module in map(importlib.import_module, _MODULES):
        translate: Callable[[Any], Exception] | None = getattr(module, _TRANSLATE, None)
        if translate is not None:
            setattr(module, _TRANSLATE, _exiting(translate, code))


def _exiting(translate: Callable[[Any], Exception], code: int) -> Callable[[Any], Exception]:
    def exit_or_translate(error: Any) -> Exception:
        if error.code() is grpc.StatusCode.UNAVAILABLE and _is_gone(error.details() or ""):
            raise SystemExit(code)
        return translate(error)

    return exit_or_translate


def _is_gone(details: str) -> bool:
    return details.startswith(_CLOSED) or not _answers()


def _answers() -> bool:
    """Return whether the monitor still answers, with whatever answer."""
    monitor: Any = settings.get_monitor()
    try:
        monitor.SupportsFeature(resource_pb2.SupportsFeatureRequest(id="secrets"), timeout=_PROBE_SECONDS)
    except grpc.RpcError as error:
        return bool(error.code() is not grpc.StatusCode.UNAVAILABLE)
    return True


@functools.cache
def exempt_imports_of_program() -> None:
    """Leave modules out of garbage collection in a program that `pulumi` runs; do nothing in others."""
    if launched_by_pulumi():
        exempt_imports()


@functools.cache
def install_signal_handlers() -> None:
    """Exit quietly on SIGINT in a program that `pulumi` runs; do nothing in other programs.

    `finally` blocks and `atexit` functions run, as for any `SystemExit`. A handler that the program installed
    itself stays.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not (in_main_thread and launched_by_pulumi()):
        return
    exit_when_monitor_is_gone(_STOPPED)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit)


def _exit(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(_STOPPED)


def launched_by_pulumi() -> bool:
    """Return whether `pulumi` runs the calling program in a process of its own."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the launcher leaves no other trace
    while frame is not None:
        if Path(frame.f_code.co_filename).name == _LAUNCHER:
            return True
        frame = frame.f_back
    return False
