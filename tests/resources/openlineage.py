"""Lifecycles and declarations for the tests of OpenLineage resources."""

from __future__ import annotations

from typing import Any

from support.atlan import WAREHOUSE

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of

Props = dict[str, Any]
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
OL = "default/spark/1700000000"
JOB = f"{OL}/dag"
PROCESS = f"{JOB}/process"
CONNECTION_LIFECYCLE = lifecycle_of("OpenLineageConnection", 1)
EVENTS = "POST /events/openlineage/spark/api/v1/lineage"
TABLES = f"{WAREHOUSE}/DB/S"


def ds(number: int | str, **facets: Any) -> Props:
    """Return a dataset for one of the seed's tables."""
    return {"namespace": SNOWFLAKE, "name": f"DB.S.T{number}", **facets}


def connection(**changed: Any) -> Props:
    given: Props = {
        "name": "ol-spark",
        "connector": "spark",
        "qualified_name": OL,
        "admin_roles": ["$admin"],
        "managed_by": mark("shop/prod", "spark"),
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


def job(**changed: Any) -> Props:
    given: Props = {
        "connection": OL,
        "job_name": "dag",
        "inputs": [ds(0)],
        "outputs": [ds(1)],
        "managed_by": mark("shop/prod", "nightly"),
        "wait_seconds": 20.0,
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


def checked(
    lifecycle: Any, news: Props, olds: Props | None = None, client: AtlanClient | None = None
) -> Props:
    answer = lifecycle.check(olds or {}, news, (lambda: client) if client else None)
    assert answer.problems == []
    return dict(answer.inputs)


def problems(lifecycle: Any, news: Props, client: AtlanClient | None = None) -> list[tuple[str, str]]:
    answer = lifecycle.check({}, news, (lambda: client) if client else None)
    return list(map(tuple, [*answer.problems, *answer.absent]))


def make_connection(client: AtlanClient, **changed: Any) -> Props:
    lifecycle = lifecycle_of("OpenLineageConnection", 1)  # as in a separate run
    return lifecycle.create(client, checked(lifecycle, connection(**changed)))
