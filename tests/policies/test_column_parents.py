"""`column-parents`: column lineage belongs to the process between the tables of its columns."""

from __future__ import annotations

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
from atlan_pulumi.policies.column_parents import column_parents

GUID = "495b1516-aaaf-4390-8cfd-b11ade7a7799"
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
LOAD = process("load", ["RAW/P/A", "RAW/P/B"], "MART/P/C")


def check(*resources):
    return violations(column_parents, *resources)


def parent(name="load"):
    return {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/{name}"}


def column_process(inputs, outputs, **changed):
    given = {"name": "x", "process_id": "x", "connection": WAREHOUSE, "process": parent(), **changed}
    return resource("ColumnProcess", "x", **given, inputs=columns(inputs), outputs=columns(outputs))


def lineage(mapping, **changed):
    full = {f"{WAREHOUSE}/{target}": f"{WAREHOUSE}/{source}" for target, source in mapping.items()}
    return resource("ColumnLineage", "columns", **{"process": parent(), "columns": full, **changed})


def job(**changed):
    given = {
        "connection": "default/spark/1657025400",
        "job_name": "job",
        "inputs": [{"namespace": SNOWFLAKE, "name": "RAW.P.A"}],
        "outputs": [{"namespace": SNOWFLAKE, "name": "MART.P.C"}],
        **changed,
    }
    return resource("OpenLineageJob", "job", **given)


# -- columns and tables --------------------------------------------------------------------------------


def test_columns_of_the_parents_tables_pass():
    assert check(LOAD, column_process(["RAW/P/A/ID", "RAW/P/B/ID"], "MART/P/C/ID")) == []
    assert check(LOAD, lineage({"MART/P/C/ID": "RAW/P/A/ID", "MART/P/C/NAME": "RAW/P/B/NAME"})) == []


def test_a_column_of_another_table_fails():
    (line,) = check(LOAD, column_process("RAW/P/X/ID", "MART/P/C/ID"))

    assert line == (
        f"x: ColumnProcess '{WAREHOUSE}/x': inputs: Column '{WAREHOUSE}/RAW/P/X/ID' is in none of the "
        f"inputs of Process '{WAREHOUSE}/load' ('{WAREHOUSE}/RAW/P/A', '{WAREHOUSE}/RAW/P/B'), "
        "so that Atlan does not show it: correct the column, or add its table to these inputs"
    )


def test_both_sides_are_checked():
    lines = check(LOAD, column_process("RAW/P/X/ID", "MART/P/X/ID"))

    assert [line.split(": ")[2] for line in lines] == ["inputs", "outputs"]


def test_the_other_side_of_the_parent_does_not_count():
    lines = check(LOAD, column_process("MART/P/C/ID", "RAW/P/A/ID"))

    assert len(lines) == 2


def test_a_table_name_that_is_a_prefix_does_not_match():
    assert (
        len(check(process("load", "RAW/P/A", "MART/P/C"), column_process("RAW/P/AB/ID", "MART/P/C/ID"))) == 1
    )


def test_a_nested_column_is_in_the_table():
    assert check(LOAD, column_process("RAW/P/A/STRUCT/ID", "MART/P/C/ID")) == []


def test_a_view_has_columns_like_a_table():
    view = [{"type_name": "View", "qualified_name": f"{WAREHOUSE}/RAW/P/V"}]
    load = resource(
        "Process",
        "load",
        name="load",
        connection=WAREHOUSE,
        process_id="load",
        inputs=view,
        outputs=tables("MART/P/C"),
    )

    assert check(load, column_process("RAW/P/V/ID", "MART/P/C/ID")) == []
    assert len(check(load, column_process("RAW/P/A/ID", "MART/P/C/ID"))) == 1


def test_the_first_few_of_many_tables_are_named():
    load = process("load", [f"RAW/P/T{number}" for number in range(9)], "MART/P/C")

    (line,) = check(load, column_process("RAW/P/X/ID", "MART/P/C/ID"))

    assert "RAW/P/T2', 6 more)" in line


def test_a_column_process_without_a_parent_fails():
    orphan = Resource(
        "ColumnProcess",
        "x",
        {
            "name": "x",
            "qualified_name": f"{WAREHOUSE}/x",
            "inputs": columns("A/B/C/D"),
            "outputs": columns("A/B/E/F"),
        },
    )

    (line,) = check(orphan)

    assert line.startswith(
        f"x: ColumnProcess '{WAREHOUSE}/x': process: is missing, so that Atlan does not show it"
    )


def test_a_column_process_as_parent_fails():
    wrong = {"type_name": "ColumnProcess", "qualified_name": f"{WAREHOUSE}/load"}

    (line,) = check(column_process("RAW/P/A/ID", "MART/P/C/ID", process=wrong))

    assert f": process: ColumnProcess '{WAREHOUSE}/load' links columns too" in line


# -- kinds of resources --------------------------------------------------------------------------------


def test_each_column_of_a_column_lineage_is_checked():
    (line,) = check(LOAD, lineage({"MART/P/C/ID": "RAW/P/A/ID", "MART/P/X/ID": "RAW/P/A/ID"}))

    assert line.startswith("columns: ColumnProcess ")
    assert "MART/P/X/ID" in line


def test_each_column_of_a_set_is_checked_against_its_process():
    processes = {
        "good": {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}},
        "bad": {
            "inputs": "RAW/P/B",
            "outputs": "MART/P/B",
            "columns": {"ID": f"{WAREHOUSE}/RAW/P/A/ID"},
        },
    }

    (line,) = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))

    assert line.startswith(f"set: ColumnProcess '{WAREHOUSE}/bad/column/ID': inputs: ")


