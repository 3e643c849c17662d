"""`stable-process-id`: an id of its own, which stays."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, tables, violations

import atlan_pulumi as atlan
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.stable_process_id import stable_process_id

SPARK = "default/spark/1657025400"
PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}


def load(process_id, name="load"):
    return process(name, "RAW/P/A", "MART/P/A", process_id=process_id)


def told(*resources, **settings):
    return violations(stable_process_id, *resources, **settings)


def job(job_name, name="nightly"):
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    return resource(
        "OpenLineageJob", name, connection=SPARK, job_name=job_name, **sides, columns={"ID": ["ID"]}
    )


def some(*ids, **more):
    sides = {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=dict.fromkeys(ids, sides), **more)


STABLE = [
    "dag_123",
    "shop.load_orders",
    "load-orders-v2",
    "model.shop.orders",
    "test.shop.not_null_orders_id.cf6c17daed",
    "70403103916144",  # a job's number
    "1023456789012345",
    "report-2024",
    "report-2024-10",
    "load/20/orders",
    "facade",
    "load-defaced",  # seven letters that are hexadecimal digits, too
    "load-1234567",  # a ticket's number
    "Daten für Müller: laden",
    "12:30",
]
UNSTABLE = {
    "dag-495b1516-aaaf-4390-8cfd-b11ade7a7799": "holds a UUID",
    "495B1516-AAAF-4390-8CFD-B11ADE7A7799": "holds a UUID",
    "a0427209221340a5e997701256e982ea": "as Atlan's SDK derives an id",
    "load-da39a3ee5e6b4b0d3255bfef95601890afd80709": "holds a digest",
    "load.0123456789abcdef": "holds a digest",
    "load-20240131": "holds a date",
    "load-20240131123000": "holds a date",
    "scheduled__2024-01-31T00:00:00+00:00": "holds a date",
    "load_2024_01_31": "holds a date",
    "load/2024/01/31": "holds a date",
    "load at 23:59:00": "holds a time",
    "load-1706659200": "holds a time, as a number since 1970",
    "load-1706659200123": "holds a time, as a number since 1970",
    "load-1706659200123456789": "holds a time, as a number since 1970",
    "load-orders-1a2b3c4": "as Pulumi's own names do",
}


@pytest.mark.parametrize("process_id", STABLE)
def test_an_id_that_stays_passes(process_id):
    assert told(load(process_id)) == []


@pytest.mark.parametrize("process_id", UNSTABLE)
def test_an_id_that_looks_made_per_run_fails(process_id):
    (line,) = told(load(process_id))

    assert line.startswith(f"load: Process '{WAREHOUSE}/{process_id}': process_id: ")
    assert f"{UNSTABLE[process_id]}" in line
    assert line.endswith("give it one that does, such as the name of its DAG or its model")


@settings(deadline=None)
@given(st.uuids(), st.text("abcxyz_.", max_size=10), st.text("abcxyz_.", max_size=10))
def test_any_uuid_anywhere_fails(number: uuid.UUID, before, after):
    assert told(load(f"{before}-{number}-{after}"))
    assert told(load(f"x{before}-{number.hex}"))


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(2017, 7, 15), max_value=datetime(2033, 5, 17)))
def test_any_time_as_programs_write_it_fails(moment: datetime):
    moment = moment.replace(tzinfo=timezone.utc)
    for text in (f"{moment:%Y%m%d}", f"{moment:%Y%m%d%H%M}", f"{moment:%Y-%m-%d}", moment.isoformat()):
        assert told(load(f"load_{text}")), text
    seconds = int(moment.timestamp())
    for number in (seconds, seconds * 1_000, seconds * 1_000_000):
        assert told(load(f"load_{number}")), number


def test_the_id_that_the_sdk_derives_fails_and_says_why():
    derived = atlan.sdk_process_id("A -> B", WAREHOUSE, inputs=["a"], outputs=["b"])

    (line,) = told(load(derived))

    assert "of the name, the inputs and the outputs, with each of which it changes" in line


def test_an_id_that_is_the_resources_name_fails_unless_that_is_allowed():
    (line,) = told(load("load"))

    assert "process_id: is the resource's name, as without one: to rename the resource would replace" in line
    assert told(load("load"), allow_resource_name=True) == []
    assert told(load("load"), file={"allowResourceName": True}) == []
    assert told(load("load"), file={"allowResourceName": False}, allow_resource_name=True) != []


def test_a_name_that_is_allowed_still_has_to_stay():
    named = load("load-20240131", name="load-20240131")

    (line,) = told(named, allow_resource_name=True)

    assert "holds a date" in line


def test_a_name_with_colons_is_the_resources_own():
    assert told(load("a::b", name="a::b")) != []


def test_a_column_process_is_judged_alike():
    def below(process_id):
        sides = {"inputs": columns("RAW/P/A/ID"), "outputs": columns("MART/P/A/ID")}
        return resource("ColumnProcess", "id", name="id", process=PROCESS, process_id=process_id, **sides)

    (line,) = told(below("id"))
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/id': process_id: is the resource's name")
    assert told(below("load.id-20240131"))
    assert told(below("load.id")) == []


def test_the_ids_that_are_derived_are_passed_over():
    dated = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load-20240131"}
    lineage = resource(
        "ColumnLineage",
        "columns",
        process=dated,
        columns={"ID": "ID"},
        input_tables=[each["qualified_name"] for each in tables("RAW/P/A")],
        output_tables=[each["qualified_name"] for each in tables("MART/P/A")],
    )

    assert told(lineage) == []
    assert told(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


def test_the_keys_of_a_set_are_ids_and_each_is_told_once():
    lines = told(some("orders", "set", "items-20240131", "a0427209221340a5e997701256e982ea"))

    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/a0427209221340a5e997701256e982ea'",
        f"Process '{WAREHOUSE}/items-20240131'",
    ]


def test_a_set_of_many_edges_is_told_in_short():
    lines = told(some(*(f"load-2024-01-{day:02}" for day in range(1, 32))))

    assert len(lines) == 11
    assert lines[-1] == "set: … and 21 more like these"


def test_a_job_may_have_the_resources_name_but_it_has_to_stay():
    assert told(job("nightly")) == []
    (line,) = told(job("nightly-20240131"))
    assert line.startswith(
        f"nightly: Process '{SPARK}/nightly-20240131/process': job_name: holds a date: unless"
    )


def test_what_a_preview_does_not_know_is_passed_over_and_the_rest_is_judged():
    assert told(load(UNKNOWN_YET)) == []
    assert told(job(UNKNOWN_YET)) == []
    (line,) = told(
        process("load", UNKNOWN_YET, "MART/P/A", connection=UNKNOWN_YET, sql=UNKNOWN_YET, process_id="load")
    )
    assert line.startswith("load: Process 'load': process_id: is the resource's name")


def test_the_keys_of_a_set_are_judged_although_the_rest_is_not_known():
    unknown = {"inputs": UNKNOWN_YET, "outputs": "MART/P/A"}
    parts = resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        processes={"a-20240131": unknown, "b-20240131": UNKNOWN_YET},
    )
    nowhere = resource(
        "ProcessSet", "set", connection=UNKNOWN_YET, base=WAREHOUSE, processes={"a-20240131": unknown}
    )

    assert len(told(parts)) == 2
    assert told(nowhere)[0].startswith("set: Process 'a-20240131': process_id: holds a date")
    assert told(resource("ProcessSet", "set", connection=WAREHOUSE, processes=UNKNOWN_YET)) == []


def test_ones_own_patterns_take_the_place_of_the_built_in_ones():
    own = {"unstable_patterns": ["tmp-.*", "[0-9]+"]}

    (line,) = told(load("tmp-orders"), **own)
    assert "process_id: is like 'tmp-.*', which does not stay: unless" in line
    assert told(load("123"), file={"unstablePatterns": ["[0-9]+"]})
    assert told(load("my-tmp-orders"), **own) == []
    assert told(load("load-20240131"), **own) == []
    assert told(load("load-20240131"), unstable_patterns=[]) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"unstable_patterns": ["("]}, "unstable_patterns[0]: is no regular expression: "),
        ({"unstable_patterns": [""]}, "unstable_patterns[0]: "),
        ({"unstable_patterns": "x"}, "unstable_patterns: must be a valid list"),
        ({"allow_resource_name": "perhaps"}, "allow_resource_name: must be a valid boolean"),
        ({"allow_name": True}, "allow_name: there is no such setting; did you mean 'allowResourceName'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        stable_process_id(None, **settings)

    assert f"the rule 'stable-process-id' cannot be set up: {reason}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_that_holds_a_qualified_name_stays():
    assert told(load(f"copy-{WAREHOUSE}/RAW/P/A")) == []
    assert told(load(f"copy-{WAREHOUSE}")) == []
    assert len(told(load(f"copy-{WAREHOUSE}/RAW/P/A-20240131"))) == 1


@pytest.mark.parametrize("given", [{"ignore": ["airbyte-.*"]}, {"file": {"ignore": ["airbyte-.*"]}}])
def test_ids_that_do_stay_may_be_named(given):
    id_ = "495b1516-aaaf-4390-8cfd-b11ade7a7799"

    assert told(load(f"airbyte-{id_}"), **given) == []
    assert len(told(load(id_), **given)) == 1
