"""The command tree: one module per command."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from atlan_pulumi.cli import (
    _derive,
    _drift,
    _engine,
    _import,
    _init,
    _local,
    _openlineage,
    _orphans,
    _policy,
    _release,
    _review,
)
from atlan_pulumi.cli._common import StatusCommand
from atlan_pulumi.errors import AtlanError

_tree = typer.Typer(
    name="atlan-pulumi",
    help="Lineage as infrastructure code for Atlan: the tools around the Pulumi resources.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_tree.add_typer(_local.commands, name="local")
_tree.add_typer(_engine.commands, name="engine")
_tree.add_typer(_openlineage.commands, name="openlineage")
_tree.add_typer(_policy.commands, name="policy")
_tree.command("init")(_init.init)
_tree.command("import")(_import.import_)
_tree.command("derive", cls=StatusCommand)(_derive.derive)
_tree.command("drift", cls=StatusCommand)(_drift.drift)
_tree.command("orphans", cls=StatusCommand)(_orphans.orphans)
_tree.command("release", cls=StatusCommand)(_release.release_command)
_tree.command("review")(_review.review_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"atlan-pulumi {version('atlan-pulumi')}")
        raise typer.Exit


@_tree.callback()
def _root(
    show: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def app() -> None:
    """Run the command; an `AtlanError` is one line on stderr and exit code 1."""
    try:
        _tree()
    except AtlanError as error:
        sys.exit(f"atlan-pulumi: {error}")
