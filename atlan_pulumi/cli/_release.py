"""`atlan-pulumi release`: stop managing lineage that stays in Atlan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlan_pulumi.cli._common import BaseUrl, Folder, Mark, Stack, stopping_in_order
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.text import printable

if TYPE_CHECKING:
    from atlan_pulumi.drift import Release

_Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Names or URNs of resources, or of their components."),
]
_All = Annotated[bool, typer.Option("--all", help="Release all resources of the stack.")]
_Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Release. Default: only show what would be released.")
]


def release_command(
    names: _Names = None,
    *,
    everything: _All = False,
    yes: _Yes = False,
    cwd: Folder = Path(),
    stack: Stack = None,
    mark: Mark = None,
    base_url: BaseUrl = None,
) -> None:
    """Stop managing resources: remove them from the state, and remove their ownership marks in Atlan.

    The entities stay in Atlan. To manage an entity again, declare it with `adopt=True`, and a connection also
    with its `qualified_name`. The API key is read from ATLAN_API_KEY.
    """
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - only needed here
    from atlan_pulumi.drift import apply_release, find_release  # noqa: PLC0415 - only needed here
    from atlan_pulumi.engine import Pulumi, require_engine  # noqa: PLC0415 - only needed here

    if bool(names) == everything:
        raise ConfigurationError(
            "give the names of resources to release, or --all for all resources of the stack"
        )
    with stopping_in_order(), AtlanClient(ClientSettings.resolve(base_url=base_url)) as client:
        client.ping()
        pulumi = Pulumi(require_engine(), cwd, stack)
        found = find_release(client, pulumi, names or [], marked=mark)
        _print(found)
        if yes:
            apply_release(client, pulumi, found)
    _print_end(found, done=yes)


def _print(found: Release) -> None:
    for urn in found.urns:
        typer.echo(printable(f"state   {urn}"))
    for each in found.entities:
        typer.echo(printable(f"Atlan   {each.type_name} {each.qualified_name}"))


def _print_end(found: Release, *, done: bool) -> None:
    if not found.urns and not found.entities:
        typer.echo(f"The stack {printable(found.stack)!r} has nothing to release.")
        return
    what = f"{_count(len(found.urns), 'resource')} and the marks of {_count(len(found.entities), 'entity')}"
    if done:
        typer.echo(f"\nReleased {what}. The entities stay in Atlan.")
        typer.echo(
            "Remove the resources from the program, or declare them with adopt=True to manage them again."
        )
        _print_connections(found)
    else:
        typer.echo(
            f"\nThis would release {what}; the entities stay in Atlan. Nothing was changed: add --yes."
        )


def _print_connections(found: Release) -> None:
    """Print the qualifiedName that each connection must set."""
    if found.connections:
        typer.echo("A connection also needs its qualified_name; otherwise a new one would be created:")
    for name, qualified_name in found.connections:
        typer.echo(printable(f"  {name}: qualified_name={qualified_name!r}, adopt=True"))


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
