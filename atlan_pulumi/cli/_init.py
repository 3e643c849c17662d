"""`atlan-pulumi init`: a new repository with a program, policies, and CI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlan_pulumi.cli._init_questions import Tenant, tenant
from atlan_pulumi.cli._init_summary import print_summary
from atlan_pulumi.errors import ScaffoldError
from atlan_pulumi.files import relative_path
from atlan_pulumi.scaffold import (
    SAMPLE_CONNECTION,
    Choices,
    CiSystem,
    SqlSource,
    ensure_absent,
    file_names,
    project_name,
    repository_files,
    write_repository,
)

if TYPE_CHECKING:
    from atlan_pulumi.derivation import SqlPlace

_LOCAL_URL, _LOCAL_KEY = "http://127.0.0.1:8585", "local"

_Target = Annotated[Path, typer.Argument(metavar="FOLDER", help="The new folder, or an existing one.")]
_Name = Annotated[
    str | None, typer.Option("--name", help="The name of the Pulumi project. Default: that of the folder.")
]
_BaseUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="The tenant's base URL. Default: ATLAN_BASE_URL; else asks.")
]
_Connection = Annotated[
    str | None,
    typer.Option(metavar="QN", help="The qualifiedName of the connection with the tables. Default: asks."),
]
_Local = Annotated[
    bool, typer.Option("--local", help="Set up for `atlan-pulumi local --sample` instead of a tenant.")
]
_Ci = Annotated[CiSystem, typer.Option("--ci", help="The CI system; `none` writes only the scripts.")]
_FromSql = Annotated[
    list[Path] | None,
    typer.Option(
        "--from-sql",
        metavar="PATH",
        help="Derive the lineage from an SQL file, or a folder with SQL files. Repeatable.",
        exists=True,
    ),
]
_Dialect = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="--from-sql: the SQL dialect.", show_default="that of the connector"),
]
_Database = Annotated[
    str | None,
    typer.Option("--default-database", metavar="NAME", help="--from-sql: the database of names without one."),
]
_Schema = Annotated[
    str | None,
    typer.Option("--default-schema", metavar="NAME", help="--from-sql: the schema of names without one."),
]
_Offline = Annotated[
    bool, typer.Option("--offline", help="--from-sql: do not look up tables and columns in Atlan.")
]
_FromDbt = Annotated[
    Path | None,
    typer.Option(
        "--from-dbt",
        metavar="TARGET",
        help="Take the lineage from a dbt project: its folder `target`, with manifest.json.",
        exists=True,
        file_okay=False,
    ),
]


def init(  # noqa: PLR0917 - typer reads options from parameters
    folder: _Target = Path(),
    name: _Name = None,
    base_url: _BaseUrl = None,
    connection: _Connection = None,
    local: _Local = False,
    ci: _Ci = "github",
    from_sql: _FromSql = None,
    dialect: _Dialect = None,
    default_database: _Database = None,
    default_schema: _Schema = None,
    offline: _Offline = False,
    from_dbt: _FromDbt = None,
) -> None:
    """Write a new repository: a Pulumi program, policies, and CI.

    Existing files are never replaced, and no file contains a secret. With ATLAN_API_KEY, the connections of
    the tenant are offered. --from-sql looks up tables and columns in Atlan, unless --offline is set.
    """
    names = (dialect, default_database, default_schema)
    _check(from_sql, from_dbt, sql_options=(*names, offline))
    project = project_name(name, folder)
    ensure_absent(folder, file_names(ci, sql=bool(from_sql)))
    target = _dbt_target(from_dbt, folder) if from_dbt else None
    chosen = _local(base_url, connection) if local else tenant(base_url, connection)
    sql = None
    if from_sql:
        sql = _sql_source(from_sql, _place(chosen, *names), chosen, folder, local=local, offline=offline)
    choices = Choices(project, *chosen, ci=ci, sql=sql, dbt=target)
    texts = repository_files(choices)
    write_repository(folder, texts)
    print_summary(folder, choices, texts)


def _check(from_sql: list[Path] | None, from_dbt: Path | None, *, sql_options: tuple[object, ...]) -> None:
    if from_sql and from_dbt:
        raise ScaffoldError("--from-sql and --from-dbt exclude each other")
    if any(sql_options) and not from_sql:
        raise ScaffoldError("--dialect, --default-database, --default-schema, and --offline need --from-sql")


def _local(base_url: str | None, connection: str | None) -> Tenant:
    if base_url:
        raise ScaffoldError("--local and --base-url exclude each other")
    return tenant(_LOCAL_URL, connection or SAMPLE_CONNECTION)


def _dbt_target(target: Path, folder: Path) -> str:
    """Return the path of dbt's target folder, relative to the repository."""
    if not (target / "manifest.json").is_file():
        inside = target / "target"
        hint = f"use {inside}" if (inside / "manifest.json").is_file() else "run `dbt docs generate` first"
        raise ScaffoldError(f"--from-dbt {target}: has no manifest.json; {hint}")
    return _relative(target, folder)


def _place(chosen: Tenant, dialect: str | None, database: str | None, schema: str | None) -> SqlPlace:
    from atlan_pulumi.cli._derived import sql_place  # noqa: PLC0415 - only --from-sql needs it

    return sql_place(chosen.connection, dialect, database, schema)


def _sql_source(
    paths: list[Path], place: SqlPlace, chosen: Tenant, folder: Path, *, local: bool, offline: bool
) -> SqlSource:
    """Derive the lineage of SQL files, as `ci/derive.sh` in the repository will do."""
    from atlan_pulumi.cli._derive import data_of  # noqa: PLC0415 - only --from-sql needs it
    from atlan_pulumi.cli._derived import derive_files  # noqa: PLC0415 - only --from-sql needs it

    key = _LOCAL_KEY if local else None  # never a tenant's key for a local Atlan
    derived = derive_files(paths, place, chosen.base_url, key, offline=offline)
    data = data_of(derived, place, folder / "lineage.yaml")
    relative = tuple(_relative(path, folder) for path in paths)
    return SqlSource(relative, tuple(_derive_options(place, offline=offline)), data)


def _derive_options(place: SqlPlace, *, offline: bool) -> Iterator[str]:
    """Yield the options of `atlan-pulumi derive`."""
    yield from ("--connection", place.connection)
    options = {
        "--dialect": place.dialect,
        "--default-database": place.default_database,
        "--default-schema": place.default_schema,
    }
    for option, value in options.items():
        yield from (option, value) if value else ()
    yield from ("--offline",) if offline else ()


def _relative(path: Path, folder: Path) -> str:
    """Return a path relative to the repository; never one like an option."""
    found = relative_path(path, folder)
    return f"./{found}" if found.startswith("-") else found
