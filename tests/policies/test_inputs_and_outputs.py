"""`inputs-and-outputs`: from something to something else."""

from __future__ import annotations

from typing import Any

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, Resource, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.inputs_and_outputs import inputs_and_outputs

LABEL = f"Process '{WAREHOUSE}/load'"
SPARK = "default/spark/1657025400"
SNOWFLAKE = "snowflake://abc"


def told(*resources, **settings):
    return violations(inputs_and_outputs, *resources, **settings)


def as_refreshed(kind: str, **props: Any) -> Resource:
    """A resource of a state, which holds what a refresh has found; no program could declare it."""
    name = f"{props['connection']}/load" + ("/process" if kind == "OpenLineageJob" else "")
    return Resource(kind, "load", {"name": "load", "qualified_name": name, **props})


def dataset(name, namespace=SNOWFLAKE):
    return {"namespace": namespace, "name": name}


def job(inputs, outputs, **more):
    return resource(
        "OpenLineageJob", "load", connection=SPARK, job_name="load", inputs=inputs, outputs=outputs, **more
    )


def test_one_to_another_passes():
    assert told(process("load", ["RAW/P/A", "RAW/P/B"], ["MART/P/A", "MART/P/B"])) == []


def test_one_asset_in_another_case_is_its_own_source():
    (line,) = told(process("load", "RAW/P/A", "raw/p/a"))

    assert line == (
        f"load: {LABEL}: inputs: Table '{WAREHOUSE}/RAW/P/A' is also an output, "
        f"as Table '{WAREHOUSE}/raw/p/a': it cannot be its own source: take it out of one of the two"
    )


def test_one_asset_as_another_type_is_its_own_source():
    view = [{"type_name": "View", "qualified_name": f"{WAREHOUSE}/RAW/P/A"}]
    loop = resource(
        "Process",
        "load",
        name="load",
        connection=WAREHOUSE,
        process_id="load",
        inputs=tables("RAW/P/A"),
        outputs=view,
    )

    (line,) = told(loop)
    assert f"Table '{WAREHOUSE}/RAW/P/A' is also an output, as View '{WAREHOUSE}/RAW/P/A'" in line


def test_sides_that_are_the_same_are_told_at_once():
    (line,) = told(process("load", ["RAW/P/A", "RAW/P/B"], ["raw/p/b", "raw/p/a"]))

    assert line == (
        f"load: {LABEL}: inputs: are the same as the outputs: an asset cannot be its own source: "
        "name what it is made of"
    )


def test_each_asset_on_both_sides_is_told():
    lines = told(process("load", ["RAW/P/A", "RAW/P/B", "RAW/P/C"], ["raw/p/b", "raw/p/a"]))

    assert [line.split("'")[3] for line in lines] == [f"{WAREHOUSE}/RAW/P/A", f"{WAREHOUSE}/RAW/P/B"]


def test_one_path_in_two_connections_is_a_copy():
    other = "default/postgres/1657025999"
    copy = resource(
        "Process",
        "copy",
        name="copy",
        connection=WAREHOUSE,
        process_id="copy",
        inputs=[{"type_name": "Table", "qualified_name": f"{other}/SHOP/PUBLIC/ORDERS"}],
        outputs=tables("SHOP/PUBLIC/ORDERS"),
    )

    assert told(copy) == []
    lake = [dataset("orders", "s3://raw")], [dataset("orders", "s3://clean")]
    assert told(job(*lake)) == []


def test_a_file_and_one_below_it_are_two():
    assert told(process("load", "RAW/P/A", "RAW/P/A_CLEAN")) == []
    assert told(process("load", "RAW/P/A", "RAW/P/A/B")) == []


def test_what_is_known_by_its_guid_alone_is_compared_by_that():
    guids = [f"495b1516-aaaf-4390-8cfd-b11ade7a779{number}" for number in (1, 2)]
    sides = [[{"type_name": "Table", "guid": guid}] for guid in guids]
    shared = {"name": "load", "connection": WAREHOUSE, "process_id": "load"}

    assert told(resource("Process", "load", **shared, inputs=sides[0], outputs=sides[1])) == []
    upper = [{"type_name": "Table", "guid": guids[0].upper()}]
    assert len(told(resource("Process", "load", **shared, inputs=sides[0], outputs=upper))) == 1
    assert told(resource("Process", "load", **shared, inputs=sides[0], outputs=tables("MART/P/A"))) == []


