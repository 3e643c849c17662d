"""The asset of a Pulumi resource: type and path, from the outputs alone."""

from __future__ import annotations

import pytest

from atlan_pulumi.naming import asset_of_resource
from atlan_pulumi.naming._from_resource import _ASSETS
from atlan_pulumi.naming.asset_types import is_asset_type

IN_SCHEMA = {"database": "RAW", "schema": "PUBLIC", "name": "ORDERS"}
BIGQUERY = {"project": "acme", "dataset_id": "raw", "table_id": "orders"}
DATABRICKS = {"catalog_name": "main", "schema_name": "raw", "name": "orders"}
GLUE = {"database_name": "raw", "name": "orders"}
OBJECT = {"bucket": "lake", "key": "raw/orders.csv"}

CASES = [
    ("snowflake:index/table:Table", IN_SCHEMA, "Table", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/externalTable:ExternalTable", IN_SCHEMA, "Table", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/icebergTable:IcebergTable", IN_SCHEMA, "Table", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/view:View", IN_SCHEMA, "View", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/materializedView:MaterializedView", IN_SCHEMA, "MaterialisedView", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/dynamicTable:DynamicTable", IN_SCHEMA, "SnowflakeDynamicTable", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/stageInternal:StageInternal", IN_SCHEMA, "SnowflakeStage", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/pipe:Pipe", IN_SCHEMA, "SnowflakePipe", "RAW/PUBLIC/ORDERS"),
    ("snowflake:index/streamOnTable:StreamOnTable", IN_SCHEMA, "SnowflakeStream", "RAW/PUBLIC/ORDERS"),
    ("gcp:bigquery/table:Table", BIGQUERY, "Table", "acme/raw/orders"),
    ("gcp:bigquery/table:Table", {**BIGQUERY, "view": {"query": "select 1"}}, "View", "acme/raw/orders"),
    (
        "gcp:bigquery/table:Table",
        {**BIGQUERY, "materialized_view": {"query": "select 1"}},
        "MaterialisedView",
        "acme/raw/orders",
    ),
    (
        "databricks:index/sqlTable:SqlTable",
        {**DATABRICKS, "table_type": "MANAGED"},
        "Table",
        "main/raw/orders",
    ),
    ("databricks:index/sqlTable:SqlTable", {**DATABRICKS, "table_type": "VIEW"}, "View", "main/raw/orders"),
    ("aws:glue/catalogTable:CatalogTable", GLUE, "Table", "AwsDataCatalog/raw/orders"),
    (
        "aws:glue/catalogTable:CatalogTable",
        {**GLUE, "table_type": "VIRTUAL_VIEW"},
        "View",
        "AwsDataCatalog/raw/orders",
    ),
    ("aws:s3/bucket:Bucket", {"arn": "arn:aws:s3:::lake"}, "S3Bucket", "arn:aws:s3:::lake"),
    ("aws:s3/bucketV2:BucketV2", {"arn": "arn:aws-cn:s3:::lake"}, "S3Bucket", "arn:aws-cn:s3:::lake"),
    ("aws:s3/bucketObject:BucketObject", OBJECT, "S3Object", "arn:aws:s3:::lake/raw/orders.csv"),
    (
        "aws:s3/bucketObjectv2:BucketObjectv2",
        {**OBJECT, "arn": "arn:aws-cn:s3:::lake/raw/orders.csv"},
        "S3Object",
        "arn:aws-cn:s3:::lake/raw/orders.csv",
    ),
    ("gcp:storage/bucket:Bucket", {"name": "lake"}, "GCSBucket", "lake"),
    ("kafka:index/topic:Topic", {"name": "orders"}, "KafkaTopic", "topic/orders"),
    ("confluentcloud:index/kafkaTopic:KafkaTopic", {"topic_name": "orders"}, "KafkaTopic", "topic/orders"),
]


@pytest.mark.parametrize(("token", "values", "type_name", "path"), CASES)
def test_a_resource_has_its_asset(token, values, type_name, path):
    found = asset_of_resource(token)
    known = {name: values.get(name) for name in found.outputs}
    actual = found.type_name if isinstance(found.type_name, str) else found.type_name(known)
    assert (actual, "/".join(found.path(known))) == (type_name, path)


def test_every_type_is_atlans():
    fixed = {each.type_name for each in _ASSETS.values()}
    assert all(is_asset_type(name) for name in fixed if isinstance(name, str))


def test_an_unknown_resource_has_none():
    assert asset_of_resource("snowflake:index/database:Database") is None
