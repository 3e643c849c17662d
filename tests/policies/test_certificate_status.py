"""`certificate-status`: those that are agreed on, and why where it matters."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, violations
from policies.wire import mended, secret

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.certificate_status import certificate_status

LABEL = f"Process '{WAREHOUSE}/load'"
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def told(*resources, **settings):
    return violations(certificate_status, *resources, **settings)


def load(status=None, message=None, **more):
    given = {"certificate_status": status, "certificate_status_message": message}
    return process("load", "RAW/P/A", "MART/P/A", **{k: v for k, v in given.items() if v is not None}, **more)


def some(**processes):
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def status_after(given, kind="Process", **settings):
    """The certificate after remediation; None where it is left alone."""
    props = {"sql": "x"} if given is None else {"certificate_status": given}
    answer = mended(certificate_status, kind, props, **settings)
    return None if answer is None else answer["certificate_status"]


@pytest.mark.parametrize("status", ["VERIFIED", "DRAFT", None])
def test_by_default_any_will_do_and_none(status):
    assert told(load(status)) == []


def test_a_deprecated_one_has_to_say_why():
    line = (
        f"load: {LABEL}: certificate_status_message: is missing, which a DEPRECATED one needs: "
        "say why, and what to do"
    )

    assert told(load("DEPRECATED")) == [line]
    assert told(load("DEPRECATED", "  ")) == [line]
    assert told(load("DEPRECATED", "Ends in May.")) == []


def test_which_ones_have_to_say_why_may_be_chosen():
    assert told(load("DEPRECATED"), message_for=[]) == []
    (line,) = told(load("DRAFT"), file={"messageFor": ["DRAFT", "VERIFIED"]})
    assert "which a DRAFT one needs" in line


def test_one_that_is_not_allowed_fails():
    (line,) = told(load("DRAFT"), allowed=["VERIFIED", "DEPRECATED"])

    assert line == (
        f"load: {LABEL}: certificate_status: 'DRAFT' is not allowed: give one of VERIFIED, DEPRECATED"
    )
    assert told(load("DRAFT"), file={"allowed": ["DRAFT"]}) == []


def test_one_may_be_required():
    (line,) = told(load(), required=True)

    assert (
        line == f"load: {LABEL}: certificate_status: there is none: give one of DRAFT, VERIFIED, DEPRECATED"
    )
    assert told(load("DRAFT"), file={"required": True}) == []


def test_a_connection_and_the_processes_of_a_set_are_judged_alike():
    connection = resource("Connection", "etl", name="etl", connector="airflow", admin_roles=["$admin"])
    lines = told(connection, some(a=SIDES, b={**SIDES, "certificate_status": "DEPRECATED"}), required=True)

    assert [line.split(": ")[:3] for line in lines] == [
        ["etl", "Connection 'etl'", "certificate_status"],
        ["set", f"Process '{WAREHOUSE}/a'", "certificate_status"],
        ["set", f"Process '{WAREHOUSE}/b'", "certificate_status_message"],
    ]


def test_what_cannot_have_one_is_passed_over():
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    spark = "default/spark/1657025400"
    job = resource("OpenLineageJob", "job", connection=spark, job_name="j", **sides, columns={"ID": ["ID"]})
    with_columns = some(a={**SIDES, "certificate_status": "DRAFT", "columns": {"ID": "ID"}})

    kinds = ["Connection", "OpenLineageConnection", "Process", "ColumnProcess"]
    assert told(job, with_columns, required=True, kinds=kinds) == []


def test_column_processes_are_judged_where_they_are_among_the_kinds():
    below = resource(
        "ColumnProcess",
        "id",
        name="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        process_id="load.id",
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
        certificate_status="DEPRECATED",
    )

    assert told(below) == []
    (line,) = told(below, kinds=["ColumnProcess"])
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/load.id': certificate_status_message: ")


def test_what_a_preview_does_not_know_is_passed_over():
    strict = {"required": True, "allowed": ["VERIFIED"]}

    assert told(load(UNKNOWN_YET), **strict) == []
    assert told(load("DEPRECATED", UNKNOWN_YET)) == []
    assert len(told(load("DRAFT", UNKNOWN_YET, sql=UNKNOWN_YET), **strict)) == 1


def test_remediation_gives_the_default_where_there_is_none():
    assert status_after(None, default="DRAFT") == "DRAFT"
    assert status_after(None, kind="OpenLineageConnection", default="DRAFT") == "DRAFT"
    assert status_after(None) is None
    assert status_after("VERIFIED", default="DRAFT") is None
    assert status_after(UNKNOWN_YET, default="DRAFT") is None


@pytest.mark.parametrize("odd", ["", "draft", 3, ["DRAFT"]])
def test_remediation_leaves_to_the_check_what_is_no_certificate(odd):
    assert status_after(odd, default="DRAFT") is None


def test_remediation_leaves_a_secret_one():
    assert status_after(secret("VERIFIED"), default="DRAFT") is None


def test_remediation_heeds_the_kinds():
    assert status_after(None, kinds=["Connection"], default="DRAFT") is None
    assert status_after(None, kind="ColumnLineage", default="DRAFT") is None
    assert status_after(None, kind="OpenLineageJob", default="DRAFT") is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"allowed": []}, "allowed: list should have at least 1 item"),
        ({"allowed": ["draft"]}, "allowed[0]: must be 'DRAFT', 'VERIFIED' or 'DEPRECATED'"),
        ({"message_for": ["ALL"]}, "message_for[0]: must be"),
        (
            {"allowed": ["VERIFIED", "DRAFT"], "default": "DEPRECATED"},
            "default: must be one of those that are allowed: VERIFIED, DRAFT",
        ),
        ({"allowed": ["odd"], "default": "DRAFT"}, "allowed[0]: must be"),
        ({"default": ""}, "default: must be"),
        ({"require": True}, "require: there is no such setting; did you mean 'required'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        certificate_status("remediate", **settings)

    assert reason in str(caught.value)
