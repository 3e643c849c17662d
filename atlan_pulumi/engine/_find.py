"""Find the Pulumi engine to use: the official one on PATH, else one in the cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

#: The source of an engine: the user's PATH, Pulumi's own download, or a build of Pulumi's Go module.
Source = Literal["path", "download", "build"]

SOURCES: tuple[Source, ...] = ("path", "download", "build")

#: The executables that Python programs, dynamic resources, and policy packs need, in one folder or on PATH.
EXECUTABLES = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)

#: The oldest supported engine: since 3.254.0 `pulumi import` takes the inputs and outputs of dynamic
#: resources from a file, and everything else this package uses is older.
OLDEST = "3.254.0"

#: The environment variable with the required version, such as `3.274.1`.
VERSION_VARIABLE = "ATLAN_PULUMI_ENGINE"


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that can run Python programs.

    Attributes:
        folder: The folder to put first on PATH.
        version: The engine's version, such as `3.274.1`.
        source: Source of the engine.
    """

    folder: Path
    version: str
    source: Source

    @property
    def executable(self) -> Path:
        """The `pulumi` command."""
        return self.folder / "pulumi"

    def environment(self, **extra: str) -> dict[str, str]:
        """Return the environment variables to run this engine with.

        They are the variables of this process, with the engine's folder first on PATH. Programs run with this
        Python, unless `PULUMI_PYTHON_CMD` or the project's `virtualenv` names another. The engine does not
        check for updates or download plugins.

        Args:
            extra: Variables to add, such as `PULUMI_BACKEND_URL`; they override the others.
        """
        search = [str(self.folder), os.environ.get("PATH", os.defpath)]
        return {
            "PULUMI_PYTHON_CMD": sys.executable,
            **os.environ,
            "PATH": os.pathsep.join(search),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **extra,
        }


def wanted_version(version: str | None = None) -> str | None:
    """Return the required version: the argument, else `ATLAN_PULUMI_ENGINE`; None = any."""
    named = version or os.environ.get(VERSION_VARIABLE, "")
    return named.strip().removeprefix("v") or None


def find_engine(sources: Sequence[Source] = SOURCES, version: str | None = None) -> Engine | None:
    """Return the engine to use, if any: the official one on PATH, else the newest in the cache.

    The cache holds the engines of `atlan-pulumi engine install`, and of `make engine` in a checkout. A search
    of the cache takes milliseconds; a search of PATH runs `pulumi version`.

    Args:
        sources: Sources to search, in order.
        version: Required version; None = the one in `ATLAN_PULUMI_ENGINE`, else any.
    """
    wanted = wanted_version(version)
    found = (_on_path(wanted) if source == "path" else _cached(source, wanted) for source in sources)
    return next((engine for engine in found if engine), None)


def require_engine() -> Engine:
    """Return the engine that `find_engine` finds.

    Raises:
        EngineError: No engine is found; the message says how to install one.
    """
    engine = find_engine()
    if engine is None:
        wanted = wanted_version()
        named = f" of version {wanted} ({VERSION_VARIABLE})" if wanted else ""
        raise EngineError(f"no Pulumi engine{named} yet: run `atlan-pulumi engine install`")
    return engine


def _on_path(wanted: str | None) -> Engine | None:
    """Return the official engine on PATH if it is new enough, complete, and of the wanted version."""
    folder = pulumi_on_path()
    if folder is None or unusable_reason(folder, wanted):
        return None
    return Engine(folder, version_of(folder), "path")


def _cached(source: Source, wanted: str | None) -> Engine | None:
    """Return the newest usable engine of this source in the cache."""
    names = [path.name.removeprefix(f"{source}-") for path in _engines().glob(f"{source}-*")]
    usable = [wanted] if wanted else [name for name in names if version_tuple(name) >= version_tuple(OLDEST)]
    for name in sorted(usable, key=version_tuple, reverse=True):
        folder = engine_root(source, name) / "bin"
        if not missing_executables(folder):
            return Engine(folder, name, source)
    return None


def engine_root(source: Source, version: str) -> Path:
    """Return the folder of a cached engine; it exists only once the engine is complete."""
    return _engines() / f"{source}-{version}"


def _engines() -> Path:
    return cache_folder() / "engine"


def pulumi_on_path() -> Path | None:
    """Return the folder of the `pulumi` on PATH, with links resolved; None if missing or a cached engine."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    folder = Path(found).resolve().parent
    return None if folder.is_relative_to(cache_folder().resolve()) else folder


def unusable_reason(folder: Path, wanted: str | None = None) -> str:
    """Return why the official engine in `folder` cannot be used; empty if it can."""
    found = version_of(folder)
    if wanted and found != wanted:
        return f"it is version {found or 'unknown'}, not {wanted}"
    if version_tuple(found) < version_tuple(OLDEST):
        return f"version {found or 'unknown'} is older than {OLDEST}"
    missing = [name for name in missing_executables(folder) if shutil.which(name) is None]
    return f"it lacks {' and '.join(missing)}" if missing else ""


def missing_executables(folder: Path) -> list[str]:
    """Return the engine's executables that are missing in `folder`."""
    return [name for name in EXECUTABLES if not os.access(folder / name, os.X_OK)]


def version_of(folder: Path) -> str:
    """Return the version that the `pulumi` in `folder` prints, without the `v`; empty if it fails."""
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


def version_tuple(text: str) -> tuple[int, int, int]:
    """Return the first version in `text`, such as `v3.259.0` or `go1.26.8`; zeros if it has none."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)
