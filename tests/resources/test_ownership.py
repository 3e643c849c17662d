"""Ownership under the real engine: two stacks, two backends, interrupted runs, changes by others."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from pyatlan.model.assets import Connection, Process
from pyatlan.model.enums import AtlanConnectorType
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.lifecycle import resource_of, stack_of
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"


def load(name: str = "load", **more: object) -> str:
    given = "".join(f", {key}={value!r}" for key, value in more.items())
    return f"atlan.Process({name!r}, name='Load', connection=WAREHOUSE, process_id='load', {SIDES}{given})\n"


def forget(stack: Stack) -> None:
    """Restore the state of a crash: the entities exist, but the state does not contain them."""
    state = json.loads(stack.run("stack", "export").check().output)
    state["deployment"]["resources"] = []
    stack.run("stack", "import", stdin=json.dumps(state)).check()


def mark_of(witness: Witness) -> str | None:
    found = witness.find(Process, QN)
    return found.last_sync_workflow_name if found else None


@pytest.mark.soak
def test_entities_have_the_mark_of_their_stack_and_crashed_runs_converge(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(load())
    stack.up()
    guid = witness.find(Process, QN).guid
    mark = str(mark_of(witness))
    assert re.fullmatch("pulumi:acceptance/test#atlan:Process::load@[0-9a-f]{8}", mark)
    assert stack.resources()["load"]["outputs"]["managed_by"] == mark
    stack.settled()

    forget(stack)
    stack.write(load(sql="select 2"))
    named = f"Process '{QN}' will be taken over (last written by service-account-apikey-local at 20"
    seen = stack.preview()
    assert seen.changes == {"create": 1}
    assert [note for note in seen.notes if named in note], seen.output
    assert [note for note in stack.up().notes if named in note]
    made = witness.find(Process, QN)
    assert (made.guid, made.sql) == (guid, "select 2")
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None


def test_stacks_do_not_take_entities_from_each_other(new_stack: NewStack, witness: Witness) -> None:
    ours, theirs = new_stack(load(), name="ours"), new_stack(load(sql="theirs"), name="theirs")
    (theirs.folder / "Pulumi.yaml").write_text("name: elsewhere\nruntime: python\n")
    theirs.run("stack", "init", "dev").check()
    ours.up()
    reported = f"Process '{QN}' belongs to the stack 'acceptance/test' (last written by "
    theirs.operate("preview").assert_refused("process_id", reported)
    unseen = theirs.operate("up", "--yes", "--skip-preview", environ={"ATLAN_PREVIEW_CHECKS": "0"})
    assert reported in "".join(unseen.errors)
    assert witness.find(Process, QN).sql is None

    adopted = theirs.up(load(sql="theirs", adopt=True))
    named = f"Process '{QN}' will be taken over (it belongs to the stack 'acceptance/test', last written by "
    assert [note for note in adopted.notes if named in note and "this changes sql" in note], adopted.output
    assert stack_of(mark_of(witness)) == "elsewhere/dev"
    # The first stack neither overwrites nor removes what it lost; a refresh reports it.
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


@pytest.mark.soak
def test_renamed_resources_keep_their_entity(new_stack: NewStack, witness: Witness) -> None:
    # Pulumi makes the new one and deletes the old one: here both are the same entity.
    stack = new_stack(load("before"))
    stack.up()
    guid = witness.find(Process, QN).guid
    assert stack.up(load("after")).changes == {"create": 1, "delete": 1}
    assert witness.find(Process, QN).guid == guid
    assert resource_of(mark_of(witness)) == "after"
    stack.settled()


LINEAGE = """
class {kind}(pulumi.ComponentResource):
    def __init__(self, *ids):
        super().__init__("shop:pipelines:{kind}", "{kind}")
        load = {{"inputs": "DB/S/T{number}", "outputs": "DB/S/T5", "columns": {{"A": "A"}}}}
        below = pulumi.ResourceOptions(parent=self)
        atlan.LineageMap("lineage", connection=WAREHOUSE, processes=dict.fromkeys(ids, load), opts=below)

