"""`atlan-pulumi engine …`: find, install, and check the Pulumi engine."""

from __future__ import annotations

import sys
from enum import Enum
from typing import Annotated

import typer

from atlan_pulumi.cli._common import stopping_in_order
from atlan_pulumi.errors import EngineError

commands = typer.Typer(help="Find, install, and check the Pulumi engine.", no_args_is_help=True)


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
            help="Use only this source: PATH, or Pulumi's download; `build` explains how to build an engine "
            "[default: PATH, else the cache, else the download]",
            show_default=False,
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            help="Required version, such as 3.274.1 [default: ATLAN_PULUMI_ENGINE, else any]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Install an engine if none is found, and print its folder.

    Uses the official `pulumi` on PATH if it is new enough, else one in the cache, else Pulumi's download.

    On machines that reach only package registries, run `make engine` in a checkout of atlan-pulumi instead.
    """
    from atlan_pulumi.engine import progress_on, provide_engine  # noqa: PLC0415 - slow to import

    with stopping_in_order():  # a signal also stops the download
        engine = provide_engine(
            source.value if source else None, version=version, progress=progress_on(sys.stderr)
        )
    typer.echo(f"Pulumi {engine.version} is installed; add this folder to PATH:", err=True)
    typer.echo(engine.folder)


@commands.command()
def path() -> None:
    """Print the folder to put on PATH: `export PATH="$(atlan-pulumi engine path):$PATH"`."""
    from atlan_pulumi.engine import require_engine  # noqa: PLC0415 - slow to import

    try:
        typer.echo(require_engine().folder)
    except EngineError as error:
        typer.echo(f"atlan-pulumi: {error}", err=True)
        raise typer.Exit(1) from None


@commands.command()
def doctor() -> None:
    """Check the engine and its environment, and suggest fixes; exit code 1 if no engine is found."""
    from atlan_pulumi.engine import examine  # noqa: PLC0415 - slow to import

    findings = examine()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        typer.echo(f"{finding.what:<{width}}  {finding.found}")
        if finding.to_do:
            typer.echo(f"{'':<{width}}  → {finding.to_do}")
    raise typer.Exit(1 if findings[0].to_do else 0)
