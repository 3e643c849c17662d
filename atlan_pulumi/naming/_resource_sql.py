"""The SQL and the columns in the outputs of a Pulumi resource.

A row names the resource's outputs, so that the SDK of its provider is not needed.

Sources: the outputs are those of the providers' SDKs (pulumi-snowflake 2.22, pulumi-gcp 10.2,
pulumi-databricks 1.118, pulumi-aws 7.51, pulumi-confluentcloud 2.87). Athena stores the SQL of a view as
Trino does: as JSON in base64, in a comment (Trino's `ViewReaderUtil`).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_TRINO_VIEW = "/* Presto View: "


class ResourceSql(NamedTuple):
    """The SQL and the columns of a resource.

    Attributes:
        outputs: The resource's outputs that the functions read.
        sql: Returns the SQL from the values of the outputs; None if there is none.
        columns: Returns the names of the columns of the resource's table; None if they are not known.
        lists_columns: Whether these are names that the resource gives to the columns of its SQL, by position.
    """

    outputs: tuple[str, ...]
    sql: Callable[[Mapping[str, Any]], str | None]
    columns: Callable[[Mapping[str, Any]], list[str] | None]
    lists_columns: bool = False


def sql_of_resource(token: str) -> ResourceSql | None:
    """Return where resources of a type keep their SQL and their columns; None for an unknown type.

    Args:
        token: Pulumi's type token, such as `snowflake:index/view:View`.
    """
    return _ROWS.get(token)


def _nothing(_values: Mapping[str, Any]) -> None:
    return None


def _statement(output: str) -> ResourceSql:
    """Return a row for a resource whose SQL is one of its outputs."""
    return ResourceSql((output,), lambda values: values[output] or None, _nothing)


def _names(columns: Any, key: str = "name") -> list[str] | None:
    """Return the names of columns that are mappings."""
    return [str(each[key]) for each in columns] if columns else None


def _text(structure: Mapping[str, Any] | None, name: str) -> str | None:
    value = (structure or {}).get(name)
    return str(value) if value else None


def _bigquery_sql(values: Mapping[str, Any]) -> str | None:
    return _text(values["view"] or values["materialized_view"], "query")


def _bigquery_columns(values: Mapping[str, Any]) -> list[str] | None:
    try:
        return _names(json.loads(values["schema"] or "[]"))
    except ValueError:
        return None


def _transferred_sql(values: Mapping[str, Any]) -> str | None:
    return _text(values["params"], "query")


def _glue_sql(values: Mapping[str, Any]) -> str | None:
    text = str(values["view_original_text"] or "")
    if not text.startswith(_TRINO_VIEW):
        return text or None
    try:
        return str(json.loads(base64.b64decode(text[len(_TRINO_VIEW) :].split(maxsplit=1)[0]))["originalSql"])
    except (binascii.Error, ValueError, KeyError, IndexError, TypeError):
        return text


def _glue_columns(values: Mapping[str, Any]) -> list[str] | None:
    return _names((values["storage_descriptor"] or {}).get("columns"))


_ROWS: dict[str, ResourceSql] = {
    "snowflake:index/table:Table": ResourceSql(
        ("columns",), _nothing, lambda values: _names(values["columns"])
    ),
    "snowflake:index/view:View": ResourceSql(
        ("statement", "columns"),
        lambda values: values["statement"] or None,
        lambda values: _names(values["columns"], "column_name"),
        lists_columns=True,
    ),
    "snowflake:index/materializedView:MaterializedView": _statement("statement"),
    "snowflake:index/dynamicTable:DynamicTable": _statement("query"),
    "snowflake:index/task:Task": _statement("sql_statement"),
    "gcp:bigquery/table:Table": ResourceSql(
        ("view", "materialized_view", "schema"), _bigquery_sql, _bigquery_columns
    ),
    "gcp:bigquery/dataTransferConfig:DataTransferConfig": ResourceSql(
        ("params",), _transferred_sql, _nothing
    ),
    "databricks:index/sqlTable:SqlTable": ResourceSql(
        ("view_definition", "columns"),
        lambda values: values["view_definition"] or None,
        lambda values: _names(values["columns"]),
    ),
    "aws:redshiftdata/statement:Statement": _statement("sql"),
    "aws:glue/catalogTable:CatalogTable": ResourceSql(
        ("view_original_text", "storage_descriptor"), _glue_sql, _glue_columns
    ),
    "confluentcloud:index/flinkStatement:FlinkStatement": _statement("statement"),
}
