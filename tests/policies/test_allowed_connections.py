"""`allowed-connections`: stacks create and write to their allowed connections only."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.allowed_connections import allowed_connections

OTHER = "default/airflow/1657025999"
HERE = process("here", "RAW/P/A", "MART/P/A")
THERE = process("there", "RAW/P/A", "MART/P/A", connection=OTHER)


def check(*resources, **settings):
    return violations(allowed_connections, *resources, **settings)


def made(connection, kind="Connection"):
    connector = connection.split("/")[1]
    return resource(
        kind, "made", name="made", connector=connector, qualified_name=connection, admin_roles=["$admin"]
    )


# -- processes -----------------------------------------------------------------------------------------


def test_a_process_in_an_allowed_connection_passes():
    assert check(HERE, connections=[WAREHOUSE]) == []
    assert check(HERE, connections=["default/snowflake/*"]) == []


def test_a_process_in_another_connection_fails():
    (line,) = check(HERE, THERE, connections=[WAREHOUSE])

    assert line == (
        f"there: Process '{OTHER}/there': connection: the stack 'prod' may not write to '{OTHER}': "
        f"use an allowed connection ({WAREHOUSE}), or allow this one"
    )


def test_the_connections_of_assets_are_not_checked():
    lake = [
        {"type_name": "Table", "qualified_name": f"default/databricks/1657025111/{path}"}
        for path in ("A/B", "C/D")
    ]
    across = resource(
        "Process", "x", name="x", connection=WAREHOUSE, process_id="x", inputs=lake[:1], outputs=lake[1:]
    )

    assert check(across, connections=[WAREHOUSE]) == []


def test_without_settings_nothing_is_checked():
    assert check(HERE, THERE, made(OTHER)) == []


# -- stacks --------------------------------------------------------------------------------------------


def test_a_stack_may_have_its_own_connections():
    for stacks in ({"prod": [OTHER]}, {"pr*": [OTHER]}, {"dev": ["x"], "*": [OTHER]}):
        assert check(THERE, stacks=stacks) == []
        assert len(check(HERE, stacks=stacks)) == 1


def test_connections_of_all_stacks_are_allowed_too():
    assert check(HERE, THERE, connections=[WAREHOUSE], stacks={"prod": [OTHER]}) == []


def test_connections_of_another_stack_are_not_allowed():
    assert len(check(THERE, connections=[WAREHOUSE], stacks={"dev": [OTHER]})) == 1


def test_a_stack_without_settings_is_skipped():
    assert check(HERE, THERE, stacks={"dev": [OTHER]}) == []


def test_all_matching_entries_of_a_stack_apply():
    assert check(HERE, THERE, stacks={"prod": [OTHER], "p*": [WAREHOUSE]}) == []


# -- kinds of resources --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_created_connection_is_checked(kind):
    spark = "default/spark/1657025400"

    assert check(made(spark, kind), connections=["*/spark/*"]) == []
    (line,) = check(made(spark, kind), connections=[WAREHOUSE])
    assert line.startswith(
        f"made: {kind} 'made': qualified_name: the stack 'prod' may not write to '{spark}': "
    )


def test_column_lineage_is_in_the_connection_of_its_process():
    parent = {"type_name": "Process", "qualified_name": f"{OTHER}/load"}
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=parent,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )
    mapping = {f"{WAREHOUSE}/MART/P/A/{name}": f"{WAREHOUSE}/RAW/P/A/{name}" for name in ("ID", "NAME")}
    many = resource("ColumnLineage", "many", process=parent, columns=mapping)

    lines = check(single, many, connections=[WAREHOUSE])

    assert [line.split(": ")[0] for line in lines] == ["id", "many"]
    assert check(single, many, connections=[OTHER]) == []


def test_a_large_process_set_is_reported_once():
    processes = {
        f"p{number:04}": {"inputs": "RAW/P/A", "outputs": f"MART/P/T{number}"} for number in range(2000)
    }
    whole = resource("ProcessSet", "set", connection=OTHER, processes=processes)

    (line,) = check(whole, connections=[WAREHOUSE])

    assert line.startswith(f"set: Process '{OTHER}/p0000': connection: ")


def test_a_job_is_checked_by_its_connection():
    job = resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="job",
        inputs=[{"namespace": "s3://lake", "name": "a"}],
        outputs=[{"namespace": "s3://lake", "name": "b"}],
        columns={"b.X": ["a.X"]},
    )

    assert check(job, connections=["default/spark/*"]) == []
    assert len(check(job, connections=[WAREHOUSE])) == 1


# -- unknown values ------------------------------------------------------------------------------------


def test_an_unknown_connection_is_skipped():
    assert check(process("load", "RAW/P/A", "MART/P/A", connection=ENGINE_UNKNOWN), connections=["x"]) == []


def test_unknown_inputs_do_not_prevent_the_check():
    partly_known = process("load", [ENGINE_UNKNOWN], ENGINE_UNKNOWN, connection=OTHER)

    assert len(check(partly_known, connections=[WAREHOUSE])) == 1


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_has_the_stacks_as_a_list():
    file = {"connections": ["x"], "stacks": [{"stack": "prod", "connections": [WAREHOUSE]}]}

    (line,) = check(HERE, THERE, file=file)

    assert line.startswith("there: ")
    assert f"(x, {WAREHOUSE})" in line


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"connections": WAREHOUSE}, "connections: must be a valid list"),
        ({"connections": [""]}, "connections[0]: string should have at least 1 character"),
        ({"stacks": {"prod": []}}, "stacks[0].connections: list should have at least 1 item"),
        ({"stacks": {"prod": WAREHOUSE}}, "stacks[0].connections: must be a valid list"),
        ({"stacks": [{"connections": ["x"]}]}, "stacks[0].stack: field required"),
        ({"connection": ["x"]}, "connection: unknown setting; did you mean 'connections'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        allowed_connections(**settings)

    assert str(caught.value).startswith(f"the rule 'allowed-connections' cannot be set up: {reason}")
