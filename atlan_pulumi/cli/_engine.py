"""`atlan-pulumi engine …`: the Pulumi engine of this machine."""

from __future__ import annotations

import signal
import sys
from enum import Enum
from typing import Annotated, NoReturn

import typer

from atlan_pulumi.engine import examine, find_engine, progress_on, provide_engine

commands = typer.Typer(
    help="Find the Pulumi engine, or provide one where none is installed.", no_args_is_help=True
)


class _From(str, Enum):
    path = "path"
    download = "download"
    build = "build"


@commands.command()
def install(
    source: Annotated[
        _From | None,
        typer.Option(
            "--source",
            help="Take it only from PATH, from Pulumi's download, or from a build of its source "
            "[default: the first of these that works]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make sure that there is an engine, and print its folder.

    The official `pulumi` on PATH if it is new enough, else Pulumi's download, else a build from source.

    The build needs nothing but package registries, and about 4 minutes on 2 cores, once per user.
    """
    # Stop in order, so that no compiler goes on in the background.
    signal.signal(signal.SIGTERM, _stop)
    engine = provide_engine(source.value if source else None, progress=progress_on(sys.stderr))
    typer.echo(f"Pulumi {engine.version} is there; the folder to put on PATH:", err=True)
    typer.echo(engine.folder)


@commands.command()
def path() -> None:
    """Print the folder to put on PATH: `export PATH="$(atlan-pulumi engine path):$PATH"`."""
    engine = find_engine()
    if engine is None:
        typer.echo("atlan-pulumi: no Pulumi engine yet: run `atlan-pulumi engine install`", err=True)
        raise typer.Exit(1)
    typer.echo(engine.folder)


@commands.command()
def doctor() -> None:
    """Show what was found, and what to do about what was not; exit code 1 when there is no engine."""
    findings = examine()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        typer.echo(f"{finding.what:<{width}}  {finding.found}")
        if finding.to_do:
            typer.echo(f"{'':<{width}}  → {finding.to_do}")
    raise typer.Exit(1 if findings[0].to_do else 0)


def _stop(*_: object) -> NoReturn:
    sys.exit(143)
