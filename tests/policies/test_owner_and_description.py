"""`owner-and-description`: connections and processes have an owner and a description."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, remediated, resource, violations
from policies.remediation import remediate, secret

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.owner_and_description import owner_and_description

LABEL = f"Process '{WAREHOUSE}/load'"
BOTH = {"owner_users": ["alice"], "description": "Copies the orders."}
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def check(*resources, **settings):
    return violations(owner_and_description, *resources, **settings)


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def connection(kind="Connection", **more):
    return resource(kind, "etl", name="etl", connector="spark", admin_roles=["$admin"], **more)


def process_set(**processes):
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def remedy(props, kind="Process", **settings):
    """Return the properties that a remediation changes."""
    changed = remediate(owner_and_description, kind, props, **settings)
    if changed is None:
        return None
    return {name: value for name, value in changed.items() if value != props.get(name)}


@pytest.mark.parametrize("owner", ["owner_users", "owner_groups"])
@pytest.mark.parametrize("description", ["description", "user_description"])
def test_any_owner_and_any_description_pass(owner, description):
    given = {owner: ["x"], description: "x"}

    assert check(load(**given), connection(**given), connection("OpenLineageConnection", **given)) == []


def test_a_missing_owner_and_description_are_both_reported():
    assert check(load()) == [
        f"load: {LABEL}: owner_users: is missing: set owner_users or owner_groups",
        f"load: {LABEL}: description: is missing: say what it is for, in one sentence",
    ]


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_connections_are_reported_by_resource_name(kind):
    first, second = check(connection(kind))

    assert first.startswith(f"etl: {kind} 'etl': owner_users: is missing")
    assert second.startswith(f"etl: {kind} 'etl': description: is missing")


def test_blank_values_count_as_missing():
    assert len(check(load(owner_users=[], owner_groups=[], description=" \n", user_description=""))) == 2


def test_each_requirement_can_be_disabled():
    assert [line.split(": ")[2] for line in check(load(), description=False)] == ["owner_users"]
    assert [line.split(": ")[2] for line in check(load(), file={"owner": False})] == ["description"]
    assert check(load(), owner=False, file={"description": False}) == []


def test_each_process_of_a_set_is_checked_and_its_columns_are_not():
    lines = check(
        process_set(b={**SIDES, **BOTH, "columns": {"ID": "ID"}}, a={**SIDES, "columns": {"ID": "ID"}})
    )

    assert [line.split(": ")[1] for line in lines] == [f"Process '{WAREHOUSE}/a'"] * 2


def test_entities_without_owners_are_skipped():
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

    assert (
        check(job, lineage, kinds=["Connection", "OpenLineageConnection", "Process", "ColumnProcess"]) == []
    )


def test_kinds_selects_the_resources_to_check():
    below = resource(
        "ColumnProcess",
        "id",
        name="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        process_id="load.id",
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )
    everything = [below, load(), connection(), process_set(a=SIDES)]

    assert [line.split(":")[0] for line in check(*everything)] == ["load"] * 2 + ["etl"] * 2 + ["set"] * 2
    assert {line.split(":")[0] for line in check(*everything, kinds=["ColumnProcess"])} == {"id"}
    assert {line.split(":")[0] for line in check(*everything, file={"kinds": ["Connection"]})} == {"etl"}


def test_unknown_values_count_as_set():
    assert check(load(owner_users=ENGINE_UNKNOWN, description=ENGINE_UNKNOWN)) == []
    assert check(load(owner_groups=[ENGINE_UNKNOWN], user_description=ENGINE_UNKNOWN)) == []
    assert len(check(load(sql=ENGINE_UNKNOWN, connection=ENGINE_UNKNOWN))) == 2
    lines = check(process_set(a={**SIDES, "owner_users": ENGINE_UNKNOWN}, b=SIDES))
    assert [line.split(": ")[1:3] for line in lines] == [
        [f"Process '{WAREHOUSE}/a'", "description"],
        [f"Process '{WAREHOUSE}/b'", "owner_users"],
        [f"Process '{WAREHOUSE}/b'", "description"],
    ]


def test_remediation_sets_the_default_owners():
    settings = {"default_owner_users": ["alice"], "default_owner_groups": ["data", "ops"]}

    assert remedy({}, **settings) == {"owner_users": ["alice"], "owner_groups": ["data", "ops"]}
    assert remedy({"owner_users": [" "]}, **settings)["owner_users"] == ["alice"]
    assert remedy({"owner_groups": []}, default_owner_users=["alice"]) == {"owner_users": ["alice"]}
    assert remedy({}, default_owner_users=[" b", "a", "b"]) == {"owner_users": ["a", "b"]}


def test_remediation_keeps_existing_owners():
    assert remedy({"owner_users": ["bob"]}, default_owner_users=["alice"]) is None
    assert remedy({"owner_groups": ["data"]}, default_owner_users=["alice"]) is None
    assert remedy({}) is None


def test_remediation_removes_blanks_and_duplicates():
    given = {
        "owner_users": [" bob", "alice", "bob ", ""],
        "owner_groups": ["data"],
        "description": " Copies.\n",
        "user_description": "Told.",
    }

    assert remedy(given) == {"owner_users": ["alice", "bob"], "description": "Copies."}


def test_remediation_does_not_add_a_description():
    assert remedy({**BOTH, "description": "  "}) is None
    props = remediated(owner_and_description, load(), default_owner_users=["alice"])
    with_owner = resource("Process", "load", **props)
    assert [line.split(": ")[2] for line in check(with_owner)] == ["description"]


def test_remediation_follows_the_settings():
    untidy = {"owner_users": ["bob", "bob"], "description": " x "}

    assert remedy(untidy, owner=False) == {"description": "x"}
    assert remedy(untidy, description=False) == {"owner_users": ["bob"]}
    assert remedy({}, owner=False, default_owner_users=["alice"]) is None
    assert remedy({}, kinds=["Connection"], default_owner_users=["alice"]) is None
    assert remedy({}, kind="OpenLineageJob", default_owner_users=["alice"]) is None
    assert remedy({}, kind="Connection", default_owner_users=["alice"]) == {"owner_users": ["alice"]}


def test_remediation_leaves_invalid_owners_to_the_check_of_the_provider():
    for odd in ("alice", [1, 2], {"a": "b"}, ["alice", None]):
        assert remedy({"owner_users": odd}, default_owner_users=["alice"]) is None


def test_remediation_keeps_unknown_values():
    assert (
        remedy({"owner_users": ENGINE_UNKNOWN, "description": ENGINE_UNKNOWN}, default_owner_users=["a"])
        is None
    )
    assert remedy({"owner_users": [ENGINE_UNKNOWN, " b "]}, default_owner_users=["a"]) is None
    assert remedy({"sql": ENGINE_UNKNOWN}, default_owner_users=["a"]) == {"owner_users": ["a"]}


def test_remediation_keeps_secrets_secret():
    tidy = remedy({"description": secret(" x "), "sql": secret("select 1")})
    assert tidy == {"description": secret("x")}
    assert remedy({"owner_users": [secret("bob"), " bob"]}) is None


@hypothesis_settings(deadline=None)
@given(st.lists(st.sampled_from(["a", " a", "b", "b ", "", "  "]), max_size=5))
def test_remediation_is_idempotent(users):
    settings = {"default_owner_users": ["alice"]}
    given = {"owner_users": users, "description": "x"}
    after = remediate(owner_and_description, "Process", given, **settings)

    assert remediate(owner_and_description, "Process", after or {"owner_users": users}, **settings) is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"kinds": []}, "kinds: list should have at least 1 item"),
        (
            {"kinds": ["Job"]},
            "kinds[0]: must be 'Connection', 'OpenLineageConnection', ",
        ),
        ({"default_owner_users": [" "]}, "default_owner_users[0]: "),
        ({"default_owner_groups": "data"}, "default_owner_groups: must be a valid list"),
        ({"owners": True}, "owners: unknown setting; did you mean 'owner'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        owner_and_description("remediate", **settings)

    assert reason in str(caught.value)
