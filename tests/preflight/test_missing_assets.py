"""Messages about missing assets: the reason, the nearest name, and the remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyatlan.model.assets import Connection, Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import connection, process, ref, tables

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import InputProblem
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.preflight import Declaration, Findings, Preflight

Look = Callable[..., Findings]
SCHEMA = f"{WAREHOUSE}/DB/S"


def reasons(findings: Findings, name: str = "inputs") -> list[str]:
    return [problem.reason for problem in findings.problems if problem.property == name]


def table(name: str) -> dict[str, str]:
    return ref("Table", f"DB/S/{name}")


def test_several_near_names_are_suggested(preflight: Look, witness: Witness) -> None:
    witness.post("Table", [f"{SCHEMA}/{name}" for name in ("SALES_EU", "SALES_US")])
    (reason,) = reasons(preflight(process(inputs=[table("SALES_UE")])))
    near = {f"{SCHEMA}/SALES_EU", f"{SCHEMA}/SALES_US"}
    reported = reason.removeprefix(f"Atlan has no Table '{SCHEMA}/SALES_UE'; did you mean ").removesuffix("?")
    assert {each.strip("'") for each in reported.split(" or ")} >= near


def test_no_name_is_suggested_if_none_is_near(preflight: Look) -> None:
    (reason,) = reasons(preflight(process(inputs=[ref("Table", "NOWHERE_NEAR_ANY_OF_THEM/PUBLIC/ORDERS")])))
    assert reason == f"Atlan has no Table '{WAREHOUSE}/NOWHERE_NEAR_ANY_OF_THEM/PUBLIC/ORDERS'"


def test_nearest_names_are_looked_up_for_the_first_twenty(preflight: Look, witness: Witness) -> None:
    witness.post("Table", [f"{SCHEMA}/ORDERS_{number}" for number in range(30, 55)])
    lost = [table(f"ORDER_{number}") for number in range(30, 55)]
    found = reasons(preflight(process(inputs=lost)))
    assert ["did you mean" in reason for reason in found] == [True] * 20 + [False] * 5
    assert found[20:] == [f"Atlan has no Table '{SCHEMA}/ORDER_{number}'" for number in range(50, 55)]


def test_assets_missing_in_two_properties_are_reported_in_both(preflight: Look) -> None:
    (one,) = reasons(preflight(process(inputs=[table("TT3")], outputs=tables(1))))
    found = preflight(process("a", inputs=[table("TT3")]), process("b", outputs=[table("TT3")]))
    assert reasons(found, "outputs") == [one]
    assert "did you mean" in one


def test_no_name_is_suggested_in_an_archived_connection(preflight: Look, witness: Witness) -> None:
    witness.archive(Connection, WAREHOUSE)
    found = preflight(process(inputs=[table("TT3")]))
    assert reasons(found) == [], "the archived connection explains it"
    (reason,) = reasons(found, "connection")
    assert reason.startswith(f"Connection '{WAREHOUSE}' is archived in Atlan (last written by alice at ")
    assert reason.endswith("); restore it first")


def test_connections_of_missing_assets_are_looked_up(preflight: Look, witness: Witness) -> None:
    other = "default/bigquery/1657025999"
    witness.post("Connection", [other])
    witness.post("Table", [f"{other}/P/D/ORDERS"])
    missing = {"type_name": "Table", "qualified_name": f"{other}/P/D/ORDERSS"}
    (reason,) = reasons(preflight(process(inputs=[missing])))
    assert reason == f"Atlan has no Table '{other}/P/D/ORDERSS'; did you mean '{other}/P/D/ORDERS'?"


def test_missing_connections_are_reported_once(preflight: Look) -> None:
    name = "default/snowflake/1657025999"
    found = preflight(process(connection=name))
    (reason,) = reasons(found, "connection")
    assert reason == f"Atlan has no Connection '{name}'; of this connector it has '{WAREHOUSE}'"


def test_a_missing_connection_is_one_problem_for_all_assets_below_it(preflight: Look) -> None:
    """Twelve tables on each side would be 25 errors with the same cause."""
    name = "default/snowflake/1657025999"
    below = [{"type_name": "Table", "qualified_name": f"{name}/DB/S/T{number:02}"} for number in range(24)]
    found = preflight(process(connection=name, inputs=below[:12], outputs=below[12:]))
    (problem,) = found.problems
    assert problem == InputProblem(
        "connection",
        f"Atlan has no Connection '{name}'; of this connector it has '{WAREHOUSE}'; Table '{name}/DB/S/T00', "
        f"Table '{name}/DB/S/T01', Table '{name}/DB/S/T02' and 21 more are below it",
    )


def test_a_missing_connection_of_the_assets_is_reported_next_to_other_problems(preflight: Look) -> None:
    name = "default/bigquery/1"
    lost = [{"type_name": "Table", "qualified_name": f"{name}/P/D/T{number}"} for number in range(2)]
    found = preflight(process(inputs=[*lost, table("X1")]))
    assert reasons(found) == [
        f"Atlan has no Connection '{name}'; Table '{name}/P/D/T0' and Table '{name}/P/D/T1' are below it",
        f"Atlan has no Table '{SCHEMA}/X1'",
    ]


def test_a_connection_of_the_program_is_not_missing(preflight: Look) -> None:
    name = "default/airflow/1657025300"
    lost = {"type_name": "Table", "qualified_name": f"{name}/T"}
    found = preflight(connection(qualified_name=name), process(inputs=[lost]))
    advice = "the program creates its connection: set missing_assets='partial', which creates a placeholder"
    assert reasons(found) == [f"Atlan has no Table '{name}/T'; {advice}"]


def test_assets_below_an_archived_connection_of_others_name_it(preflight: Look, witness: Witness) -> None:
    name = "default/api/1657025300"
    witness.post("Connection", [name])
    witness.archive(Connection, name)
    lost = {"type_name": "Table", "qualified_name": f"{name}/T"}
    (reason,) = reasons(preflight(process(inputs=[lost])))
    assert reason.startswith(f"Connection '{name}' is archived in Atlan (last written by alice at ")
    assert reason.endswith(f"); restore it first; Table '{name}/T' is below it")


def test_a_name_that_differs_only_in_case_is_the_only_suggestion(preflight: Look, witness: Witness) -> None:
    witness.post("Table", [f"{SCHEMA}/ORDERS", f"{SCHEMA}/ORDER", f"{SCHEMA}/ORDERS2"])
    assert reasons(preflight(process(inputs=[table("orders")]))) == [
        f"Atlan has no Table '{SCHEMA}/orders'; names are case-sensitive: use '{SCHEMA}/ORDERS'"
    ]


def test_existing_types_are_suggested_before_near_names(preflight: Look, witness: Witness) -> None:
    witness.post("View", [f"{SCHEMA}/T33"])
    (reason,) = reasons(preflight(process(inputs=[table("T33")])))
    assert reason == (
        f"Atlan has no Table '{SCHEMA}/T33'; there is a View of that name: refer to it as asset('View', …)"
    )


def test_archived_assets_are_to_be_restored(preflight: Look, witness: Witness) -> None:
    witness.archive(Table, table_name(3))
    by_name = preflight(process(inputs=tables(3), about={"waits_for_others": True}))
    (reason,) = reasons(by_name)
    assert reason.startswith(f"Table '{table_name(3)}' is archived in Atlan (last written by alice at 20")
    assert by_name.warnings == []
    guid = witness.find(Table, table_name(3)).guid
    (reason,) = reasons(preflight(process(inputs=[{"type_name": "Table", "guid": guid}])))
    assert reason.startswith(f"Table '{guid}' is archived in Atlan")


@pytest.mark.parametrize("there", ["live", "archived", "missing"])
@pytest.mark.parametrize("order", ["before", "without an order"])
def test_assets_of_the_program_count_only_with_a_dependency(
    preflight: Look, witness: Witness, there: str, order: str
) -> None:
    """This includes archived assets, which the program restores. Live ones need no dependency."""
    name = "default/airflow/1657025300"
    if there != "missing":
        witness.post("Connection", [name])
    if there == "archived":
        witness.archive(Connection, name)
    about = {"created_before": frozenset({Key("Connection", name)})} if order == "before" else {}
    found = preflight(connection(qualified_name=name), process(connection=name, about=about))
    reported = (
        f"Connection '{name}' will be created by 'etl' of this program: refer to that resource "
        "rather than to its name, so that it is created first"
    )
    assert reasons(found, "connection") == ([reported] if order != "before" and there != "live" else [])


def test_a_guid_of_a_subtype_is_of_the_type(preflight: Look, witness: Witness) -> None:
    guid = witness.find(Table, table_name(2)).guid
    assert preflight(process(inputs=[{"type_name": "SQL", "guid": guid}])) == Findings()
    assert preflight(process(inputs=[{"type_name": "Table", "guid": guid}])) == Findings()


def test_warnings_contain_the_whole_reason(preflight: Look) -> None:
    (reason,) = reasons(preflight(process(inputs=[table("TT3")])))
    found = preflight(process(inputs=[table("TT3")], about={"waits_for_others": True}))
    assert found.warnings == [f"inputs: {reason}; it must exist when this is deployed"]
    assert found.problems == []


def test_each_declaration_gets_its_own_findings(client: AtlanClient) -> None:
    declarations: list[Declaration] = [
        process("a", inputs=[table("X1")]),
        process("b", outputs=tables(2)),
        process("c", inputs=[table("Y1")], outputs=tables(3), about={"waits_for_others": True}),
    ]
    found = Preflight(client).findings(declarations)
    assert [[each.property for each in one.problems] for one in found] == [["inputs"], [], []]
    assert [len(one.warnings) for one in found] == [0, 0, 1]
    first: Any = found[0].problems[0]
    assert isinstance(first, InputProblem)
    assert f"'{SCHEMA}/X1'" in first.reason
    assert f"'{SCHEMA}/Y1'" in found[2].warnings[0]
