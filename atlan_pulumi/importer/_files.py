"""Writes the files of an import; nothing that exists is overwritten unasked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from atlan_pulumi.importer._errors import ImporterError

_READABLE = 0o644  # a temporary file is its owner's alone


def ensure_writable(paths: Iterable[Path], *, force: bool) -> None:
    """Find out before any work is done whether files can be written, and make their folders.

    Args:
        paths: The files.
        force: Whether they may exist.

    Raises:
        ImporterError: One exists and may not, or cannot be written, or two are the same.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            _ensure_writable(path, force=force)
        except OSError as error:
            raise _unwritable(path, error) from None
        if path.resolve() in seen:
            raise ImporterError(f"{path} cannot hold both the code and the import file: name another one")
        seen.add(path.resolve())


def _ensure_writable(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise ImporterError(f"{path} is a folder: name a file")
    if path.exists() and not force:
        raise ImporterError(f"{path} exists already: name another file, or give --force to overwrite it")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise ImporterError(f"{path} cannot be written: no permission in {path.parent}")


def write_files(texts: Mapping[Path, str]) -> None:
    """Write files as UTF-8, each in one step: it is there as a whole or as it was.

    Raises:
        ImporterError: One cannot be written.
    """
    for path, text in texts.items():
        _write(path, text)


def _write(path: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8", newline="\n"
        ) as draft:
            draft.write(text)
        Path(draft.name).chmod(_READABLE)
        Path(draft.name).replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ImporterError:
    return ImporterError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}")
