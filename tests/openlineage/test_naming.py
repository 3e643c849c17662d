"""What a dataset's name has to look like."""

from __future__ import annotations

import doctest

import pytest

from atlan_pulumi.openlineage import _datasets, dataset_name_problem
from atlan_pulumi.openlineage import _datasets as _naming


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
        ("somebody's own", "anything at all"),
    ],
)
def test_names_that_will_do(namespace: str, name: str) -> None:
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
def test_names_that_will_not(namespace: str, name: str, form: str) -> None:
    objection = dataset_name_problem(namespace, name)
    assert objection is not None
    assert repr(name) in objection
    assert objection.endswith(form)


@pytest.mark.parametrize("module", [_naming, _datasets], ids=lambda module: module.__name__)
def test_the_short_examples_say_what_is_true(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert (results.attempted > 0, results.failed) == (True, 0)
