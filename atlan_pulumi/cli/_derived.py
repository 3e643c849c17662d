"""What `atlan-pulumi derive` derives: the lineage of SQL files, or of a dbt project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import typer

from atlan_pulumi.cli._common import stopping_in_order
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.naming import is_connection_name
from atlan_pulumi.text import printable

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient
    from atlan_pulumi.dbt import NodeLineage
    from atlan_pulumi.derivation import CatalogLineage, SqlPlace

_BATCH = 50
_Item = TypeVar("_Item")


class Derived(NamedTuple):
    """The lineage of a file.

    Attributes:
        process_id: The id of its process.
        path: The path of its SQL, for problems.
        has_sql_file: Whether the process refers to that path.
        attributes: Other attributes of the process.
        lineage: The lineage.
    """

    process_id: str
    path: Path
    has_sql_file: bool
    attributes: dict[str, Any]
    lineage: CatalogLineage


class DbtSelection(NamedTuple):
    """Which nodes of a dbt project are selected, in dbt's syntax.

    Attributes:
        select: What to select; None for all.
        exclude: What to leave out.
    """

    select: list[str] | None = None
    exclude: list[str] | None = None


_ALL = DbtSelection()


def sql_place(
    connection: str, dialect: str | None, default_database: str | None, default_schema: str | None
) -> SqlPlace:
    """Return where the SQL runs.

    Raises:
        LineageDataError: The connection is none, or the extra `sql` is not installed.
    """
    try:
        from atlan_pulumi.derivation import SqlPlace  # noqa: PLC0415 - brings sqlglot
    except ModuleNotFoundError as error:
        raise LineageDataError(str(error)) from None
    if not is_connection_name(connection):
        raise LineageDataError(
            f"--connection {connection!r} is not a connection's qualifiedName, such as "
            "'default/snowflake/1657025257'"
        )
    return SqlPlace(connection, dialect, default_database, default_schema)


def derive_files(
    paths: Sequence[Path],
    place: SqlPlace,
    base_url: str | None,
    api_key: str | None = None,
    *,
    selection: DbtSelection = _ALL,
    offline: bool,
) -> list[Derived]:
    """Derive the lineage of all files, with progress on a terminal, and print the problems.

    Args:
        paths: SQL files and folders with them; or one target folder of dbt.
        place: Where the SQL runs.
        base_url: The tenant's base URL. Default: that of the environment.
        api_key: The API key. Default: that of the environment.
        selection: The nodes of a dbt project.
        offline: Whether tables and columns are not looked up in Atlan.

    Raises:
        AtlanError: A file cannot be read, the arguments do not fit together, or a request failed.
    """
    with stopping_in_order():
        if offline:
            derived = _derive_paths(None, paths, place, selection)
        else:
            derived = _look_up(paths, place, selection, base_url, api_key)
    _print_problems(derived)
    return derived


def _look_up(
    paths: Sequence[Path],
    place: SqlPlace,
    selection: DbtSelection,
    base_url: str | None,
    api_key: str | None,
) -> list[Derived]:
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - brings the HTTP client

    with AtlanClient(ClientSettings.resolve(base_url, api_key)) as client:
        client.ping()
        return _derive_paths(client, paths, place, selection)


def _print_problems(derived: Iterable[Derived]) -> None:
    """Print each problem with its file, line, and column, as compilers do."""
    for each in derived:
        for problem in (*each.lineage.refusals, *each.lineage.problems):
            place = f"{each.path}:{problem.line}:{problem.column}" if problem.line else str(each.path)
            word = "error" if problem in each.lineage.refusals else "warning"
            typer.echo(printable(f"{place}: {word}: {problem.message}"), err=True)


def _derive_paths(
    client: AtlanClient | None, paths: Sequence[Path], place: SqlPlace, selection: DbtSelection
) -> list[Derived]:
    """Derive the lineage of SQL files, or of the dbt project in a target folder."""
    from atlan_pulumi.dbt import is_dbt_target  # noqa: PLC0415 - brings sqlglot

    targets = [path for path in paths if is_dbt_target(path)]
    if not targets:
        if any(selection):
            raise LineageDataError("--select and --exclude need the target folder of a dbt project")
        return _of_sql_files(client, paths, place)
    if len(paths) > 1:
        raise LineageDataError(f"{targets[0]} is the target of a dbt project: pass no other path")
    if place.dialect or place.default_schema:
        raise LineageDataError(f"{targets[0]} is a dbt project, which has its own dialect and schemas")
    return _of_dbt_project(client, targets[0], place, selection)


def _of_sql_files(client: AtlanClient | None, paths: Sequence[Path], place: SqlPlace) -> list[Derived]:
    from atlan_pulumi.derivation import SqlFile, derive_in_catalog, read_sql_files  # noqa: PLC0415 - sqlglot

    def derive(files: Sequence[SqlFile]) -> list[Derived]:
        lineages = derive_in_catalog(client, [place.script(each) for each in files])
        return [
            Derived(file.process_id, file.path, True, {}, lineage)
            for file, lineage in zip(files, lineages, strict=True)
        ]

    return _in_batches(read_sql_files(paths), derive)


def _of_dbt_project(
    client: AtlanClient | None, target: Path, place: SqlPlace, selection: DbtSelection
) -> list[Derived]:
    from atlan_pulumi.dbt import (  # noqa: PLC0415 - brings sqlglot
        Node,
        ProjectLineage,
        no_lineage,
        read_project,
        select_nodes,
    )

    project = read_project(target)
    lineage = ProjectLineage(project, connection=place.connection, default_database=place.default_database)

    def derive(nodes: Sequence[Node]) -> list[Derived]:
        return [_of_node(each, target) for each in lineage.derive(nodes, client)]

    derived = _in_batches(select_nodes(project, *selection), derive)
    if not derived:
        raise no_lineage(target)
    return derived


def _of_node(found: NodeLineage, target: Path) -> Derived:
    node = found.node
    folder = target if target.is_dir() else target.parent
    compiled = folder / "compiled" / node.package / node.file
    path = compiled if compiled.is_file() else Path(node.file)
    attributes = {name: text for name, text in found.attributes.items() if name != "sql"}
    return Derived(node.unique_id, path, False, attributes, found.lineage)


def _in_batches(items: Sequence[_Item], derive: Callable[[Sequence[_Item]], list[Derived]]) -> list[Derived]:
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.progress import track  # noqa: PLC0415 - slow to import

    found: list[Derived] = []
    console = Console(stderr=True)
    starts = range(0, len(items), _BATCH)
    few = len(starts) == 1 or not console.is_terminal
    for start in track(starts, "Deriving lineage", console=console, disable=few, transient=True):
        found += derive(items[start : start + _BATCH])
    return found
