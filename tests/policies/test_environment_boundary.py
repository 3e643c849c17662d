"""`environment-boundary`: lineage does not cross environments."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.environment_boundary import environment_boundary

PROD, DEV = "default/airflow/1657025300", "default/airflow/1657025301"
ENVIRONMENTS = {"prod": ["*/PROD/*", f"{PROD}/*"], "dev": ["*/DEV/*", f"{DEV}/*"]}
TO_DEV = [{"from": "prod", "to": "dev"}]
ADVICE = "stay in one environment, or add this direction to `allowed`"


def check(*resources, **settings):
    return violations(environment_boundary, *resources, **{"environments": ENVIRONMENTS, **settings})


def places(lines):
    """Return the resource and the property of each line."""
    return [(line.split(": ")[0], line.split(": ")[2]) for line in lines]


# -- inputs and outputs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target"), [("PROD", "PROD"), ("DEV", "DEV"), ("OTHER", "PROD"), ("PROD", "OTHER")]
)
def test_lineage_within_an_environment_or_outside_all_passes(source, target):
    assert check(process("load", f"{source}/P/A", f"{target}/P/B")) == []


@pytest.mark.parametrize(("source", "target"), [("DEV", "PROD"), ("PROD", "DEV")])
def test_lineage_across_environments_fails(source, target):
    (line,) = check(process("load", f"{source}/P/A", f"{target}/P/B"))

    assert line == (
        f"load: Process '{WAREHOUSE}/load': inputs: Table '{WAREHOUSE}/{source}/P/A' of the environment "
        f"{source.lower()!r} is read for Table '{WAREHOUSE}/{target}/P/B' of the environment "
        f"{target.lower()!r}: {ADVICE}"
    )


def test_an_allowed_direction_passes_and_the_opposite_fails():
    forth, back = process("forth", "PROD/P/A", "DEV/P/A"), process("back", "DEV/P/A", "PROD/P/A")

    assert places(check(forth, back, allowed=TO_DEV)) == [("back", "inputs")]


def test_each_pair_is_reported():
    lines = check(process("load", ["PROD/P/A", "DEV/P/A"], ["PROD/P/B", "DEV/P/B"]))

    assert len(lines) == 2


def test_the_first_matching_environment_counts():
    environments = {"shared": ["*/DEV/SHARED/*"], **ENVIRONMENTS}

    assert len(check(process("load", "DEV/SHARED/A", "PROD/P/A"), environments=environments)) == 1
    assert (
        check(
            process("load", "DEV/SHARED/A", "PROD/P/A"),
            environments=environments,
            allowed=[{"from": "shared", "to": "prod"}],
        )
        == []
    )


def test_without_environments_nothing_is_checked():
    assert violations(environment_boundary, process("load", "DEV/P/A", "PROD/P/A")) == []


# -- the connection ------------------------------------------------------------------------------------


def test_a_connection_of_another_environment_fails():
    lines = check(process("load", "PROD/P/A", "PROD/P/B", connection=DEV))

    assert places(lines) == [("load", "inputs"), ("load", "outputs")]
    assert lines[0].endswith(f"is read by the connection '{DEV}' of the environment 'dev': {ADVICE}")
    assert lines[1].endswith(f"is written by the connection '{DEV}' of the environment 'dev': {ADVICE}")


def test_a_connection_in_an_allowed_direction_passes():
    to_dev = {"inputs": "PROD/P/A", "outputs": "DEV/P/A"}

    for connection in (PROD, DEV):
        assert check(process("load", *to_dev.values(), connection=connection), allowed=TO_DEV) == []
    assert places(check(process("load", "PROD/P/A", "PROD/P/B", connection=DEV), allowed=TO_DEV)) == [
        ("load", "outputs")
    ]


@pytest.mark.parametrize("own", ["prod", "dev"])
def test_an_asset_is_reported_once(own):
    connection = {"prod": PROD, "dev": DEV}[own]

    lines = check(process("load", "DEV/P/A", "PROD/P/B", connection=connection), stacks={"prod": own})

    assert places(lines) == [("load", "inputs")]


# -- stacks --------------------------------------------------------------------------------------------


def test_a_stack_of_another_environment_fails():
    lines = check(process("load", "DEV/P/A", "DEV/P/B", connection=DEV), stacks={"prod": "prod"})

    assert places(lines) == [("load", "connection"), ("load", "inputs"), ("load", "outputs")]
    assert lines[0] == (
        f"load: Process '{DEV}/load': connection: the connection '{DEV}' of the environment 'dev' is not for "
        f"the stack 'prod' of the environment 'prod': {ADVICE}"
    )


def test_a_stack_may_use_its_environment_and_assets_outside_all():
    own = process("own", "PROD/P/A", "PROD/P/B", connection=PROD)
    none = process("none", "OTHER/P/A", "OTHER/P/B")

    assert check(own, none, stacks={"pr*": "prod", "*": "dev"}) == []


def test_the_first_matching_stack_glob_counts():
    own = process("own", "PROD/P/A", "PROD/P/B")

    assert check(own, stacks={"prod": "prod", "*": "dev"}) == []
    assert check(own, stacks={"*": "dev", "prod": "prod"}) != []
    assert check(own, stacks={"dev": "dev"}) == []


def test_a_stack_may_read_in_an_allowed_direction():
    pull = process("pull", "PROD/P/A", "DEV/P/A", connection=DEV)

    assert check(pull, allowed=TO_DEV, stacks={"prod": "dev"}) == []
    assert places(check(process("on", "PROD/P/A", "PROD/P/B"), allowed=TO_DEV, stacks={"prod": "dev"})) == [
        ("on", "outputs")
    ]


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_created_connection_must_be_in_the_environment_of_the_stack(kind):
    connector = "airflow" if kind == "Connection" else "spark"
    name = f"default/{connector}/1657025301"
    made = resource(kind, "etl", name="etl", connector=connector, qualified_name=name, admin_roles=["$admin"])
    environments = {"prod": ["*/PROD/*"], "dev": [name]}

    assert places(check(made, environments=environments, stacks={"prod": "prod"})) == [
        ("etl", "qualified_name")
    ]
    assert check(made, environments=environments, stacks={"prod": "dev"}) == []
    assert check(made, environments=environments) == []


# -- kinds of resources --------------------------------------------------------------------------------


def test_columns_have_the_environment_of_their_table():
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=parent,
        inputs=columns("DEV/P/A/ID"),
        outputs=columns("PROD/P/A/ID"),
    )
    mapping = {
        f"{WAREHOUSE}/PROD/P/A/X": f"{WAREHOUSE}/DEV/P/A/X",
        f"{WAREHOUSE}/PROD/P/A/Y": f"{WAREHOUSE}/PROD/P/B/Y",
    }
    many = resource("ColumnLineage", "many", process=parent, columns=mapping)

    assert places(check(single, many)) == [("id", "inputs"), ("many", "inputs")]


def test_each_process_of_a_set_is_checked_and_its_connection_once():
    processes = {f"p{n:03}": {"inputs": "PROD/P/A", "outputs": f"PROD/P/T{n}"} for n in range(300)}
    processes["bad"] = {"inputs": "DEV/P/A", "outputs": "PROD/P/A"}
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)
    elsewhere = resource(
        "ProcessSet",
        "elsewhere",
        connection=DEV,
        processes={"p": {"inputs": "X/A", "outputs": "X/B"}, "q": {"inputs": "X/A", "outputs": "X/C"}},
    )

    assert places(check(whole)) == [("set", "inputs")]
    assert places(check(elsewhere, stacks={"prod": "prod"}))[:1] == [("elsewhere", "connection")]
    assert [
        place for place in places(check(elsewhere, stacks={"prod": "prod"})) if place[1] == "connection"
    ] == [("elsewhere", "connection")]


def test_the_datasets_of_a_job_are_checked():
    account = "snowflake://abc123"
    job = resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="job",
        inputs=[{"namespace": account, "name": "DEV.P.A"}],
        outputs=[{"namespace": account, "name": "PROD.P.A"}],
        columns={"PROD.P.A.X": ["DEV.P.A.X"]},
    )

    assert places(check(job)) == [("job", "inputs"), ("job", "inputs")]


# -- unknown values ------------------------------------------------------------------------------------


def test_known_assets_are_checked_next_to_unknown_ones():
    partly_known = process("load", [ENGINE_UNKNOWN, "DEV/P/A"], [ENGINE_UNKNOWN, "PROD/P/A"])

    assert places(check(partly_known)) == [("load", "inputs")]
    assert check(process("load", ENGINE_UNKNOWN, "PROD/P/A")) == []


def test_an_unknown_connection_is_skipped():
    unknown = resource(
        "Process",
        "load",
        name="load",
        connection=ENGINE_UNKNOWN,
        process_id="load",
        inputs=tables("DEV/P/A"),
        outputs=tables("DEV/P/B"),
    )

    assert places(check(unknown, stacks={"prod": "prod"})) == [("load", "inputs"), ("load", "outputs")]
    assert check(unknown) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_has_lists():
    file = {
        "environments": [{"name": name, "patterns": patterns} for name, patterns in ENVIRONMENTS.items()],
        "allowed": TO_DEV,
        "stacks": [{"stack": "prod", "environment": "prod"}],
    }
    forth, back = process("forth", "PROD/P/A", "DEV/P/A"), process("back", "DEV/P/A", "PROD/P/A")

    assert places(violations(environment_boundary, forth, back, file=file)) == [("back", "inputs")]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"environments": {"prod": []}}, "environments[0].patterns: list should have at least 1 item"),
        ({"environments": [{"name": "a", "patterns": ["*"]}] * 2}, "environments: duplicate 'a'"),
        (
            {"allowed": [{"from": "prod", "to": "dve"}]},
            "allowed: unknown environment 'dve'; did you mean 'dev'?",
        ),
        ({"allowed": [{"from": "prod"}]}, "allowed[0].to: field required"),
        ({"allowed": {"prod": "dev"}}, "allowed: must be a valid list"),
        ({"stacks": {"*": "pord"}}, "stacks: unknown environment 'pord'; did you mean 'prod'?"),
        ({"stacks": {"": "prod"}}, "stacks[0].stack: string should have at least 1 character"),
        ({"stack": {}}, "stack: unknown setting; did you mean 'stacks'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        environment_boundary(**{"environments": ENVIRONMENTS, **settings})

    assert str(caught.value).startswith(f"the rule 'environment-boundary' cannot be set up: {reason}")
