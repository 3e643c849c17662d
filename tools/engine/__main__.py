"""Provide an engine for this checkout: `make engine`.

    .venv/bin/python -m tools.engine [--version VERSION] [--build]

Uses the engine on PATH, else one in the cache, else Pulumi's download, else a build. A build is needed on
machines that reach only package registries, once per user and version.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from atlan_pulumi.engine import (
    Engine,
    Progress,
    find_engine,
    progress_on,
    provide_engine,
    short_reason,
    wanted_version,
)
from atlan_pulumi.errors import EngineError
from tools.engine.build import build_engine
from tools.engine.install_host import install_host
from tools.engine.recipe import recipe_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Provide the engine and print its folder; return 1 and print one line to stderr on failure."""
    parser = argparse.ArgumentParser(prog="make engine", description="Provide a Pulumi engine.")
    parser.add_argument("--version", help="required version; default: ATLAN_PULUMI_ENGINE, else any")
    parser.add_argument("--build", action="store_true", help="use only a build")
    chosen = parser.parse_args(arguments)
    make = build if chosen.build else provide
    try:
        engine = make(chosen.version, progress_on(sys.stderr))
    except EngineError as error:
        sys.stderr.write(f"make engine: {error}\n")
        return 1
    sys.stdout.write(f"Pulumi {engine.version}: {engine.folder}\n")
    return 0


def provide(version: str | None, progress: Progress) -> Engine:
    """Return the first available engine: on PATH, in the cache, downloaded, or built.

    Args:
        version: Required version; None = the one in `ATLAN_PULUMI_ENGINE`, else any.
        progress: Reports each step.

    Raises:
        EngineError: No source provides an engine.
    """
    engine = find_engine(version=version) or _downloaded(version, progress)
    if engine is None or engine.source == "build":
        return build(engine.version if engine else version, progress)
    return engine


def _downloaded(version: str | None, progress: Progress) -> Engine | None:
    try:
        return provide_engine(version=version, progress=progress)
    except EngineError as error:
        progress.note(f"no official download: {short_reason(error)}")
        return None


def build(version: str | None, progress: Progress) -> Engine:
    """Return a built engine with the language host of this checkout.

    Raises:
        EngineError: A step failed, or no recipe builds this version.
    """
    wanted = wanted_version(version)
    engine = find_engine(["build"], wanted) or build_engine(recipe_of(wanted), progress)
    with suppress(OSError):  # a read-only cache keeps its host
        install_host(engine.folder.parent)
    return engine


def _stop(*_: object) -> NoReturn:
    """Exit as on Ctrl-C, so that the compiler ends too."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
