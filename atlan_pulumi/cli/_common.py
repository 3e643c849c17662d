"""What commands share: SIGTERM in order; the client from --base-url and the environment."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

Folder = Annotated[
    Path, typer.Option("--cwd", "-C", help="The Pulumi project's folder.", exists=True, file_okay=False)
]
Stack = Annotated[
    str | None, typer.Option("--stack", "-s", help="The stack's name.", show_default="the selected one")
]
Mark = Annotated[
    str | None,
    typer.Option("--mark", metavar="TEXT", help="The stack as its marks name it: PROJECT/STACK by default."),
]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="The tenant; else ATLAN_BASE_URL.")]


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """Within the block a SIGTERM unwinds like a Ctrl-C; the exit code is a shell's for it."""
    before: Any = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)
