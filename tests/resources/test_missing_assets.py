"""Inputs and outputs that Atlan does not have yet: placeholders, promotion, removal, and waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyatlan.model.assets import Column, Process, Table
from support.atlan import SEED, WAREHOUSE, Witness, seed_of, table_name
from support.stack import MAKER, NewStack, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
NEW = f"{WAREHOUSE}/DB/S/NEW"
PARTIAL = "atlan:missingAssets=partial"


def load(name: str = "load", target: str = "NEW", **given: object) -> str:
    sides = {
        "inputs": [{"type_name": "Table", "qualified_name": table_name(0)}],
        "outputs": [{"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/{target}"}],
    }
    every = {"name": "Load", "connection": WAREHOUSE, **sides, **given}
    arguments = ", ".join(f"{key}={value!r}" for key, value in every.items())
    return f"{name} = atlan.Process({name!r}, {arguments})\n"


def with_table(*names: str) -> dict[str, object]:
    """Return the seed with further tables of one column."""
    (warehouse,) = SEED["connections"]
    (database,) = warehouse["databases"]
    (schema,) = database["schemas"]
    tables = [*schema["tables"], *({"name": name, "columns": [{"name": "ID"}]} for name in names)]
    return {
        "connections": [
            {**warehouse, "databases": [{"name": "DB", "schemas": [{"name": "S", "tables": tables}]}]}
        ]
    }


def test_a_placeholder_is_created_promoted_and_left_to_the_crawler(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    stack = new_stack(load(missing_assets="partial"))
    preview = stack.preview()
    said = (
        f"1 table is not in Atlan yet: a placeholder will be created ({NEW}); a crawl makes it a full asset"
    )
    assert preview.notes.count(said) == 1, preview.output
    assert preview.warnings == []
    assert witness.find(Table, NEW) is None, "a preview writes nothing"

    assert said in stack.up().notes
    made = witness.find(Table, NEW)
    assert (made.is_partial, made.name, made.connector_name) == (True, "NEW", "snowflake")
    assert made.last_sync_workflow_name == stack.resources()["load"]["outputs"]["managed_by"]
    assert witness.names(Process, QN, "outputs") == {NEW}
    stack.settled()

    server.crawl(with_table("NEW"))
    full = witness.find(Table, NEW)
    assert (full.guid, full.is_partial) == (made.guid, False)
    assert witness.names(Process, QN, "outputs") == {NEW}
    refreshed = stack.refresh()
    assert refreshed.changes == {"same": 1}, "it is no drift"
    assert f"Table '{NEW}' is a full asset now: the crawler owns it" in refreshed.output
    stack.settled()

    stack.destroy()
    assert witness.find(Table, NEW) is not None, "the crawler has taken it over"
    assert witness.find(Process, QN) is None


@pytest.mark.soak
def test_the_last_process_that_uses_a_placeholder_removes_it(new_stack: NewStack, witness: Witness) -> None:
    both = load(missing_assets="partial") + load(
        "other", inputs=[{"type_name": "Table", "qualified_name": table_name(2)}], missing_assets="partial"
    )
    stack = new_stack(both)
    stack.up()
    assert witness.find(Table, NEW).is_partial
    stack.up(load(missing_assets="partial"))
    assert witness.find(Table, NEW) is not None, "one process still uses it"
    removed = stack.up(load(target="T1"))
    assert f"removes 1 placeholder (Table '{NEW}') that no process uses any more" in removed.output
    assert witness.find(Table, NEW) is None
    stack.settled()


@pytest.mark.soak
def test_the_last_stack_that_uses_a_placeholder_removes_it(new_stack: NewStack, witness: Witness) -> None:
    first = new_stack(load(missing_assets="partial"), "first")
    second = new_stack(load("other", sql="select 2"), "second")
    first.up()
    second.up()
    first.destroy()
    kept = witness.find(Table, NEW)
    assert kept.is_partial
    assert kept.last_sync_workflow_name == second.resources()["other"]["outputs"]["managed_by"]
    second.destroy()
    assert witness.find(Table, NEW) is None


@pytest.mark.soak
def test_an_up_that_failed_after_its_placeholders_is_continued(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    stack = new_stack(load(missing_assets="partial"))
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "contains": '"Process"', "status": 400})
    assert stack.operate("up", "--yes", "--skip-preview").code != 0
    assert witness.find(Table, NEW).is_partial
    assert witness.find(Process, QN) is None
    stack.up()
    stack.settled()
    stack.destroy()
    assert witness.find(Table, NEW) is None


@pytest.mark.soak
def test_an_archived_placeholder_is_reported_and_written_again(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    stack = new_stack(load(missing_assets="partial"))
    stack.up()
    server.crawl(with_table(), archive_unpublished=True)
    assert f"archived in Atlan: the placeholder for Table '{NEW}'" in stack.refresh().output
    stack.up()
    assert witness.find(Table, NEW).is_partial
    assert witness.names(Process, QN, "outputs") == {NEW}
    stack.settled()
    stack.destroy()
    assert witness.find(Table, NEW) is None


@pytest.mark.soak
def test_the_stack_setting_applies_to_bulk_lineage_too(new_stack: NewStack, witness: Witness) -> None:
    program = """
