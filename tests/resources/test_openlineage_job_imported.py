"""An `OpenLineageJob` after an import: the state contains what Atlan shows, and replaces other resources."""

from __future__ import annotations

from typing import Any

import pytest
from importer import deploy
from importer.deploy import SPARK
from support.fixtures import client, server

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle._registry import lifecycle_of

__all__ = ["client", "server"]

SNOWFLAKE = "snowflake://abc123"
ATLANS = "default/snowflake/1657025257"


def given(namespace: str, **more: Any) -> dict[str, Any]:
    """Return a job from table 0 to table 2."""
    return {
        "connection": SPARK,
        "job_name": "dag",
        "inputs": [{"namespace": namespace, "name": "DB.S.T0"}],
        "outputs": [{"namespace": namespace, "name": "DB.S.T2"}],
        "columns": {"DB.S.T2.A": ["DB.S.T0.A", "DB.S.T0.B"]},
        **more,
    }


def changes(olds: dict[str, Any], news: dict[str, Any]) -> list[str]:
    """Return the properties that a change would touch."""
    job = lifecycle_of("OpenLineageJob", 1)
    checked = [job.check({}, each) for each in (olds, news)]
    assert [each.problems for each in checked] == [[], []]
    return job.diff(checked[0].inputs, checked[1].inputs).changed


def test_datasets_named_by_atlan_match_the_declared_ones() -> None:
    assert changes(given(ATLANS), given(SNOWFLAKE)) == []
    lower = {
        "inputs": [{"namespace": SNOWFLAKE, "name": "db.s.t0"}],
        "outputs": [{"namespace": SNOWFLAKE, "name": "db.s.t2"}],
        "columns": {"A": ["A", "B"]},
    }
    assert changes(given(ATLANS), given(SNOWFLAKE, **lower)) == []


@pytest.mark.parametrize(
    ("more", "changed"),
    [
        ({"inputs": [{"namespace": SNOWFLAKE, "name": "DB.S.T1"}], "columns": {"A": ["A", "B"]}}, "inputs"),
        ({"columns": {"A": ["A"]}}, "columns"),
        ({"columns": {"A": ["A", "B"], "B": ["B"]}}, "columns"),
        ({"producer": "https://example.com"}, "producer"),
    ],
)
def test_other_differences_remain(more: dict[str, Any], changed: str) -> None:
    assert changed in changes(given(ATLANS), given(SNOWFLAKE, **more))


def test_another_system_is_another_dataset() -> None:
    assert changes(given(SNOWFLAKE), given("snowflake://other")) == ["inputs", "outputs"]


@pytest.mark.parametrize("later", [False, True])
def test_column_processes_replaced_by_a_job_stay(client: AtlanClient, later: bool) -> None:
    connection = {"name": "ol", "connector": "spark", "qualified_name": SPARK}
    deploy.make(client, "OpenLineageConnection", "spark", admin_users=["jsmith"], **connection)
    job, column = lifecycle_of("OpenLineageJob", 1), lifecycle_of("ColumnProcess", 1)
    job.written = column.written = set()
    inputs = job.check({}, given(SNOWFLAKE)).inputs
    outputs = job.create(client, inputs)
    if later:  # a change of the job, in the deployment in which the column process goes
        job.written.clear()
        changed = job.check(inputs, given(SNOWFLAKE, columns={"A": ["A"]})).inputs
        outputs = job.update(client, outputs, changed)
    name = f"{outputs['qualified_name']}/column/A"
    before = client.entities.get_by_qualified_name("ColumnProcess", name)
    assert before is not None
    notes = column.delete(client, {"guid": str(before.guid), "qualified_name": name})
    assert notes == [f"ColumnProcess {name!r} was left in Atlan: this deployment has just written it"]
    after = client.entities.get_by_qualified_name("ColumnProcess", name)
    assert after is not None
    assert after.status == "ACTIVE"
