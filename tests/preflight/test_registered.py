"""Registered inputs may differ from those that the program checked, and are then checked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name
from support.declarations import column_lineage, process, tables

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Declaration, Findings, Preflight, check_again, differing, digests

NAME = f"{WAREHOUSE}/load"


def looked_at(declaration: Declaration, **other: Any) -> Findings:
    """Return the findings of a program that checked these inputs, or others."""
    carried = Findings(looked_at=digests(declaration.lifecycle, {**declaration.inputs, **other}))
    return Findings.from_text(carried.to_text())


def again(client: AtlanClient, declaration: Declaration, found: Findings, **more: Any) -> Findings:
    """Return the findings of the second check."""
    olds: Mapping[str, Any] = more.get("olds", {})
    elsewhere: Mapping[Key, str] = more.get("elsewhere", {})

    def find(keys: Iterable[Key]) -> dict[Key, str]:
        asked = list(keys)
        assert all(isinstance(key, Key) for key in asked)
        return {key: elsewhere[key] for key in asked if key in elsewhere}

    return check_again(declaration, dict(olds), found, Preflight(client), find)


DIFFERENT: dict[str, dict[str, Any]] = {
    "inputs": {"inputs": tables(5)},
    "connection": {"connection": "default/snowflake/2"},
    "qualified_name": {"qualified_name": f"{NAME}-2"},
    "sql": {"sql": "select 2"},
    "code": {"code": "print()"},
    "adopt": {"adopt": True},
    "the id": {"process_id": "other"},
    "a reference that was not there": {"spark_jobs": tables(3)},
}
SAME: dict[str, dict[str, Any]] = {
    "nothing else": {},
    "what is not looked at": {"description": "new", "name": "another"},
    "not known then": {"inputs": UNKNOWN},
    "partly known then": {"inputs": [UNKNOWN]},
    "None": {"spark_jobs": None},
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_changed_values_differ(what: str) -> None:
    declaration = process()
    found = looked_at(declaration, **DIFFERENT[what])
    assert differing(declaration.lifecycle, declaration.inputs, found.looked_at) == set(DIFFERENT[what])


def test_added_values_differ() -> None:
    declaration = process(spark_jobs=[{"type_name": "SparkJob", "qualified_name": f"{WAREHOUSE}/job"}])
    found = looked_at(declaration, spark_jobs=None)
    assert differing(declaration.lifecycle, declaration.inputs, found.looked_at) == {"spark_jobs"}


@pytest.mark.parametrize("what", SAME)
def test_the_same_value_is_no_difference(what: str) -> None:
    declaration = process()
    found = looked_at(declaration, **SAME[what])
    assert differing(declaration.lifecycle, declaration.inputs, found.looked_at) == set()


def test_numbers_arrive_as_floats_and_are_the_same() -> None:
    lifecycle = process().lifecycle
    assert digests(lifecycle, {"adopt": 1}) == digests(lifecycle, {"adopt": 1.0})
    assert digests(lifecycle, {"adopt": True}) != digests(lifecycle, {"adopt": 1})


def test_inputs_that_became_valid_are_checked() -> None:
    declaration = process()
    assert differing(declaration.lifecycle, declaration.inputs, digests(declaration.lifecycle, None))


def test_mappings_of_bulk_resources_are_not_compared() -> None:
    declaration = column_lineage()
    assert set(digests(declaration.lifecycle, declaration.inputs)) == {"process", "qualified_name"}
    below = {**declaration.inputs, "connection": WAREHOUSE}
    assert set(digests(declaration.lifecycle, below)) == {"connection", "process", "qualified_name"}


def test_problems_are_those_of_the_registered_inputs(client: AtlanClient) -> None:
    broken, fine = process(inputs=tables(99)), process()
    assert again(client, fine, looked_at(fine, inputs=tables(99))).problems == []
    (problem,) = again(client, broken, looked_at(broken, inputs=tables(0))).problems
    assert problem.reason.startswith(f"Atlan has no Table '{table_name(99)}'")


def test_values_in_the_state_are_no_problem(client: AtlanClient) -> None:
    """As with `ignore_changes`, although the table has been deleted since."""
    kept = process(inputs=tables(99))
    found = looked_at(kept, inputs=tables(0))
    assert again(client, kept, found, olds=kept.inputs).problems == []
    assert again(client, kept, found, olds=process().inputs).problems != []


def test_assets_of_the_program_need_not_exist(client: AtlanClient) -> None:
    reference = {"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/NEW"}
    declaration = process(inputs=[reference])
    found = looked_at(declaration, inputs=tables(0))
    made = {Key("Table", reference["qualified_name"]): "urn:pulumi:dev::shop::my:index:Table::new"}
    assert again(client, declaration, found, elsewhere=made).problems == []
    assert again(client, declaration, found).problems != []


def test_duplicate_names_are_refused(client: AtlanClient) -> None:
    declaration = process()
    first = {Key("Process", NAME): "urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::first"}
    (problem,) = again(client, declaration, looked_at(declaration), elsewhere=first).problems
    assert problem.property == "process_id"
    assert problem.reason.startswith(f"Process '{NAME}' is declared by 'first' already")


def test_findings_of_the_program_are_kept(client: AtlanClient) -> None:
    kept: dict[str, Any] = {
        "secret": ["sql"],
        "deploys": True,
        "refused_beside": [("b", "urn", ["urn-a"], "why")],
        "more_refused": 2,
        "refers_to": {"process": ["urn"]},
        "previews": True,
        "looked_at": digests(process().lifecycle, process().inputs),
    }
    fresh = again(client, process(), Findings(**kept))
    assert {name: getattr(fresh, name) for name in kept} == kept


def test_assets_that_others_may_create_are_notes(client: AtlanClient) -> None:
    """A reference by GUID has no name that another resource could have."""
    by_guid = [{"type_name": "Table", "guid": "495b1516-aaaf-4390-8cfd-b11ade7a7799"}]
    late = process(inputs=[*tables(99), *by_guid])
    found = looked_at(late, inputs=tables(0))
    found.waits_for_others = True
    fresh = again(client, late, found)
    assert fresh.problems == []
    assert fresh.notes == fresh.warnings
    assert any(f"Atlan has no Table '{table_name(99)}'" in note for note in fresh.notes)