atlan.LineageMap("flows", connection=WAREHOUSE, base=f"{WAREHOUSE}/DB/S", processes={
    "load": {"inputs": ["T0"], "outputs": ["NEW"], "columns": {"ID": "A", "SUM": ["A", "B"]}},
})
"""
    stack = new_stack(program, ATLAN_MISSING_ASSETS="partial")
    said = (
        f"1 table and 2 columns are not in Atlan yet: placeholders will be created ({NEW}, {NEW}/ID and "
        f"{NEW}/SUM); a crawl makes them full assets"
    )
    assert said in stack.preview().output
    stack.up()
    assert witness.find(Column, f"{NEW}/SUM").is_partial
    stack.settled()
    stack.destroy()
    assert witness.find(Table, NEW) is None
    assert witness.find(Column, f"{NEW}/SUM") is None


@pytest.mark.soak
def test_a_resource_waits_for_the_crawler(new_stack: NewStack, witness: Witness, server: LocalAtlan) -> None:
    stack = new_stack(load(missing_assets="wait", wait_seconds=60))
    said = f"1 table is not in Atlan yet: the deployment waits up to 60 seconds for it ({NEW})"
    assert said in stack.preview().notes
    server.fault({"method": "GET", "contains": "NEW", "after": 2, "delay_ms": 0, "headers": {"x": "y"}})
    server.crawl(with_table("NEW"))
    stack.up()
    assert not witness.find(Table, NEW).is_partial
    stack.settled()


@pytest.mark.soak
def test_a_wait_ends_with_one_line_and_nothing_written(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load(missing_assets="wait", wait_seconds=1))
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    reason = f"Atlan still has no Table '{NEW}' after 1 seconds: run the crawler, then `pulumi up` again"
    assert [error for error in failed.errors if reason in error], failed.output
    assert "Traceback" not in failed.output
    assert witness.find(Process, QN) is None


def test_a_table_of_the_program_and_its_lineage_are_deployed_together(
    new_stack: NewStack, witness: Witness
) -> None:
    program = f"""{MAKER}
made = Made("NEW")
atlan.Process("load", name="Load", connection=WAREHOUSE, missing_assets="partial",
    inputs=[atlan.table(f"{{WAREHOUSE}}/DB/S/T0")], outputs=[atlan.table_of(made, connection=WAREHOUSE)])
"""
    stack = new_stack(program)
    preview = stack.preview()
    assert "1 table is not in Atlan yet" in preview.output
    assert preview.warnings == []
    stack.up()
    assert witness.find(Table, NEW).is_partial
    stack.settled()


@pytest.mark.parametrize(
    "handling", ["partial", *(pytest.param(each, marks=pytest.mark.soak) for each in ("error", "wait"))]
)
def test_a_typo_beside_a_table_of_the_program_is_refused(
    new_stack: NewStack, witness: Witness, handling: str
) -> None:
    program = f"""{MAKER}
made = Made("NEW")
atlan.Process("load", name="Load", connection=WAREHOUSE, missing_assets={handling!r},
    inputs=[atlan.table(f"{{WAREHOUSE}}/DB/S/T00")], outputs=[atlan.table_of(made, connection=WAREHOUSE)])
