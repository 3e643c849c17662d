"""A job whose columns its SQL decides: what is derived, what is sent, and what cannot be derived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pulumi
import pytest
from pyatlan.model.assets import ColumnProcess
from resources.openlineage import OL, PROCESS, SNOWFLAKE, Props, checked, ds, job, make_connection
from support.atlan import SEED, Witness, table_name
from support.fixtures import client
from support.recorder import declared
from support.stack import NewStack

import atlan_pulumi as atlan
from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

SQL = """insert into DB.S.T1 (ID, A)
select o.ID, sum(case when r.A > 0 then o.B end) from DB.S.T0 o join DB.S.T2 r on r.ID = o.ID
where o.A = 1 group by o.ID"""
POSTGRES = "postgres://shop:5432"


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that processes events shortly after it accepts them."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}, event_delay_ms=20) as server:
        yield server


def job_of(**given: Any) -> Props:
    """Return the inputs with which a job is registered."""
    given = {"connection": OL, "inputs": [ds(0), ds(2)], "outputs": [ds(1)], "sql": SQL, **given}

    def program() -> None:
        every = {name: value() if callable(value) else value for name, value in given.items()}
        atlan.OpenLineageJob("dag", **every)

    seen = declared(program)["dag"].inputs
    return {name: value for name, value in seen.items() if name not in ("managed_by", "findings")}


def test_columns_come_from_the_sql_with_how_they_are_derived() -> None:
    found = job_of()
    assert found["job_facets"] == {"sql": {"query": SQL}}
    assert found["columns"] == {
        "DB.S.T1.A": ["DB.S.T0.B", "DB.S.T2.A"],
        "DB.S.T1.ID": ["DB.S.T0.ID"],
    }
    assert found["transformations"] == {
        "DB.S.T1.A": {"DB.S.T0.B": "AGGREGATION", "DB.S.T2.A": "CONDITIONAL"},
        "DB.S.T1.ID": {"DB.S.T0.ID": "IDENTITY"},
    }
    assert found["indirect"] == {
        "DB.S.T1": {
            "DB.S.T0.A": ["FILTER"],
            "DB.S.T0.ID": ["GROUP_BY", "JOIN"],
            "DB.S.T2.ID": ["JOIN"],
        }
    }


def test_a_generic_connection_has_direct_edges_only() -> None:
    found = job_of(connection="default/generic-openlineage/1700000000")
    assert found["columns"] == {"DB.S.T1.A": ["DB.S.T0.B"], "DB.S.T1.ID": ["DB.S.T0.ID"]}


@pytest.mark.parametrize(
    "given",
    [
        {"columns": {"DB.S.T1.ID": ["DB.S.T2.ID"]}},
        {"derive": False},
        {"outputs": [ds(1, facets={"columnLineage": {"fields": {}}})]},
        {"sql": None, "job_facets": {"sql": {"query": SQL}}},
    ],
)
def test_nothing_is_derived_where_nothing_is_asked_for(given: dict[str, Any]) -> None:
    found = job_of(**given)
    assert found.get("columns") == given.get("columns")
    assert not found.keys() & {"transformations", "indirect", "derive", "sql"}


def test_a_facet_of_the_author_wins() -> None:
    own = {"sql": {"query": "q", "dialect": "spark"}, "documentation": {"description": "d"}}
    assert job_of(job_facets=own)["job_facets"] == own
    assert job_of(job_facets=lambda: pulumi.Output.from_input({}))["job_facets"] == {"sql": {"query": SQL}}


def test_columns_of_datasets_expand_stars() -> None:
    fields = {"schema": {"fields": [{"name": "ID"}, {"name": "A"}]}}
    found = job_of(
        inputs=[{"namespace": POSTGRES, "name": "shop.public.orders", "facets": fields}],
        outputs=[{"namespace": SNOWFLAKE, "name": "SHOP.PUBLIC.ORDERS"}, "s3://lake/out/orders.csv"],
        sql="insert into shop.public.orders select * from shop.public.orders",
        derive=atlan.SqlContext(dialect="spark"),
        reads_own_output=True,
    )
    assert found["columns"] == {
        "SHOP.PUBLIC.ORDERS.ID": ["shop.public.orders.ID"],
        "SHOP.PUBLIC.ORDERS.A": ["shop.public.orders.A"],
    }


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("selec ID from DB.S.T0", "this cannot be parsed"),
        ("insert into T1 select ID from NOWHERE", "table 'NOWHERE' has no database and schema"),
    ],
)
def test_sql_that_cannot_be_read_is_refused_by_the_provider(sql: str, reason: str) -> None:
    columns = job_of(sql=sql)["columns"]
    assert columns.startswith("[not derived: cannot be derived from the SQL: line 1, column ")
    assert reason in columns
    problems = lifecycle_of("OpenLineageJob", 1).check({}, job(columns=columns)).problems
    assert [each.property for each in problems] == ["columns"]
    assert reason in problems[0].reason


def test_other_tables_are_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, _resource: seen.append(text))
    job_of(inputs=[ds(0), ds(3)], derive=True)
    assert seen == [
        "the SQL of 'dag' does not read 'DB.S.T3', which is declared",
        "the SQL of 'dag' also reads 'DB.S.T2', which is not declared",
    ]
    seen.clear()
    job_of(inputs=[ds(0), ds(3)], sql=lambda: pulumi.Output.secret(SQL))
    (line,) = seen
    assert line == (
        "the SQL of 'dag' reads or writes other tables than the declared inputs and outputs; they are not "
        "named here, since the SQL is a secret"
    )


def test_derive_needs_sql() -> None:
    with pytest.raises(ResourceError) as caught:
        job_of(sql=None, derive=True)
    assert str(caught.value) == "OpenLineageJob 'dag': derive needs sql"


def test_atlan_gets_and_shows_what_is_derived(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    make_connection(client)
    core = lifecycle_of("OpenLineageJob", 1)
    found = job_of()
    names = ("inputs", "outputs", "columns", "transformations", "indirect", "job_facets")
    given = job(**{name: found[name] for name in names})
    outputs = core.create(client, checked(core, given, client=client))
    assert witness.names(ColumnProcess, f"{PROCESS}/column/A", "inputs") == {
        f"{table_name(0)}/B",
        f"{table_name(2)}/A",
    }
    events = httpx.get(f"{server.base_url}/_local/events").raise_for_status().json()["events"]
    facet = events[0]["event"]["outputs"][0]["facets"]["columnLineage"]
    steps = {each["field"]: each["transformations"] for each in facet["fields"]["A"]["inputFields"]}
    assert steps == {
        "B": [{"type": "DIRECT", "subtype": "AGGREGATION"}],
        "A": [{"type": "INDIRECT", "subtype": "CONDITIONAL"}],
    }
    assert len(facet["dataset"]) == 3
    seen = core.read(client, PROCESS, outputs)
    assert (seen.outputs, seen.notes) == (outputs, [])
    assert core.diff(outputs, checked(core, given, outputs)).changed == []
    changed = {
        **given,
        "transformations": {**given["transformations"], "DB.S.T1.ID": {"DB.S.T0.ID": "TRANSFORMATION"}},
    }
    assert core.diff(outputs, checked(core, changed, outputs)).changed == ["transformations"]


@pytest.mark.engine
@pytest.mark.soak
def test_columns_are_looked_up_in_the_catalog_of_the_context(new_stack: NewStack, witness: Witness) -> None:
    sql = "insert into DB.S.T1 select * from DB.S.T0"
    stack = new_stack(
        f"spark = atlan.OpenLineageConnection('spark', name='ol-spark', connector='spark',\n"
        f"    qualified_name={OL!r}, admin_roles=['$admin'], partial_assets=False)\n"
        f"atlan.OpenLineageJob('dag', connection=spark, inputs=[{ds(0)!r}], outputs=[{ds(1)!r}],\n"
        f"    sql={sql!r}, derive=atlan.SqlContext(connection=WAREHOUSE))\n"
    )
    columns = {f"DB.S.T1.{name}": [f"DB.S.T0.{name}"] for name in ("ID", "A", "B")}
    assert stack.preview().step("dag").new["columns"] == columns
    stack.up()
    assert witness.names(ColumnProcess, f"{PROCESS}/column/B", "inputs") == {f"{table_name(0)}/B"}
    stack.settled()
