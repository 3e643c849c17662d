"""Resources in a program: type tokens, props, references, defaults, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from support.recorder import declared

import atlan_pulumi as atlan

WAREHOUSE = "default/snowflake/1657025257"
TABLE = f"{WAREHOUSE}/DB/SCHEMA/T"


def props(args: pulumi.runtime.MockResourceArgs) -> dict[str, Any]:
    return {key: value for key, value in args.inputs.items() if key not in {"__provider", "managed_by"}}


def process(name: str = "load", **changed: Any) -> atlan.Process:
    given: dict[str, Any] = {
        "name": "Load",
        "connection": WAREHOUSE,
        "inputs": [atlan.table(TABLE)],
        "outputs": [atlan.view(TABLE + "_V")],
    }
    return atlan.Process(name, **{**given, **changed})


def column_process(name: str = "col", **changed: Any) -> atlan.ColumnProcess:
    given: dict[str, Any] = {
        "name": "Column",
        "process": f"{WAREHOUSE}/load",
        "inputs": [atlan.column(TABLE + "/A")],
        "outputs": [atlan.column(TABLE + "_V/A")],
    }
    return atlan.ColumnProcess(name, **{**given, **changed})


def connection(name: str = "etl", **changed: Any) -> atlan.Connection:
    given: dict[str, Any] = {"name": "etl", "connector": "spark", "admin_roles": ["$admin"]}
    return atlan.Connection(name, **{**given, **changed})


def test_type_tokens_stay() -> None:
    seen = declared(lambda: [process(), column_process(), connection()])
    assert {name: args.typ for name, args in seen.items()} == {
        "load": "pulumi-python:dynamic/atlan:Process",
        "col": "pulumi-python:dynamic/atlan:ColumnProcess",
        "etl": "pulumi-python:dynamic/atlan:Connection",
    }


def test_a_plain_subclass_keeps_the_token() -> None:
    class TeamProcess(atlan.Process):
        """A process with a team's defaults."""

        def __init__(self, name: str) -> None:
            sides = {"inputs": [atlan.table(TABLE)], "outputs": [atlan.table(TABLE + "2")]}
            super().__init__(name, name=name, connection=WAREHOUSE, **sides)

    assert declared(lambda: TeamProcess("load"))["load"].typ == "pulumi-python:dynamic/atlan:Process"


def test_props_are_plain_data_in_snake_case() -> None:
    attributes = {"sql": "select 1", "owner_users": ["ann"], "source_url": "https://example.com"}
    assert props(declared(lambda: process(**attributes))["load"]) == {
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": "load",
        "inputs": [{"type_name": "Table", "qualified_name": TABLE}],
        "outputs": [{"type_name": "View", "qualified_name": TABLE + "_V"}],
        **attributes,
    }


def test_the_id_defaults_to_the_resources_name_and_can_be_given() -> None:
    seen = declared(lambda: [process("nightly"), process("other", process_id="dag_123")])
    assert seen["nightly"].inputs["process_id"] == "nightly"
    assert seen["other"].inputs["process_id"] == "dag_123"


def test_resources_and_outputs_stand_for_their_qualified_names() -> None:
    guid = "495b1516-aaaf-4390-8cfd-b11ade7a7799"

    def program() -> None:
        etl = connection()
        name = pulumi.Output.from_input(TABLE)
        load = process(connection=etl, inputs=pulumi.Output.from_input([atlan.table(name)]))
        column_process(
            process=load,
            connection=etl,
            inputs=[pulumi.Output.from_input(atlan.column(name))],
            outputs=[atlan.asset("Column", guid=guid)],
        )

    seen = declared(program)
    assert seen["load"].inputs["connection"] == "qn-of-etl"
    assert seen["load"].inputs["inputs"] == [{"type_name": "Table", "qualified_name": TABLE}]
    column = seen["col"].inputs
    assert column["process"] == {"type_name": "Process", "qualified_name": "qn-of-load"}
    assert column["inputs"] == [{"type_name": "Column", "qualified_name": TABLE}]
    assert column["outputs"] == [{"type_name": "Column", "guid": guid}]


@pytest.mark.parametrize("as_output", [False, True])
def test_a_process_may_be_named_by_its_qualified_name(as_output: bool) -> None:
    parent = f"{WAREHOUSE}/dag"
    seen = declared(lambda: column_process(process=pulumi.Output.from_input(parent) if as_output else parent))
    assert seen["col"].inputs["process"] == {"type_name": "Process", "qualified_name": parent}
    assert "connection" not in seen["col"].inputs


@pytest.mark.parametrize(
    ("declare", "wrong"),
    [(process, "sqll"), (column_process, "force_destroyed"), (connection, "admins")],
)
def test_a_keyword_that_does_not_exist_is_refused_where_it_is_written(
    declare: Callable[..., object], wrong: str
) -> None:
    with pytest.raises(TypeError, match=rf"\(\) got an unexpected keyword argument '{wrong}'"):
        declare(**{wrong: "x"})


@pytest.mark.parametrize("given", [{}, {"qualified_name": "a/b/c/d", "guid": "g"}])
def test_a_reference_is_by_name_or_by_guid(given: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="exactly one of qualified_name and guid"):
        atlan.asset("Table", **given)


def test_the_same_arguments_may_be_used_for_two_resources() -> None:
    # Pulumi's base class writes into the props that it is given.
    shared: dict[str, Any] = {
        "name": "n",
        "connection": WAREHOUSE,
        "inputs": [atlan.table(TABLE)],
        "outputs": [atlan.table(TABLE + "2")],
    }
    before = repr(shared)
    seen = declared(lambda: [atlan.Process("one", **shared), atlan.Process("two", **shared)])
    assert repr(shared) == before
    assert set(seen) == {"one", "two"}


def test_an_explicit_provider_keeps_its_key_secret() -> None:
    def program() -> None:
        provider = atlan.AtlanProvider("prod", base_url="https://acme.atlan.com", api_key="canary-key")
        process(opts=pulumi.ResourceOptions(provider=provider))

    seen = declared(program)
    assert seen["prod"].typ == "pulumi:providers:pulumi-python"
    assert seen["prod"].inputs["atlan:baseUrl"] == "https://acme.atlan.com"
    assert "prod" in (seen["load"].provider or "")
