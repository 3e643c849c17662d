"""`inputs-and-outputs`: edges have inputs and outputs, and no asset is both."""

from __future__ import annotations

from typing import Any

import pytest
from policies.harness import (
    ENGINE_UNKNOWN,
    WAREHOUSE,
    Resource,
    columns,
    process,
    resource,
    tables,
    violations,
)

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.inputs_and_outputs import inputs_and_outputs

LABEL = f"Process '{WAREHOUSE}/load'"
SPARK = "default/spark/1657025400"
SNOWFLAKE = "snowflake://abc"


def check(*resources, **settings):
    return violations(inputs_and_outputs, *resources, **settings)


def as_refreshed(kind: str, **props: Any) -> Resource:
    """Return a resource of a state after a refresh, which no program can declare."""
    name = f"{props['connection']}/load" + ("/process" if kind == "OpenLineageJob" else "")
    return Resource(kind, "load", {"name": "load", "qualified_name": name, **props})


def dataset(name, namespace=SNOWFLAKE):
    return {"namespace": namespace, "name": name}


def job(inputs, outputs, **more):
    return resource(
        "OpenLineageJob", "load", connection=SPARK, job_name="load", inputs=inputs, outputs=outputs, **more
    )


def test_different_inputs_and_outputs_pass():
    assert check(process("load", ["RAW/P/A", "RAW/P/B"], ["MART/P/A", "MART/P/B"])) == []


def test_names_that_differ_in_case_are_the_same_asset():
    (line,) = check(process("load", "RAW/P/A", "raw/p/a"))

    assert line == (
        f"load: {LABEL}: inputs: Table '{WAREHOUSE}/RAW/P/A' is also an output, "
        f"as Table '{WAREHOUSE}/raw/p/a': it cannot be its own source: remove it from one of the two"
    )


def test_a_view_and_a_table_of_the_same_name_are_the_same_asset():
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

    (line,) = check(loop)
    assert f"Table '{WAREHOUSE}/RAW/P/A' is also an output, as View '{WAREHOUSE}/RAW/P/A'" in line


def test_identical_sides_are_one_violation():
    (line,) = check(process("load", ["RAW/P/A", "RAW/P/B"], ["raw/p/b", "raw/p/a"]))

    assert line == (
        f"load: {LABEL}: inputs: are the same as the outputs: an asset cannot be its own source: "
        "set the assets that it reads"
    )


def test_each_asset_on_both_sides_is_reported():
    lines = check(process("load", ["RAW/P/A", "RAW/P/B", "RAW/P/C"], ["raw/p/b", "raw/p/a"]))

    assert [line.split("'")[3] for line in lines] == [f"{WAREHOUSE}/RAW/P/A", f"{WAREHOUSE}/RAW/P/B"]


def test_the_same_path_in_two_connections_is_two_assets():
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

    assert check(copy) == []
    lake = [dataset("orders", "s3://raw")], [dataset("orders", "s3://clean")]
    assert check(job(*lake)) == []


def test_a_name_that_is_a_prefix_is_another_asset():
    assert check(process("load", "RAW/P/A", "RAW/P/A_CLEAN")) == []
    assert check(process("load", "RAW/P/A", "RAW/P/A/B")) == []


def test_references_by_guid_are_compared_by_guid():
    guids = [f"495b1516-aaaf-4390-8cfd-b11ade7a779{number}" for number in (1, 2)]
    sides = [[{"type_name": "Table", "guid": guid}] for guid in guids]
    shared = {"name": "load", "connection": WAREHOUSE, "process_id": "load"}

    assert check(resource("Process", "load", **shared, inputs=sides[0], outputs=sides[1])) == []
    upper = [{"type_name": "Table", "guid": guids[0].upper()}]
    assert len(check(resource("Process", "load", **shared, inputs=sides[0], outputs=upper))) == 1
    assert check(resource("Process", "load", **shared, inputs=sides[0], outputs=tables("MART/P/A"))) == []


