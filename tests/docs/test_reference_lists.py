"""The reference pages list every command and every setting."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import atlan_pulumi as atlan
from atlan_pulumi.cli import _app
from atlan_pulumi.settings import variable

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def first_cells(page: str) -> list[str]:
    """Return the code in the first cell of each row of the page's tables."""
    return re.findall(r"^\| `([^`]+)` \|", (REFERENCE / page).read_text("utf-8"), re.MULTILINE)


def leaves(command: Any, name: str = "") -> Iterator[str]:
    """Yield the full name of each command that does something without a subcommand."""
    subcommands = getattr(command, "commands", {})
    if not subcommands or (name and command.invoke_without_command):
        yield name
    for part, each in subcommands.items():
        yield from leaves(each, f"{name} {part}".strip())


def test_every_command_has_a_row() -> None:
    assert sorted(first_cells("commands.md")) == sorted(leaves(typer.main.get_command(_app._tree)))


def test_every_setting_has_a_row_with_its_variable() -> None:
    page = (REFERENCE / "configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `atlan:(\w+)` \| `(\w+)` \|", page, re.MULTILINE))
    arguments = inspect.signature(atlan.AtlanProvider).parameters.keys() - {"resource_name", "shards", "opts"}
    camel = {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in arguments}
    assert rows.keys() == camel
    assert rows == {name: variable(name) for name in rows}
