"""`atlan-pulumi import`: existing lineage as a Python program and as a file for `pulumi import`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from atlan_pulumi.cli._common import BaseUrl

if TYPE_CHECKING:
    from atlan_pulumi.importer import ImportPlan, Selection, Shape

_PROGRAM = "__main__"
_MANY = 300
"""Number of resources from which Pulumi should not write its state after each one."""

_Connections = Annotated[
    list[str] | None,
    typer.Option("--connection", metavar="QN", help="Processes in this connection. Repeatable."),
]
_Processes = Annotated[
    list[str] | None,
    typer.Option("--process", metavar="QN", help="This process or column process. Repeatable."),
]
_Prefix = Annotated[
    str,
    typer.Option(
        "--name-prefix", metavar="TEXT", help="Processes whose names start with this text, ignoring case."
    ),
]
_Assets = Annotated[
    list[str] | None,
    typer.Option("--asset", metavar="QN", help="Processes that read or write this asset. Repeatable."),
]
_Columns = Annotated[bool, typer.Option(help="Include the column processes of the processes.")]
_As = Annotated[
    Literal["column-lineage", "lineage-map", "column-process"] | None,
    typer.Option(
        "--as",
        help="Write column processes as one ColumnLineage per process, processes and columns as one "
        "LineageMap per connection, or each column process as a resource.",
        show_default="column-lineage; lineage-map for what a LineageMap of the stack created",
    ),
]
_OpenLineage = Annotated[
    bool,
    typer.Option(help="Write lineage from events as OpenLineageConnections and OpenLineageJobs."),
]
_Itself = Annotated[
    bool,
    typer.Option(
        "--with-connection/--without-connection",
        help="Whether to import the --connection, too; exclude it if a crawler owns it.",
    ),
]
_WithAssets = Annotated[
    bool,
    typer.Option(
        "--with-assets",
        help="Import the assets in the --connection that no crawler and no stack manages, too.",
    ),
]
_Out = Annotated[Path, typer.Option(metavar="FOLDER", help="The folder to write to.")]
_Code = Annotated[Path, typer.Option(metavar="FILE", help="The Python module to write.")]
_File = Annotated[Path, typer.Option("--file", metavar="FILE", help="The file for `pulumi import` to write.")]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]
_Stack = Annotated[
    str | None,
    typer.Option(
        metavar="[PROJECT/]STACK",
        help="The stack to import into: entities with another stack's mark are listed.",
        show_default="the selected one",
    ),
]


def import_(  # noqa: PLR0917 - typer reads options from parameters
    connection: _Connections = None,
    process: _Processes = None,
    name_prefix: _Prefix = "",
    asset: _Assets = None,
    columns: _Columns = True,
    with_connection: _Itself = True,
    with_assets: _WithAssets = False,
    as_: _As = None,
    openlineage: _OpenLineage = True,
    out: _Out = Path(),
    code: _Code = Path("lineage.py"),
    file: _File = Path("import.json"),
    force: _Force = False,
    base_url: BaseUrl = None,
    stack: _Stack = None,
) -> None:
    """Write existing lineage as a Python program and as a file for `pulumi import`.

    Nothing is written to Atlan. Several of --connection, --name-prefix, and --asset select what matches all
    of them. The API key is read from ATLAN_API_KEY.
    """
    # Imported here, since it imports Pulumi's SDK, which other commands do not need.
    from atlan_pulumi.importer import Selection, Shape, ensure_writable  # noqa: PLC0415

    wanted = (connection or (), process or (), name_prefix, asset or ())
    selection = Selection(*wanted, columns, with_connection, with_assets)
    _check(as_, columns=columns)
    code, file = out / code, out / file
    ours = _stack(stack, out)
    ensure_writable([code, file], force=force)
    _write(_plan(selection, Shape(as_, openlineage, ours), base_url), code, file, ours, as_)


def _check(form: str | None, *, columns: bool) -> None:
    from atlan_pulumi.errors import ImporterError  # noqa: PLC0415 - see above

    if form is not None and not columns:
        raise ImporterError(f"--as {form} concerns column processes: remove --no-columns")


def _stack(given: str | None, folder: Path) -> str | None:
    """Return the given stack, else the stack that is selected in the project's folder."""
    from atlan_pulumi.engine import require_engine  # noqa: PLC0415 - see above
    from atlan_pulumi.errors import EngineError  # noqa: PLC0415 - see above
    from atlan_pulumi.importer import selected_stack, stack_name  # noqa: PLC0415 - see above

    if given is None and (folder / "Pulumi.yaml").is_file():
        with suppress(EngineError):  # only the next step needs an engine
            given = selected_stack(require_engine(), folder)
    return stack_name(given, folder) if given else None


