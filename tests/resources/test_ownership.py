"""Whose an entity is, under the real engine: two stacks, crashed runs, others who meddle."""

from __future__ import annotations

import json

import httpx
import pytest
from pyatlan.model.assets import Connection, Process
from pyatlan.model.enums import AtlanConnectorType
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"


def load(name: str = "load", **more: object) -> str:
    given = "".join(f", {key}={value!r}" for key, value in more.items())
    return f"atlan.Process({name!r}, name='Load', connection=WAREHOUSE, process_id='load', {SIDES}{given})\n"


def forget(stack: Stack) -> None:
    """What a crash leaves: the entities are there, and the state knows nothing of them."""
    state = json.loads(stack.run("stack", "export").check().output)
    state["deployment"]["resources"] = []
    stack.run("stack", "import", stdin=json.dumps(state)).check()


def mark_of(witness: Witness) -> str | None:
    found = witness.find(Process, QN)
    return found.last_sync_workflow_name if found else None


@pytest.mark.soak
def test_each_entity_bears_the_mark_of_its_stack_and_a_crashed_run_converges(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(load())
    stack.up()
    guid = witness.find(Process, QN).guid
    assert mark_of(witness) == "pulumi:acceptance/test#load"
    assert stack.resources()["load"]["outputs"]["managed_by"] == "pulumi:acceptance/test#load"
    stack.settled()

    forget(stack)
    stack.write(load(sql="select 2"))
    assert stack.preview().changes == {"create": 1}
    stack.up()
    made = witness.find(Process, QN)
    assert (made.guid, made.sql) == (guid, "select 2")
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None


def test_two_stacks_do_not_take_from_one_another(new_stack: NewStack, witness: Witness) -> None:
    ours, theirs = new_stack(load(), name="ours"), new_stack(load(sql="theirs"), name="theirs")
    (theirs.folder / "Pulumi.yaml").write_text("name: elsewhere\nruntime: python\n")
    theirs.run("stack", "init", "dev").check()
    ours.up()
    told = f"Process '{QN}' belongs to the stack 'acceptance/test' (last written by "
    theirs.operate("preview").assert_refused("process_id", told)
    unseen = theirs.operate("up", "--yes", "--skip-preview", environ={"ATLAN_PREVIEW_CHECKS": "0"})
    assert told in "".join(unseen.errors)
    assert witness.find(Process, QN).sql is None

    theirs.up(load(sql="theirs", adopt=True))
    assert mark_of(witness) == "pulumi:elsewhere/dev#load"
    # The first stack neither overwrites nor removes what it lost; a refresh tells it.
    lost = f"Process '{QN}' belongs to the stack 'elsewhere/dev' now"
    ours.write(load(sql="ours"))
    ours.operate("preview").assert_refused("process_id", lost)
    unseen = ours.operate("up", "--yes", "--skip-preview", environ={"ATLAN_PREVIEW_CHECKS": "0"})
    assert lost in "".join(unseen.errors)
    # Nor does a refresh make it ours: it may be a part of every run, of theirs as well.
    refreshed = ours.refresh()
    assert "managed_by" in refreshed.step("load").diffs
    assert any("was changed in Atlan: managed_by" in note for note in refreshed.notes), refreshed.output
    for command in (["preview"], ["preview", "--refresh"], ["up", "--yes", "--skip-preview", "--refresh"]):
        refused = ours.operate(*command)
        assert refused.code != 0, refused.output
        assert lost in "".join(refused.errors), refused.output
        assert "set adopt=True to take it back" in "".join(refused.errors)
    assert witness.find(Process, QN).sql == "theirs"
    gone = ours.destroy()
    assert any(
        "was left in Atlan: it is 'load' of the stack 'elsewhere/dev' now" in note for note in gone.notes
    )
    assert witness.find(Process, QN).sql == "theirs"
    theirs.settled()


def test_a_resource_that_gets_another_name_keeps_its_entity(new_stack: NewStack, witness: Witness) -> None:
    # Pulumi makes the new one and deletes the old one: here both are the same entity.
    stack = new_stack(load("before"))
    stack.up()
    guid = witness.find(Process, QN).guid
    assert stack.up(load("after")).changes == {"create": 1, "delete": 1}
    assert witness.find(Process, QN).guid == guid
    assert mark_of(witness) == "pulumi:acceptance/test#after"
    stack.settled()


COMPONENT = """
class {kind}(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("shop:pipelines:{kind}", "{kind}")
        below = pulumi.ResourceOptions(parent=self)
        atlan.Connection("etl", name="{kind}", connector="airflow", admin_roles=["$admin"], opts=below)

{kind}()
"""


@pytest.mark.soak
def test_resources_of_one_name_below_two_components_are_two(new_stack: NewStack, witness: Witness) -> None:
    nightly, hourly = COMPONENT.format(kind="Nightly"), COMPONENT.format(kind="Hourly")
    stack = new_stack(nightly)
    stack.up()
    assert stack.up(nightly + hourly).changes == {"same": 1, "create": 1}
    for kind in ("Nightly", "Hourly"):
        (made,) = witness.client.asset.find_connections_by_name(kind, AtlanConnectorType.AIRFLOW)
        found = witness.find(Connection, made.qualified_name)
        assert found.last_sync_workflow_name == f"pulumi:acceptance/test#shop:pipelines:{kind}$etl"
    stack.settled()


@pytest.mark.soak
def test_a_forced_replacement_does_not_remove_what_it_wrote(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load())
    stack.up()
    urn = stack.resources()["load"]["urn"]
    stack.up(load(), "--replace", urn)
    assert witness.find(Process, QN) is not None
    first = "opts=pulumi.ResourceOptions(delete_before_replace=False))"
    stack.up(load().strip()[:-1] + ", " + first, "--replace", urn)
    assert witness.find(Process, QN) is not None
    stack.settled()


@pytest.mark.soak
def test_what_others_made_anew_is_seen_before_it_is_mended(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load(sql="ours"))
    stack.up()
    witness.purge(Process, QN)
    witness.make_process(WAREHOUSE, "load", 2, 3)
    stack.write(load(sql="ours, changed"))
    refused = stack.operate("up", "--yes", "--skip-preview")
    assert f"Process '{QN}' was removed and made again (last written by alice at 20" in "".join(
        refused.errors
    )
    assert witness.names(Process, QN, "inputs") == {table_name(2)}
    seen = stack.refresh()
    assert {"inputs", "outputs", "name", "sql"} <= set(seen.step("load").diffs)
    stack.up()
    assert witness.names(Process, QN, "inputs") == {table_name(0)}
    assert mark_of(witness) == "pulumi:acceptance/test#load"
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None


@pytest.mark.soak
def test_the_mark_can_be_switched_off_named_and_changed(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load())
    for setting, expected, changes in [
        ("false", None, {"create": 1}),
        ("team/lineage", None, {"same": 1}),  # it comes with the next change
        ("team/lineage", "pulumi:team/lineage#load", {"update": 1}),
        ("off", None, {"update": 1}),
    ]:
        stack.run("config", "set", "atlan:ownershipMark", setting).check()
        program = load(sql="1") if expected else load()
        stack.write(program if changes != {"same": 1} else load())
        assert stack.up().changes == changes, setting
        assert mark_of(witness) == expected
    stack.settled()


@pytest.mark.soak
def test_what_is_left_archived_keeps_its_name(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    stack = new_stack(load(delete_type="SOFT"))
    stack.up()
    stack.destroy()
    with httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer local"}) as http:
        path = "/api/meta/entity/uniqueAttribute/type/Process"
        assert http.get(path, params={"attr:qualifiedName": QN}).json()["entity"]["status"] == "DELETED"
    again = stack.preview()
    assert any("is archived in Atlan" in note for note in again.notes)
    stack.up(load(delete_type="HARD"))
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None
    stack.write(load(delete_type="BURN"))
    stack.operate("preview").assert_refused("delete_type", "must be one of PURGE, HARD, SOFT")
