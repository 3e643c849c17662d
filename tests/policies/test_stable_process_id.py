"""`stable-process-id`: processes have an id that stays the same from run to run."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables, violations

import atlan_pulumi as atlan
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.stable_process_id import stable_process_id

SPARK = "default/spark/1657025400"
PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}


def load(process_id, name="load"):
    return process(name, "RAW/P/A", "MART/P/A", process_id=process_id)


def check(*resources, **settings):
    return violations(stable_process_id, *resources, **settings)


def job(job_name, name="nightly"):
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    return resource(
        "OpenLineageJob", name, connection=SPARK, job_name=job_name, **sides, columns={"ID": ["ID"]}
    )


def process_set(*ids, **more):
    sides = {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=dict.fromkeys(ids, sides), **more)


STABLE = [
    "dag_123",
    "shop.load_orders",
    "load-orders-v2",
    "model.shop.orders",
    "test.shop.not_null_orders_id.cf6c17daed",
    "70403103916144",  # a job number
    "1023456789012345",
    "report-2024",
    "report-2024-10",
    "load/20/orders",
    "facade",
    "load-defaced",  # seven letters that are also hexadecimal digits
    "load-1234567",  # a ticket number
    "Daten für Müller: laden",
    "12:30",
]
UNSTABLE = {
    "dag-495b1516-aaaf-4390-8cfd-b11ade7a7799": "contains a UUID",
    "495B1516-AAAF-4390-8CFD-B11ADE7A7799": "contains a UUID",
    "a0427209221340a5e997701256e982ea": "like the ids that Atlan's SDK derives",
    "load-da39a3ee5e6b4b0d3255bfef95601890afd80709": "contains a digest",
    "load.0123456789abcdef": "contains a digest",
    "load-20240131": "contains a date",
    "load-20240131123000": "contains a date",
    "scheduled__2024-01-31T00:00:00+00:00": "contains a date",
    "load_2024_01_31": "contains a date",
    "load/2024/01/31": "contains a date",
    "load at 23:59:00": "contains a time",
    "load-1706659200": "contains a Unix timestamp",
    "load-1706659200123": "contains a Unix timestamp",
    "load-1706659200123456789": "contains a Unix timestamp",
    "load-orders-1a2b3c4": "like Pulumi's auto-generated names",
}


@pytest.mark.parametrize("process_id", STABLE)
def test_a_stable_id_passes(process_id):
    assert check(load(process_id)) == []


@pytest.mark.parametrize("process_id", UNSTABLE)
def test_an_unstable_id_fails(process_id):
    (line,) = check(load(process_id))

    assert line.startswith(f"load: Process '{WAREHOUSE}/{process_id}': process_id: ")
    assert f"{UNSTABLE[process_id]}" in line
    assert line.endswith("set a stable one, such as the name of the DAG or model")


@settings(deadline=None)
@given(st.uuids(), st.text("abcxyz_.", max_size=10), st.text("abcxyz_.", max_size=10))
def test_any_uuid_anywhere_fails(number: uuid.UUID, before, after):
    assert check(load(f"{before}-{number}-{after}"))
    assert check(load(f"x{before}-{number.hex}"))


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(2017, 7, 15), max_value=datetime(2033, 5, 17)))
def test_any_usual_time_format_fails(moment: datetime):
    moment = moment.replace(tzinfo=timezone.utc)
    for text in (f"{moment:%Y%m%d}", f"{moment:%Y%m%d%H%M}", f"{moment:%Y-%m-%d}", moment.isoformat()):
        assert check(load(f"load_{text}")), text
    seconds = int(moment.timestamp())
    for number in (seconds, seconds * 1_000, seconds * 1_000_000):
        assert check(load(f"load_{number}")), number


def test_an_id_of_the_sdk_fails_with_the_reason():
    derived = atlan.sdk_process_id("A -> B", WAREHOUSE, inputs=["a"], outputs=["b"])

    (line,) = check(load(derived))

    assert "from the name, inputs, and outputs, and that change with each of these" in line


def test_the_resource_name_as_id_fails_unless_allowed():
    (line,) = check(load("load"))

    assert (
        "process_id: is the resource name, which is its default: renaming the resource would replace" in line
    )
    assert check(load("load"), allow_resource_name=True) == []
    assert check(load("load"), file={"allowResourceName": True}) == []
    assert check(load("load"), file={"allowResourceName": False}, allow_resource_name=True) != []


def test_an_allowed_resource_name_must_be_stable():
    named = load("load-20240131", name="load-20240131")

    (line,) = check(named, allow_resource_name=True)

    assert "contains a date" in line


def test_a_resource_name_may_contain_colons():
    assert check(load("a::b", name="a::b")) != []


def test_a_column_process_is_checked():
    def below(process_id):
        sides = {"inputs": columns("RAW/P/A/ID"), "outputs": columns("MART/P/A/ID")}
        return resource("ColumnProcess", "id", name="id", process=PROCESS, process_id=process_id, **sides)

    (line,) = check(below("id"))
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/id': process_id: is the resource name")
    assert check(below("load.id-20240131"))
    assert check(below("load.id")) == []


def test_derived_ids_are_skipped():
    dated = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load-20240131"}
    lineage = resource(
        "ColumnLineage",
        "columns",
        process=dated,
        columns={"ID": "ID"},
        input_tables=[each["qualified_name"] for each in tables("RAW/P/A")],
        output_tables=[each["qualified_name"] for each in tables("MART/P/A")],
    )

    assert check(lineage) == []
    assert check(resource("Connection", "c", name="c", connector="airflow", admin_roles=["$admin"])) == []


def test_each_key_of_a_set_is_reported_once():
    lines = check(process_set("orders", "set", "items-20240131", "a0427209221340a5e997701256e982ea"))

    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/a0427209221340a5e997701256e982ea'",
        f"Process '{WAREHOUSE}/items-20240131'",
    ]


def test_violations_of_a_set_are_limited_to_ten():
    lines = check(process_set(*(f"load-2024-01-{day:02}" for day in range(1, 32))))

    assert len(lines) == 11
    assert lines[-1] == "set: … and 21 more like these"


def test_a_job_name_may_be_the_resource_name_but_must_be_stable():
    assert check(job("nightly")) == []
    (line,) = check(job("nightly-20240131"))
    assert line.startswith(
        f"nightly: Process '{SPARK}/nightly-20240131/process': job_name: contains a date: unless"
    )


def test_unknown_values_are_skipped_and_known_ones_are_checked():
    assert check(load(ENGINE_UNKNOWN)) == []
    assert check(job(ENGINE_UNKNOWN)) == []
    (line,) = check(
        process(
            "load",
            ENGINE_UNKNOWN,
            "MART/P/A",
            connection=ENGINE_UNKNOWN,
            sql=ENGINE_UNKNOWN,
            process_id="load",
        )
    )
    assert line.startswith("load: Process 'load': process_id: is the resource name")


def test_keys_of_a_set_are_checked_with_unknown_values():
    unknown = {"inputs": ENGINE_UNKNOWN, "outputs": "MART/P/A"}
    parts = resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        processes={"a-20240131": unknown, "b-20240131": ENGINE_UNKNOWN},
    )
    nowhere = resource(
        "ProcessSet", "set", connection=ENGINE_UNKNOWN, base=WAREHOUSE, processes={"a-20240131": unknown}
    )

    assert len(check(parts)) == 2
    assert check(nowhere)[0].startswith("set: Process 'a-20240131': process_id: contains a date")
    assert check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=ENGINE_UNKNOWN)) == []


def test_custom_patterns_replace_the_built_in_ones():
    own = {"unstable_patterns": ["tmp-.*", "[0-9]+"]}

    (line,) = check(load("tmp-orders"), **own)
    assert "process_id: matches 'tmp-.*', a pattern of unstable ids: unless" in line
    assert check(load("123"), file={"unstablePatterns": ["[0-9]+"]})
    assert check(load("my-tmp-orders"), **own) == []
    assert check(load("load-20240131"), **own) == []
    assert check(load("load-20240131"), unstable_patterns=[]) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"unstable_patterns": ["("]}, "unstable_patterns[0]: not a regular expression: "),
        ({"unstable_patterns": [""]}, "unstable_patterns[0]: "),
        ({"unstable_patterns": "x"}, "unstable_patterns: must be a valid list"),
        ({"allow_resource_name": "perhaps"}, "allow_resource_name: must be a valid boolean"),
        ({"allow_name": True}, "allow_name: unknown setting; did you mean 'allowResourceName'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        stable_process_id(None, **settings)

    assert f"the rule 'stable-process-id' cannot be set up: {reason}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_with_a_qualified_name_is_stable():
    assert check(load(f"copy-{WAREHOUSE}/RAW/P/A")) == []
    assert check(load(f"copy-{WAREHOUSE}")) == []
    assert len(check(load(f"copy-{WAREHOUSE}/RAW/P/A-20240131"))) == 1


@pytest.mark.parametrize("given", [{"ignore": ["airbyte-.*"]}, {"file": {"ignore": ["airbyte-.*"]}}])
def test_ignored_ids_are_stable(given):
    id_ = "495b1516-aaaf-4390-8cfd-b11ade7a7799"

    assert check(load(f"airbyte-{id_}"), **given) == []
    assert len(check(load(id_), **given)) == 1
