"""Providing an engine where none is: once per user and version, one process at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from atlan_pulumi.engine._build import build
from atlan_pulumi.engine._cache import engine_root, only_one, work_folder
from atlan_pulumi.engine._download import download
from atlan_pulumi.engine._engine import Engine, Source
from atlan_pulumi.engine._find import (
    SOURCES,
    download_version,
    find_engine,
    pulumi_on_path,
    wanted_version,
    why_not,
)
from atlan_pulumi.engine._host import missing_executables
from atlan_pulumi.engine._progress import Progress, Silent
from atlan_pulumi.engine._recipe import Recipe, recipe_of
from atlan_pulumi.engine._step import BY_HAND, failed, short
from atlan_pulumi.errors import EngineError

#: Bytes that a build needs for the time it takes: Go's sources and compiled packages.
ROOM = 4 * 1024**3


def provide_engine(
    source: Source | None = None, *, version: str | None = None, progress: Progress | None = None
) -> Engine:
    """The engine to use; where there is none, get one and keep it for the next time.

    The order: the official engine on PATH, one provided earlier, the official download, a build of Pulumi's
    own Go module (about 4 minutes on 2 cores, and 4 GiB of disk meanwhile, of which 110 MiB stay). Processes
    that ask at the same time wait for the first; an interrupted one leaves nothing half-done.

    Args:
        source: Take it from there and nowhere else; None = the order above.
        version: The version that it must be; None = the one that `ATLAN_PULUMI_ENGINE` names, else any.
        progress: Hears of each step; None = nobody does.

    Raises:
        EngineError: There is no way to get one; the message says which step failed, why, and what to do.
    """
    progress = progress or Silent()
    sources = [source] if source else SOURCES
    wanted = wanted_version(version)
    if engine := find_engine(sources, wanted):
        return engine
    if source == "path":
        raise EngineError(_why_not_on_path(wanted))
    with only_one(progress):
        return find_engine(sources, wanted) or _get(source, wanted, progress)


def provide_build(recipe: Recipe, progress: Progress) -> Engine:
    """The engine that `recipe` builds: kept from an earlier time, or built now.

    Raises:
        EngineError: A step failed.
    """
    with only_one(progress):
        return _built(recipe, progress)


def _get(source: Source | None, wanted: str | None, progress: Progress) -> Engine:
    if source != "build":
        named = download_version(wanted)
        try:
            return _kept("download", named, lambda work: download(named, work, progress))
        except EngineError as error:
            if source == "download":
                raise
            progress.note(f"no official download: {short(error)}")
    return _built(recipe_of(wanted), progress)


def _built(recipe: Recipe, progress: Progress) -> Engine:
    def make(work: Path) -> Path:
        _require_room(work)
        return build(recipe, work, progress)

    return _kept("build", recipe.version, make)


def _kept(source: Source, version: str, make: Callable[[Path], Path]) -> Engine:
    """The engine in the cache; when it is not there whole, made in a folder beside it and moved there."""
    root = engine_root(source, version)
    if missing_executables(root / "bin"):
        with work_folder() as work:
            made = make(work)
            shutil.rmtree(root, ignore_errors=True)
            made.rename(root)
    return Engine(root / "bin", version, source)


def _require_room(work: Path) -> None:
    free = shutil.disk_usage(work).free
    if free < ROOM:
        raise failed(
            "compile Pulumi",
            f"{work.parent} has {free / 1024**3:.1f} GiB free of the {ROOM / 1024**3:.0f} it takes",
        )


def _why_not_on_path(wanted: str | None) -> str:
    folder = pulumi_on_path()
    found = (
        f"the `pulumi` in {folder} will not do: {why_not(folder, wanted)}"
        if folder
        else "no `pulumi` is on PATH"
    )
    return f"{found}; {BY_HAND}"
