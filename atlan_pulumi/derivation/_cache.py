"""Derived lineage from earlier runs, so that a preview parses only the SQL that has changed.

A result is stored under a hash of all that it depends on: the SQL, the dialect, the columns of its tables,
the defaults of names, and the code of this package and of the parser. SQL that is a secret is not stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

import atlan_pulumi.sql
from atlan_pulumi.files import cache_folder
from atlan_pulumi.sql import DerivedLineage, Problem, TableColumn, Transformation

_MOST = 20_000
"""The most results that are kept: about 50 MB."""
_CREATE = "CREATE TABLE IF NOT EXISTS lineage (key TEXT PRIMARY KEY, used INTEGER, value TEXT)"
_USED = "UPDATE lineage SET used = (SELECT ifnull(max(used), 0) + 1 FROM lineage) WHERE key = ?"
_PUT = "INSERT OR REPLACE INTO lineage VALUES (?, (SELECT ifnull(max(used), 0) + 1 FROM lineage), ?)"
_PRUNE = "DELETE FROM lineage WHERE used <= (SELECT max(used) - ? FROM lineage)"


class LineageCache:
    """A file of the user's cache folder. Without one that can be written, nothing is stored."""

    def __init__(self) -> None:
        """Set up. The file is opened with `with`."""
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> LineageCache:
        """Open the file."""
        with contextlib.suppress(OSError, sqlite3.Error):
            folder = cache_folder()
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "lineage.sqlite"
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=1)
            self._connection.execute(_CREATE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, with a limited number of results."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute(_PRUNE, (_MOST,))
                self._connection.commit()
            self._connection.close()

    def get(self, key: str) -> DerivedLineage | None:
        """Return a result of an earlier run."""
        if self._connection is None:
            return None
        with contextlib.suppress(sqlite3.Error, ValueError, KeyError, TypeError):
            row = self._connection.execute("SELECT value FROM lineage WHERE key = ?", (key,)).fetchone()
            if row is not None:
                self._connection.execute(_USED, (key,))
                return _from_data(json.loads(row[0]))
        return None

    def put(self, key: str, lineage: DerivedLineage) -> None:
        """Store a result."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute(_PUT, (key, json.dumps(_to_data(lineage))))


def key_of(sql: str, dialect: str | None, schema: Mapping[str, Any], *defaults: str | None) -> str:
    """Return the hash of all that derived lineage depends on."""
    depends_on = [
        _code(),
        sql,
        dialect,
        sorted((name, columns and list(columns)) for name, columns in schema.items()),
        defaults,
    ]
    return hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()


@cache
def _code() -> str:
    """Return a hash of the code of `atlan_pulumi.sql`, with the version of the parser."""
    code = hashlib.sha256(version("sqlglot").encode())
    for path in sorted(Path(str(atlan_pulumi.sql.__file__)).parent.glob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def _to_data(lineage: DerivedLineage) -> dict[str, Any]:
    return {
        "inputs": lineage.inputs,
        "outputs": lineage.outputs,
        "columns": [
            [*target, [[*source, how.name] for source, how in sources.items()]]
            for target, sources in lineage.transformations.items()
        ],
        "indirect": [
            [table, *source, sorted(how.name for how in kinds)]
            for table, found in lineage.indirect.items()
            for source, kinds in found.items()
        ],
        "problems": lineage.problems,
        "guessed": lineage.guessed,
        "kinds": lineage.kinds,
        "written": lineage.written,
        "lines": [[*target, line] for target, line in lineage.lines.items()],
        "places": lineage.places,
    }


def _from_data(data: Mapping[str, Any]) -> DerivedLineage:
    columns = {
        TableColumn(table, column): dict(_sources(sources)) for table, column, sources in data["columns"]
    }
    indirect: dict[str, dict[TableColumn, frozenset[Transformation]]] = {}
    for table, of, column, kinds in data["indirect"]:
        found = indirect.setdefault(table, {})
        found[TableColumn(of, column)] = frozenset(Transformation[each] for each in kinds)
    return DerivedLineage(
        tuple(data["inputs"]),
        tuple(data["outputs"]),
        {target: frozenset(sources) for target, sources in columns.items()},
        columns,
        indirect,
        tuple(Problem(*each) for each in data["problems"]),
        tuple(data["guessed"]),
        data["kinds"],
        {table: tuple(columns) for table, columns in data["written"].items()},
        {TableColumn(table, column): line for table, column, line in data["lines"]},
        {table: (line, column) for table, (line, column) in data["places"].items()},
    )


def _sources(data: Any) -> Iterator[tuple[TableColumn, Transformation]]:
    for table, column, how in data:
        yield TableColumn(table, column), Transformation[how]
