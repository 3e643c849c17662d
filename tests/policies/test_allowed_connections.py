"""`allowed-connections`: processes lie only in the connections that their stack may write to."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.allowed_connections import allowed_connections

OTHER = "default/airflow/1657025999"
HERE = process("here", "RAW/P/A", "MART/P/A")
THERE = process("there", "RAW/P/A", "MART/P/A", connection=OTHER)


def told(*resources, **settings):
    return violations(allowed_connections, *resources, **settings)


def made(connection, kind="Connection"):
    connector = connection.split("/")[1]
    return resource(
        kind, "made", name="made", connector=connector, qualified_name=connection, admin_roles=["$admin"]
    )


# -- what is right, what is not ------------------------------------------------------------------------


def test_a_process_in_an_allowed_connection_passes():
    assert told(HERE, connections=[WAREHOUSE]) == []
    assert told(HERE, connections=["default/snowflake/*"]) == []


def test_a_process_elsewhere_fails():
    (line,) = told(HERE, THERE, connections=[WAREHOUSE])

    assert line == (
        f"there: Process '{OTHER}/there': connection: '{OTHER}' is none that the stack 'prod' may write to "
        f"({WAREHOUSE}): take one of these, or have it allowed"
    )


def test_where_the_assets_lie_does_not_matter():
    lake = [
        {"type_name": "Table", "qualified_name": f"default/databricks/1657025111/{path}"}
        for path in ("A/B", "C/D")
    ]
    across = resource(
        "Process", "x", name="x", connection=WAREHOUSE, process_id="x", inputs=lake[:1], outputs=lake[1:]
    )

    assert told(across, connections=[WAREHOUSE]) == []


def test_without_settings_nothing_is_checked():
    assert told(HERE, THERE, made(OTHER)) == []


# -- stacks --------------------------------------------------------------------------------------------


def test_a_stack_may_have_connections_of_its_own():
    for stacks in ({"prod": [OTHER]}, {"pr*": [OTHER]}, {"dev": ["x"], "*": [OTHER]}):
        assert told(THERE, stacks=stacks) == []
        assert len(told(HERE, stacks=stacks)) == 1


def test_those_for_all_stacks_count_besides():
    assert told(HERE, THERE, connections=[WAREHOUSE], stacks={"prod": [OTHER]}) == []


def test_those_of_another_stack_do_not_count():
    assert len(told(THERE, connections=[WAREHOUSE], stacks={"dev": [OTHER]})) == 1


def test_a_stack_of_which_nothing_is_said_is_passed_over():
    assert told(HERE, THERE, stacks={"dev": [OTHER]}) == []


def test_all_entries_that_fit_a_stack_count():
    assert told(HERE, THERE, stacks={"prod": [OTHER], "p*": [WAREHOUSE]}) == []


# -- kinds of resources --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_connection_that_is_made_is_judged(kind):
    spark = "default/spark/1657025400"

    assert told(made(spark, kind), connections=["*/spark/*"]) == []
    (line,) = told(made(spark, kind), connections=[WAREHOUSE])
    assert line.startswith(f"made: {kind} 'made': qualified_name: '{spark}' is none ")


def test_column_lineage_lies_in_the_connection_of_its_process():
    above = {"type_name": "Process", "qualified_name": f"{OTHER}/load"}
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=above,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )
    mapping = {f"{WAREHOUSE}/MART/P/A/{name}": f"{WAREHOUSE}/RAW/P/A/{name}" for name in ("ID", "NAME")}
    many = resource("ColumnLineage", "many", process=above, columns=mapping)

    lines = told(single, many, connections=[WAREHOUSE])

    assert [line.split(": ")[0] for line in lines] == ["id", "many"]
    assert told(single, many, connections=[OTHER]) == []


def test_a_set_of_thousands_is_told_once():
    processes = {
        f"p{number:04}": {"inputs": "RAW/P/A", "outputs": f"MART/P/T{number}"} for number in range(2000)
    }
    whole = resource("ProcessSet", "set", connection=OTHER, processes=processes)

    (line,) = told(whole, connections=[WAREHOUSE])

    assert line.startswith(f"set: Process '{OTHER}/p0000': connection: ")


def test_a_job_is_judged_by_the_connection_of_its_events():
    job = resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="job",
        inputs=[{"namespace": "s3://lake", "name": "a"}],
        outputs=[{"namespace": "s3://lake", "name": "b"}],
        columns={"b.X": ["a.X"]},
    )

    assert told(job, connections=["default/spark/*"]) == []
    assert len(told(job, connections=[WAREHOUSE])) == 1


# -- what is not known yet -----------------------------------------------------------------------------


def test_a_connection_that_is_not_known_yet_is_passed_over():
    assert told(process("load", "RAW/P/A", "MART/P/A", connection=UNKNOWN_YET), connections=["x"]) == []


def test_an_unknown_input_does_not_matter():
    half_known = process("load", [UNKNOWN_YET], UNKNOWN_YET, connection=OTHER)

    assert len(told(half_known, connections=[WAREHOUSE])) == 1


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_gives_the_stacks_as_a_list():
    file = {"connections": ["x"], "stacks": [{"stack": "prod", "connections": [WAREHOUSE]}]}

    (line,) = told(HERE, THERE, file=file)

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
        ({"connection": ["x"]}, "connection: there is no such setting; did you mean 'connections'?"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        allowed_connections(**settings)

    assert str(caught.value).startswith(f"the rule 'allowed-connections' cannot be set up: {reason}")
