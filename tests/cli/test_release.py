"""`atlan-pulumi release`: the entities stay in Atlan, without an owner."""

from __future__ import annotations

import os
import subprocess

import pytest
from pyatlan.model.assets import Connection, Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.command import ATLAN_PULUMI
from support.fixtures import engine, new_stack, server, witness
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine
__all__ = ["engine", "new_stack", "server", "witness"]

SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
LOAD = f"""
load = atlan.Process("load", name="Load", connection=WAREHOUSE, {SIDES}%s)
"""
COLUMNS = 'atlan.ColumnLineage("columns", process=load, columns={"A": "A", "B": "B"})\n'
MORE = """
load = {"inputs": "DB/S/T2", "outputs": "DB/S/T3", "columns": {"A": "A"}}
atlan.LineageMap("many", connection=WAREHOUSE, processes={"p": load, "q": load})
atlan.Connection("etl", name="etl", connector="airflow", admin_roles=["$admin"])
"""


def run(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "release", *arguments],
        cwd=stack.folder,
        env={**os.environ, **stack.environ},
        capture_output=True,
        text=True,
        check=False,
    )


def marked(witness: Witness, *ids: str) -> set[str]:
    found = {id_: witness.find(Process, f"{WAREHOUSE}/{id_}") for id_ in ids}
    return {id_ for id_, each in found.items() if each.last_sync_workflow_name}


@pytest.mark.soak
def test_release_of_one_resource_and_of_the_whole_stack(
    new_stack: NewStack, server: LocalAtlan, witness: Witness
) -> None:
    stack = new_stack(LOAD % "" + COLUMNS + MORE)
    stack.up()
    before, written = stack.resources(), server.stats()["entities_written"]
    alone = run(stack, "load")
    assert (alone.returncode, alone.stdout) == (1, "")
    assert "'columns' depends on 'load', which cannot be released alone" in alone.stderr
    shown = run(stack, "load", "columns")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "This would release 2 resources and the marks of 3 entities" in shown.stdout
    assert f"Atlan   ColumnProcess {WAREHOUSE}/load/column/A\n" in shown.stdout
    assert stack.resources() == before
    assert server.stats()["entities_written"] == written

    done = run(stack, "load", "columns", "--yes")
    assert "Released 2 resources and the marks of 3 entities" in done.stdout, done
    assert marked(witness, "load", "p", "q") == {"p", "q"}
    assert stack.resources().keys() == before.keys() - {"load", "columns"}
    # It has no owner now: a program that still declares it is refused, and another one may adopt it.
    refused = stack.operate("preview")
    assert f"Process '{WAREHOUSE}/load' exists in Atlan already" in "".join(refused.errors)
    other = new_stack(LOAD % ", adopt=True", name="other")
    assert other.up().changes == {"create": 1}
    assert stack.up(MORE).changes == {"same": 2}

    all_ = run(stack, "--all", "--yes")
    assert "Released 2 resources and the marks of 5 entities" in all_.stdout, all_
    assert f"\n  etl: qualified_name='{before['etl']['id']}', adopt=True\n" in all_.stdout
    assert marked(witness, "load", "p", "q") == {"load"}
    stack.destroy()
    assert witness.find(Process, f"{WAREHOUSE}/p") is not None
    assert witness.find(Connection, before["etl"]["id"]) is not None


@pytest.mark.soak
def test_release_by_name_after_retain_on_delete(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(LOAD % ", opts=pulumi.ResourceOptions(retain_on_delete=True)" + MORE)
    stack.up()
    stack.up(MORE)
    assert marked(witness, "load") == {"load"}
    done = run(stack, "load", "--yes")
    assert "Released 0 resources and the marks of 1 entity" in done.stdout, done
    assert marked(witness, "load", "p") == {"p"}
    unknown = run(stack, "loda")
    assert (
        "neither the state nor a mark of the stack 'acceptance/test' in Atlan contains 'loda'"
        in unknown.stderr
    )
    neither = run(stack)
    assert neither.stderr.startswith("atlan-pulumi: give the names of resources to release, or --all")
    component = run(stack, "many")
    assert "This would release 1 resource and the marks of 4 entities" in component.stdout, component
