"""`atlan-pulumi orphans`: what a killed run left behind, and nothing tells of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atlan_pulumi.cli._common import BaseUrl, Folder, Mark, Stack, stopping_in_order
from atlan_pulumi.text import printable

if TYPE_CHECKING:
    from atlan_pulumi.drift import Orphans

_FOUND = 2


def orphans(cwd: Folder = Path(), stack: Stack = None, mark: Mark = None, base_url: BaseUrl = None) -> None:
    """Show what bears the stack's mark in Atlan, and is not in its state; nothing is changed.

    The API key is taken from ATLAN_API_KEY. Exit code 0: there is none. 2: there are some. 1: it could not be
    told.
    """
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - only needed here
    from atlan_pulumi.drift import find_orphans  # noqa: PLC0415 - only needed here

    with stopping_in_order(), AtlanClient(ClientSettings.resolve(base_url=base_url)) as client:
        client.ping()
        found = find_orphans(client, cwd, stack=stack, marked=mark)
    _print(found)
    raise typer.Exit(_FOUND if found.entities else 0)


def _print(found: Orphans) -> None:
    if found.elsewhere:
        typer.echo(
            f"Not shown: {found.elsewhere} with the mark of another stack named {printable(found.stack)!r}, "
            "of another backend or an earlier one."
        )
    if not found.entities:
        typer.echo(f"No orphans: the state knows all that bears the mark of {printable(found.stack)!r}.")
        return
    for each in found.entities:
        typer.echo(printable(f"{each.type_name} {each.qualified_name}  ({each.resource}; {each.written})"))
    count = len(found.entities)
    typer.echo(f"\n{count} orphan{'s' * (count != 1)} of the stack {printable(found.stack)!r}.")
    if found.interrupted:
        typer.echo("A deployment was cut off: run `pulumi up` first, which takes up what is still declared.")
    else:
        typer.echo("To manage them, declare them again. To leave them in Atlan: `atlan-pulumi release NAME`.")
        typer.echo("To remove them, declare them again and deploy, then take them out of the program.")
