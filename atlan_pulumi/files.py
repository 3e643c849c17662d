"""The user's files: the cache folder, relative paths, and atomic writes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_READABLE = 0o644  # a temporary file is readable by its owner only


def cache_folder() -> Path:
    """Return the cache folder: `ATLAN_PULUMI_CACHE`, else the user's cache folder."""
    if named := os.environ.get("ATLAN_PULUMI_CACHE"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path  # noqa: PLC0415 - the extra `cli` may be absent

    return user_cache_path("atlan-pulumi")


def relative_path(path: Path, folder: Path) -> str:
    """Return a path relative to a folder, with slashes on every system."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically, as UTF-8: readers see either the former content or the new one.

    Raises:
        OSError: The file cannot be written.
    """
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8", newline="\n"
    ) as draft:
        draft.write(text)
    Path(draft.name).chmod(_READABLE)
    Path(draft.name).replace(path)
