"""The form of dataset names."""

from __future__ import annotations

import doctest

import pytest

from atlan_pulumi.openlineage import _datasets, dataset_name_problem


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("snowflake://abc123.snowflakecomputing.com", "OPS.DEFAULT.RUN_STATS"),
        ("SNOWFLAKE://abc", "A.B.C"),
        ("bigquery", "project.dataset.table"),
        ("mysql://host:3306", "db.table"),
        ("postgres://host:5432", "db.schema.table"),
        ("snowflake://abc", 'DB.S."odd.name"'),
        ("s3://lake", "in/orders.csv"),
        ("file", "/tmp/warehouse/orders"),
        ("kafka://broker:9092", "topic"),
        ("custom", "anything at all"),
    ],
)
def test_valid_dataset_names(namespace: str, name: str) -> None:
    assert dataset_name_problem(namespace, name) is None


@pytest.mark.parametrize(
    ("namespace", "name", "form"),
    [
        ("snowflake://abc", "RUN_STATS", "DATABASE.SCHEMA.TABLE"),
        ("snowflake://abc", "DEFAULT.RUN_STATS", "DATABASE.SCHEMA.TABLE"),
        ("snowflake://abc", "A.B.C.D", "DATABASE.SCHEMA.TABLE"),
        ("snowflake://abc", "A..C", "DATABASE.SCHEMA.TABLE"),
        ("snowflake://abc", "A. .C", "DATABASE.SCHEMA.TABLE"),
        ("hive://host", "table", "DATABASE.TABLE"),
        ("mysql://host", "a.b.c", "DATABASE.TABLE"),
    ],
)
def test_invalid_dataset_names(namespace: str, name: str, form: str) -> None:
    problem = dataset_name_problem(namespace, name)
    assert problem is not None
    assert repr(name) in problem
    assert problem.endswith(form)


def test_the_docstring_examples() -> None:
    results = doctest.testmod(_datasets)
    assert (results.attempted > 0, results.failed) == (True, 0)
