"""Finding an engine that is already there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from atlan_pulumi.engine._cache import cache_folder, engine_root
from atlan_pulumi.engine._engine import Engine, Source, version_tuple
from atlan_pulumi.engine._host import install_host, missing_executables
from atlan_pulumi.engine._recipe import PULUMI
from atlan_pulumi.errors import EngineError

#: The oldest official engine that will do: since 3.254.0 `pulumi import` takes the inputs and outputs of
#: dynamic resources from a file, and everything else this package uses is older.
OLDEST = "3.254.0"

SOURCES: tuple[Source, ...] = ("path", "download", "build")


def find_engine(sources: Sequence[Source] = SOURCES) -> Engine | None:
    """The engine to use, if one is there: the official one on PATH, else one provided earlier.

    Takes milliseconds for a provided one, and what `pulumi version` takes for one on PATH.

    Args:
        sources: Where to look, in that order.
    """
    lookups = {"path": engine_on_path, "download": _downloaded, "build": _built}
    return next((engine for source in sources if (engine := lookups[source]())), None)


def require_engine() -> Engine:
    """As `find_engine`, where there has to be one.

    Raises:
        EngineError: There is none; the message says how to provide one.
    """
    engine = find_engine()
    if engine is None:
        raise EngineError("no Pulumi engine yet: run `atlan-pulumi engine install`")
    return engine


def engine_on_path() -> Engine | None:
    """The official engine on PATH, when it is new enough and complete."""
    folder = pulumi_on_path()
    if folder is None or why_not(folder):
        return None
    return Engine(folder, version_of(folder), "path")


def pulumi_on_path() -> Path | None:
    """The folder of the `pulumi` on PATH, symbolic links followed; None when there is none but our own."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    folder = Path(found).resolve().parent
    return None if folder.is_relative_to(cache_folder().resolve()) else folder


def why_not(folder: Path) -> str:
    """Why the official engine in `folder` will not do; empty when it will."""
    found = version_of(folder)
    if version_tuple(found) < version_tuple(OLDEST):
        return f"version {found or 'unknown'} is older than {OLDEST}"
    missing = [name for name in missing_executables(folder) if shutil.which(name) is None]
    return f"{' and '.join(missing)} not beside it" if missing else ""


def version_of(folder: Path) -> str:
    """What the `pulumi` in `folder` says it is, without the leading `v`; empty when it says nothing."""
    try:
        asked = subprocess.run(  # noqa: S603 - the engine itself
            [folder / "pulumi", "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip().removeprefix("v")


def download_version() -> str:
    """The version of the official download: that of the installed Pulumi SDK."""
    return version("pulumi")


def _downloaded() -> Engine | None:
    folder = engine_root("download", download_version()) / "bin"
    return None if missing_executables(folder) else Engine(folder, download_version(), "download")


def _built() -> Engine | None:
    root = engine_root("build", PULUMI.version)
    if not (root / "bin" / "pulumi").is_file():
        return None
    with suppress(PermissionError):  # a cache that is only read keeps the host it has
        install_host(root)
    return None if missing_executables(root / "bin") else Engine(root / "bin", PULUMI.version, "build")
