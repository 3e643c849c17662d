"""Schemas, tables, and views of PostgreSQL as Pulumi resources: a small dynamic provider over psycopg.

It manages what this stack needs, and no more: names, columns with their types, and the query of a view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

Props = dict[str, Any]


def _execute(props: Props, *statements: Any) -> None:
    """Run statements in one transaction."""
    import psycopg  # noqa: PLC0415 - the provider runs in another process than the program

    with psycopg.connect(props["url"]) as connection:
        for statement in statements:
            connection.execute(statement)


def _quoted(*names: str) -> str:
    """Return a name as SQL, such as `"shop"."orders"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


class _Provider(ResourceProvider):
    """What the three kinds have in common: they are replaced if their names change."""

    identity: Sequence[str] = ("database", "schema", "name")

    def create_statements(self, props: Props) -> list[str]:
        raise NotImplementedError

    def update_statements(self, _olds: Props, _news: Props) -> list[str]:
        return []

    def delete_statement(self, props: Props) -> str:
        raise NotImplementedError

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        changed = [name for name in news if name != "url" and olds.get(name) != news[name]]
        replaces = [name for name in changed if name in self.identity]
        return DiffResult(changes=bool(changed), replaces=replaces, delete_before_replace=True)

    def create(self, props: Props) -> CreateResult:
        _execute(props, *self.create_statements(props))
        return CreateResult("/".join(props[name] for name in self.identity), props)

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        _execute(news, *self.update_statements(olds, news))
        return UpdateResult(news)

    def delete(self, _id: str, props: Props) -> None:
        _execute(props, self.delete_statement(props))


class _SchemaProvider(_Provider):
    identity = ("database", "name")

    def create_statements(self, props: Props) -> list[str]:
        return [f"CREATE SCHEMA {_quoted(props['name'])}"]

    def delete_statement(self, props: Props) -> str:
        return f"DROP SCHEMA IF EXISTS {_quoted(props['name'])}"


class _TableProvider(_Provider):
    def create_statements(self, props: Props) -> list[str]:
        columns = ", ".join(f"{_quoted(name)} {kind}" for name, kind in props["columns"].items())
        return [f"CREATE TABLE {_quoted(props['schema'], props['name'])} ({columns})"]

    def update_statements(self, olds: Props, news: Props) -> list[str]:
        """Rename a column that is replaced by one of the same type; otherwise add and drop columns."""
        before, after = olds["columns"], news["columns"]
        gone = [name for name in before if name not in after]
        new = [name for name in after if name not in before]
        table = f"ALTER TABLE {_quoted(news['schema'], news['name'])}"
        if len(gone) == len(new) == 1 and before[gone[0]] == after[new[0]]:
            return [f"{table} RENAME COLUMN {_quoted(gone[0])} TO {_quoted(new[0])}"]
        added = [f"{table} ADD COLUMN {_quoted(name)} {after[name]}" for name in new]
        typed = [
            f"{table} ALTER COLUMN {_quoted(name)} TYPE {after[name]}"
            for name in after
            if name in before and before[name] != after[name]
        ]
        return [*added, *typed, *(f"{table} DROP COLUMN {_quoted(name)}" for name in gone)]

    def delete_statement(self, props: Props) -> str:
        return f"DROP TABLE IF EXISTS {_quoted(props['schema'], props['name'])}"


class _ViewProvider(_Provider):
    def create_statements(self, props: Props) -> list[str]:
        return [f"CREATE VIEW {_quoted(props['schema'], props['name'])} AS {props['query']}"]

    def update_statements(self, olds: Props, news: Props) -> list[str]:
        """Create the view again: PostgreSQL cannot rename its columns in place."""
        return [self.delete_statement(olds), *self.create_statements(news)]

    def delete_statement(self, props: Props) -> str:
        return f"DROP VIEW IF EXISTS {_quoted(props['schema'], props['name'])}"


class Schema(Resource, module="postgres", name="Schema"):
    """A schema."""

    database: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str],
        database: pulumi.Input[str],
        name: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            _SchemaProvider(), resource_name, {"url": url, "database": database, "name": name}, opts
        )


class Table(Resource, module="postgres", name="Table"):
    """A table. `columns` maps each column to its type, in the table's order."""

    database: pulumi.Output[str]
    schema: pulumi.Output[str]
    name: pulumi.Output[str]
    columns: pulumi.Output[dict[str, str]]

    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str],
        schema: Schema,
        name: pulumi.Input[str],
        columns: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        place = {"url": url, "database": schema.database, "schema": schema.name, "name": name}
        super().__init__(_TableProvider(), resource_name, {**place, "columns": dict(columns)}, opts)


class View(Resource, module="postgres", name="View"):
    """A view of a query."""

    database: pulumi.Output[str]
    schema: pulumi.Output[str]
    name: pulumi.Output[str]
    query: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str],
        schema: Schema,
        name: pulumi.Input[str],
        query: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        place = {"url": url, "database": schema.database, "schema": schema.name, "name": name}
        super().__init__(_ViewProvider(), resource_name, {**place, "query": query}, opts)
