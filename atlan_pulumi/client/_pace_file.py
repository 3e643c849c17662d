"""What is remembered of a tenant's pace, in a file: for all processes of this machine's user.

A run of Pulumi has several: the program and a process for each provider. The tenant counts their requests
together, so that each process keeping to the rate by itself is not enough.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import sys
import tempfile
import zlib
from pathlib import Path
from typing import TypeVar

from atlan_pulumi.client._clock import Clock
from atlan_pulumi.client._pace_state import InMemory, PaceState, Step

if sys.platform != "win32":
    import fcntl

_Value = TypeVar("_Value")
_TIMES = struct.Struct("<4d")  # when it was written, and the state
_SUM = struct.Struct("<I")
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def pace_file(base_url: str) -> Path:
    """Where the pace of a tenant is kept: in a folder that is the user's alone.

    Raises:
        OSError: There is no such folder, and none can be made.
    """
    if sys.platform == "win32":
        raise OSError("no user's number, and no locks of this kind")
    folder = Path(tempfile.gettempdir(), f"atlan-pulumi-{os.getuid()}")
    folder.mkdir(0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is open to others")
    return folder / f"{hashlib.sha256(base_url.encode()).hexdigest()[:16]}.pace"


class InFile:
    """Keeps it in a file, which is locked while it is changed; in memory where that cannot be.

    The file is opened anew for each change: so the lock holds between threads too, and after a fork, and a
    file that was removed is made again. The lock of a process that was killed is gone with it.
    """

    def __init__(self, base_url: str, clock: Clock, otherwise: InMemory) -> None:
        self._base_url = base_url
        self._clock = clock
        self._otherwise = otherwise
        self._path: str | None = None

    def change(self, step: Step[_Value]) -> _Value:
        """Make a step."""
        try:
            descriptor = self._opened()
        except OSError:
            return self._otherwise.change(step)
        try:
            return self._changed(descriptor, step)
        except OSError:
            return self._otherwise.change(step)
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        if self._path is not None:
            try:
                return os.open(self._path, _FLAGS, 0o600)
            except FileNotFoundError:
                pass  # somebody tidied up: the folder is gone
        self._path = str(pace_file(self._base_url))
        return os.open(self._path, _FLAGS, 0o600)

    def _changed(self, descriptor: int, step: Step[_Value]) -> _Value:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            now = self._clock.monotonic()
            before = _unpacked(os.pread(descriptor, _TIMES.size + _SUM.size, 0), now)
            after, value = step(before, now)
            if after != before:
                os.pwrite(descriptor, _packed(after, now), 0)
            return value
        finally:  # closing is not enough: a fork in another thread may have copied the descriptor
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _packed(state: PaceState, now: float) -> bytes:
    times = _TIMES.pack(now, *state)
    return times + _SUM.pack(zlib.crc32(times))


def _unpacked(content: bytes, now: float) -> PaceState:
    """The state; a new one where the file is empty, damaged, or of a time before the machine started anew.

    The clock never goes back while the machine runs, so that a later time can only be of an earlier run.
    """
    times, rest = content[: _TIMES.size], content[_TIMES.size :]
    if len(times) < _TIMES.size or rest != _SUM.pack(zlib.crc32(times)):
        return PaceState()
    written_at, *known = _TIMES.unpack(times)
    return PaceState(*known) if written_at <= now else PaceState()