def test_a_dataset_and_its_asset_are_the_same():
    found = as_refreshed(
        "OpenLineageJob",
        connection=SPARK,
        job_name="load",
        inputs=[dataset("RAW.P.A")],
        outputs=[dataset("raw.p.a", WAREHOUSE)],  # a refresh adds an asset that is not declared in this form
    )

    (line,) = check(found)
    assert (
        f"inputs: Dataset '{SNOWFLAKE}/RAW.P.A' is also an output, as Dataset '{WAREHOUSE}/raw.p.a'" in line
    )


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_an_empty_side_after_a_refresh_fails(side):
    sides = {"inputs": tables("RAW/P/A"), "outputs": tables("MART/P/A"), side: []}

    assert check(as_refreshed("Process", connection=WAREHOUSE, process_id="load", **sides)) == [
        f"load: {LABEL}: {side}: are empty: add at least one asset, or remove the edge"
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

    (line,) = check(below)
    assert line.startswith(
        f"id: ColumnProcess '{WAREHOUSE}/load.id': inputs: Column '{WAREHOUSE}/RAW/P/A/ID'"
    )


def test_columns_of_one_table_may_depend_on_each_other():
    lineage = resource(
        "ColumnLineage",
        "columns",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        columns={"NET": ["GROSS", "TAX"], "gross": "GROSS"},
        input_tables=[f"{WAREHOUSE}/RAW/P/A"],
        output_tables=[f"{WAREHOUSE}/RAW/P/A"],
    )

    (line,) = check(lineage)
    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/gross': inputs: ")


def test_each_process_of_a_set_is_checked_with_its_columns():
    loops = {"inputs": "RAW/P/A", "outputs": "raw/p/a", "columns": {"ID": "id"}}
    fine = {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}}

    lines = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes={"a": loops, "b": fine}))
    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/a'",
        f"ColumnProcess '{WAREHOUSE}/a/column/ID'",
    ]


def test_violations_of_a_set_are_limited_to_ten():
    loop = {"inputs": "RAW/P/A", "outputs": "raw/p/a"}
    lots = {f"p{number:02}": loop for number in range(30)}

    lines = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=lots))
    assert len(lines) == 11
    assert lines[-1] == "set: … and 20 more like these"


def test_a_job_with_its_columns_passes():
    assert check(job([dataset("RAW.P.A")], [dataset("MART.P.A")], columns={"ID": ["ID"]})) == []


def test_unknown_values_are_skipped_and_known_ones_are_checked():
    assert check(process("load", ENGINE_UNKNOWN, "MART/P/A")) == []
    assert check(process("load", [ENGINE_UNKNOWN], ENGINE_UNKNOWN)) == []
    (line,) = check(process("load", [ENGINE_UNKNOWN, "RAW/P/A"], ["raw/p/a"], connection=ENGINE_UNKNOWN))
    assert line.startswith(f"load: Process 'load': inputs: Table '{WAREHOUSE}/RAW/P/A' is also an output")


def test_partly_unknown_sides_are_not_identical():
    lines = check(process("load", [ENGINE_UNKNOWN, "RAW/P/A", "RAW/P/B"], ["raw/p/b", "raw/p/a"]))

    assert len(lines) == 2


def test_ignored_assets_may_be_on_both_sides():
    snapshot = process("load", "RAW/SNAPSHOTS/A", "raw/snapshots/a")

    assert check(snapshot) != []
    assert check(snapshot, ignore=["*/SNAPSHOTS/*"]) == []
    assert check(snapshot, file={"ignore": ["*/snapshots/*"]}) == []
    assert check(snapshot, ignore=["*/SNAPSHOTS"]) != []


def test_connections_are_skipped():
    assert check(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ignore": [""]}, "ignore[0]: string should have at least 1 character"),
        ({"ignore": "*"}, "ignore: must be a valid list"),
        ({"ignored": ["*"]}, "ignored: unknown setting; did you mean 'ignore'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        inputs_and_outputs(None, **settings)

    assert reason in str(caught.value)


def test_the_rule_cannot_remediate():
    with pytest.raises(PolicyError, match="the rule 'inputs-and-outputs' cannot remediate"):
        inputs_and_outputs("remediate")


def test_a_process_with_reads_own_output_passes():
    assert check(process("merge", ["RAW/P/A", "RAW/P/B"], "RAW/P/B", reads_own_output=True)) == []
