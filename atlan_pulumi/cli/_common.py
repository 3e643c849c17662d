"""Shared parts of commands: options, exit codes, and SIGTERM handling."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand

#: The base class of usage errors; the click that it comes from depends on the version of typer.
_UsageError: Any = typer.BadParameter.__base__
_ERROR = 1

Folder = Annotated[
    Path, typer.Option("--cwd", "-C", help="The Pulumi project's folder.", exists=True, file_okay=False)
]
Stack = Annotated[
    str | None, typer.Option("--stack", "-s", help="The stack's name.", show_default="the selected one")
]
Mark = Annotated[
    str | None,
    typer.Option(
        "--mark", metavar="TEXT", help="The stack as its ownership marks name it. Default: PROJECT/STACK."
    ),
]
BaseUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="The tenant's base URL. Default: ATLAN_BASE_URL.")
]


class StatusCommand(TyperCommand):
    """A command with the exit code 1 for usage errors, since 2 means that something was found."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments."""
        try:
            return super().parse_args(ctx, args)
        except _UsageError as error:
            error.exit_code = _ERROR
            raise


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """Handle SIGTERM like Ctrl-C within the block; the exit code is the shell's for SIGTERM."""
    before: Any = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)
