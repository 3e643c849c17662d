"""Every referenced asset must exist, be live, and have the type in the reference."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyatlan.model.assets import Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import column_process, columns, connection, process, ref, tables

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import InputProblem
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Declaration, Findings
from atlan_pulumi.resources.process import ProcessLifecycle

Look = Callable[..., Findings]
NOWHERE = "495b1516-aaaf-4390-8cfd-b11ade7a7799"


def reasons(findings: Findings, name: str) -> list[str]:
    return [problem.reason for problem in findings.problems if problem.property == name]


def test_existing_assets_have_no_problem(preflight: Look, witness: Witness) -> None:
    by_guid = {"type_name": "Table", "guid": witness.find(Table, table_name(2)).guid}
    assert preflight(process(inputs=[*tables(0), by_guid])) == Findings()


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_missing_assets_are_reported_with_the_nearest_name(preflight: Look, side: str) -> None:
    missing = {"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/TT3"}
    (reason,) = reasons(preflight(process(**{side: [missing]})), side)
    assert reason.startswith(f"Atlan has no Table '{WAREHOUSE}/DB/S/TT3'; did you mean '{table_name(3)}'")


def test_a_slip_in_the_schema_or_the_case_is_found_too(preflight: Look) -> None:
    for path in ("DB/s/t4", "DB/SS/T4", "BD/S/T4"):
        (reason,) = reasons(preflight(process(inputs=[ref("Table", path)])), "inputs")
        assert repr(table_name(4)) in reason, reason


def test_missing_assets_are_all_reported(preflight: Look) -> None:
    found = preflight(process(inputs=[ref("Table", "DB/S/X"), *tables(0)], outputs=[ref("Table", "DB/S/Y")]))
    assert [problem.property for problem in found.problems] == ["inputs", "outputs"]


def test_assets_of_another_type_are_reported_with_their_type(preflight: Look) -> None:
    (reason,) = reasons(preflight(process(inputs=[ref("View", "DB/S/T0")])), "inputs")
    assert reason == (
        f"Atlan has no View '{table_name(0)}'; there is a Table of that name: "
        "refer to it as asset('Table', …)"
    )


def test_guids_of_another_type_are_refused(preflight: Look, witness: Witness) -> None:
    guid = witness.find(Table, table_name(0)).guid
    (reason,) = reasons(preflight(process(inputs=[{"type_name": "View", "guid": guid}])), "inputs")
    assert reason == f"'{guid}' is a Table, not a View: refer to it as asset('Table', …)"


def test_unknown_guids_are_refused(preflight: Look) -> None:
    (reason,) = reasons(preflight(process(inputs=[{"type_name": "Table", "guid": NOWHERE}])), "inputs")
    assert reason == f"Atlan has no Table '{NOWHERE}'"


def test_guids_missing_in_the_index_are_read_directly(
    preflight: Look, witness: Witness, server: LocalAtlan
) -> None:
    # The index follows a write by seconds: what is too new for it is not taken for missing.
    witness.post("Table", [f"{WAREHOUSE}/DB/S/NEW"])
    guid = witness.find(Table, f"{WAREHOUSE}/DB/S/NEW").guid
    server.fault({"method": "POST", "path": "/api/meta/search/*", "status": 200, "body": {}})
    assert preflight(process(inputs=[{"type_name": "Table", "guid": guid}])) == Findings()


def test_archived_assets_are_refused(preflight: Look, witness: Witness) -> None:
    witness.archive(Table, table_name(0))
    (reason,) = reasons(preflight(process()), "inputs")
    assert reason.startswith(f"Table '{table_name(0)}' is archived in Atlan (last written by alice at ")
    assert reason.endswith("restore it, leave it out, or set missing_assets to 'partial' or 'wait'")


@pytest.mark.parametrize("about", ["by name", "by GUID"])
def test_archived_assets_to_which_the_process_refers_already_count_only_if_it_is_written(
    preflight: Look, witness: Witness, client: AtlanClient, about: str
) -> None:
    """Only the state shows whether the process is unchanged. New references are refused in any case."""
    lifecycle = ProcessLifecycle()
    lifecycle.create(client, {**process().inputs, "managed_by": None})
    guid = witness.find(Table, table_name(0)).guid
    witness.archive(Table, table_name(0))
    inputs = tables(0) if about == "by name" else [{"type_name": "Table", "guid": guid}]
    found = preflight(process(inputs=inputs))
    assert found.problems == []
    (problem,) = found.problems_if_written
    assert problem.property == "inputs"
    assert "is archived in Atlan (last written by alice at " in problem.reason
    witness.archive(Table, table_name(3))
    found = preflight(process(inputs=[*inputs, *tables(3)]))
    assert len(found.problems_if_written) == 1
    assert table_name(3) in reasons(found, "inputs")[0]


def test_a_connection_that_does_not_exist(preflight: Look) -> None:
    found = preflight(process(connection="default/snowflake/1"))
    (reason,) = reasons(found, "connection")
    assert reason.startswith("Atlan has no Connection 'default/snowflake/1'")


def test_an_asset_in_a_connection_that_does_not_exist(preflight: Look) -> None:
    lost = {"type_name": "Table", "qualified_name": "default/snowflake/1/DB/S/T0"}
    (reason,) = reasons(preflight(process(inputs=[lost])), "inputs")
    assert reason == (
        f"Atlan has no Connection 'default/snowflake/1'; of this connector it has '{WAREHOUSE}'; "
        "Table 'default/snowflake/1/DB/S/T0' is below it"
    )


def test_assets_that_the_program_creates_first_need_not_exist(preflight: Look) -> None:
    name = "default/airflow/7"
    before = frozenset({Key("Connection", name)})
    etl = connection(qualified_name=name)
    assert preflight(etl, process(connection=name, about={"created_before": before})).problems == []


def test_assets_that_the_program_creates_without_a_dependency_are_refused(preflight: Look) -> None:
    name = "default/airflow/7"
    (reason,) = reasons(preflight(connection(qualified_name=name), process(connection=name)), "connection")
    assert reason.startswith(f"Connection '{name}' will be created by 'etl' of this program: refer to that")


def test_assets_that_other_packages_may_create_are_warnings(preflight: Look) -> None:
    found = preflight(process(inputs=[ref("Table", "DB/S/SOON")], about={"waits_for_others": True}))
    assert found.problems == []
    (warning,) = found.warnings
    assert warning.startswith(f"inputs: Atlan has no Table '{WAREHOUSE}/DB/S/SOON'")
    assert warning.endswith("it must exist when this is deployed")


def test_unknown_references_are_skipped(preflight: Look) -> None:
    half = {"type_name": "Table", "qualified_name": UNKNOWN}
    assert preflight(process(inputs=[half, UNKNOWN], outputs=UNKNOWN, connection=UNKNOWN)) == Findings()


def test_all_kinds_of_references_are_looked_up(preflight: Look) -> None:
    found = preflight(process(airflow_tasks=[ref("AirflowTask", "dag/task")]))
    assert found.problems == [
        InputProblem("airflow_tasks", f"Atlan has no AirflowTask '{WAREHOUSE}/dag/task'")
    ]


def test_a_thousand_processes_take_few_requests(preflight: Look, server: LocalAtlan) -> None:
    def a_process(number: int) -> Declaration:
        return process(f"load-{number}", inputs=tables(2 + number % 4), sql=str(number))

    before = sum(server.stats()["requests"].values())
    assert preflight(*(a_process(number) for number in range(1000))) == Findings()
    assert sum(server.stats()["requests"].values()) - before <= 60


def test_many_missing_assets_take_few_requests(preflight: Look, server: LocalAtlan) -> None:
    before = sum(server.stats()["requests"].values())
    lost = [process(f"load-{n}", inputs=[ref("Table", f"DB/S/LOST_{n}")]) for n in range(300)]
    found = preflight(*lost)
    assert reasons(found, "inputs") == [f"Atlan has no Table '{WAREHOUSE}/DB/S/LOST_299'"]
    assert sum(server.stats()["requests"].values()) - before <= 100


def test_the_siblings_of_many_missing_assets_are_searched_once(preflight: Look, server: LocalAtlan) -> None:
    search = "POST /api/meta/search/indexsearch"
    before = server.stats()["requests"].get(search, 0)
    found = preflight(*(process(f"load-{n}", inputs=[ref("Table", f"DB/S/T{n}T")]) for n in range(6)))
    assert "did you mean" in found.problems[0].reason
    # The types of those names; the tables of the schema, and those of the connection.
    assert server.stats()["requests"][search] - before <= 6


def test_columns_are_checked_like_assets(preflight: Look) -> None:
    found = preflight(process(), column_process(inputs=columns("T0/AA")))
    (reason,) = reasons(found, "inputs")
    assert reason.startswith(f"Atlan has no Column '{table_name(0)}/AA'; did you mean '{table_name(0)}/A'")
