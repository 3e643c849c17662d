"""Print the headings, sentences, and checks of the demo, in color on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

_console = Console(highlight=False, soft_wrap=True)
_errors = Console(highlight=False, soft_wrap=True, stderr=True)


class Unexpected(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """A check of the demo failed. The message is one line for the user."""


def colors() -> bool:
    return _console.is_terminal


def heading(text: str) -> None:
    _console.print(f"\n[bold cyan]{escape(text)}[/]\n")


def say(text: str) -> None:
    _console.print(escape(text))


def show(what: RenderableType) -> None:
    _console.print(what)


def line(text: str) -> None:
    """Print a line of another program with its colors."""
    _console.print(Text.from_ansi(text))


def command(text: str) -> None:
    """Print a command, as a user types it."""
    _console.print(f"[dim]$[/] [bold]{escape(text)}[/]")


def plural(count: int, name: str) -> str:
    """Return the count with its noun: `1 Process`, `2 Processes`."""
    if count != 1 and name.endswith("y"):
        return f"{count} {name[:-1]}ies"
    ending = "" if count == 1 else "es" if name.endswith("s") else "s"
    return f"{count} {name}{ending}"


def check(promise: str, *, held: bool, found: object = None) -> None:
    """Print that a check passed, or raise `Unexpected` with what was found instead."""
    if not held:
        raise Unexpected(f"check failed: {promise}" + ("" if found is None else f"; found {found}"))
    _console.print(f"[green]✓[/] {escape(promise)}")


def problem(text: str) -> None:
    _errors.print(f"[bold red]demo:[/] {escape(text)}")
