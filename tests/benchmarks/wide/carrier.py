"""What Pulumi needs for the data of the largest size: one resource that carries it, and does nothing."""

from __future__ import annotations

from functools import partial

import setting
from measured import Bench
from project import Project
from setting import AGAIN, AGAIN_PREVIEW, CREATE, Setting

WAY = "no-op resource, same data"
_APPLY = ("--yes", "--skip-preview")
_COMMANDS = ((CREATE, ("up", *_APPLY)), (AGAIN, ("up", *_APPLY)), (AGAIN_PREVIEW, ("preview",)))


def steps(_given: Setting) -> int:
    """Return the number of steps."""
    return len(_COMMANDS)


def measure(given: Setting, bench: Bench) -> None:
    """Create the resource, and deploy and preview it without a change."""
    edges = max(given.sizes)
    environ = {**given.environ(None, edges), "WIDE_AS_ONE": "true"}
    project = Project(setting.PROGRAMS / "noop", given.folder / "carrier", environ)
    for name, command in _COMMANDS:
        bench.measure(WAY, edges, name, partial(project.run, *command), state=project.state_bytes)
