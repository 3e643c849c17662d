"""`environment-boundary`: no edge leads from one environment to another."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.environment_boundary import environment_boundary

PROD, DEV = "default/airflow/1657025300", "default/airflow/1657025301"
ENVIRONMENTS = {"prod": ["*/PROD/*", f"{PROD}/*"], "dev": ["*/DEV/*", f"{DEV}/*"]}
TO_DEV = [{"from": "prod", "to": "dev"}]
ADVICE = "keep to one environment, or have this way allowed"


def told(*resources, **settings):
    return violations(environment_boundary, *resources, **{"environments": ENVIRONMENTS, **settings})


def places(lines):
    """The resource and the property of each line."""
    return [(line.split(": ")[0], line.split(": ")[2]) for line in lines]


# -- inputs and outputs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target"), [("PROD", "PROD"), ("DEV", "DEV"), ("OTHER", "PROD"), ("PROD", "OTHER")]
)
def test_within_an_environment_and_where_there_is_none_it_passes(source, target):
    assert told(process("load", f"{source}/P/A", f"{target}/P/B")) == []


@pytest.mark.parametrize(("source", "target"), [("DEV", "PROD"), ("PROD", "DEV")])
def test_from_one_environment_to_another_fails(source, target):
    (line,) = told(process("load", f"{source}/P/A", f"{target}/P/B"))

    assert line == (
        f"load: Process '{WAREHOUSE}/load': inputs: Table '{WAREHOUSE}/{source}/P/A' of the environment "
        f"{source.lower()!r} is read for Table '{WAREHOUSE}/{target}/P/B' of the environment "
        f"{target.lower()!r}: {ADVICE}"
    )


def test_an_allowed_way_passes_and_the_way_back_does_not():
    forth, back = process("forth", "PROD/P/A", "DEV/P/A"), process("back", "DEV/P/A", "PROD/P/A")

    assert places(told(forth, back, allowed=TO_DEV)) == [("back", "inputs")]


def test_each_pair_is_told():
    lines = told(process("load", ["PROD/P/A", "DEV/P/A"], ["PROD/P/B", "DEV/P/B"]))

    assert len(lines) == 2


def test_of_two_environments_that_match_the_first_one_counts():
    environments = {"shared": ["*/DEV/SHARED/*"], **ENVIRONMENTS}

    assert len(told(process("load", "DEV/SHARED/A", "PROD/P/A"), environments=environments)) == 1
    assert (
        told(
            process("load", "DEV/SHARED/A", "PROD/P/A"),
            environments=environments,
            allowed=[{"from": "shared", "to": "prod"}],
        )
        == []
    )


def test_without_environments_nothing_is_checked():
    assert violations(environment_boundary, process("load", "DEV/P/A", "PROD/P/A")) == []


# -- the connection ------------------------------------------------------------------------------------


def test_what_a_connection_of_another_environment_reads_and_writes_fails():
    lines = told(process("load", "PROD/P/A", "PROD/P/B", connection=DEV))

    assert places(lines) == [("load", "inputs"), ("load", "outputs")]
    assert lines[0].endswith(f"is read by the connection '{DEV}' of the environment 'dev': {ADVICE}")
    assert lines[1].endswith(f"is written by the connection '{DEV}' of the environment 'dev': {ADVICE}")


def test_data_may_pass_through_a_connection_along_an_allowed_way():
    to_dev = {"inputs": "PROD/P/A", "outputs": "DEV/P/A"}

    for connection in (PROD, DEV):
        assert told(process("load", *to_dev.values(), connection=connection), allowed=TO_DEV) == []
    assert places(told(process("load", "PROD/P/A", "PROD/P/B", connection=DEV), allowed=TO_DEV)) == [
        ("load", "outputs")
    ]


@pytest.mark.parametrize("own", ["prod", "dev"])
def test_an_asset_is_told_once(own):
    connection = {"prod": PROD, "dev": DEV}[own]

    lines = told(process("load", "DEV/P/A", "PROD/P/B", connection=connection), stacks={"prod": own})

    assert places(lines) == [("load", "inputs")]


# -- stacks --------------------------------------------------------------------------------------------


def test_what_a_stack_of_another_environment_touches_fails():
    lines = told(process("load", "DEV/P/A", "DEV/P/B", connection=DEV), stacks={"prod": "prod"})

    assert places(lines) == [("load", "connection"), ("load", "inputs"), ("load", "outputs")]
    assert lines[0] == (
        f"load: Process '{DEV}/load': connection: the connection '{DEV}' of the environment 'dev' is not for "
        f"the stack 'prod' of the environment 'prod': {ADVICE}"
    )


def test_a_stack_may_touch_its_own_environment_and_what_is_in_none():
    own = process("own", "PROD/P/A", "PROD/P/B", connection=PROD)
    none = process("none", "OTHER/P/A", "OTHER/P/B")

    assert told(own, none, stacks={"pr*": "prod", "*": "dev"}) == []


def test_the_first_glob_that_fits_a_stack_counts():
    own = process("own", "PROD/P/A", "PROD/P/B")

    assert told(own, stacks={"prod": "prod", "*": "dev"}) == []
    assert told(own, stacks={"*": "dev", "prod": "prod"}) != []
    assert told(own, stacks={"dev": "dev"}) == []


def test_a_stack_may_read_along_an_allowed_way():
    pull = process("pull", "PROD/P/A", "DEV/P/A", connection=DEV)

    assert told(pull, allowed=TO_DEV, stacks={"prod": "dev"}) == []
    assert places(told(process("on", "PROD/P/A", "PROD/P/B"), allowed=TO_DEV, stacks={"prod": "dev"})) == [
        ("on", "outputs")
    ]


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_connection_that_a_stack_makes_is_of_its_environment(kind):
    connector = "airflow" if kind == "Connection" else "spark"
    name = f"default/{connector}/1657025301"
    made = resource(kind, "etl", name="etl", connector=connector, qualified_name=name, admin_roles=["$admin"])
    environments = {"prod": ["*/PROD/*"], "dev": [name]}

    assert places(told(made, environments=environments, stacks={"prod": "prod"})) == [
        ("etl", "qualified_name")
    ]
    assert told(made, environments=environments, stacks={"prod": "dev"}) == []
    assert told(made, environments=environments) == []


# -- kinds of resources --------------------------------------------------------------------------------


def test_columns_are_of_the_environments_of_their_tables():
    above = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=above,
        inputs=columns("DEV/P/A/ID"),
        outputs=columns("PROD/P/A/ID"),
    )
    mapping = {
        f"{WAREHOUSE}/PROD/P/A/X": f"{WAREHOUSE}/DEV/P/A/X",
        f"{WAREHOUSE}/PROD/P/A/Y": f"{WAREHOUSE}/PROD/P/B/Y",
    }
    many = resource("ColumnLineage", "many", process=above, columns=mapping)

    assert places(told(single, many)) == [("id", "inputs"), ("many", "inputs")]


def test_each_process_of_a_set_is_judged_and_its_connection_once():
    processes = {f"p{n:03}": {"inputs": "PROD/P/A", "outputs": f"PROD/P/T{n}"} for n in range(300)}
    processes["bad"] = {"inputs": "DEV/P/A", "outputs": "PROD/P/A"}
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)
    elsewhere = resource(
        "ProcessSet",
        "elsewhere",
        connection=DEV,
        processes={"p": {"inputs": "X/A", "outputs": "X/B"}, "q": {"inputs": "X/A", "outputs": "X/C"}},
    )

    assert places(told(whole)) == [("set", "inputs")]
    assert places(told(elsewhere, stacks={"prod": "prod"}))[:1] == [("elsewhere", "connection")]
    assert [
        place for place in places(told(elsewhere, stacks={"prod": "prod"})) if place[1] == "connection"
    ] == [("elsewhere", "connection")]


def test_the_datasets_of_a_job_are_judged():
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

    assert places(told(job)) == [("job", "inputs"), ("job", "inputs")]


# -- what is not known yet -----------------------------------------------------------------------------


def test_the_known_ends_are_judged_beside_unknown_ones():
    half_known = process("load", [UNKNOWN_YET, "DEV/P/A"], [UNKNOWN_YET, "PROD/P/A"])

    assert places(told(half_known)) == [("load", "inputs")]
    assert told(process("load", UNKNOWN_YET, "PROD/P/A")) == []


def test_an_unknown_connection_is_passed_over():
    unknown = resource(
        "Process",
        "load",
        name="load",
        connection=UNKNOWN_YET,
        process_id="load",
        inputs=tables("DEV/P/A"),
        outputs=tables("DEV/P/B"),
    )

    assert places(told(unknown, stacks={"prod": "prod"})) == [("load", "inputs"), ("load", "outputs")]
    assert told(unknown) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_gives_all_of_them_as_lists():
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
        ({"environments": [{"name": "a", "patterns": ["*"]}] * 2}, "environments: 'a' is given twice"),
        (
            {"allowed": [{"from": "prod", "to": "dve"}]},
            "allowed: there is no environment 'dve'; did you mean 'dev'?",
        ),
        ({"allowed": [{"from": "prod"}]}, "allowed[0].to: field required"),
        ({"allowed": {"prod": "dev"}}, "allowed: must be a valid list"),
        ({"stacks": {"*": "pord"}}, "stacks: there is no environment 'pord'; did you mean 'prod'?"),
        ({"stacks": {"": "prod"}}, "stacks[0].stack: string should have at least 1 character"),
        ({"stack": {}}, "stack: there is no such setting; did you mean 'stacks'?"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        environment_boundary(**{"environments": ENVIRONMENTS, **settings})

    assert str(caught.value).startswith(f"the rule 'environment-boundary' cannot be set up: {reason}")
