"""SQL files as scripts: one process per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from atlan_pulumi.derivation._derive import Script
from atlan_pulumi.derivation._dialects import dialect_of_connector
from atlan_pulumi.derivation._tables import CatalogTable
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.naming import below_connection, connector_of
from atlan_pulumi.sql import stored_name


class SqlFile(NamedTuple):
    """A file with SQL.

    Attributes:
        process_id: The id of its process: the path below the folder that was named, with dots for slashes and
            `_` for blanks, such as `staging.load_orders`. The name alone for a file that was named itself.
        path: The path.
        sql: The content.
    """

    process_id: str
    path: Path
    sql: str


class SqlPlace(NamedTuple):
    """Where the SQL of files runs.

    Attributes:
        connection: The qualifiedName of the connection with the tables.
        dialect: The dialect; None for that of the connector.
        default_database: The database of names that lack one.
        default_schema: The schema of names that lack one.
    """

    connection: str
    dialect: str | None = None
    default_database: str | None = None
    default_schema: str | None = None

    def script(self, file: SqlFile) -> Script:
        """Return the SQL of a file. If it only selects, it defines the table of its name.

        Raises:
            LineageDataError: The dialect is unknown.
        """
        dialect = self.dialect or dialect_of_connector(connector_of(self.connection))
        target = None
        if self.default_database and self.default_schema:
            try:
                name = stored_name(file.path.stem, dialect)
            except ValueError as error:
                raise LineageDataError(str(error).partition("\n")[0]) from None
            path = f"{self.default_database}/{self.default_schema}/{name}"
            target = CatalogTable("", below_connection(self.connection, path))
        defaults = (self.default_database, self.default_schema)
        return Script(file.sql, self.connection, dialect, *defaults, target=target)


def read_sql_files(paths: Sequence[Path]) -> list[SqlFile]:
    """Read SQL files, sorted by the ids of their processes.

    Args:
        paths: Files, and folders, of which all `.sql` files are read.

    Raises:
        LineageDataError: A file cannot be read, a folder has no SQL files, or two files have the same id.
    """
    named = [each for path in paths for each in _files(path)]
    _refuse_same_id(named)
    return sorted(SqlFile(process_id, path, _read(path)) for process_id, path in named)


def _refuse_same_id(named: Sequence[tuple[str, Path]]) -> None:
    """Refuse files that would be one process, such as `a.b.sql` and `a/b.sql`."""
    often = Counter(process_id for process_id, _ in named)
    for process_id, count in often.items():
        if count > 1:
            paths = [path for each, path in named if each == process_id]
            same = len({path.name for path in paths}) == 1 and len(set(paths)) == count
            advice = "pass a folder that contains them" if same else "rename one, or name each file once"
            places = " and ".join(map(str, paths))
            raise LineageDataError(f"{count:,} files have the process id {process_id!r}: {places}; {advice}")


def _process_id(*parts: str) -> str:
    return re.sub(r"\s+", "_", ".".join(parts))


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield _process_id(path.stem), path
        return
    found = sorted(each for each in path.rglob("*") if each.suffix.lower() == ".sql" and each.is_file())
    if not found:
        raise LineageDataError(f"{path} has no .sql files")
    for each in found:
        yield _process_id(*each.relative_to(path).with_suffix("").parts), each


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LineageDataError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise LineageDataError(f"cannot read {path}: {error.strerror or error}") from None
