"""The engine alone, with a dynamic resource that does nothing for each edge."""

from __future__ import annotations

from functools import partial

import setting
from measured import Bench
from project import Project
from setting import AGAIN_PREVIEW, CREATE, Setting

WAY = "engine, no-op resources"


def steps(given: Setting) -> int:
    """Return the number of steps."""
    return 2 * len(given.shared_sizes)


def measure(given: Setting, bench: Bench) -> None:
    """Create the resources without checkpoints, which would take quadratic time, and preview them."""
    for edges in given.shared_sizes:
        folder = given.folder / f"noop-{edges}"
        project = Project(setting.PROGRAMS / "noop", folder, given.environ(None, edges))
        skipped = {"PULUMI_SKIP_CHECKPOINTS": "true"}
        for name, command, environ in (
            (CREATE, ("up", "--yes", "--skip-preview"), skipped),
            (AGAIN_PREVIEW, ("preview",), {}),
        ):
            bench.measure(
                WAY,
                edges,
                name,
                partial(project.run, *command, **environ),
                state=project.state_bytes,
            )
