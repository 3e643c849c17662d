"""Install an engine: the official download, once per user and version."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import TYPE_CHECKING

from atlan_pulumi.engine._find import (
    SOURCES,
    Engine,
    Source,
    engine_root,
    find_engine,
    missing_executables,
    pulumi_on_path,
    unusable_reason,
    wanted_version,
)
from atlan_pulumi.engine._progress import Progress, Silent
from atlan_pulumi.engine._step import BY_HAND, run_step, step_failed
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

if TYPE_CHECKING:
    from filelock import FileLock

#: Seconds to wait for the first response of the download server.
REACH_SECONDS = 10.0
#: Seconds that the download may take.
DOWNLOAD_SECONDS = 900.0

_WORK = ".work-"

# Both run in child processes: the SDK sets no timeout, and a hostname lookup cannot be interrupted otherwise.
_REACH = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=5).close()"
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""

_BUILT_ELSEWHERE = (
    "this command cannot build Pulumi: run `make engine` in a checkout of atlan-pulumi "
    "(tools/engine/build.py), which puts the engine into the cache"
)
_OR_BUILT = "on machines that reach only package registries, run `make engine` in a checkout of atlan-pulumi"


def provide_engine(
    source: Source | None = None, *, version: str | None = None, progress: Progress | None = None
) -> Engine:
    """Return the engine to use; if none is found, download one into the cache.

    The order is: the official engine on PATH, one in the cache, the official download. Concurrent processes
    wait for the first one. An interrupted download leaves no partial engine. On machines that reach only
    package registries, `make engine` in a checkout builds Pulumi's Go module.

    Args:
        source: Use only this source; None = the order above.
        version: Required version; None = the one in `ATLAN_PULUMI_ENGINE`, else any.
        progress: Reports each step; None = no output.

    Raises:
        EngineError: No engine can be provided; the message says which step failed, why, and what to do.
    """
    progress = progress or Silent()
    if source == "build":
        raise EngineError(_BUILT_ELSEWHERE)
    sources = [source] if source else SOURCES
    wanted = wanted_version(version)
    if engine := find_engine(sources, wanted):
        return engine
    if source == "path":
        raise EngineError(_path_problem(wanted))
    with lock_engines(progress):
        return find_engine(sources, wanted) or _downloaded(download_version(wanted), progress)


def download_version(wanted: str | None = None) -> str:
    """Return the version to download: the wanted one, else that of the installed Pulumi SDK."""
    return wanted or version_of_package("pulumi")


def _downloaded(version: str, progress: Progress) -> Engine:
    try:
        return keep_engine("download", version, lambda work: _download(version, work, progress))
    except EngineError as error:
        raise EngineError(f"{error}; {_OR_BUILT}") from None


def _download(version: str, work: Path, progress: Progress) -> Path:
    """Download the official engine into the folder `work`, and return its root folder there.

    Raises:
        EngineError: Pulumi's download server cannot be reached, or the downloaded engine is incomplete.
    """
    root = work / "engine"
    with progress.step(name := "reach Pulumi's download server"):
        run_step(name, [sys.executable, "-c", _REACH], seconds=REACH_SECONDS)
    with progress.step(name := f"download Pulumi {version}"):
        environment = {**os.environ, "PULUMI_HOME": str(work / "home")}
        command: list[str | Path] = [sys.executable, "-c", _INSTALL, root, version]
        run_step(name, command, environment=environment, seconds=DOWNLOAD_SECONDS)
    if missing := missing_executables(root / "bin"):
        raise step_failed(name, f"the download lacks {' and '.join(missing)}")
    return root


def keep_engine(source: Source, version: str, make: Callable[[Path], Path]) -> Engine:
    """Return the engine in the cache; make it if it is missing or incomplete. Call it within `lock_engines`.

    Args:
        source: Source of the engine.
        version: Version of the engine.
        make: Makes the engine in a folder, and returns its root there, which is moved into the cache.

    Raises:
        EngineError: The engine cannot be made.
    """
    root = engine_root(source, version)
    if missing_executables(root / "bin"):
        with _work_folder() as work:
            made = make(work)
            shutil.rmtree(root, ignore_errors=True)
            made.rename(root)
    return Engine(root / "bin", version, source)


@contextmanager
def lock_engines(progress: Progress) -> Iterator[None]:
    """Hold the lock of the user's engine cache; wait while another process holds it.

    Remove the leftovers of interrupted processes first.

    Raises:
        EngineError: The cache cannot be written.
    """
    from filelock import FileLock  # noqa: PLC0415 - the extra `cli` may be absent

    engines = cache_folder() / "engine"
    lock = FileLock(engines / ".lock")
    try:
        engines.mkdir(parents=True, exist_ok=True)
        _acquire(lock, progress)
    except OSError as error:
        raise EngineError(
            f"cannot write the engine to {engines} ({error.strerror or error}): "
            "make that folder writable, or set ATLAN_PULUMI_CACHE to a writable one"
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
    except TimeoutError:
        with progress.step("wait for another process that is providing the engine"):
            lock.acquire()


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Make a temporary folder on the cache's file system, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=cache_folder() / "engine"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _path_problem(wanted: str | None) -> str:
    folder = pulumi_on_path()
    found = (
        f"the `pulumi` in {folder} cannot be used: {unusable_reason(folder, wanted)}"
        if folder
        else "no `pulumi` is on PATH"
    )
    return f"{found}; {BY_HAND}"