def test_a_dataset_and_its_asset_are_one():
    found = as_refreshed(
        "OpenLineageJob",
        connection=SPARK,
        job_name="load",
        inputs=[dataset("RAW.P.A")],
        outputs=[dataset("raw.p.a", WAREHOUSE)],  # as a refresh tells an asset that was not declared
    )

    (line,) = told(found)
    assert (
        f"inputs: Dataset '{SNOWFLAKE}/RAW.P.A' is also an output, as Dataset '{WAREHOUSE}/raw.p.a'" in line
    )


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_side_of_which_nothing_is_left_fails(side):
    sides = {"inputs": tables("RAW/P/A"), "outputs": tables("MART/P/A"), side: []}

    assert told(as_refreshed("Process", connection=WAREHOUSE, process_id="load", **sides)) == [
        f"load: {LABEL}: {side}: are empty: give at least one asset, or remove the edge"
    ]


def test_a_column_that_is_its_own_source_fails():
    below = resource(
        "ColumnProcess",
        "id",
        name="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        process_id="load.id",
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("RAW/P/A/id"),
    )

    (line,) = told(below)
    assert line.startswith(
        f"id: ColumnProcess '{WAREHOUSE}/load.id': inputs: Column '{WAREHOUSE}/RAW/P/A/ID'"
    )


def test_columns_of_one_table_may_be_made_of_one_another():
    lineage = resource(
        "ColumnLineage",
        "columns",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        columns={"NET": ["GROSS", "TAX"], "gross": "GROSS"},
        input_tables=[f"{WAREHOUSE}/RAW/P/A"],
        output_tables=[f"{WAREHOUSE}/RAW/P/A"],
    )

    (line,) = told(lineage)
    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/gross': inputs: ")


def test_each_process_of_a_set_is_judged_with_its_columns():
    loops = {"inputs": "RAW/P/A", "outputs": "raw/p/a", "columns": {"ID": "id"}}
    fine = {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}}

    lines = told(resource("ProcessSet", "set", connection=WAREHOUSE, processes={"a": loops, "b": fine}))
    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/a'",
        f"ColumnProcess '{WAREHOUSE}/a/column/ID'",
    ]


def test_many_edges_are_told_in_short():
    loop = {"inputs": "RAW/P/A", "outputs": "raw/p/a"}
    lots = {f"p{number:02}": loop for number in range(30)}

    lines = told(resource("ProcessSet", "set", connection=WAREHOUSE, processes=lots))
    assert len(lines) == 11
    assert lines[-1] == "set: … and 20 more like these"


def test_a_job_with_its_columns_passes():
    assert told(job([dataset("RAW.P.A")], [dataset("MART.P.A")], columns={"ID": ["ID"]})) == []


def test_what_a_preview_does_not_know_is_passed_over_and_the_rest_is_judged():
    assert told(process("load", UNKNOWN_YET, "MART/P/A")) == []
    assert told(process("load", [UNKNOWN_YET], UNKNOWN_YET)) == []
    (line,) = told(process("load", [UNKNOWN_YET, "RAW/P/A"], ["raw/p/a"], connection=UNKNOWN_YET))
    assert line.startswith(f"load: Process 'load': inputs: Table '{WAREHOUSE}/RAW/P/A' is also an output")


def test_sides_of_which_not_all_is_known_are_not_called_the_same():
    lines = told(process("load", [UNKNOWN_YET, "RAW/P/A", "RAW/P/B"], ["raw/p/b", "raw/p/a"]))

    assert len(lines) == 2


def test_what_may_be_on_both_sides_is_passed_over():
    snapshot = process("load", "RAW/SNAPSHOTS/A", "raw/snapshots/a")

    assert told(snapshot) != []
    assert told(snapshot, ignore=["*/SNAPSHOTS/*"]) == []
    assert told(snapshot, file={"ignore": ["*/snapshots/*"]}) == []
    assert told(snapshot, ignore=["*/SNAPSHOTS"]) != []


def test_a_connection_has_no_sides():
    assert told(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ignore": [""]}, "ignore[0]: string should have at least 1 character"),
        ({"ignore": "*"}, "ignore: must be a valid list"),
        ({"ignored": ["*"]}, "ignored: there is no such setting; did you mean 'ignore'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        inputs_and_outputs(None, **settings)

    assert reason in str(caught.value)


def test_it_cannot_remediate():
    with pytest.raises(PolicyError, match="the rule 'inputs-and-outputs' cannot remediate"):
        inputs_and_outputs("remediate")


def test_a_process_that_is_declared_to_read_its_output_passes():
    assert told(process("merge", ["RAW/P/A", "RAW/P/B"], "RAW/P/B", reads_own_output=True)) == []
