"""`atlan-pulumi drift`: compare Atlan with a stack's state, for example on a schedule in CI."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlan_pulumi.cli._common import Folder, Stack, stopping_in_order
from atlan_pulumi.errors import AtlanError

if TYPE_CHECKING:
    from atlan_pulumi.drift import Report

_DRIFT = 2
#: The minimum width of a table in a log.
_LOG_WIDTH = 120


_Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="URN", help="Check only this resource. Repeatable."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


def drift(
    cwd: Folder = Path(), stack: Stack = None, target: _Targets = None, json_output: _Json = False
) -> None:
    """Show what differs between a stack's state and Atlan. Nothing is changed.

    Exit code 0: no drift. 2: drift. 1: error.
    """
    from atlan_pulumi.drift import as_json, error_as_json, find_drift  # noqa: PLC0415 - slow to import

    with stopping_in_order():
        try:
            with _progress() as progress:
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
    from rich.console import Console  # noqa: PLC0415 - slow to import

    from atlan_pulumi.drift import full_width, print_report  # noqa: PLC0415 - slow to import

    console = Console(highlight=False)
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        console.width = max(_LOG_WIDTH, full_width(report))
    print_report(report, console)


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None] | None]:
    """Yield a function that shows the progress on a terminal; None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415 - slow to import

    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading the state", total=None)

        def report(read: int, total: int | None) -> None:
            of_all = f" of {total}" if total is not None else ""
            shown.update(task, description=f"read {read}{of_all} resources")

        yield report
