"""Which connection a namespace has."""

from __future__ import annotations

import pytest

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage._dataset_connections import (
    key_of,
    left_out,
    refuse_connection,
    refuse_uncovered,
    used_keys,
)
from atlan_pulumi.openlineage._job_lineage import DatasetName

KEYS = {"s3://*": "default/s3/1", "s3://tmp*": None, "s3://tmp-kept": "default/s3/2", "file": None}


@pytest.mark.parametrize(
    ("namespace", "key"),
    [
        ("s3://lake", "s3://*"),
        ("s3://tmp-1", "s3://tmp*"),
        ("s3://tmp-kept", "s3://tmp-kept"),
        ("file", "file"),
        ("file://host", None),
        ("S3://lake", None),
    ],
)
def test_the_name_itself_or_the_longest_beginning(namespace: str, key: str | None) -> None:
    assert key_of(namespace, KEYS) == key


def test_none_leaves_out() -> None:
    names = ["s3://lake", "s3://tmp-1", "s3://tmp-kept", "file", "unknown"]
    assert [left_out(DatasetName(each, "a"), KEYS) for each in names] == [False, True, False, True, False]
    assert used_keys([DatasetName(each, "a") for each in names], KEYS) == KEYS.keys()


def test_all_namespaces_without_a_connection_are_listed_once() -> None:
    names = [("b", "1"), ("a\x1b", "1"), ("b", "2"), ("b", "1"), ("file", "x")]
    with pytest.raises(OpenLineageError) as refused:
        refuse_uncovered([DatasetName(*each) for each in names], KEYS)
    assert str(refused.value) == (
        r"connections has no connection for 2 namespaces: 'a\x1b' (1 dataset), 'b' (2 datasets); map each to "
        "a connection's qualifiedName, or to None to leave its datasets out"
    )


@pytest.mark.parametrize("value", ["default/snowflake/1657025257", "default/mysql/1657025257/def"])
def test_a_connection_or_a_database_in_it(value: str) -> None:
    refuse_connection("a", value)


@pytest.mark.parametrize("value", ["", "warehouse", "default/snowflake", "default//1", "default/s3/1/"])
def test_what_is_no_connection(value: str) -> None:
    with pytest.raises(OpenLineageError, match=r"connections\['a'\]: .* is not the qualifiedName of a conn"):
        refuse_connection("a", value)
