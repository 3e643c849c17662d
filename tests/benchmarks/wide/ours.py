"""This project: all commands on `stacks/wide` with the real engine."""

from __future__ import annotations

from functools import partial

import setting
from measured import Bench
from project import Project
from servers import Server
from setting import (
    AGAIN,
    AGAIN_PREVIEW,
    CALM,
    CHANGE,
    DESTROY,
    FIRST,
    FIRST_PREVIEW,
    REFRESH,
    REFUSED,
    Setting,
)

WAY = "atlan-pulumi"
BLOCK_SECONDS = 10
_APPLY = ("--yes", "--skip-preview")
_COMMANDS = (
    (FIRST_PREVIEW, 0, ("preview",)),
    (FIRST, 0, ("up", *_APPLY)),
    (AGAIN, 0, ("up", *_APPLY)),
    (AGAIN_PREVIEW, 0, ("preview",)),
    (REFRESH, 0, ("refresh", *_APPLY)),
    (CHANGE, 1, ("up", *_APPLY)),
    (DESTROY, 1, ("destroy", *_APPLY)),
)


def steps(given: Setting) -> int:
    """Return the number of steps."""
    return len(_COMMANDS) * len(given.sizes) + 2


def measure(given: Setting, bench: Bench) -> None:
    """Run all commands at each size, and one deployment with a 429."""
    for edges in given.sizes:
        with given.server(edges) as server:
            project = _project(given, server, edges, "ours")
            for name, changed, command in _COMMANDS:
                project.configure(changed=changed * setting.one_percent(edges))
                bench.measure(
                    WAY,
                    edges,
                    name,
                    partial(project.run, *command),
                    server=server,
                    state=project.state_bytes,
                )
    for name in (CALM, REFUSED):  # in sequence, so that the machine has the same load
        _first_up(given, bench, name)


def size_of_refusal(given: Setting) -> int:
    """Return the size for the 429: the largest up to a thousand edges."""
    return max((edges for edges in given.sizes if edges <= 1_000), default=min(given.sizes))


def _first_up(given: Setting, bench: Bench, name: str) -> None:
    edges = size_of_refusal(given)
    with given.server(edges) as server:
        project = _project(given, server, edges, name.replace(" ", "-"))
        if name == REFUSED:
            server.refuse_once(nth=max(edges // 100, 1), seconds=BLOCK_SECONDS)
        up = partial(project.run, "up", *_APPLY)
        bench.measure(WAY, edges, name, up, server=server, state=project.state_bytes)


def _project(given: Setting, server: Server, edges: int, name: str) -> Project:
    project = Project(setting.STACK, given.folder / f"{name}-{edges}", given.environ(server, edges))
    project.configure(tables=setting.tables(edges), columns=setting.columns(edges), changed=0)
    return project
