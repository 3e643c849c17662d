"""`certificate-status`: certificates have an allowed status and, where required, a message."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, violations
from policies.remediation import remediate, secret

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.certificate_status import certificate_status

LABEL = f"Process '{WAREHOUSE}/load'"
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def check(*resources, **settings):
    return violations(certificate_status, *resources, **settings)


def load(status=None, message=None, **more):
    given = {"certificate_status": status, "certificate_status_message": message}
    return process("load", "RAW/P/A", "MART/P/A", **{k: v for k, v in given.items() if v is not None}, **more)


def process_set(**processes):
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def status_after(given, kind="Process", **settings):
    """Return the certificate after remediation; None if it does not change."""
    props = {"sql": "x"} if given is None else {"certificate_status": given}
    changed = remediate(certificate_status, kind, props, **settings)
    return None if changed is None else changed["certificate_status"]


@pytest.mark.parametrize("status", ["VERIFIED", "DRAFT", None])
def test_by_default_any_status_or_none_passes(status):
    assert check(load(status)) == []


def test_deprecated_needs_a_message():
    line = (
        f"load: {LABEL}: certificate_status_message: is missing, but DEPRECATED needs one: "
        "say why, and what to do"
    )

    assert check(load("DEPRECATED")) == [line]
    assert check(load("DEPRECATED", "  ")) == [line]
    assert check(load("DEPRECATED", "Ends in May.")) == []


def test_message_for_selects_the_statuses_that_need_a_message():
    assert check(load("DEPRECATED"), message_for=[]) == []
    (line,) = check(load("DRAFT"), file={"messageFor": ["DRAFT", "VERIFIED"]})
    assert "but DRAFT needs one" in line


def test_a_status_that_is_not_allowed_fails():
    (line,) = check(load("DRAFT"), allowed=["VERIFIED", "DEPRECATED"])

    assert line == (
        f"load: {LABEL}: certificate_status: 'DRAFT' is not allowed: set one of VERIFIED, DEPRECATED"
    )
    assert check(load("DRAFT"), file={"allowed": ["DRAFT"]}) == []


def test_a_certificate_may_be_required():
    (line,) = check(load(), required=True)

    assert line == f"load: {LABEL}: certificate_status: is missing: set one of DRAFT, VERIFIED, DEPRECATED"
    assert check(load("DRAFT"), file={"required": True}) == []


def test_connections_and_processes_of_a_set_are_checked():
    connection = resource("Connection", "etl", name="etl", connector="airflow", admin_roles=["$admin"])
    lines = check(
        connection, process_set(a=SIDES, b={**SIDES, "certificate_status": "DEPRECATED"}), required=True
    )

    assert [line.split(": ")[:3] for line in lines] == [
        ["etl", "Connection 'etl'", "certificate_status"],
        ["set", f"Process '{WAREHOUSE}/a'", "certificate_status"],
        ["set", f"Process '{WAREHOUSE}/b'", "certificate_status_message"],
    ]


def test_entities_without_certificates_are_skipped():
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    spark = "default/spark/1657025400"
    job = resource("OpenLineageJob", "job", connection=spark, job_name="j", **sides, columns={"ID": ["ID"]})
    with_columns = process_set(a={**SIDES, "certificate_status": "DRAFT", "columns": {"ID": "ID"}})

    kinds = ["Connection", "OpenLineageConnection", "Process", "ColumnProcess"]
    assert check(job, with_columns, required=True, kinds=kinds) == []


def test_column_processes_are_checked_if_selected():
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

    assert check(below) == []
    (line,) = check(below, kinds=["ColumnProcess"])
    assert line.startswith(f"id: ColumnProcess '{WAREHOUSE}/load.id': certificate_status_message: ")


def test_unknown_values_are_skipped():
    strict = {"required": True, "allowed": ["VERIFIED"]}

    assert check(load(ENGINE_UNKNOWN), **strict) == []
    assert check(load("DEPRECATED", ENGINE_UNKNOWN)) == []
    assert len(check(load("DRAFT", ENGINE_UNKNOWN, sql=ENGINE_UNKNOWN), **strict)) == 1


def test_remediation_sets_the_default():
    assert status_after(None, default="DRAFT") == "DRAFT"
    assert status_after(None, kind="OpenLineageConnection", default="DRAFT") == "DRAFT"
    assert status_after(None) is None
    assert status_after("VERIFIED", default="DRAFT") is None
    assert status_after(ENGINE_UNKNOWN, default="DRAFT") is None


@pytest.mark.parametrize("odd", ["", "draft", 3, ["DRAFT"]])
def test_remediation_leaves_invalid_statuses_to_the_check_of_the_provider(odd):
    assert status_after(odd, default="DRAFT") is None


def test_remediation_does_not_change_a_secret_status():
    assert status_after(secret("VERIFIED"), default="DRAFT") is None


def test_remediation_changes_only_the_selected_kinds():
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
            "default: must be an allowed status: VERIFIED, DRAFT",
        ),
        ({"allowed": ["odd"], "default": "DRAFT"}, "allowed[0]: must be"),
        ({"default": ""}, "default: must be"),
        ({"require": True}, "require: unknown setting; did you mean 'required'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        certificate_status("remediate", **settings)

    assert reason in str(caught.value)
