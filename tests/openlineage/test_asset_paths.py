"""The asset that a dataset is, for every system that OpenLineage's client names."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openlineage.client.naming import dataset as naming

from atlan_pulumi.openlineage._asset_paths import AssetPath, DatasetNameError, asset_path_of
from atlan_pulumi.openlineage._events import DatasetType

#: Names of databases, schemas, and tables without dots and quotes.
PART = st.text(st.characters(exclude_characters='./"`', categories=["L", "N", "P"]), min_size=1, max_size=8)
QUOTED = st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=6)
DATABASES = [
    (naming.Athena("eu-west-1", "AwsDataCatalog", "shop", "orders"), 0, "AwsDataCatalog/shop/orders"),
    (naming.AWSGlue("eu-west-1", "123", "shop", "orders"), 0, "AwsDataCatalog/shop/orders"),
    (naming.AWSGlue("eu-west-1", "123", "shop", "orders"), 1, "shop/orders"),
    (naming.AzureDataExplorer("h", "shop", "orders"), 0, "shop/orders"),
    (naming.AzureSynapse("h", "1433", "dbo", "orders"), 1, "dbo/orders"),
    (naming.BigQuery("shop-1", "mart", "orders"), 0, "shop-1/mart/orders"),
    (naming.BigQuery("example.com:shop", "mart", "orders"), 0, "example.com:shop/mart/orders"),
    (naming.Cassandra("h", "1", "shop", "orders"), 0, "shop/orders"),
    (naming.MySQL("h", "1", "shop", "orders"), 1, "shop/orders"),
    (naming.CrateDB("h", "1", "crate", "doc", "orders"), 0, "crate/doc/orders"),
    (naming.DB2("h", "1", "db", "s", "orders"), 0, "db/s/orders"),
    (naming.OceanBase("h", "1", "shop", "orders"), 0, "shop/orders"),
    (naming.Oracle("h", "1", "orcl", "shop", "orders"), 0, "orcl/shop/orders"),
    (naming.Postgres("h", "1", "shop", "public", "orders"), 0, "shop/public/orders"),
    (naming.Teradata("h", "1", "shop", "orders"), 0, "shop/orders"),
    (naming.Redshift("c", "r", "1", "shop", "public", "orders"), 0, "shop/public/orders"),
    (naming.Snowflake("org", "acc", "RAW", "PUBLIC", "ORDERS"), 0, "RAW/PUBLIC/ORDERS"),
    (naming.Trino("h", "1", "hive", "shop", "orders"), 0, "hive/shop/orders"),
    (naming.Hive("h", "1", "shop", "orders"), 0, "shop/orders"),
]
STORES = [
    (naming.S3("lake", "in/a.csv"), "S3Object", "arn:aws:s3:::lake/in/a.csv"),
    (naming.S3("lake", "/"), "S3Bucket", "arn:aws:s3:::lake"),
    (naming.GCS("lake", "in/a.csv"), "GCSObject", "lake/in/a.csv"),
    (naming.GCS("lake", "/"), "GCSBucket", "lake"),
    (naming.ABFSS("raw", "shop", "in/a.csv"), "ADLSObject", "shop/raw/in/a.csv"),
    (naming.WASBS("raw", "shop", "/"), "ADLSContainer", "shop/raw"),
    (naming.Kafka("broker", "9092", "shop.orders"), "KafkaTopic", "topic/shop.orders"),
    (naming.LocalFileSystem("/data/a.csv"), "File", "data/a.csv"),
    (naming.RemoteFileSystem("host", "data/a.csv"), "File", "data/a.csv"),
    (naming.HDFS("h", "8020", "/data/a"), "File", "data/a"),
    (naming.DBFS("ws", "/data/a"), "File", "data/a"),
]
#: Systems of which Atlan's names are not known here: the name of the dataset is the path.
NOT_KNOWN = {"AzureCosmosDB", "PubSubNaming"}


@pytest.mark.parametrize(("named", "extra", "path"), DATABASES)
def test_tables(named: naming.DatasetNaming, extra: int, path: str) -> None:
    found = asset_path_of(named.get_namespace(), named.get_name(), extra=extra)
    assert found == AssetPath("Table", path)


@pytest.mark.parametrize(("named", "type_name", "path"), STORES)
def test_files_objects_and_topics(named: naming.DatasetNaming, type_name: str, path: str) -> None:
    assert asset_path_of(named.get_namespace(), named.get_name()) == AssetPath(type_name, path)


def test_every_system_of_the_client_is_covered() -> None:
    classes = {
        name for name, each in inspect.getmembers(naming, inspect.isclass) if hasattr(each, "get_namespace")
    }
    covered = {type(each[0]).__name__ for each in (*DATABASES, *STORES)}
    assert classes - {"DatasetNaming"} == covered | NOT_KNOWN


@given(st.lists(PART, min_size=3, max_size=3))
def test_the_parts_of_a_name_are_the_segments_of_the_path(parts: list[str]) -> None:
    for namespace in ("snowflake://a-b", "trino://h:1", "unknown"):
        assert asset_path_of(namespace, ".".join(parts)).path == "/".join(parts)


@given(
    st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=6), min_size=3, max_size=3)
)
@pytest.mark.parametrize("quote", ['"', "`"])
def test_quoted_parts_may_contain_dots_and_quotes(quote: str, parts: list[str]) -> None:
    quoted = [f"{quote}{part.replace(quote, quote * 2)}{quote}" for part in parts]
    assert asset_path_of("snowflake://a-b", ".".join(quoted)).path == "/".join(parts)


@pytest.mark.parametrize(
    ("namespace", "name", "extra", "reason"),
    [
        (
            "snowflake://a",
            "A.B.C.D",
            0,
            "'A.B.C.D' is not a snowflake dataset name of the form",
        ),
        ("snowflake://a", "A..C", 0, "'A..C' is not a snowflake dataset name"),
        ("snowflake://a", "A.B.", 0, "'A.B.' is not a snowflake dataset name"),
        (
            "postgres://h:1",
            "public.t",
            0,
            "'public.t' has no database (postgres names have",
        ),
        ("postgres://h:1", "t", 1, "'t' has no database"),
        ("file", "/", 0, "the root of a file system is not a dataset"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(namespace: str, name: str, extra: int, reason: str) -> None:
    with pytest.raises(DatasetNameError) as refused:
        asset_path_of(namespace, name, extra=extra)
    assert str(refused.value).startswith(reason)


def test_the_database_may_be_in_the_connection() -> None:
    assert asset_path_of("postgresql://h:1", "public.t", extra=1).path == "public/t"


@pytest.mark.parametrize(
    ("kind", "sub", "type_name"),
    [
        ("VIEW", None, "View"),
        ("view", "MATERIALIZED", "MaterialisedView"),
        ("TABLE", "EXTERNAL", "Table"),
        ("MODEL", None, "Table"),
    ],
)
def test_the_type_that_an_event_says(kind: str, sub: str | None, type_name: str) -> None:
    given_ = DatasetType(datasetType=kind, subType=sub)
    assert asset_path_of("snowflake://a", "A.B.C", given_).type_name == type_name
    assert asset_path_of("s3://a", "b", given_).type_name == "S3Object"


def test_a_table_of_sparks_own_catalog() -> None:
    found = asset_path_of("file:/tmp/warehouse", "default.orders", is_table=True)
    assert found == AssetPath("Table", "default/orders")
