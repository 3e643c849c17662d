"""A connection and lineage between tables in it, declared by one program before Atlan has either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyatlan.model.assets import Column, Connection, Process, Table
from support.atlan import SEED, WAREHOUSE, Witness
from support.stack import MAKER, NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

PINNED = "default/snowflake/1700000300"
#: A connection, and a reference to a table in it.
CONNECTION = """
lake = atlan.Connection("lake", name="lake", connector="snowflake", admin_roles=["$admin"])
def table(name):
    return atlan.table(pulumi.Output.concat(lake.qualified_name, "/DB/S/", name))
"""
LOAD = """
load = atlan.Process("load", name="Load", connection=lake, inputs=[table("RAW")], outputs=[table("ORDERS")],
    missing_assets="partial")
"""
EVERY_KIND = f"""{MAKER}{CONNECTION}{LOAD}
atlan.ColumnLineage("load-columns", process=load, columns={{"ID": "ID"}}, missing_assets="partial")
atlan.LineageMap("flows", connection=lake, base=pulumi.Output.concat(lake.qualified_name, "/DB/S"),
    missing_assets="partial", processes={{"sum": {{
        "inputs": ["ORDERS"], "outputs": ["SUMS"], "columns": {{"TOTAL": "ID"}},
    }}}})
atlan.Process("export", name="Export", connection=WAREHOUSE, missing_assets="partial",
    inputs=[atlan.table_of(Made("SUMS"), connection=lake)],
    outputs=[atlan.table_of(Made("EXPORT"), connection=lake)])
"""


def pinned(program: str) -> str:
    """Return a program whose connection has a qualifiedName of the author's choice."""
    return program.replace('"lake", name=', f'"lake", qualified_name="{PINNED}", name=')


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan in which a new connection responds with 403 for a second."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}, connection_delay_ms=1000) as server:
        yield server


@pytest.mark.soak
@pytest.mark.parametrize("program", [EVERY_KIND, pinned(EVERY_KIND)])
def test_a_connection_and_lineage_in_it_are_deployed_together(
    new_stack: NewStack, witness: Witness, program: str
) -> None:
    stack = new_stack(program)
    previewed = stack.preview()
    assert previewed.warnings == []
    lines = [note for note in previewed.notes if "not in Atlan yet" in note]
    assert len(lines) == len(set(lines))
    assert stack.resources() == {}

    stack.up()
    lake = stack.resources()["lake"]["outputs"]["qualified_name"]
    assert all(f"{lake}/DB/S/" in line for line in lines), "the preview names what the deployment writes"
    tables = [f"{lake}/DB/S/{name}" for name in ("RAW", "ORDERS", "SUMS", "EXPORT")]
    assert [witness.find(Table, name).is_partial for name in tables] == [True] * 4
    assert witness.find(Column, f"{lake}/DB/S/SUMS/TOTAL").is_partial
    assert witness.names(Process, f"{lake}/load", "outputs") == {f"{lake}/DB/S/ORDERS"}
    stack.settled()

    stack.destroy()
    left = [witness.find(Table, name) for name in tables]
    assert [*left, witness.find(Connection, lake)] == [None] * 5


def test_an_up_without_a_preview_names_the_placeholders(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(CONNECTION + LOAD)
    deployed = stack.up()
    lake = stack.resources()["lake"]["outputs"]["qualified_name"]
    names = f"{lake}/DB/S/RAW and {lake}/DB/S/ORDERS"
    head = "2 tables are not in Atlan yet: placeholders will be created"
    assert f"{head} ({names}); a crawl makes them full assets" in deployed.notes
    assert witness.find(Table, f"{lake}/DB/S/RAW").is_partial


@pytest.mark.soak
def test_a_deployment_waits_for_a_crawl_of_the_new_connection(new_stack: NewStack) -> None:
    waits = LOAD.replace('"partial"', '"wait", wait_seconds=1')
    stack = new_stack(pinned(CONNECTION) + waits)
    said = "2 tables are not in Atlan yet: the deployment waits up to 1 seconds for them"
    assert f"{said} ({PINNED}/DB/S/RAW and {PINNED}/DB/S/ORDERS)" in stack.preview().notes


@pytest.mark.parametrize("how", ["process", pytest.param("bulk", marks=pytest.mark.soak)])
def test_a_typo_in_the_connection_is_refused(new_stack: NewStack, how: str) -> None:
    typo = "default/snowflake/1700000301"
    load = LOAD.replace('table("RAW")', f'atlan.table("{typo}/DB/S/RAW")')
    bulk = f"""
atlan.LineageMap("flows", connection=lake, missing_assets="partial", processes={{"sum": {{
    "inputs": ["{typo}/DB/S/RAW"], "outputs": [f"{{WAREHOUSE}}/DB/S/T1"],
}}}})
"""
    refused = new_stack(CONNECTION + (load if how == "process" else bulk)).operate("preview")
    reason = f"Atlan has no Connection '{typo}'; of this connector it has '{WAREHOUSE}'"
    assert refused.code != 0
    assert [error for error in refused.errors if reason in error], refused.output
    assert f"Table '{typo}/DB/S/RAW' is below it" in refused.output


@pytest.mark.soak
def test_a_name_that_is_unknown_at_preview_is_shown_as_unknown(new_stack: NewStack) -> None:
    """The connector comes from another resource. The deployment names the placeholders."""
    maker = MAKER.replace('props["name"], props)', 'props["name"], {**props, "kind": "snowflake"})')
    maker = maker.replace("name: pulumi.Output[str]", "kind: pulumi.Output[str]")
    maker = maker.replace('{"name": name}', '{"name": name, "kind": None}')
    lake = CONNECTION.replace('connector="snowflake"', 'connector=Made("kind").kind')
    stack = new_stack(maker + lake + LOAD)
    previewed = stack.preview()
    assert "qualified_name: [unknown]" in previewed.output
    assert "not in Atlan yet" not in previewed.output
    assert "2 tables are not in Atlan yet" in stack.up().output
    stack.settled()
