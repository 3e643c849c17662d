"""Finding an engine that is already there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from atlan_pulumi.engine._cache import engine_root
from atlan_pulumi.engine._engine import Engine, Source, version_tuple
from atlan_pulumi.engine._host import install_host, missing_executables
from atlan_pulumi.engine._recipe import recipe_of
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

#: The oldest official engine that will do: since 3.254.0 `pulumi import` takes the inputs and outputs of
#: dynamic resources from a file, and everything else this package uses is older.
OLDEST = "3.254.0"

SOURCES: tuple[Source, ...] = ("path", "download", "build")

#: The environment variable that names the version to use, such as `3.274.1`, where it must be that one.
VERSION_VARIABLE = "ATLAN_PULUMI_ENGINE"


def wanted_version(version: str | None = None) -> str | None:
    """The version that has to be used: the one given, else that of `ATLAN_PULUMI_ENGINE`; None = any."""
    named = version or os.environ.get(VERSION_VARIABLE, "")
    return named.strip().removeprefix("v") or None


def find_engine(sources: Sequence[Source] = SOURCES, version: str | None = None) -> Engine | None:
    """The engine to use, if one is there: the official one on PATH, else one provided earlier.

    Takes milliseconds for a provided one, and what `pulumi version` takes for one on PATH.

    Args:
        sources: Where to look, in that order.
        version: The version that it must be; None = the one that `ATLAN_PULUMI_ENGINE` names, else any.
    """
    wanted = wanted_version(version)
    lookups = {"path": engine_on_path, "download": _downloaded, "build": _built}
    return next((engine for source in sources if (engine := lookups[source](wanted))), None)


def require_engine() -> Engine:
    """As `find_engine`, where there has to be one.

    Raises:
        EngineError: There is none; the message says how to provide one.
    """
    engine = find_engine()
    if engine is None:
        wanted = wanted_version()
        named = f" of version {wanted} ({VERSION_VARIABLE})" if wanted else ""
        raise EngineError(f"no Pulumi engine{named} yet: run `atlan-pulumi engine install`")
    return engine


def engine_on_path(wanted: str | None = None) -> Engine | None:
    """The official engine on PATH, when it is new enough, complete, and of the wanted version."""
    folder = pulumi_on_path()
    if folder is None or why_not(folder, wanted):
        return None
    return Engine(folder, version_of(folder), "path")


def pulumi_on_path() -> Path | None:
    """The folder of the `pulumi` on PATH, symbolic links followed; None when there is none but our own."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    folder = Path(found).resolve().parent
    return None if folder.is_relative_to(cache_folder().resolve()) else folder


def why_not(folder: Path, wanted: str | None = None) -> str:
    """Why the official engine in `folder` will not do; empty when it will."""
    found = version_of(folder)
    if wanted and found != wanted:
        return f"it is version {found or 'unknown'}, not {wanted}"
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


def download_version(wanted: str | None = None) -> str:
    """The version of the official download: the wanted one, else that of the installed Pulumi SDK."""
    return wanted or version("pulumi")


def _downloaded(wanted: str | None) -> Engine | None:
    named = download_version(wanted)
    folder = engine_root("download", named) / "bin"
    return None if missing_executables(folder) else Engine(folder, named, "download")


def _built(wanted: str | None) -> Engine | None:
    named = wanted or recipe_of(None).version
    root = engine_root("build", named)
    if not (root / "bin" / "pulumi").is_file():
        return None
    with suppress(PermissionError):  # a cache that is only read keeps the host it has
        install_host(root)
    return None if missing_executables(root / "bin") else Engine(root / "bin", named, "build")
