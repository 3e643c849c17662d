"""A table and a view of SQLite as Pulumi resources: a small dynamic provider.

It stands for the provider of a warehouse, such as Snowflake's, and manages no more than this stack needs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

Props = dict[str, Any]


class _Provider(ResourceProvider):
    """Creates and drops one relation. Any change replaces it."""

    def create(self, props: Props) -> CreateResult:
        _execute(props["file"], f'CREATE {props["kind"]} "{props["name"]}" {props["body"]}')
        return CreateResult(props["name"], props)

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        changed = [name for name in ("file", "kind", "name", "body") if olds.get(name) != news[name]]
        return DiffResult(changes=bool(changed), replaces=changed, delete_before_replace=True)

    def delete(self, _id: str, props: Props) -> None:
        _execute(props["file"], f'DROP {props["kind"]} IF EXISTS "{props["name"]}"')


def _execute(file: str, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)


class _Relation(Resource, module="sqlite", name="Relation"):
    database: pulumi.Output[str]
    schema: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None, **props: Any) -> None:
        place = {"database": Path(props["file"]).stem, "schema": "main"}
        super().__init__(_Provider(), resource_name, {**place, **props}, opts)


class Table(_Relation, module="sqlite", name="Table"):
    """A table. `columns` maps each column to its type, in the table's order."""

    def __init__(
        self,
        resource_name: str,
        *,
        file: str,
        name: str,
        columns: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        body = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        super().__init__(resource_name, opts, file=file, kind="TABLE", name=name, body=f"({body})")


class View(_Relation, module="sqlite", name="View"):
    """A view with its query."""

    query: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        file: str,
        name: str,
        query: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name, opts, file=file, kind="VIEW", name=name, body=f"AS {query}", query=query
        )
