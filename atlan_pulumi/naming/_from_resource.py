"""The asset that a Pulumi resource creates in its source: its typeName, and its path below the connection.

A row names the resource's outputs, so that the SDK of its provider is not needed.

Sources: the outputs are those of the providers' SDKs (pulumi-snowflake 2.22, pulumi-gcp 10.2,
pulumi-databricks 1.118, pulumi-aws 7.51, pulumi-kafka 3.13, pulumi-confluentcloud 2.87); the qualifiedNames
are those that pyatlan 11.6 creates for each connector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

TYPES_WITH_COLUMNS = frozenset({"Table", "View", "MaterialisedView", "SnowflakeDynamicTable"})
"""The types of assets whose columns Atlan knows."""


class ResourceAsset(NamedTuple):
    """The asset of a resource.

    Attributes:
        outputs: The resource's outputs that `type_name` and `path` read.
        type_name: Atlan's typeName, or a function that returns it from the values of the outputs.
        path: Returns the segments of the qualifiedName below the connection from these values.
    """

    outputs: tuple[str, ...]
    type_name: str | Callable[[Mapping[str, Any]], str]
    path: Callable[[Mapping[str, Any]], list[str]]


def asset_of_resource(token: str) -> ResourceAsset | None:
    """Return the asset that resources of a type create; None for an unknown type.

    Args:
        token: Pulumi's type token, such as `snowflake:index/table:Table`.
    """
    return _ASSETS.get(token)


def _named(type_name: str, *segments: str) -> ResourceAsset:
    """Return a row whose path is made of outputs, and of words in quotes."""
    outputs = tuple(each for each in segments if not each.startswith("'"))

    def path(values: Mapping[str, Any]) -> list[str]:
        return [each.strip("'") if each.startswith("'") else str(values[each]) for each in segments]

    return ResourceAsset(outputs, type_name, path)


def _typed(
    asset: ResourceAsset, type_name: Callable[[Mapping[str, Any]], str], *outputs: str
) -> ResourceAsset:
    """Return a row whose type further outputs decide."""
    return ResourceAsset((*asset.outputs, *outputs), type_name, asset.path)


def _bigquery_type(values: Mapping[str, Any]) -> str:
    if values.get("materialized_view"):
        return "MaterialisedView"
    return "View" if values.get("view") else "Table"


def _table_or_view(values: Mapping[str, Any]) -> str:
    return "View" if "VIEW" in str(values.get("table_type") or "").upper() else "Table"


def _object_path(values: Mapping[str, Any]) -> list[str]:
    return [values.get("arn") or f"arn:aws:s3:::{values['bucket']}/{values['key']}"]


_IN_SCHEMA = ("database", "schema", "name")
_S3_OBJECT = ResourceAsset(("arn", "bucket", "key"), "S3Object", _object_path)
_SNOWFLAKE = {
    "table": "Table",
    "externalTable": "Table",
    "hybridTable": "Table",
    "icebergTable": "Table",
    "icebergTableFromAwsGlue": "Table",
    "icebergTableFromDeltaFiles": "Table",
    "icebergTableFromFiles": "Table",
    "icebergTableFromRest": "Table",
    "view": "View",
    "materializedView": "MaterialisedView",
    "dynamicTable": "SnowflakeDynamicTable",
    "stage": "SnowflakeStage",
    "stageInternal": "SnowflakeStage",
    "stageExternalAzure": "SnowflakeStage",
    "stageExternalGcs": "SnowflakeStage",
    "stageExternalS3": "SnowflakeStage",
    "stageExternalS3Compatible": "SnowflakeStage",
    "pipe": "SnowflakePipe",
    "streamOnTable": "SnowflakeStream",
    "streamOnView": "SnowflakeStream",
    "streamOnExternalTable": "SnowflakeStream",
    "streamOnDirectoryTable": "SnowflakeStream",
}


def _token(package: str, name: str) -> str:
    """Return the type token of a resource, whose module has its name."""
    separator = ":index/" if ":" not in package else "/"
    return f"{package}{separator}{name}:{name[0].upper()}{name[1:]}"


_ASSETS: dict[str, ResourceAsset] = {
    **{_token("snowflake", name): _named(kind, *_IN_SCHEMA) for name, kind in _SNOWFLAKE.items()},
    _token("gcp:bigquery", "table"): _typed(
        _named("Table", "project", "dataset_id", "table_id"), _bigquery_type, "view", "materialized_view"
    ),
    **{
        _token("databricks", name): _typed(
            _named("Table", "catalog_name", "schema_name", "name"), _table_or_view, "table_type"
        )
        for name in ("sqlTable", "table")
    },
    _token("aws:glue", "catalogTable"): _typed(
        _named("Table", "'AwsDataCatalog'", "database_name", "name"), _table_or_view, "table_type"
    ),
    **{_token("aws:s3", name): _named("S3Bucket", "arn") for name in ("bucket", "bucketV2")},
    **{_token("aws:s3", name): _S3_OBJECT for name in ("bucketObject", "bucketObjectv2", "objectCopy")},
    _token("gcp:storage", "bucket"): _named("GCSBucket", "name"),
    _token("kafka", "topic"): _named("KafkaTopic", "'topic'", "name"),
    _token("confluentcloud", "kafkaTopic"): _named("KafkaTopic", "'topic'", "topic_name"),
}
