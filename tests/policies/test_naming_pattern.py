"""`naming-pattern`: what is called how."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.naming_pattern import naming_pattern

PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
SPARK = "default/spark/1657025400"
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
SNAKE = "[a-z_]+"


def told(*resources, **settings):
    return violations(naming_pattern, *resources, **settings)


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def connection(kind="Connection", name="etl"):
    return resource(kind, "etl", name=name, connector="spark", admin_roles=["$admin"])


def below(**more):
    given = {"name": "id", "process_id": "load.id", **more}
    return resource(
        "ColumnProcess",
        "id",
        process=PROCESS,
        **given,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )


def job(job_name="load"):
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    return resource(
        "OpenLineageJob", "job", connection=SPARK, job_name=job_name, **sides, columns={"ID": ["ID"]}
    )


def lineage(**more):
    names = {"input_tables": [f"{WAREHOUSE}/RAW/P/A"], "output_tables": [f"{WAREHOUSE}/MART/P/A"]}
    return resource("ColumnLineage", "columns", process=PROCESS, columns={"ID": "ID"}, **names, **more)


def some(*ids, **more):
    processes = {each: {**SIDES, "columns": {"ID": "ID"}} for each in ids}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes, **more)


def test_without_a_pattern_anything_goes():
    everything = [load(name="?"), connection(name="!"), below(), job("x y"), lineage(), some("a b")]

    assert told(*everything) == []


@pytest.mark.parametrize(
    ("setting", "wrong", "right", "place"),
    [
        ("name", load(name="Load it"), load(name="load_it"), f"Process '{WAREHOUSE}/load': name: 'Load it'"),
        (
            "process_id",
            load(process_id="a.b"),
            load(process_id="a_b"),
            f"Process '{WAREHOUSE}/a.b': process_id: 'a.b'",
        ),
        (
            "column_process_name",
            below(name="ID"),
            below(name="id"),
            f"ColumnProcess '{WAREHOUSE}/load.id': name: 'ID'",
        ),
        (
            "column_process_id",
            below(process_id="load.id"),
            below(process_id="load_id"),
            f"ColumnProcess '{WAREHOUSE}/load.id': process_id: 'load.id'",
        ),
        ("connection_name", connection(name="ETL"), connection(name="etl"), "Connection 'etl': name: 'ETL'"),
        (
            "connection_name",
            connection("OpenLineageConnection", name="ETL"),
            connection("OpenLineageConnection", name="etl"),
            "OpenLineageConnection 'etl': name: 'ETL'",
        ),
        ("job_name", job("dag 1"), job("dag"), f"Process '{SPARK}/dag 1/process': job_name: 'dag 1'"),
    ],
)
def test_each_kind_of_name_has_its_pattern(setting, wrong, right, place):
    (line,) = told(wrong, **{setting: SNAKE})

    assert line.partition(": ")[2].startswith(f"{place} is not like '{SNAKE}': ")
    assert told(right, **{setting: SNAKE}) == []
    others = {"name", "process_id", "column_process_name", "column_process_id", "connection_name", "job_name"}
    assert told(wrong, **dict.fromkeys(others - {setting}, ".*")) == []


def test_a_new_name_and_a_new_id_are_different_advice():
    (name, id_) = told(load(name="A", process_id="B"), name=SNAKE, process_id=SNAKE)

    assert name.endswith(": rename it")
    assert id_.endswith(": give it another one, which replaces it")


def test_the_whole_name_has_to_match():
    assert told(load(name="load it"), name="load") != []
    assert told(load(name="to load"), name="load") != []
    assert told(load(name="to load"), name=".*load") == []
    assert told(load(name="load\n"), name="load") != []


def test_the_processes_of_a_set_have_their_ids_and_their_names():
    ids = told(some("b-2", "a_1", "a-1"), process_id="[a-z]_[0-9]")
    names = told(some("b-2", "a_1"), name="[a-z]_[0-9]")

    assert [line.split("'")[1] for line in ids] == [f"{WAREHOUSE}/a-1", f"{WAREHOUSE}/b-2"]
    assert [line.split("'")[1] for line in names] == [f"{WAREHOUSE}/b-2"]
    assert names[0].split(": ")[2] == "name"


def test_the_names_that_a_template_makes_are_judged_and_the_ids_below_are_not():
    every = {"column_process_name": ".*->.*", "column_process_id": "no"}

    assert told(lineage(), some("a"), **every) == []
    (line,) = told(lineage(name="{output}"), **every)
    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': name: 'ID' is not like")
    assert len(told(some("a", "b", column_name="{output}"), **every)) == 2


def test_a_job_and_its_columns_have_no_other_name():
    assert told(job("x"), name="no", process_id="no", column_process_name="no", column_process_id="no") == []


def test_the_file_gives_them_in_camel_case():
    (line,) = told(connection(name="ETL"), connection_name=".*", file={"connectionName": SNAKE})

    assert "'ETL' is not like" in line
    assert told(load(process_id="A"), file={"processId": SNAKE}) != []


def test_what_a_preview_does_not_know_is_passed_over_and_the_rest_is_judged():
    strict = {"name": SNAKE, "process_id": SNAKE, "connection_name": SNAKE, "job_name": SNAKE}

    assert told(load(name=UNKNOWN_YET, process_id=UNKNOWN_YET), connection(name=UNKNOWN_YET), **strict) == []
    assert told(job(UNKNOWN_YET), **strict) == []
    (line,) = told(load(name=UNKNOWN_YET, process_id="A", sql=UNKNOWN_YET), **strict)
    assert "process_id: 'A'" in line
    unknown = resource("ProcessSet", "set", connection=WAREHOUSE, processes={"A": UNKNOWN_YET})
    assert len(told(unknown, **strict)) == 1


def test_a_name_from_outside_is_made_safe_to_show():
    (line,) = told(load(name="red: \x1b[31m"), name=SNAKE)

    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"name": "("}, "name: is no regular expression: "),
        ({"process_id": ""}, "process_id: string should have at least 1 character"),
        ({"connection_name": ["a"]}, "connection_name: must be a valid string"),
        ({"processID": "a"}, "processID: there is no such setting; did you mean 'processId'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        naming_pattern(None, **settings)

    assert reason in str(caught.value)
