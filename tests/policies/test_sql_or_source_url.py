"""`sql-or-source-url`: processes say which code runs, or where to find it."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.sql_or_source_url import sql_or_source_url

PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
LABEL = f"Process '{WAREHOUSE}/load'"


def check(*resources, **settings):
    return violations(sql_or_source_url, *resources, **settings)


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def process_set(**more):
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
def test_one_property_is_enough(given):
    assert check(load(**{given: "x"})) == []
    assert check(process_set(**{given: "x"})) == []


def test_a_process_without_the_properties_fails():
    (line,) = check(load(description="Copies the orders."))

    assert line == f"load: {LABEL}: sql: nothing says which code runs: set sql, code or source_url"


def test_blank_values_count_as_missing():
    assert check(load(sql="  \n", source_url="")) != []


def test_each_process_of_a_set_is_reported():
    sides = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
    many = resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        processes={"b": sides, "a": sides, "c": {**sides, "sql": "x"}},
    )

    assert [line.split(": ")[1] for line in check(many)] == [
        f"Process '{WAREHOUSE}/a'",
        f"Process '{WAREHOUSE}/b'",
    ]


def test_any_of_selects_the_properties():
    task = {"type_name": "AirflowTask", "qualified_name": "default/airflow/1657025300/dag/task"}

    asked = {"any_of": ["airflow_tasks", "source_url"]}
    assert check(load(airflow_tasks=[task]), **asked) == []
    (line,) = check(load(sql="x"), **asked)
    assert line.endswith("airflow_tasks: nothing says which code runs: set airflow_tasks or source_url")
    (line,) = check(load(sql="x"), file={"anyOf": ["source_url"]})
    assert line.endswith("source_url: nothing says which code runs: set source_url")


def test_unknown_values_count_as_set():
    task = {"type_name": "AirflowTask", "qualified_name": ENGINE_UNKNOWN}

    assert check(load(sql=ENGINE_UNKNOWN)) == []
    assert check(load(airflow_tasks=[task]), any_of=["airflow_tasks"]) == []
    assert check(process_set(sql=ENGINE_UNKNOWN)) == []
    assert check(job(job_facets=ENGINE_UNKNOWN)) == []
    assert check(job(job_facets={"sql": {"query": ENGINE_UNKNOWN}})) == []
    assert check(job(job_facets={"sql": ENGINE_UNKNOWN})) == []


def test_other_unknown_values_do_not_prevent_the_check():
    assert len(check(load(description=ENGINE_UNKNOWN, connection=ENGINE_UNKNOWN))) == 1


def test_column_processes_are_skipped_by_default():
    assert check(below(), lineage(), process_set(sql="x", columns={"ID": "ID"})) == []

    (line,) = check(below(), column_processes=True)
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/load.id': sql: nothing says")
    assert check(below(code="x"), file={"columnProcesses": True}) == []


def test_column_processes_of_bulk_resources_need_sql():
    (line,) = check(lineage(sql={"NET": "GROSS - TAX"}), column_processes=True)
    assert line == (
        f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': sql: nothing says which code runs: set sql"
    )
    full = process_set(sql="x", columns={"ID": "ID"}, column_sql={"ID": "ID"})
    bare = process_set(sql="x", columns={"ID": "ID"})
    assert check(full, column_processes=True) == []
    assert [line.split(": ")[2] for line in check(bare, column_processes=True)] == ["sql"]


def test_column_processes_of_bulk_resources_need_no_other_property():
    assert check(lineage(), column_processes=True, any_of=["source_url"]) == []


@pytest.mark.parametrize(
    "facets",
    [
        {"sql": {"query": "select 1"}},
        {"sourceCode": {"language": "python", "sourceCode": "print(1)"}},
        {"sourceCodeLocation": {"type": "git", "url": "https://git.example.com/shop"}},
    ],
)
def test_a_job_facet_is_enough(facets):
    assert check(job(job_facets=facets)) == []
    assert check(job(job_facets=facets), column_processes=True) == []


@pytest.mark.parametrize("facets", [None, {"documentation": {"description": "x"}}, {"sql": {"query": " "}}])
def test_a_job_without_facets_for_code_fails(facets):
    (line,) = check(job(**({"job_facets": facets} if facets else {}), columns={"ID": ["ID"]}))

    assert line == (
        "load: Process 'default/spark/1657025400/load/process': job_facets: nothing says which code runs: "
        "set the facet sql, sourceCode or sourceCodeLocation"
    )


def test_any_of_selects_the_facets_of_a_job():
    sql = {"sql": {"query": "select 1"}}

    (line,) = check(job(job_facets=sql), any_of=["source_url", "ast"])
    assert line.endswith("set the facet sourceCodeLocation")
    assert check(job(), any_of=["airflow_tasks"]) == []


def test_the_column_lineage_of_a_job_is_skipped():
    assert len(check(job(columns={"ID": ["ID"]}), column_processes=True)) == 1


def test_connections_are_skipped():
    assert check(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"any_of": []}, "any_of: list should have at least 1 item"),
        ({"any_of": ["sqll"]}, "any_of[0]: must be 'sql', "),
        ({"any_of": "sql"}, "any_of: must be a valid list"),
        ({"column_processes": 2}, "column_processes: must be a valid boolean"),
        ({"anyof": ["sql"]}, "anyof: unknown setting; did you mean 'anyOf'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        sql_or_source_url(None, **settings)

    assert reason in str(caught.value)
