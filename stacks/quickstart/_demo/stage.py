"""Provide a temporary Atlan and project for each story, and remove them when it ends."""

from __future__ import annotations

import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _demo.catalog import Catalog
from _demo.first_deployment import SEED, FirstDeployment
from _demo.project import Project
from _demo.story import Story
from _demo.terminal import Unexpected, problem
from atlan_pulumi import AtlanError
from atlan_pulumi.local import LocalAtlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from atlan_pulumi.engine import Engine

CATALOG = Path(__file__).parents[1] / "catalog.yaml"
INTERRUPTED = 130
"""The exit code of a program that was stopped with Ctrl-C."""


@contextmanager
def first_stage(engine: Engine) -> Iterator[FirstDeployment]:
    """Yield the story of a first deployment, with a local Atlan that knows nothing but a connection.

    Args:
        engine: The engine to run the project with.
    """
    with _stage("first-deploy", "first_deploy", SEED, engine) as (atlan, catalog, project, folder):
        yield FirstDeployment(atlan, catalog, project, folder / "shop.db")


@contextmanager
def stage(name: str, engine: Engine, *, backend: str = "") -> Iterator[Story]:
    """Yield a story with a local Atlan that contains the quickstart's catalog, and no lineage.

    Args:
        name: A part of the temporary folder's name.
        engine: The engine to run the project with.
        backend: The end of the backend's URL.
    """
    with _stage(name, "quickstart", CATALOG, engine, backend=backend) as (atlan, catalog, project, _):
        yield Story(atlan, catalog, project)


@contextmanager
def _stage(
    name: str, program: str, seed: Any, engine: Engine, *, backend: str = ""
) -> Iterator[tuple[LocalAtlan, Catalog, Project, Path]]:
    with (
        tempfile.TemporaryDirectory(prefix=f"atlan-pulumi-{name}-") as folder,
        LocalAtlan(seed=seed) as atlan,
        Catalog(atlan.base_url, atlan.api_key) as catalog,
    ):
        place = Path(folder)
        project = Project(place, program, engine, atlan.base_url, atlan.api_key, backend=backend)
        yield atlan, catalog, project, place


def ended(play: Callable[[], None]) -> int:
    """Play to the end, and return the exit code: 0 if all checks pass."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        play()
    except KeyboardInterrupt:
        problem("stopped; the local Atlan and the stack were removed")
        return INTERRUPTED
    except (Unexpected, AtlanError) as error:
        problem(str(error))
        return 1
    return 0
