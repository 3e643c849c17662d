"""A table, its crawl, and its lineage in one deployment, with the real engine."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import Process, Table
from resources.test_missing_assets import NEW, with_table
from support.atlan import WAREHOUSE, Witness
from support.stack import MAKER, NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

PROGRAM = f"""{MAKER}
made = Made("NEW")
crawl = atlan.CrawlerRun("crawl", workflow="warehouse", triggers=[made.name],
    wait_for=[atlan.table_of(made, connection=WAREHOUSE)], timeout=60)
atlan.Process("load", name="Load", connection=WAREHOUSE, sql="SQL",
    inputs=[atlan.table(f"{{WAREHOUSE}}/DB/S/T0")], outputs=[atlan.table_of(made, connection=WAREHOUSE)],
    opts=pulumi.ResourceOptions(depends_on=[crawl]))
"""


def runs(server: LocalAtlan) -> int:
    requests = server.stats()["requests"]
    return sum(count for path, count in requests.items() if path.endswith("/submit"))


def test_lineage_is_deployed_after_the_crawl_without_a_placeholder(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    server.add_workflow("warehouse", runs=[{"crawl": with_table("NEW")}])
    stack = new_stack(PROGRAM)
    preview = stack.preview()
    assert preview.warnings == []
    assert "not in Atlan" not in preview.output
    assert runs(server) == 0, "a preview runs nothing"

    deployed = stack.up()
    assert "of the crawler 'warehouse': Running" in deployed.output
    assert witness.find(Table, NEW).is_partial is not True
    assert witness.names(Process, f"{WAREHOUSE}/load", "outputs") == {NEW}
    stack.settled()
    stack.up(PROGRAM.replace("SQL", "select 1"))
    assert runs(server) == 1, "only its own changes run it again"

    stack.destroy()
    assert witness.find(Table, NEW) is not None
    assert witness.find(Process, f"{WAREHOUSE}/load") is None


@pytest.mark.soak
def test_a_failed_run_stops_what_depends_on_it_in_one_line(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    server.add_workflow("warehouse", runs=[{"status": "Failed"}, {"crawl": with_table("NEW")}])
    stack = new_stack(PROGRAM)
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    (error,) = [each for each in failed.errors if "crawler" in each]
    assert "ended as Failed: look at its log in Atlan, then run `pulumi up` again" in error
    assert "Traceback" not in failed.output
    assert witness.find(Process, f"{WAREHOUSE}/load") is None
    stack.up()
    stack.settled()


@pytest.mark.soak
def test_a_name_that_the_crawl_is_not_waited_for_is_a_warning(
    new_stack: NewStack, server: LocalAtlan
) -> None:
    server.add_workflow("warehouse", runs=[{"crawl": with_table("NEW")}])
    without = PROGRAM.replace("wait_for=[atlan.table_of(made, connection=WAREHOUSE)]", "wait_for=[]")
    by_name = without.replace("atlan.table_of(made, connection=WAREHOUSE)]", f"atlan.table({NEW!r})]")
    stack = new_stack(by_name)
    (warning,) = stack.preview().warnings
    assert warning.startswith(f"outputs: Atlan has no Table '{NEW}'")
    assert warning.endswith("it must exist when this is deployed")
    stack.up()
    stack.settled()


@pytest.mark.soak
def test_an_unknown_workflow_is_refused_in_the_preview(new_stack: NewStack, server: LocalAtlan) -> None:
    server.add_workflow("warehouse crawler")
    refused = new_stack(PROGRAM).operate("preview")
    refused.assert_refused("workflow", "Atlan has no workflow 'warehouse'")