{kind}{ids}
"""


def lineage(kind: str, *ids: str) -> str:
    """Return a component with a LineageMap of these processes, with the same names for every kind."""
    return LINEAGE.format(kind=kind, ids=ids, number=0 if kind == "Nightly" else 1)


def ids(witness: Witness) -> set[str]:
    return {id_ for id_ in "abcdef" if witness.find(Process, f"{WAREHOUSE}/{id_}")}


def test_bulk_resources_keep_entities_of_other_components_and_backends(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(lineage("Nightly", "a") + lineage("Hourly", "b"))
    stack.up()
    stack.up(lineage("Nightly", "a", "c") + lineage("Hourly", "b"))
    assert ids(witness) == {"a", "b", "c"}
    # Another developer: a backend of their own, the same project and stack, another branch.
    other = new_stack(lineage("Nightly", "d"), name="backend")
    other.up()
    assert ids(witness) == {"a", "b", "c", "d"}
    other.write(lineage("Nightly", "a", "d") + load("a"))
    refused = other.operate("up", "--yes", "--skip-preview")
    reported = "belongs to another stack named 'acceptance/test', of another backend or an earlier one"
    assert [error for error in refused.errors if reported in error], refused.output
    adopting = lineage("Nightly", "a", "d").replace("opts=below", "adopt=True, opts=below")
    taken = other.up(adopting)
    named = f"Process '{WAREHOUSE}/a' will be taken over (it belongs to another stack named"
    assert [note for note in taken.notes if named in note], taken.output
    kept = stack.destroy()
    assert ids(witness) == {"a", "d"}
    assert [note for note in kept.notes if f"Process '{WAREHOUSE}/a' was left in Atlan" in note]


@pytest.mark.soak
def test_a_name_that_a_rename_left_free_is_another_stack(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load())
    stack.up()
    stack.run("stack", "rename", "live").check()
    stack.run("stack", "init", "test").check()
    stack.write(load("load", sql="another program"))
    refused = stack.operate("up", "--yes", "--skip-preview")
    assert "of another backend or an earlier one" in "".join(refused.errors), refused.output
    stack.run("stack", "select", "live").check()
    assert stack.up(load()).changes == {"update": 1}  # the mark names the stack
    assert stack_of(mark_of(witness)) == "acceptance/live"
    stack.settled()


@pytest.mark.soak
def test_an_alias_keeps_the_entity_whose_id_is_the_resources_name(
    new_stack: NewStack, witness: Witness
) -> None:
    def named(name: str, options: str = "") -> str:
        given = f"name='Load', connection=WAREHOUSE, {SIDES}, opts=pulumi.ResourceOptions({options})"
        return f"atlan.Process({name!r}, {given})\n"

    stack = new_stack(named("before"))
    stack.up()
    guid = witness.find(Process, f"{WAREHOUSE}/before").guid
    renamed = stack.up(named("after", "aliases=[pulumi.Alias(name='before')]"))
    assert (renamed.changes, renamed.step("after").diffs) == ({"update": 1}, ("managed_by",))
    stack.settled()
    assert stack.up(named("after")).changes == {"same": 1}
    assert witness.find(Process, f"{WAREHOUSE}/before").guid == guid
    replaced = stack.up(named("third"))
    assert replaced.changes == {"create": 1, "delete": 1}
    assert witness.find(Process, f"{WAREHOUSE}/before") is None


def test_an_ownership_text_with_a_hash_is_refused(new_stack: NewStack) -> None:
    stack = new_stack(load(), ATLAN_OWNERSHIP_MARK="team#lineage", ATLAN_PREVIEW_CHECKS="0")
    refused = stack.operate("preview")
    assert refused.code != 0
    assert "atlan:ownershipMark must not contain '#'" in "".join(refused.errors)


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
        mark = f"pulumi:acceptance/test#shop:pipelines:{kind}$atlan:Connection::etl@"
        assert found.last_sync_workflow_name.startswith(mark)
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


MAP = """
atlan.LineageMap(
    "map", connection=WAREHOUSE, processes={"m": {"inputs": "DB/S/T2", "outputs": "DB/S/T3"}}
)
"""


@pytest.mark.soak
def test_a_former_resource_does_not_take_what_the_resource_has_again(
    new_stack: NewStack, witness: Witness
) -> None:
    """The state after a name was changed and changed back, each time interrupted before the deletion."""
    stack = new_stack(load() + MAP)
    stack.up()
    exported = json.loads(stack.run("stack", "export").check().output)
    resources = exported["deployment"]["resources"]
    ours = [each for each in resources if each["type"].endswith((":Process", ":ProcessSet"))]
    assert len(ours) == 2
    resources += [{**each, "delete": True} for each in ours]
    file = stack.folder / "interrupted.json"
    file.write_text(json.dumps(exported))
    stack.run("stack", "import", "--file", str(file)).check()
    stack.up()
    assert witness.find(Process, QN) is not None
    assert witness.find(Process, f"{WAREHOUSE}/m") is not None
    stack.settled()
    left = json.loads(stack.run("stack", "export").check().output)["deployment"]["resources"]
    assert not any(each.get("delete") for each in left)


@pytest.mark.soak
def test_recreated_entities_are_reported_before_they_are_corrected(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(load(sql="ours"))
    stack.up()
    witness.purge(Process, QN)
    witness.make_process(WAREHOUSE, "load", 2, 3)
    stack.write(load(sql="ours, changed"))
    refused = stack.operate("up", "--yes", "--skip-preview")
    assert f"Process '{QN}' was removed and created again (last written by alice at 20" in "".join(
        refused.errors
    )
    assert witness.names(Process, QN, "inputs") == {table_name(2)}
    seen = stack.refresh()
    assert {"inputs", "outputs", "name", "sql"} <= set(seen.step("load").diffs)
    stack.up()
    assert witness.names(Process, QN, "inputs") == {table_name(0)}
    assert stack_of(mark_of(witness)) == "acceptance/test"
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None


@pytest.mark.soak
def test_the_mark_can_be_switched_off_named_and_changed(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(load())
    for setting, expected, changes in [
        ("false", None, {"create": 1}),
        ("team/lineage", None, {"same": 1}),  # it comes with the next change
        ("team/lineage", "team/lineage", {"update": 1}),
        ("off", None, {"update": 1}),
    ]:
        stack.run("config", "set", "atlan:ownershipMark", setting).check()
        program = load(sql="1") if expected else load()
        stack.write(program if changes != {"same": 1} else load())
        assert stack.up().changes == changes, setting
        assert stack_of(mark_of(witness)) == expected
    stack.settled()


@pytest.mark.soak
def test_archived_entities_keep_their_name(new_stack: NewStack, witness: Witness, server: LocalAtlan) -> None:
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