def test_column_lineage_may_belong_to_a_process_of_a_set():
    whole = resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        processes={"load": {"inputs": "RAW/P/A", "outputs": "MART/P/C"}},
    )

    assert check(whole, lineage({"MART/P/C/ID": "RAW/P/A/ID"})) == []
    assert len(check(whole, lineage({"MART/P/C/ID": "RAW/P/B/ID"}))) == 1


def test_the_columns_of_a_job_are_those_of_its_datasets():
    assert check(job(columns={"MART.P.C.ID": ["RAW.P.A.ID"]})) == []
    big = [{"namespace": "bigquery", "name": name} for name in ("p.raw.a", "p.mart.c")]
    assert check(job(inputs=big[:1], outputs=big[1:], columns={"p.mart.c.ID": ["p.raw.a.ID"]})) == []


def test_a_column_below_a_job_is_matched_by_path():
    job_process = {"type_name": "Process", "qualified_name": "default/spark/1657025400/job/process"}

    assert check(job(), column_process("RAW/P/A/ID", "MART/P/C/ID", process=job_process)) == []
    assert len(check(job(), column_process("RAW/P/B/ID", "MART/P/C/ID", process=job_process))) == 1


def test_equal_paths_in_two_connections_are_different_tables():
    elsewhere = [{"type_name": "Column", "qualified_name": "default/databricks/1657025999/RAW/P/A/ID"}]
    stray = resource(
        "ColumnProcess",
        "x",
        name="x",
        process_id="x",
        process=parent(),
        inputs=elsewhere,
        outputs=columns("MART/P/C/ID"),
    )

    assert len(check(LOAD, stray)) == 1


# -- unknown values ------------------------------------------------------------------------------------


def test_a_parent_of_another_stack_is_skipped():
    assert check(LOAD, column_process("X/Y/Z/ID", "X/Y/Z2/ID", process=parent("elsewhere"))) == []


def test_an_unknown_parent_is_skipped():
    unknown = {"type_name": "Process", "qualified_name": ENGINE_UNKNOWN}

    assert check(LOAD, column_process("X/Y/Z/ID", "X/Y/Z2/ID", process=unknown)) == []


def test_outputs_are_checked_if_inputs_are_unknown():
    load = process("load", ["RAW/P/A", ENGINE_UNKNOWN], "MART/P/C")

    (line,) = check(load, column_process("RAW/P/X/ID", "MART/P/X/ID"))

    assert ": outputs: " in line


def test_known_columns_are_checked_next_to_an_unknown_one():
    partly_known = resource(
        "ColumnProcess",
        "x",
        name="x",
        process_id="x",
        process=parent(),
        inputs=[ENGINE_UNKNOWN, *columns("RAW/P/X/ID")],
        outputs=columns("MART/P/C/ID"),
    )

    assert len(check(LOAD, partly_known)) == 1


def test_references_by_guid_are_skipped():
    load = resource(
        "Process",
        "load",
        name="load",
        connection=WAREHOUSE,
        process_id="load",
        inputs=[{"type_name": "Table", "guid": GUID}],
        outputs=tables("MART/P/C"),
    )
    by_guid = resource(
        "ColumnProcess",
        "x",
        name="x",
        process_id="x",
        process=parent(),
        inputs=columns("RAW/P/X/ID"),
        outputs=[{"type_name": "Column", "guid": GUID}],
    )

    assert check(load, by_guid) == []


def test_a_parent_by_guid_is_checked_after_deployment():
    by_guid = {"type_name": "Process", "guid": GUID}
    stray = column_process("RAW/P/X/ID", "MART/P/C/ID", process=by_guid)
    deployed = LOAD._replace(props={**LOAD.props, "guid": GUID})

    assert check(LOAD, stray) == []
    assert len(check(deployed, stray)) == 1


# -- settings, size ------------------------------------------------------------------------------------


def test_the_rule_has_no_settings():
    with pytest.raises(PolicyError, match="tables: unknown setting"):
        column_parents(tables=["*"])
    with pytest.raises(PolicyError, match="tables: unknown setting"):
        violations(column_parents, LOAD, file={"tables": ["*"]})


@pytest.mark.timeout(120)  # takes a second; a quadratic check would take minutes
def test_thousands_of_columns_are_checked_in_linear_time():
    names = [f"RAW/P/T{number}" for number in range(1000)]
    load = process("load", names, "MART/P/C")
    mapping = {f"MART/P/C/C{number}": f"RAW/P/T{number % 1000}/ID" for number in range(5000)}
    stray = lineage({**mapping, "MART/P/C/X": "RAW/P/X/ID"})

    lines = check(load, stray)

    assert len(lines) == 1
