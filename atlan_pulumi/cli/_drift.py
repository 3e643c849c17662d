"""`atlan-pulumi drift`: whether Atlan still has what a stack made, for a schedule in CI."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from typer.core import TyperCommand

from atlan_pulumi.cli._common import stopping_in_order
from atlan_pulumi.drift import Report, as_json, error_as_json, find_drift, print_report, whole_width
from atlan_pulumi.errors import AtlanError

#: What wrong use raises; which click it comes from depends on the version of typer.
_UsageError: Any = typer.BadParameter.__base__

_COULD_NOT_TELL = 1
_DRIFT = 2
#: The width of a table that goes into a log, where nothing says how wide it is; wider where a name needs it.
_LOG_WIDTH = 120

_Folder = Annotated[
    Path, typer.Option("--cwd", "-C", help="The Pulumi project's folder.", exists=True, file_okay=False)
]
_Stack = Annotated[
    str | None, typer.Option("--stack", "-s", help="The stack's name.", show_default="the selected one")
]
_Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="URN", help="Look only at this resource; may be repeated."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


class Command(TyperCommand):
    """A command whose wrong use is exit code 1: 2, which is usual, would say that there is drift."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments."""
        try:
            return super().parse_args(ctx, args)
        except _UsageError as error:
            error.exit_code = _COULD_NOT_TELL
            raise


def drift(
    cwd: _Folder = Path(), stack: _Stack = None, target: _Targets = None, json_output: _Json = False
) -> None:
    """Show what differs in Atlan from what a stack's state says; nothing is changed.

    Exit code 0: no drift. 2: drift. 1: it could not be told.
    """
    with stopping_in_order():
        try:
            with _shown_progress() as progress:
                report = find_drift(cwd, stack=stack, targets=target or (), progress=progress)
        except AtlanError as error:
            if json_output:
                print(error_as_json(stack, str(error)))
            raise
    if json_output:
        print(as_json(report))
    else:
        _print_table(report)
    raise typer.Exit(_DRIFT if report.drift else 0)


def _print_table(report: Report) -> None:
    console = Console(highlight=False)
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        console.width = max(_LOG_WIDTH, whole_width(report))
    print_report(report, console)


@contextmanager
def _shown_progress() -> Iterator[Callable[[int, int | None], None] | None]:
    """Says on a terminal how far it is; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading the state", total=None)

        def tell(read: int, total: int | None) -> None:
            of_all = f" of {total}" if total is not None else ""
            shown.update(task, description=f"read {read}{of_all} resources")

        yield tell
