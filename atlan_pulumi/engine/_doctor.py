"""Check the engine and its environment: `atlan-pulumi engine doctor`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import version

from atlan_pulumi.engine._find import (
    find_engine,
    missing_executables,
    pulumi_on_path,
    unusable_reason,
    version_of,
    wanted_version,
)
from atlan_pulumi.files import cache_folder

_INSTALL = "run `atlan-pulumi engine install`"


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Attributes:
        what: The checked item, such as `cache`.
        found: The result.
        to_do: How to fix it; empty if nothing needs fixing.
    """

    what: str
    found: str
    to_do: str = ""


def examine() -> list[Finding]:
    """Check everything that an engine needs; the first finding is the engine itself."""
    return [_engine(), _official(), *_provided(), _launchers(), _python(), _cache()]


def _engine() -> Finding:
    engine = find_engine()
    if engine is None:
        return Finding("engine", "none", _INSTALL)
    return Finding("engine", f"Pulumi {engine.version} from {_source_label(engine.source)}")


def _source_label(source: str) -> str:
    return {"path": "PATH", "download": "the official download", "build": "a build of its source"}[source]


def _official() -> Finding:
    folder = pulumi_on_path()
    if folder is None:
        return Finding("official pulumi", "not on PATH")
    problem = unusable_reason(folder, wanted_version())
    return Finding("official pulumi", f"{version_of(folder) or '?'} in {folder}", problem)


def _provided() -> list[Finding]:
    engines = [find_engine(["download"]), find_engine(["build"])]
    return [
        Finding(f"provided by {engine.source}", f"{engine.version} in {engine.folder}")
        for engine in engines
        if engine is not None
    ]


def _launchers() -> Finding:
    engine = find_engine()
    if engine is None:
        return Finding("launchers", "no engine", _INSTALL)
    elsewhere = missing_executables(engine.folder)
    beside = "beside pulumi" if not elsewhere else f"on PATH, not beside pulumi: {', '.join(elsewhere)}"
    return Finding("launchers", f"language host, executor, resource launcher: {beside}")


def _python() -> Finding:
    return Finding(
        "python", f"{sys.version.split()[0]} with Pulumi SDK {version('pulumi')}: {sys.executable}"
    )


def _cache() -> Finding:
    folder = cache_folder()
    existing = next(path for path in [folder, *folder.parents] if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return Finding("cache", f"{folder}, writable")
    return Finding("cache", f"{folder}, not writable", "make it writable, or set ATLAN_PULUMI_CACHE")