def _write(plan: ImportPlan, code: Path, file: Path, stack: str | None, form: str | None) -> None:
    from atlan_pulumi.importer import amounts, import_file, origin_of_stack, report, write_files  # noqa: PLC0415 - see above
    from atlan_pulumi.importer.code import module  # noqa: PLC0415 - see above

    typer.echo(f"Found {amounts(plan)}.\n")
    for line in report(plan, stack, origin_of_stack(stack, code.parent)):
        typer.echo(line)
    if not plan.resources:
        typer.echo("atlan-pulumi: none of it can be imported; nothing was written", err=True)
        raise typer.Exit(1)
    write_files({code: module(plan), file: import_file(plan, stack)})
    marked = sum(stack is not None and each.stack == stack for each in plan.resources)
    for line in _next_steps(code, file, len(plan.resources), marked, form):
        typer.echo(line)


def _plan(selection: Selection, shape: Shape, base_url: str | None) -> ImportPlan:
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - see above
    from atlan_pulumi.importer import plan_import  # noqa: PLC0415 - see above

    with AtlanClient(ClientSettings.resolve(base_url=base_url)) as client, _progress() as progress:
        client.ping()  # report a wrong URL or key at once, not after many attempts
        return plan_import(client, selection, progress, shape)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a progress bar on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - only used here
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Querying Atlan", total=None)
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total)


def _next_steps(
    code: Path, file: Path, count: int, marked: int = 0, form: str | None = None
) -> Iterator[str]:
    """Yield the next steps, line by line.

    Args:
        code: The module.
        file: The import file.
        count: Number of resources.
        marked: Number of resources with the mark of the stack to import into.
        form: The requested form.
    """
    quick = "PULUMI_SKIP_CHECKPOINTS=true " if count >= _MANY else ""
    recovers = marked == count and form is None
    yield f"Wrote {code} and {file}. Next, in the folder of the Pulumi program:"
    yield from _first_step(code, count, marked, form)
    path = file if file.parent == Path() else file.resolve()  # the command runs in the program's folder
    flags = "--generate-code=false --protect=false --yes"
    yield f"  2. {quick}pulumi import --file {shlex.quote(str(path))} {flags}"
    unkept = ", or only what Atlan does not keep, such as adopt and delete_type" if recovers else ""
    yield f"  3. pulumi preview   shows no changes{unkept}"
    yield "  4. pulumi up        writes nothing to Atlan; records the dependencies in the state"
    if recovers:
        yield f"  5. remove {file.name}, and {code.name} unless the program contains it"


def _first_step(code: Path, count: int, marked: int, form: str | None) -> Iterator[str]:
    """Yield what to do with the module: a resource that the program declares twice is refused."""
    added = f": `import {code.stem}` in __main__.py" if code.stem != _PROGRAM else ""
    add = f"add it to the program{added}"
    if not marked:
        yield f"  1. review {code.name}, and {add}"
    elif form is not None:
        yield f"  1. review {code.name}, {add}"
        yield "     Remove from the program what declares the same lineage in another form."
    elif marked == count:
        yield "  1. do not change the program: this stack created all of these, so its program declares them"
        yield f"     Only if the program is lost, too: review {code.name}, and {add}"
    else:
        made = f"{marked:,} of {count:,} resources"
        yield f"  1. review {code.name}, and remove what the program declares already: this stack created"
        yield f"     {made}. Then {add}"
