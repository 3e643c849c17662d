"""What `atlan-pulumi init` prints at the end: the files, what to know about them, and the next commands."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

import typer

from atlan_pulumi.scaffold import Choices, contents, serve_command
from atlan_pulumi.text import counted, enumerate_first, printable

_SETUP = "./ci/setup.sh && . ci/environment.sh"
_BACKEND = 'PULUMI_BACKEND_URL="file://$PWD" PULUMI_CONFIG_PASSPHRASE=choose-your-own'


def print_summary(folder: Path, choices: Choices, texts: Mapping[str, str]) -> None:
    """Print the written files, notes, and the next commands.

    Args:
        folder: The folder of the repository.
        choices: What the repository depends on.
        texts: The text of each written file, by its name.
    """
    described = contents(texts["README.md"])
    width = max(map(len, texts))
    typer.echo(printable(f"Wrote {counted(len(texts), 'file')} to {folder.resolve()}:"))
    for name in texts:
        typer.echo(f"  {name:<{width}}  {described.get(name, '')}".rstrip())
    for note in _notes(folder, choices):
        typer.echo(printable(f"Note: {note}"))
    typer.echo("Next, in bash or zsh (README.md explains the commands):")
    for number, command in enumerate(_commands(folder, choices), 1):
        typer.echo(printable(f"  {number}. {command}"))


def _notes(folder: Path, choices: Choices) -> Iterator[str]:
    root = _git_root(folder)
    if root and root != folder.resolve() and choices.ci != "none":
        yield f"CI reads its file at the root of the git repository only: move it to {root}, and adapt paths"
    inside = root or folder.resolve()
    outside = [each for each in _sources(choices) if not (folder / each).resolve().is_relative_to(inside)]
    if outside:
        yield (
            f"the repository does not contain {enumerate_first(outside)}: CI needs the same path, such as "
            "from a second checkout"
        )


def _git_root(folder: Path) -> Path | None:
    """Return the root of the git repository that the folder is in."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _sources(choices: Choices) -> tuple[str, ...]:
    """Return the paths that the lineage comes from, relative to the repository."""
    if choices.dbt:
        return (choices.dbt,)
    return choices.sql.paths if choices.sql else ()


def _commands(folder: Path, choices: Choices) -> Iterator[str]:
    """Yield the next commands."""
    enter = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    yield f"{enter}{_install(folder)}{_SETUP}"
    if choices.is_local:
        yield f".venv/bin/{serve_command(choices)}  # in a second terminal, in the same folder"
        yield f"export ATLAN_API_KEY=local {_BACKEND}; pulumi stack init {choices.stack} && pulumi up"
        return
    if not os.environ.get("ATLAN_API_KEY"):
        yield f"read -rs ATLAN_API_KEY && export ATLAN_API_KEY  # paste the API key of {choices.base_url}"
    yield f"pulumi login && pulumi stack init {choices.stack} && pulumi preview"


def _install(folder: Path) -> str:
    """Return the command that installs this package if no registry has it: it comes from a checkout."""
    source = _checkout()
    if source is None or (folder / ".venv" / "bin" / "atlan-pulumi").exists():
        return ""
    return f"python3 -m venv .venv && .venv/bin/pip install {shlex.quote(f'{source}[all]')} && "


def _checkout() -> str | None:
    """Return the folder or file from which this package was installed; None if from a registry."""
    record = json.loads(distribution("atlan-pulumi").read_text("direct_url.json") or "{}")
    url = urlsplit(record.get("url", ""))
    return unquote(url.path) if url.scheme == "file" else None
