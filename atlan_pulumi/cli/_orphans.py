"""`atlan-pulumi orphans`: list entities of a stack that are not in its state."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atlan_pulumi.cli._common import BaseUrl, Folder, Mark, Stack, stopping_in_order
from atlan_pulumi.text import printable

if TYPE_CHECKING:
    from atlan_pulumi.drift import Orphans

_FOUND = 2
_MOST = 3
_OPTIONS = {"Process": "--process", "ColumnProcess": "--process", "Connection": "--connection"}
"""How `atlan-pulumi import` selects an entity of each type."""


def orphans(cwd: Folder = Path(), stack: Stack = None, mark: Mark = None, base_url: BaseUrl = None) -> None:
    """List entities in Atlan with the stack's ownership mark that are not in its state. Nothing is changed.

    The API key is read from ATLAN_API_KEY. Exit code 0: no orphans. 2: orphans. 1: error.
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
            f"Not shown: {found.elsewhere} with the mark of another stack named {printable(found.stack)!r} "
            "(in another backend, or an earlier stack)."
        )
    if not found.entities:
        typer.echo(
            f"No orphans: the state contains all entities with the mark of {printable(found.stack)!r}."
        )
        return
    for each in found.entities:
        typer.echo(printable(f"{each.type_name} {each.qualified_name}  ({each.resource}; {each.written})"))
    count = len(found.entities)
    typer.echo(f"\n{count} orphan{'s' * (count != 1)} of the stack {printable(found.stack)!r}.")
    for line in orphan_advice(found):
        typer.echo(line)


def orphan_advice(found: Orphans) -> Iterator[str]:
    """Yield what to do about orphans, with the commands to run, line by line."""
    if found.interrupted:
        yield "A deployment was interrupted, and the state has its pending operations. First run:"
        yield "  pulumi refresh --clear-pending-creates --yes   clears them; it changes nothing in Atlan"
        yield "  pulumi up                                      takes over what the program still declares"
        yield "  atlan-pulumi orphans                           lists the remaining ones"
        yield "For the remaining orphans:"
    yield "To manage them, declare them again. To leave them in Atlan: `atlan-pulumi release NAME`."
    yield "To remove them, delete them in Atlan, or let Pulumi do it:"
    chosen = _selection(found)
    yield f"  atlan-pulumi import {' '.join(chosen[:_MOST]) or '--process QUALIFIED_NAME'}"
    if len(chosen) > _MOST:
        yield f"      … and {len(chosen) - _MOST:,} more options like these"
    yield "  pulumi import --file import.json --generate-code=false --protect=false --yes"
    yield "  pulumi up   removes them, since the program does not declare them"
    yield "The import has no dependencies: if `pulumi up` refuses a process because of its"
    yield "column processes, run it again."


def _selection(found: Orphans) -> list[str]:
    """Return the options of `atlan-pulumi import` that select the orphans."""
    processes = {each.qualified_name for each in found.entities if each.type_name == "Process"}
    return [
        printable(f"{option} {shlex.quote(each.qualified_name)}")
        for each in found.entities
        if (option := _OPTIONS.get(each.type_name)) and not _is_imported_with(each.qualified_name, processes)
    ]


def _is_imported_with(qualified_name: str, processes: Collection[str]) -> bool:
    """Return whether a name is that of a column process, which is imported with one of the processes."""
    process, below, _ = qualified_name.partition("/column/")
    return bool(below) and process in processes
