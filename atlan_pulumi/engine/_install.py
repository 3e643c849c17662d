"""Installing an engine where there is none: the official download, once per user and version."""

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
    wanted_version,
    why_not,
)
from atlan_pulumi.engine._progress import Progress, Silent
from atlan_pulumi.engine._step import BY_HAND, run_step, step_failed
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

if TYPE_CHECKING:
    from filelock import FileLock

#: Seconds to wait for the first answer of the download's server.
REACHED_WITHIN = 10.0
#: Seconds the download itself may take.
DONE_WITHIN = 900.0

_WORK = ".work-"

# In processes of their own: the SDK sets no time limit, and nothing else ends the look-up of a host's name.
_REACH = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=5).close()"
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""

_BUILT_ELSEWHERE = (
    "this command does not build Pulumi: run `make engine` in a checkout of atlan-pulumi "
    "(tools/engine/build.py); what it provides is found here, too"
)
_OR_BUILT = (
    "where only package registries can be reached, `make engine` in a checkout of atlan-pulumi builds one"
)


def provide_engine(
    source: Source | None = None, *, version: str | None = None, progress: Progress | None = None
) -> Engine:
    """Return the engine to use; where there is none, download one and keep it for the next time.

    The order: the official engine on PATH, one in the cache, the official download. Processes that ask at the
    same time wait for the first; an interrupted download leaves nothing half-done. A build of Pulumi's Go
    module, for machines that reach package registries only, is `make engine` in a checkout.

    Args:
        source: Take it from there and nowhere else; None = the order above.
        version: The version that it must be; None = the one that `ATLAN_PULUMI_ENGINE` names, else any.
        progress: Hears of each step; None = nobody does.

    Raises:
        EngineError: There is no way to get one; the message says which step failed, why, and what to do.
    """
    progress = progress or Silent()
    if source == "build":
        raise EngineError(_BUILT_ELSEWHERE)
    sources = [source] if source else SOURCES
    wanted = wanted_version(version)
    if engine := find_engine(sources, wanted):
        return engine
    if source == "path":
        raise EngineError(_why_not_on_path(wanted))
    with lock_engines(progress):
        return find_engine(sources, wanted) or _downloaded(download_version(wanted), progress)


def download_version(wanted: str | None = None) -> str:
    """Return the version of the official download: the wanted one, else that of the installed Pulumi SDK."""
    return wanted or version_of_package("pulumi")


def _downloaded(version: str, progress: Progress) -> Engine:
    try:
        return keep_engine("download", version, lambda work: _download(version, work, progress))
    except EngineError as error:
        raise EngineError(f"{error}; {_OR_BUILT}") from None


def _download(version: str, work: Path, progress: Progress) -> Path:
    """Download the official engine into the folder `work`, and return its root there, ready to be moved.

    Raises:
        EngineError: Pulumi's download server cannot be reached, or what it gave is not a whole engine.
    """
    root = work / "engine"
    with progress.step(name := "reach Pulumi's download server"):
        run_step(name, [sys.executable, "-c", _REACH], seconds=REACHED_WITHIN)
    with progress.step(name := f"download Pulumi {version}"):
        environment = {**os.environ, "PULUMI_HOME": str(work / "home")}
        command: list[str | Path] = [sys.executable, "-c", _INSTALL, root, version]
        run_step(name, command, environment=environment, seconds=DONE_WITHIN)
    if missing := missing_executables(root / "bin"):
        raise step_failed(name, f"it came without {' and '.join(missing)}")
    return root


def keep_engine(source: Source, version: str, make: Callable[[Path], Path]) -> Engine:
    """Return the engine in the cache; make it where it is not there as a whole. Needs `lock_engines`.

    Args:
        source: Where it comes from.
        version: Its version.
        make: Makes the engine in a folder, and returns its root there, which is moved into the cache.

    Raises:
        EngineError: It cannot be made.
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
    """Be the only one of this user's processes that provides an engine; wait for another that does.

    What an interrupted one left behind is removed first.

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
    except TimeoutError:
        with progress.step("wait for another process that is providing the engine"):
            lock.acquire()


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Make a folder on the cache's file system, and remove it afterwards whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=cache_folder() / "engine"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why_not_on_path(wanted: str | None) -> str:
    folder = pulumi_on_path()
    found = (
        f"the `pulumi` in {folder} will not do: {why_not(folder, wanted)}"
        if folder
        else "no `pulumi` is on PATH"
    )
    return f"{found}; {BY_HAND}"
