"""A small stack, which must feel instant: one process with 50 columns, beside one resource that does nothing.

The fastest of several runs counts, in turns, since a part of a second is the time of other programs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product

import setting
from measured import Bench
from project import Project
from setting import AGAIN, AGAIN_PREVIEW, Setting

WAY, NOTHING = "small stack", "small stack, a no-op resource"
_ROUNDS = 5
_LATENCY_MS = 20
"""That of a tenant nearby: the time of the processes is measured here, not that of the network."""
_COMMANDS = ((AGAIN_PREVIEW, ("preview",)), (AGAIN, ("up", "--yes", "--skip-preview")))


def steps(_given: Setting) -> int:
    """Return the number of steps."""
    return 2 * len(_COMMANDS) * _ROUNDS


def measure(given: Setting, bench: Bench) -> None:
    """Deploy both stacks, then preview and deploy them without a change, in turns."""
    quick = replace(given, latency_ms=_LATENCY_MS)
    with quick.server(setting.COLUMNS) as server:
        environ = quick.environ(server, setting.COLUMNS)
        projects = {
            WAY: Project(setting.PROGRAMS / "small", given.folder / "small", environ),
            NOTHING: Project(setting.PROGRAMS / "noop", given.folder / "nothing", given.environ(None, 1)),
        }
        for project in projects.values():
            project.run("up", "--yes", "--skip-preview")
        for _, (name, command), (way, project) in product(range(_ROUNDS), _COMMANDS, projects.items()):
            bench.measure(way, 1, name, partial(project.run, *command))
    for way, (name, _) in product(projects, _COMMANDS):
        bench.keep_fastest(way, name)
