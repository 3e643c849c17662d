"""`naming-pattern`: names and ids match configured patterns."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.naming_pattern import naming_pattern

PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
SPARK = "default/spark/1657025400"
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
SNAKE = "[a-z_]+"


def check(*resources, **settings):
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


def process_set(*ids, **more):
    processes = {each: {**SIDES, "columns": {"ID": "ID"}} for each in ids}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes, **more)


def test_without_a_pattern_any_name_passes():
    everything = [load(name="?"), connection(name="!"), below(), job("x y"), lineage(), process_set("a b")]

    assert check(*everything) == []


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
    (line,) = check(wrong, **{setting: SNAKE})

    assert line.partition(": ")[2].startswith(f"{place} does not match '{SNAKE}': ")
    assert check(right, **{setting: SNAKE}) == []
    others = {"name", "process_id", "column_process_name", "column_process_id", "connection_name", "job_name"}
    assert check(wrong, **dict.fromkeys(others - {setting}, ".*")) == []


def test_the_advice_for_an_id_mentions_the_replacement():
    (name, id_) = check(load(name="A", process_id="B"), name=SNAKE, process_id=SNAKE)

    assert name.endswith(": rename it")
    assert id_.endswith(": change it, which replaces the process")


def test_the_pattern_must_match_the_whole_name():
    assert check(load(name="load it"), name="load") != []
    assert check(load(name="to load"), name="load") != []
    assert check(load(name="to load"), name=".*load") == []
    assert check(load(name="load\n"), name="load") != []


def test_ids_and_names_of_a_set_are_checked():
    ids = check(process_set("b-2", "a_1", "a-1"), process_id="[a-z]_[0-9]")
    names = check(process_set("b-2", "a_1"), name="[a-z]_[0-9]")

    assert [line.split("'")[1] for line in ids] == [f"{WAREHOUSE}/a-1", f"{WAREHOUSE}/b-2"]
    assert [line.split("'")[1] for line in names] == [f"{WAREHOUSE}/b-2"]
    assert names[0].split(": ")[2] == "name"


def test_names_from_a_template_are_checked_and_derived_ids_are_not():
    every = {"column_process_name": ".*->.*", "column_process_id": "no"}

    assert check(lineage(), process_set("a"), **every) == []
    (line,) = check(lineage(name="{output}"), **every)
    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': name: 'ID' does not match")
    assert len(check(process_set("a", "b", column_name="{output}"), **every)) == 2


def test_a_job_has_no_name_except_the_job_name():
    assert check(job("x"), name="no", process_id="no", column_process_name="no", column_process_id="no") == []


def test_a_file_uses_camel_case():
    (line,) = check(connection(name="ETL"), connection_name=".*", file={"connectionName": SNAKE})

    assert "'ETL' does not match" in line
    assert check(load(process_id="A"), file={"processId": SNAKE}) != []


def test_unknown_values_are_skipped_and_known_ones_are_checked():
    strict = {"name": SNAKE, "process_id": SNAKE, "connection_name": SNAKE, "job_name": SNAKE}

    assert (
        check(load(name=ENGINE_UNKNOWN, process_id=ENGINE_UNKNOWN), connection(name=ENGINE_UNKNOWN), **strict)
        == []
    )
    assert check(job(ENGINE_UNKNOWN), **strict) == []
    (line,) = check(load(name=ENGINE_UNKNOWN, process_id="A", sql=ENGINE_UNKNOWN), **strict)
    assert "process_id: 'A'" in line
    unknown = resource("ProcessSet", "set", connection=WAREHOUSE, processes={"A": ENGINE_UNKNOWN})
    assert len(check(unknown, **strict)) == 1


def test_control_characters_in_a_name_are_escaped():
    (line,) = check(load(name="red: \x1b[31m"), name=SNAKE)

    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"name": "("}, "name: not a regular expression: "),
        ({"process_id": ""}, "process_id: string should have at least 1 character"),
        ({"connection_name": ["a"]}, "connection_name: must be a valid string"),
        ({"processID": "a"}, "processID: unknown setting; did you mean 'processId'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        naming_pattern(None, **settings)

    assert reason in str(caught.value)
