"""The folder where provided engines are kept: one per user, one folder in it per engine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from atlan_pulumi.engine._engine import Source
from atlan_pulumi.engine._progress import Progress
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

_WORK = ".work-"


def engine_root(source: Source, version: str) -> Path:
    """The folder of one provided engine; it exists when that engine is complete, and not before."""
    return cache_folder() / "engine" / f"{source}-{version}"


@contextmanager
def only_one(progress: Progress) -> Iterator[None]:
    """Be the only one of this user's processes that provides an engine; wait for another that does.

    What an interrupted one left behind is removed first.

    Raises:
        EngineError: The cache cannot be written.
    """
    engines = cache_folder() / "engine"
    lock = FileLock(engines / ".lock")
    try:
        engines.mkdir(parents=True, exist_ok=True)
        _acquire(lock, progress)
    except OSError as error:
        raise EngineError(
            f"the engine cannot be kept in {engines} ({error.strerror or error}): "
            "make that folder writable, or set ATLAN_PULUMI_CACHE to one that is"
        ) from None
    try:
        for leftover in engines.glob(f"{_WORK}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, progress: Progress) -> None:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        with progress.step("wait for another process that is providing the engine"):
            lock.acquire()


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder on the cache's file system, gone afterwards whatever happened; needs `only_one`."""
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=cache_folder() / "engine"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
