"""The SQLite database of the local Atlan, in a file or in memory."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.naming.asset_types import supertypes

_VERSION = 3
_CHUNK = 400  # SQLite's lowest limit is 999 parameters, and a query may use each value twice
_TABLES = ("entity", "edge", "credential", "event", "run_event", "typedef", "audit")
_SCHEMA = """
CREATE TABLE entity (
  guid TEXT PRIMARY KEY,
  type_name TEXT NOT NULL,
  qualified_name TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  has_lineage INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  extras TEXT NOT NULL
);
CREATE UNIQUE INDEX entity_by_qualified_name ON entity (qualified_name, type_name);
CREATE INDEX entity_by_type ON entity (type_name, qualified_name);
CREATE INDEX entity_by_name ON entity (name COLLATE NOCASE);
CREATE INDEX entity_by_connection ON entity (json_extract(attributes, '$.connectionQualifiedName'));
CREATE TABLE edge (
  id INTEGER PRIMARY KEY,
  guid TEXT NOT NULL,
  relationship TEXT NOT NULL,
  end1 TEXT NOT NULL,
  end2 TEXT NOT NULL,
  status TEXT NOT NULL,
  UNIQUE (end1, relationship, end2)
);
CREATE INDEX edge_by_end2 ON edge (end2, relationship);
CREATE TABLE credential (guid TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  received_time INTEGER NOT NULL,
  received_by TEXT NOT NULL,
  body TEXT NOT NULL,
  outcome TEXT
);
CREATE INDEX event_by_outcome ON event (outcome) WHERE outcome IS NULL;
CREATE TABLE run_event (
  connection TEXT NOT NULL,
  job TEXT NOT NULL,
  run TEXT NOT NULL,
  time INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (connection, job, run, event)
) WITHOUT ROWID;
"""
_SINCE_VERSION_2 = """
CREATE TABLE typedef (
  name TEXT PRIMARY KEY,
  guid TEXT NOT NULL,
  category TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  entity TEXT NOT NULL,
  type_name TEXT NOT NULL,
  qualified_name TEXT NOT NULL,
  action TEXT NOT NULL,
  user TEXT NOT NULL,
  time INTEGER NOT NULL,
  detail TEXT NOT NULL
);
"""


class SqliteDatabase:
    """A connection, for one thread at a time. Other processes can use the same file.

    Args:
        path: the file, which is created if it does not exist. None keeps the data in memory.

    Raises:
        LocalAtlanError: the file cannot be opened, or a local Atlan did not create it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._where = "memory" if path is None else str(path)
        try:
            self._connection = self._open(":memory:" if path is None else str(path))
        except sqlite3.Error as error:
            raise LocalAtlanError(
                f"cannot open the database {self._where}: {error}; use a file that a local Atlan created, "
                "or a new file in an existing folder"
            ) from None

    def _open(self, target: str) -> sqlite3.Connection:
        connection = sqlite3.connect(target, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.create_function("regexp", 2, _regexp, deterministic=True)
            connection.create_function("super_types", 1, _super_types, deterministic=True)
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version == 0 and tables == 0:
            self._upgrade(connection, _SCHEMA + _SINCE_VERSION_2)
        elif version == 2:  # noqa: PLR2004 - the version of the first release
            self._upgrade(connection, _SINCE_VERSION_2)
        elif version != _VERSION:
            raise LocalAtlanError(
                f"cannot open the database {self._where}: another version of the local Atlan, or another "
                "program, created it; use another path, or delete the file"
            )
        connection.execute("COMMIT")

    @staticmethod
    def _upgrade(connection: sqlite3.Connection, statements: str) -> None:
        for statement in statements.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements in the block, or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query."""
        return self._connection.execute(sql, parameters).fetchall()

    def rows_in(self, sql: str, values: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows of a query for many values. Values that occur twice count once.

        Args:
            sql: the query, with `IN ({marks})` once or twice.
            values: the values of each `IN`.
        """
        for statement, chunk in _in_chunks(sql, values):
            yield from self.rows(statement, chunk * sql.count("{marks}"))

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first row, or None."""
        return self._connection.execute(sql, parameters).fetchone()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement, and return the number of changed rows."""
        return self._connection.execute(sql, parameters).rowcount

    def execute_in(self, sql: str, values: Iterable[Any], parameters: Sequence[Any] = ()) -> None:
        """Run a statement for many values.

        Args:
            sql: the statement, with `IN ({marks})` after all other parameters.
            values: the values of `IN`.
            parameters: the other parameters.
        """
        for statement, chunk in _in_chunks(sql, values):
            self.execute(statement, [*parameters, *chunk])

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each row of parameters."""
        self._connection.executemany(sql, rows)

    def clear(self) -> None:
        """Delete all rows, and keep the tables."""
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _in_chunks(sql: str, values: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield a statement for each part of the values, as many as SQLite accepts, without duplicates."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        yield sql.format(marks=", ".join("?" * len(chunk))), chunk


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _regexp(pattern: str, value: Any) -> bool:
    return value is not None and _compiled(pattern).search(str(value)) is not None


@cache
def _super_types(type_name: str) -> str:
    return json.dumps(sorted(supertypes(type_name)))
