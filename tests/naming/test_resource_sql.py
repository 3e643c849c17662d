"""The SQL and the columns of a Pulumi resource, from its outputs alone."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from atlan_pulumi.naming import sql_of_resource

QUERY = "select id from raw.orders"
TRINO = base64.b64encode(json.dumps({"originalSql": QUERY}).encode()).decode()
GLUE = "aws:glue/catalogTable:CatalogTable"
NAMED = [{"name": "id", "type": "INT64"}, {"name": "Amount", "type": "STRING"}]

CASES: list[tuple[str, dict[str, Any], str | None, list[str] | None]] = [
    ("snowflake:index/table:Table", {"columns": NAMED}, None, ["id", "Amount"]),
    ("snowflake:index/table:Table", {}, None, None),
    ("snowflake:index/view:View", {"statement": QUERY}, QUERY, None),
    ("snowflake:index/view:View", {"columns": [{"column_name": "ID"}]}, None, ["ID"]),
    ("snowflake:index/materializedView:MaterializedView", {"statement": QUERY}, QUERY, None),
    ("snowflake:index/dynamicTable:DynamicTable", {"query": QUERY}, QUERY, None),
    ("snowflake:index/task:Task", {"sql_statement": QUERY}, QUERY, None),
    ("gcp:bigquery/table:Table", {"view": {"query": QUERY}}, QUERY, None),
    ("gcp:bigquery/table:Table", {"materialized_view": {"query": QUERY}}, QUERY, None),
    ("gcp:bigquery/table:Table", {"schema": json.dumps(NAMED)}, None, ["id", "Amount"]),
    ("gcp:bigquery/table:Table", {"schema": "no JSON"}, None, None),
    (
        "gcp:bigquery/dataTransferConfig:DataTransferConfig",
        {"params": {"query": QUERY, "write_disposition": "WRITE_APPEND"}},
        QUERY,
        None,
    ),
    ("databricks:index/sqlTable:SqlTable", {"view_definition": QUERY}, QUERY, None),
    ("databricks:index/sqlTable:SqlTable", {"columns": NAMED}, None, ["id", "Amount"]),
    ("aws:redshiftdata/statement:Statement", {"sql": QUERY}, QUERY, None),
    (GLUE, {"view_original_text": QUERY}, QUERY, None),
    (
        GLUE,
        {"view_original_text": f"/* Presto View: {TRINO} */"},
        QUERY,
        None,
    ),
    (GLUE, {"view_original_text": "/* Presto View: MTIz */"}, "/* Presto View: MTIz */", None),
    (
        GLUE,
        {"view_original_text": "/* Presto View: nothing */"},
        "/* Presto View: nothing */",
        None,
    ),
    (
        GLUE,
        {"storage_descriptor": {"columns": NAMED}},
        None,
        ["id", "Amount"],
    ),
    ("confluentcloud:index/flinkStatement:FlinkStatement", {"statement": QUERY}, QUERY, None),
]


@pytest.mark.parametrize(("token", "outputs", "sql", "columns"), CASES)
def test_sql_and_columns_come_from_outputs(
    token: str, outputs: dict[str, Any], sql: str | None, columns: list[str] | None
) -> None:
    found = sql_of_resource(token)
    assert found is not None
    values = {**dict.fromkeys(found.outputs), **outputs}
    assert values.keys() == set(found.outputs), "an output that the row does not read"
    assert (found.sql(values), found.columns(values)) == (sql, columns)


def test_other_resources_have_none() -> None:
    assert sql_of_resource("aws:s3/bucket:Bucket") is None