"""
    stack = new_stack(program)
    stack.operate("preview").assert_refused("inputs", f"Atlan has no Table '{WAREHOUSE}/DB/S/T00'")
    assert stack.operate("up", "--yes", "--skip-preview").code != 0
    assert witness.find(Table, f"{WAREHOUSE}/DB/S/T00") is None


@pytest.mark.soak
def test_a_dropped_table_does_not_stop_the_preview(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    """The process is named, and its outputs stay as they are; others are deployed."""
    server.crawl(with_table("NEW"))
    stack = new_stack(load())
    stack.up()
    server.crawl(with_table())
    stack.write(load(sql="select 1") + load("other", target="T1"))
    said = f"Table '{NEW}' is archived in Atlan"
    (note,) = [each for each in stack.preview().notes if said in each]
    assert note.startswith("outputs: ")
    assert note.endswith("nothing is written, since outputs did not change")
    assert stack.up().changes == {"update": 1, "create": 1}

    stack.refresh()
    stack.operate("preview").assert_refused("outputs", said)
    stack.write(load(sql="select 1", missing_assets="partial") + load("other", target="T1"))
    restores = f"1 table is archived in Atlan ({NEW}): writing the inputs or outputs of 'load' restores it"
    assert restores in stack.preview().notes
    stack.up()
    stack.settled()
    assert (witness.find(Table, NEW).status, witness.find(Table, NEW).is_partial) == ("ACTIVE", False)
    assert witness.names(Process, QN, "outputs") == {NEW}
    stack.destroy()
    assert witness.find(Table, NEW) is not None, "it is the crawler's"


@pytest.mark.soak
def test_processes_that_are_removed_at_once_leave_no_placeholder(
    new_stack: NewStack, witness: Witness
) -> None:
    """The engine removes them in parallel, and each may see the others."""
    several = "".join(
        load(f"load{number}", missing_assets="partial", sql=f"select {number}") for number in range(8)
    )
    stack = new_stack(several)
    stack.up()
    stack.destroy()
    assert witness.find(Table, NEW) is None
    assert witness.find(Process, f"{WAREHOUSE}/load0") is None


@pytest.mark.soak
@pytest.mark.parametrize("handling", ["partial", "error"])
def test_a_transform_decides_what_happens_to_missing_assets(
    new_stack: NewStack, witness: Witness, handling: str
) -> None:
    """The check sees what is registered."""
    program = f"""
def transform(args):
    return pulumi.ResourceTransformResult({{**args.props, "missing_assets": {handling!r}}}, args.opts)
pulumi.runtime.register_resource_transform(transform)
{load(missing_assets="partial" if handling == "error" else "error")}
atlan.ColumnLineage("columns", process=load, columns={{"ID": "ID"}})
"""
    stack = new_stack(program)
    previewed = stack.operate("preview")
    if handling == "error":
        previewed.assert_refused("outputs", f"Atlan has no Table '{NEW}'")
        return
    assert "1 table is not in Atlan yet: a placeholder will be created" in previewed.output
    assert stack.up().changes == {"create": 2}, "without a preview, nothing is held back either"
    assert witness.find(Table, NEW).is_partial


@pytest.mark.soak
def test_secret_names_are_neither_printed_nor_stored(new_stack: NewStack, witness: Witness) -> None:
    program = (
        load(missing_assets="partial")
        .replace("outputs=[", "outputs=[pulumi.Output.secret(")
        .replace("/NEW'}]", "/NEW'})]")
    )
    stack = new_stack(program)
    shown = [stack.preview().output, stack.up().output, stack.refresh().output]
    assert witness.find(Table, NEW).is_partial
    shown += [stack.operate("stack", "export").output, stack.destroy().output]
    assert not [output for output in shown if "DB/S/NEW" in output]
    assert witness.find(Table, NEW) is None


@pytest.mark.soak
def test_a_process_that_was_removed_elsewhere_leaves_its_placeholders_to_the_next_up(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(load(missing_assets="partial"))
    stack.up()
    witness.purge(Process, QN)
    assert "1 placeholder stays in Atlan: the next `pulumi up` uses them" in stack.refresh().output
    stack.up()
    stack.settled()
    stack.destroy()
    assert witness.find(Table, NEW) is None


@pytest.mark.soak
def test_ten_thousand_edges_with_missing_outputs_take_few_more_requests(
    tmp_path: Path, engine: dict[str, str]
) -> None:
    """At most a fifth more than the same edges between existing tables."""
    columns = [f"C{number}" for number in range(50)]
    flows = {
        f"load{number}": {
            "inputs": [f"S{number}"],
            "outputs": [f"T{number}"],
            "columns": {name: name for name in columns},
        }
        for number in range(200)
    }
    program = f"""
atlan.LineageMap("flows", connection=WAREHOUSE, base=f"{{WAREHOUSE}}/DB/S", missing_assets="partial",
    processes={flows!r})
"""

    def requests_of_up(sides: str) -> int:
        names = [f"{side}{number}" for side in sides for number in range(200)]
        tables = [{"name": name, "columns": [{"name": each} for each in columns]} for name in names]
        with LocalAtlan(seed=seed_of(tables)) as server:
            tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
            Stack(tmp_path / sides, engine, program, environ=tenant).up()
            return int(sum(server.stats()["requests"].values()))

    assert requests_of_up("S") <= 1.2 * requests_of_up("ST")
