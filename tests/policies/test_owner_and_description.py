"""`owner-and-description`: who is to be asked, and what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, remedied, resource, violations
from policies.wire import mended, secret

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.owner_and_description import owner_and_description

LABEL = f"Process '{WAREHOUSE}/load'"
BOTH = {"owner_users": ["alice"], "description": "Copies the orders."}
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def told(*resources, **settings):
    return violations(owner_and_description, *resources, **settings)


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def connection(kind="Connection", **more):
    return resource(kind, "etl", name="etl", connector="spark", admin_roles=["$admin"], **more)


def some(**processes):
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def remedy(props, kind="Process", **settings):
    """What is changed in what a program gives."""
    answer = mended(owner_and_description, kind, props, **settings)
    return (
        None
        if answer is None
        else {name: value for name, value in answer.items() if value != props.get(name)}
    )


@pytest.mark.parametrize("owner", ["owner_users", "owner_groups"])
@pytest.mark.parametrize("description", ["description", "user_description"])
def test_either_kind_of_owner_and_of_description_will_do(owner, description):
    given = {owner: ["x"], description: "x"}

    assert told(load(**given), connection(**given), connection("OpenLineageConnection", **given)) == []


def test_what_has_neither_is_told_of_both():
    assert told(load()) == [
        f"load: {LABEL}: owner_users: nobody owns it: give owner_users or owner_groups",
        f"load: {LABEL}: description: is missing: say what it is for, in a sentence",
    ]


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_connections_are_told_by_their_name_in_the_program(kind):
    first, second = told(connection(kind))

    assert first.startswith(f"etl: {kind} 'etl': owner_users: nobody owns it")
    assert second.startswith(f"etl: {kind} 'etl': description: is missing")


def test_nothing_and_blanks_are_as_good_as_none():
    assert len(told(load(owner_users=[], owner_groups=[], description=" \n", user_description=""))) == 2


def test_one_of_the_two_may_be_enough():
    assert [line.split(": ")[2] for line in told(load(), description=False)] == ["owner_users"]
    assert [line.split(": ")[2] for line in told(load(), file={"owner": False})] == ["description"]
    assert told(load(), owner=False, file={"description": False}) == []


def test_each_process_of_a_set_is_judged_and_its_columns_are_not():
    lines = told(some(b={**SIDES, **BOTH, "columns": {"ID": "ID"}}, a={**SIDES, "columns": {"ID": "ID"}}))

    assert [line.split(": ")[1] for line in lines] == [f"Process '{WAREHOUSE}/a'"] * 2


def test_what_cannot_have_an_owner_is_passed_over():
    sides = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    spark = "default/spark/1657025400"
    job = resource("OpenLineageJob", "job", connection=spark, job_name="j", **sides, columns={"ID": ["ID"]})
    lineage = resource(
        "ColumnLineage",
        "columns",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        columns={f"{WAREHOUSE}/MART/P/A/ID": f"{WAREHOUSE}/RAW/P/A/ID"},
    )

    assert told(job, lineage, kinds=["Connection", "OpenLineageConnection", "Process", "ColumnProcess"]) == []


def test_the_kinds_may_be_chosen():
    below = resource(
        "ColumnProcess",
        "id",
        name="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        process_id="load.id",
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )
    everything = [below, load(), connection(), some(a=SIDES)]

    assert [line.split(":")[0] for line in told(*everything)] == ["load"] * 2 + ["etl"] * 2 + ["set"] * 2
    assert {line.split(":")[0] for line in told(*everything, kinds=["ColumnProcess"])} == {"id"}
    assert {line.split(":")[0] for line in told(*everything, file={"kinds": ["Connection"]})} == {"etl"}


def test_what_a_preview_does_not_know_is_taken_to_be_there():
    assert told(load(owner_users=UNKNOWN_YET, description=UNKNOWN_YET)) == []
    assert told(load(owner_groups=[UNKNOWN_YET], user_description=UNKNOWN_YET)) == []
    assert len(told(load(sql=UNKNOWN_YET, connection=UNKNOWN_YET))) == 2
    lines = told(some(a={**SIDES, "owner_users": UNKNOWN_YET}, b=SIDES))
    assert [line.split(": ")[1:3] for line in lines] == [
        [f"Process '{WAREHOUSE}/a'", "description"],
        [f"Process '{WAREHOUSE}/b'", "owner_users"],
        [f"Process '{WAREHOUSE}/b'", "description"],
    ]


def test_remediation_gives_the_default_owners_to_what_has_none():
    settings = {"default_owner_users": ["alice"], "default_owner_groups": ["data", "ops"]}

    assert remedy({}, **settings) == {"owner_users": ["alice"], "owner_groups": ["data", "ops"]}
    assert remedy({"owner_users": [" "]}, **settings)["owner_users"] == ["alice"]
    assert remedy({"owner_groups": []}, default_owner_users=["alice"]) == {"owner_users": ["alice"]}
    assert remedy({}, default_owner_users=[" b", "a", "b"]) == {"owner_users": ["a", "b"]}


def test_remediation_leaves_what_has_an_owner():
    assert remedy({"owner_users": ["bob"]}, default_owner_users=["alice"]) is None
    assert remedy({"owner_groups": ["data"]}, default_owner_users=["alice"]) is None
    assert remedy({}) is None


def test_remediation_takes_blanks_and_repeats_away():
    given = {
        "owner_users": [" bob", "alice", "bob ", ""],
        "owner_groups": ["data"],
        "description": " Copies.\n",
        "user_description": "Told.",
    }

    assert remedy(given) == {"owner_users": ["alice", "bob"], "description": "Copies."}


def test_remediation_cannot_say_what_something_is_for():
    assert remedy({**BOTH, "description": "  "}) is None
    mended_one = remedied(owner_and_description, load(), default_owner_users=["alice"])
    still = resource("Process", "load", **mended_one)
    assert [line.split(": ")[2] for line in told(still)] == ["description"]


def test_remediation_heeds_what_is_asked_for():
    untidy = {"owner_users": ["bob", "bob"], "description": " x "}

    assert remedy(untidy, owner=False) == {"description": "x"}
    assert remedy(untidy, description=False) == {"owner_users": ["bob"]}
    assert remedy({}, owner=False, default_owner_users=["alice"]) is None
    assert remedy({}, kinds=["Connection"], default_owner_users=["alice"]) is None
    assert remedy({}, kind="OpenLineageJob", default_owner_users=["alice"]) is None
    assert remedy({}, kind="Connection", default_owner_users=["alice"]) == {"owner_users": ["alice"]}


def test_remediation_leaves_to_the_check_what_is_no_list_of_names():
    for odd in ("alice", [1, 2], {"a": "b"}, ["alice", None]):
        assert remedy({"owner_users": odd}, default_owner_users=["alice"]) is None


def test_remediation_leaves_what_is_not_known():
    assert remedy({"owner_users": UNKNOWN_YET, "description": UNKNOWN_YET}, default_owner_users=["a"]) is None
    assert remedy({"owner_users": [UNKNOWN_YET, " b "]}, default_owner_users=["a"]) is None
    assert remedy({"sql": UNKNOWN_YET}, default_owner_users=["a"]) == {"owner_users": ["a"]}


def test_remediation_keeps_secrets_secret():
    tidy = remedy({"description": secret(" x "), "sql": secret("select 1")})
    assert tidy == {"description": secret("x")}
    assert remedy({"owner_users": [secret("bob"), " bob"]}) is None


@hypothesis_settings(deadline=None)
@given(st.lists(st.sampled_from(["a", " a", "b", "b ", "", "  "]), max_size=5))
def test_a_remedy_needs_none(users):
    settings = {"default_owner_users": ["alice"]}
    after = mended(owner_and_description, "Process", {"owner_users": users, "description": "x"}, **settings)

    assert mended(owner_and_description, "Process", after or {"owner_users": users}, **settings) is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"kinds": []}, "kinds: list should have at least 1 item"),
        ({"kinds": ["Job"]}, "kinds[0]: must be 'Connection', 'OpenLineageConnection', 'Process' or"),
        ({"default_owner_users": [" "]}, "default_owner_users[0]: "),
        ({"default_owner_groups": "data"}, "default_owner_groups: must be a valid list"),
        ({"owners": True}, "owners: there is no such setting; did you mean 'owner'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        owner_and_description("remediate", **settings)

    assert reason in str(caught.value)
