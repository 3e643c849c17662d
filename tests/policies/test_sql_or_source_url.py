"""`sql-or-source-url`: each process tells which code runs."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.sql_or_source_url import sql_or_source_url

PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
LABEL = f"Process '{WAREHOUSE}/load'"


def told(*resources, **settings):
    return violations(sql_or_source_url, *resources, **settings)


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def some(**more):
    sides = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes={"load": {**sides, **more}})


def below(**more):
    sides = {"inputs": columns("RAW/P/A/ID"), "outputs": columns("MART/P/A/ID")}
    return resource("ColumnProcess", "id", name="id", process=PROCESS, process_id="load.id", **sides, **more)


def lineage(**more):
    names = {side: [each["qualified_name"] for each in tables(f"{side}/P/A")] for side in ("RAW", "MART")}
    return resource(
        "ColumnLineage",
        "columns",
        process=PROCESS,
        columns={"ID": "ID", "NET": "GROSS"},
        input_tables=names["RAW"],
        output_tables=names["MART"],
        **more,
    )


def job(**more):
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    return resource(
        "OpenLineageJob", "load", connection="default/spark/1657025400", job_name="load", **sides, **more
    )


@pytest.mark.parametrize("given", ["sql", "code", "source_url"])
def test_one_of_them_will_do(given):
    assert told(load(**{given: "x"})) == []
    assert told(some(**{given: "x"})) == []


def test_none_of_them_fails():
    (line,) = told(load(description="Copies the orders."))

    assert line == f"load: {LABEL}: sql: nothing tells which code runs: give sql, code or source_url"


def test_blanks_tell_nothing():
    assert told(load(sql="  \n", source_url="")) != []


def test_each_process_of_a_set_is_told():
    sides = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
    many = resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        processes={"b": sides, "a": sides, "c": {**sides, "sql": "x"}},
    )

    assert [line.split(": ")[1] for line in told(many)] == [
        f"Process '{WAREHOUSE}/a'",
        f"Process '{WAREHOUSE}/b'",
    ]


def test_other_properties_may_be_asked_for():
    task = {"type_name": "AirflowTask", "qualified_name": "default/airflow/1657025300/dag/task"}

    asked = {"any_of": ["airflow_tasks", "source_url"]}
    assert told(load(airflow_tasks=[task]), **asked) == []
    (line,) = told(load(sql="x"), **asked)
    assert line.endswith("airflow_tasks: nothing tells which code runs: give airflow_tasks or source_url")
    (line,) = told(load(sql="x"), file={"anyOf": ["source_url"]})
    assert line.endswith("source_url: nothing tells which code runs: give source_url")


def test_what_a_preview_does_not_know_counts_as_given():
    task = {"type_name": "AirflowTask", "qualified_name": UNKNOWN_YET}

    assert told(load(sql=UNKNOWN_YET)) == []
    assert told(load(airflow_tasks=[task]), any_of=["airflow_tasks"]) == []
    assert told(some(sql=UNKNOWN_YET)) == []
    assert told(job(job_facets=UNKNOWN_YET)) == []
    assert told(job(job_facets={"sql": {"query": UNKNOWN_YET}})) == []
    assert told(job(job_facets={"sql": UNKNOWN_YET})) == []


def test_other_values_that_are_not_known_do_not_stop_it():
    assert len(told(load(description=UNKNOWN_YET, connection=UNKNOWN_YET))) == 1


def test_column_processes_are_passed_over_until_they_are_asked_for():
    assert told(below(), lineage(), some(sql="x", columns={"ID": "ID"})) == []

    (line,) = told(below(), column_processes=True)
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/load.id': sql: nothing tells")
    assert told(below(code="x"), file={"columnProcesses": True}) == []


def test_the_columns_of_a_lineage_or_a_set_can_tell_their_sql_alone():
    (line,) = told(lineage(sql={"NET": "GROSS - TAX"}), column_processes=True)
    assert line == (
        f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': sql: nothing tells which code runs: give sql"
    )
    full = some(sql="x", columns={"ID": "ID"}, column_sql={"ID": "ID"})
    bare = some(sql="x", columns={"ID": "ID"})
    assert told(full, column_processes=True) == []
    assert [line.split(": ")[2] for line in told(bare, column_processes=True)] == ["sql"]


def test_they_are_not_asked_for_what_they_cannot_be_given():
    assert told(lineage(), column_processes=True, any_of=["source_url"]) == []


@pytest.mark.parametrize(
    "facets",
    [
        {"sql": {"query": "select 1"}},
        {"sourceCode": {"language": "python", "sourceCode": "print(1)"}},
        {"sourceCodeLocation": {"type": "git", "url": "https://git.example.com/shop"}},
    ],
)
def test_a_facet_of_a_job_tells_it(facets):
    assert told(job(job_facets=facets)) == []
    assert told(job(job_facets=facets), column_processes=True) == []


@pytest.mark.parametrize("facets", [None, {"documentation": {"description": "x"}}, {"sql": {"query": " "}}])
def test_a_job_that_tells_nothing_fails(facets):
    (line,) = told(job(**({"job_facets": facets} if facets else {}), columns={"ID": ["ID"]}))

    assert line == (
        "load: Process 'default/spark/1657025400/load/process': job_facets: nothing tells which code runs: "
        "give the facet sql, sourceCode or sourceCodeLocation"
    )


def test_a_job_is_asked_for_the_facets_of_what_is_asked_for():
    sql = {"sql": {"query": "select 1"}}

    (line,) = told(job(job_facets=sql), any_of=["source_url", "ast"])
    assert line.endswith("give the facet sourceCodeLocation")
    assert told(job(), any_of=["airflow_tasks"]) == []


def test_its_column_lineage_cannot_tell_any():
    assert len(told(job(columns={"ID": ["ID"]}), column_processes=True)) == 1


def test_a_connection_runs_no_code():
    assert told(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"any_of": []}, "any_of: list should have at least 1 item"),
        ({"any_of": ["sqll"]}, "any_of[0]: must be 'sql', "),
        ({"any_of": "sql"}, "any_of: must be a valid list"),
        ({"column_processes": 2}, "column_processes: must be a valid boolean"),
        ({"anyof": ["sql"]}, "anyof: there is no such setting; did you mean 'anyOf'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        sql_or_source_url(None, **settings)

    assert reason in str(caught.value)
