"""`atlan-pulumi derive`: SQL or a dbt project as the data of a LineageMap, to commit and to check."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlan_pulumi.cli._common import BaseUrl
from atlan_pulumi.cli._derived import DbtSelection, Derived, derive_files, sql_place
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.files import relative_path, write_whole
from atlan_pulumi.text import counted, enumerate_first, printable

if TYPE_CHECKING:
    from atlan_pulumi.derivation import SqlPlace

_DIFFERS = 2
_MOST_LINES = 60
_HEAD = "# Written by `atlan-pulumi derive`: run it again when the SQL has changed.\n"

_Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="SQL files and folders with SQL files; or the target folder of a dbt project.",
        exists=True,
    ),
]
_Connection = Annotated[
    str, typer.Option(metavar="QN", help="The qualifiedName of the connection with the tables.")
]
_Dialect = Annotated[
    str | None, typer.Option(metavar="NAME", help="The SQL dialect.", show_default="that of the connector")
]
_Database = Annotated[
    str | None, typer.Option("--default-database", metavar="NAME", help="The database of names without one.")
]
_Schema = Annotated[
    str | None, typer.Option("--default-schema", metavar="NAME", help="The schema of names without one.")
]
_Select = Annotated[
    list[str] | None,
    typer.Option("--select", "-s", metavar="TERM", help="Only these nodes of a dbt project, as in dbt."),
]
_Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="TERM", help="Not these nodes of a dbt project.")
]
_Offline = Annotated[
    bool, typer.Option("--offline", help="Do not look up tables and columns in Atlan: `*` stays undecided.")
]
_Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The YAML file to write.")]
_Check = Annotated[
    bool, typer.Option("--check", help="Write nothing, and exit with 2 if the file is not current.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the lineage and the problems, and write nothing.")]


def derive(  # noqa: PLR0917 - typer reads options from parameters
    paths: _Paths,
    connection: _Connection,
    dialect: _Dialect = None,
    default_database: _Database = None,
    default_schema: _Schema = None,
    select: _Select = None,
    exclude: _Exclude = None,
    offline: _Offline = False,
    out: _Out = Path("lineage.yaml"),
    check: _Check = False,
    as_json: _Json = False,
    base_url: BaseUrl = None,
) -> None:
    """Derive the lineage of SQL files or of a dbt project, and write it as the data of a LineageMap.

    Each file is a process. A file that only selects defines the table of its name in the default database
    and schema. Of a dbt project, each model and each snapshot is a process. Nothing is written to Atlan. The
    API key is read from ATLAN_API_KEY. Exit code 0: done, or current. 2: --check, and the file is not
    current. 1: error.
    """
    if out.suffix not in (".yaml", ".yml"):
        raise LineageDataError(f"--out {out}: the file name must end in .yaml or .yml")
    if check and as_json:
        raise LineageDataError("--check and --json exclude each other")
    place = sql_place(connection, dialect, default_database, default_schema)
    derived = derive_files(paths, place, base_url, selection=DbtSelection(select, exclude), offline=offline)
    processes = _processes(derived, connection, out)
    if as_json:
        typer.echo(json.dumps(_as_json(derived, processes), indent=2, ensure_ascii=False))
    _ensure_complete(derived)
    if not as_json:
        _write_or_compare(_yaml(processes), out, check=check)
        _print_summary(derived, out, check=check)


def data_of(derived: Sequence[Derived], place: SqlPlace, out: Path) -> str:
    """Return the text of the YAML file.

    Args:
        derived: The lineage of the files.
        place: Where the SQL runs.
        out: The path of the YAML file, which the paths in it are relative to.

    Raises:
        LineageDataError: A file has no lineage.
    """
    _ensure_complete(derived)
    return _yaml(_processes(derived, place.connection, out))


def amounts(derived: Sequence[Derived]) -> str:
    """Return how many processes and columns were derived."""
    columns = sum(len(each.lineage.columns) for each in derived)
    return f"{counted(len(derived), 'process')} with {counted(columns, 'column')}"


def _ensure_complete(derived: Iterable[Derived]) -> None:
    refused = sum(bool(each.lineage.refusals) for each in derived)
    if refused:
        raise LineageDataError(f"{counted(refused, 'file')} without lineage; nothing was written")


def _processes(derived: Iterable[Derived], connection: str, out: Path) -> dict[str, Any]:
    from atlan_pulumi.derivation import as_process  # noqa: PLC0415 - brings sqlglot

    return {
        each.process_id: {
            **({"sql_file": relative_path(each.path, out.parent)} if each.has_sql_file else {}),
            **each.attributes,
            **as_process(each.lineage, connection),
        }
        for each in derived
        if not each.lineage.refusals
    }


def _as_json(derived: Iterable[Derived], processes: dict[str, Any]) -> dict[str, Any]:
    problems = [
        {"file": each.path.as_posix(), **problem._asdict()}
        for each in derived
        for problem in (*each.lineage.refusals, *each.lineage.problems)
    ]
    return {"processes": processes, "problems": problems}


def _yaml(processes: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415 - only needed here

    text = yaml.safe_dump({"processes": processes}, sort_keys=False, allow_unicode=True, width=110)
    return f"{_HEAD}{text}"


def _write_or_compare(text: str, out: Path, *, check: bool) -> None:
    """Write the file; or exit with 2, after showing the difference, if it is not current."""
    if not check:
        try:
            write_whole(out, text)
        except OSError as error:
            raise LineageDataError(f"cannot write {out}: {error.strerror or error}") from None
        return
    former = _former(out)
    if former == text:
        return
    lines = difflib.unified_diff(former.splitlines(), text.splitlines(), str(out), "derived", lineterm="")
    shown = list(islice(lines, _MOST_LINES + 1))
    typer.echo("\n".join(map(printable, shown[:_MOST_LINES])))
    if len(shown) > _MOST_LINES:
        typer.echo("…")
    typer.echo(f"{out} is not current: run `atlan-pulumi derive` without --check, and commit it", err=True)
    raise typer.Exit(_DIFFERS)


def _former(out: Path) -> str:
    """Return the content of the file, which may not exist."""
    try:
        return out.read_text("utf-8") if out.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise LineageDataError(f"cannot read {out}: {getattr(error, 'strerror', None) or error}") from None


def _print_summary(derived: Sequence[Derived], out: Path, *, check: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.table import Table  # noqa: PLC0415 - slow to import

    table = Table("process", "reads", "writes", "columns", "undecided", box=None, header_style="bold")
    for each in derived:
        lineage = each.lineage
        sides = [
            enumerate_first([one.qualified_name.rpartition("/")[2] for one in side])
            for side in (lineage.inputs, lineage.outputs)
        ]
        counts = (str(len(lineage.columns)), str(len(lineage.problems) or ""))
        table.add_row(*map(printable, (each.process_id, *sides, *counts)))
    Console().print(table)
    what = amounts(derived)
    typer.echo(f"{out} is current: {what}" if check else f"wrote {out}: {what}")
