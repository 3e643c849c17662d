"""All kinds of resources have the same edges."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.declared import Declared, Edge
from atlan_pulumi.engine._notation import OURS
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN

WAREHOUSE = "default/snowflake/1657025257"
ORDERS, NET = f"{WAREHOUSE}/RAW/PUBLIC/ORDERS", f"{WAREHOUSE}/MART/PUBLIC/NET"
SPARK = "default/spark/1657025258"


def table(name: str) -> dict[str, str]:
    return {"type_name": "Table", "qualified_name": name}


def column(name: str) -> dict[str, str]:
    return {"type_name": "Column", "qualified_name": name}


def declare(kind: str, **inputs: Any) -> Declared:
    """Return a resource with validated inputs."""
    checked = lifecycle_of(kind, 1).check({}, inputs)
    assert not checked.problems, checked.problems
    return Declared(f"urn:pulumi:dev::shop::{OURS}{kind}::load", kind, checked.inputs)


def process(**changed: Any) -> Declared:
    given = {"name": "Load", "connection": WAREHOUSE, "process_id": "load"}
    return declare("Process", **{**given, "inputs": [table(ORDERS)], "outputs": [table(NET)], **changed})


def process_set(**changed: Any) -> Declared:
    load = {"inputs": ORDERS, "outputs": NET, "columns": {"SUM": ["A", "B"]}, "name": "Load"}
    return declare("ProcessSet", **{"connection": WAREHOUSE, "processes": {"load": load}, **changed})


def job(**changed: Any) -> Declared:
    datasets = {
        side: [{"namespace": "snowflake://abc", "name": name}]
        for side, name in (("inputs", "RAW.PUBLIC.ORDERS"), ("outputs", "MART.PUBLIC.NET"))
    }
    given = {"connection": SPARK, "job_name": "nightly", **datasets, "columns": {"SUM": ["A", "B"]}}
    return declare("OpenLineageJob", **{**given, **changed})


def sides(edge: Edge) -> tuple[list[str], list[str]]:
    return [each.name for each in edge.inputs], [each.name for each in edge.outputs]


def test_a_process_is_an_edge() -> None:
    (edge,) = process().edges

    assert str(edge) == f"Process '{WAREHOUSE}/load'"
    assert sides(edge) == ([ORDERS], [NET])
    assert not edge.is_column_process
    assert edge.process is None


def test_a_set_has_the_same_edges_as_separate_resources() -> None:
    load, total = process_set().edges

    assert (load.qualified_name, sides(load)) == (f"{WAREHOUSE}/load", ([ORDERS], [NET]))
    assert total.is_column_process
    assert sides(total) == ([f"{ORDERS}/A", f"{ORDERS}/B"], [f"{NET}/SUM"])
    assert total.process is not None
    assert total.process.name == f"{WAREHOUSE}/load"


def test_a_column_lineage_has_an_edge_for_each_column() -> None:
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    lineage = declare(
        "ColumnLineage",
        process=parent,
        columns={"SUM": ["A", "B"], "ID": "ID"},
        input_tables=[ORDERS],
        output_tables=[NET],
    )

    assert [sides(edge)[1] for edge in lineage.edges] == [[f"{NET}/ID"], [f"{NET}/SUM"]]
    assert {edge.process.name for edge in lineage.edges if edge.process} == {f"{WAREHOUSE}/load"}


def test_a_job_has_the_edges_that_atlan_creates_from_its_events() -> None:
    load, total = job().edges

    assert load.qualified_name == f"{SPARK}/nightly/process"
    assert sides(load) == (["snowflake://abc/RAW.PUBLIC.ORDERS"], ["snowflake://abc/MART.PUBLIC.NET"])
    assert total.is_column_process
    assert sides(total)[1] == ["snowflake://abc/MART.PUBLIC.NET/SUM"]
    assert [each.table.name for each in total.inputs] == ["snowflake://abc/RAW.PUBLIC.ORDERS"] * 2
    assert total.process is not None
    assert total.process.name == load.qualified_name


def test_a_connection_has_no_edges() -> None:
    etl = declare("Connection", name="etl", connector="spark", qualified_name=SPARK, admin_roles=["$admin"])

    assert etl.is_connection
    assert etl.edges == ()
    assert etl.whole


def test_an_unknown_input_hides_no_other() -> None:
    (edge,) = process(inputs=[table(ORDERS), UNKNOWN]).edges

    assert sides(edge) == ([ORDERS], [NET])
    assert edge.unknown == {"inputs"}


def test_unknown_inputs_hide_no_outputs() -> None:
    (edge,) = process(inputs=UNKNOWN, connection=UNKNOWN).edges

    assert sides(edge) == ([], [NET])
    assert edge.unknown == {"inputs"}
    assert str(edge) == "Process 'Load'"


@pytest.mark.parametrize("unknown", [UNKNOWN, {"load": UNKNOWN}])
def test_a_partly_unknown_set_is_not_whole(unknown) -> None:
    assert process_set().whole
    assert not process_set(processes=unknown).whole


def test_an_unknown_process_of_a_set_hides_no_other() -> None:
    known = {"inputs": ORDERS, "outputs": NET}

    found = process_set(processes={"a": UNKNOWN, "load": known})

    assert [edge.qualified_name for edge in found.edges] == [f"{WAREHOUSE}/load"]


def test_unknown_columns_do_not_hide_the_process_of_a_job() -> None:
    found = job(columns=UNKNOWN)

    assert [edge.type_name for edge in found.edges] == ["Process"]
    assert not found.whole


def test_unknown_inputs_do_not_hide_the_process_of_a_job() -> None:
    found = job(inputs=UNKNOWN)

    assert [sides(edge)[0] for edge in found.edges] == [[]]
    assert found.edges[0].unknown == {"inputs"}
