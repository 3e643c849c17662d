"""Asset: inputs and outputs of edges."""

from __future__ import annotations

import pytest

from atlan_pulumi.declared import DATASET, Asset
from atlan_pulumi.lifecycle._values import UNKNOWN

TABLE = "default/snowflake/1657025257/RAW/PUBLIC/ORDERS"


def asset_of(**reference):
    return Asset.of(reference)


def test_a_reference_by_name_has_a_path_within_its_connection() -> None:
    assert asset_of(type_name="Table", qualified_name=TABLE) == Asset("Table", TABLE, "raw/public/orders")


def test_a_reference_by_guid_has_no_path() -> None:
    guid = "b2c9bb5c-5cfa-4b5a-9ac5-2bd1d9a5ac0f"

    assert asset_of(type_name="Table", guid=guid) == Asset("Table", guid, "")


def test_a_dataset_has_the_path_of_its_table() -> None:
    dataset = asset_of(namespace="snowflake://abc", name="RAW.PUBLIC.ORDERS")

    assert dataset == Asset(
        DATASET, "snowflake://abc/RAW.PUBLIC.ORDERS", "raw/public/orders", "snowflake://abc"
    )
    assert dataset is not None
    assert dataset.path == asset_of(type_name="Table", qualified_name=TABLE).path


@pytest.mark.parametrize(
    "reference",
    [
        {"type_name": "Table", "qualified_name": UNKNOWN},
        {"type_name": "Table", "guid": UNKNOWN},
        {"namespace": UNKNOWN, "name": "x"},
        {"namespace": "s3://lake", "name": UNKNOWN},
    ],
)
def test_an_unknown_reference_is_no_asset(reference) -> None:
    assert Asset.of(reference) is None


def test_a_pattern_may_match_a_dataset_by_slashes() -> None:
    dataset = asset_of(namespace="snowflake://abc.com", name="RAW.PUBLIC.ORDERS")
    field = asset_of(namespace="bigquery", name="raw.orders", field="ID")

    assert dataset.names == ("snowflake://abc.com/RAW.PUBLIC.ORDERS", "snowflake://abc.com/RAW/PUBLIC/ORDERS")
    assert field.names == ("bigquery/raw.orders/ID", "bigquery/raw/orders/ID")
    assert asset_of(type_name="Table", qualified_name=f"{TABLE}.v2").names == (f"{TABLE}.v2",)


def test_the_table_of_a_column() -> None:
    assert asset_of(type_name="Column", qualified_name=f"{TABLE}/ID").table == asset_of(
        type_name="Table", qualified_name=TABLE
    )


def test_the_dataset_of_a_field() -> None:
    field = asset_of(namespace="snowflake://abc", name="RAW.PUBLIC.ORDERS", field="ID")

    assert field is not None
    assert (field.name, field.path) == ("snowflake://abc/RAW.PUBLIC.ORDERS/ID", "raw/public/orders/id")
    assert field.is_field
    assert field.table == asset_of(namespace="snowflake://abc", name="RAW.PUBLIC.ORDERS")


def test_other_assets_are_their_own_table() -> None:
    table = asset_of(type_name="Table", qualified_name=TABLE)
    by_guid = asset_of(type_name="Column", guid="b2c9bb5c-5cfa-4b5a-9ac5-2bd1d9a5ac0f")

    assert table.table is table
    assert by_guid.table is by_guid
