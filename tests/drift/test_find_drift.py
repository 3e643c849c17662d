"""find_drift with the real engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drift.scenes import Look, process, state_files, tables, writes
from pyatlan.model.assets import Column, ColumnProcess, Connection, Process, Table
from pyatlan.model.enums import CertificateStatus
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack

from atlan_pulumi.drift import Drifted
from atlan_pulumi.engine._property_changes import SecretChange, SetChange, ValueChange
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

LONG = "select 1 as a,\n" + "".join(f"       {n} as column_{n},\n" for n in range(2_000)) + "from t\n"
EVERYTHING = (
    """\
etl = atlan.Connection("etl", name="etl", connector="airflow", qualified_name="default/airflow/1657025300",
    admin_users=["alice"], allow_query=True, query_preview_config={"limit": "10", "kind": "x"})
"""
    + process(
        "load",
        inputs=tables(2, 0),
        sql=LONG,
        description="why",
        owner_users=["Bob", "ann"],
        certificate_status="DRAFT",
        is_pass_through=False,
    )
    + process("other")
    + f"""
col = atlan.ColumnProcess("col", name="col", process=load, inputs=[atlan.column("{table_name(0)}/A")],
    outputs=[atlan.column("{table_name(1)}/A")])
"""
)


def qualified_name(name: str) -> str:
    return f"{WAREHOUSE}/{name}"


def by_name(resources: tuple[Drifted, ...]) -> dict[str, Drifted]:
    return {item.name: item for item in resources}


def changes_of(item: Drifted) -> dict[str, object]:
    return {change.property: change for change in item.changes}


def test_no_drift_after_up_and_nothing_is_changed(
    new_stack: NewStack, look: Look, server: LocalAtlan, witness: Witness
) -> None:
    stack = new_stack(EVERYTHING)
    stack.up()
    assert set(witness.find(Connection, "default/airflow/1657025300").admin_users) > {"alice"}
    state, exported, written = state_files(stack), stack.run("stack", "export").output, writes(server)

    report = look(stack)

    assert (report.stack, report.checked, report.resources) == ("test", 4, ())
    assert not report.drift
    assert state_files(stack) == state
    assert stack.run("stack", "export").output == exported
    assert writes(server) == written


def test_every_kind_of_property_is_reported_and_restored_by_up(
    new_stack: NewStack, look: Look, server: LocalAtlan, witness: Witness
) -> None:
    stack = new_stack(EVERYTHING)
    stack.up()
    change_in_atlan(witness)
    state, written = state_files(stack), writes(server)

    report = look(stack)

    assert report.checked == 4
    found = by_name(report.resources)
    assert set(found) == {"etl", "load", "col"}
    assert {item.status for item in found.values()} == {"changed"}
    assert changes_of(found["etl"]) == {
        "allow_query": ValueChange("allow_query", True, False),
        'query_preview_config["limit"]': ValueChange('query_preview_config["limit"]', "10", "20"),
        'query_preview_config["kind"]': ValueChange('query_preview_config["kind"]', "x", None),
    }
    assert changes_of(found["load"]) == {
        "name": ValueChange("name", "load", "Load it"),
        "sql": ValueChange("sql", LONG, LONG.replace("from t", "from u")),
        "description": ValueChange("description", "why", None),
        "owner_users": SetChange("owner_users", ("Bob",), ("eve",)),
        "inputs": SetChange("inputs", (tables(2)[0],), (tables(4)[0], tables(5)[0])),
        "certificate_status": ValueChange("certificate_status", "DRAFT", "VERIFIED"),
        "is_pass_through": ValueChange("is_pass_through", False, True),
    }
    assert changes_of(found["col"]) == {
        "process": ValueChange("process", _process("load"), _process("other")),
        "outputs": SetChange("outputs", (_column(1),), (_column(2),)),
    }
    assert (state_files(stack), writes(server)) == (state, written)

    stack.up(None, "--refresh")
    assert witness.find(Process, qualified_name("load")).sql == LONG
    assert not look(stack).drift


def change_in_atlan(witness: Witness) -> None:
    """Change a property of each kind, and the edges, as alice."""
    save = witness.client.asset.save
    connection = Connection.updater(
        qualified_name="default/airflow/1657025300",
        name="etl",
    )
    connection.allow_query = False
    connection.query_preview_config = {"limit": "20"}
    save(connection)

    load = Process.updater(qualified_name("load"), "Load it")
    load.sql = LONG.replace("from t", "from u")
    load.description = None
    load.owner_users = {"ann", "eve"}
    load.certificate_status = CertificateStatus.VERIFIED
    load.is_pass_through = True
    load.inputs = [Table.ref_by_qualified_name(table_name(number)) for number in (0, 4, 5)]
    load.user_description = "not declared"
    save(load)

    column = ColumnProcess.updater(qualified_name("col"), "col")
    column.process = Process.ref_by_qualified_name(qualified_name("other"))
    column.outputs = [Column.ref_by_qualified_name(f"{table_name(2)}/A")]
    save(column)


def _process(name: str) -> dict[str, str]:
    return {"type_name": "Process", "qualified_name": qualified_name(name)}


def _column(table: int) -> dict[str, str]:
    return {"type_name": "Column", "qualified_name": f"{table_name(table)}/A"}


def test_gone_and_recreated_entities_and_their_writers(
    new_stack: NewStack, look: Look, witness: Witness
) -> None:
    names = ("kept", "archived", "purged", "recreated", "renamed")
    stack = new_stack("".join(process(name, outputs=tables(n + 1)) for n, name in enumerate(names)))
    stack.up()
    made = witness.find(Process, qualified_name("recreated")).guid
    witness.archive(Process, qualified_name("archived"))
    for name in ("purged", "recreated"):
        witness.purge(Process, qualified_name(name))
    witness.make_process(WAREHOUSE, "recreated", 0, 4)
    renamed = Process.updater(qualified_name("renamed"), "Renamed")
    witness.client.asset.save(renamed)

    found = by_name(look(stack).resources)

    assert {name: item.status for name, item in found.items()} == {
        "archived": "gone",
        "purged": "gone",
        "recreated": "recreated",
        "renamed": "changed",
    }
    assert found["archived"].changes == found["purged"].changes == ()
    again = witness.find(Process, qualified_name("recreated")).guid
    assert changes_of(found["recreated"])["guid"] == ValueChange("guid", made, again)
    assert changes_of(found["recreated"])["name"] == ValueChange("name", "recreated", "Theirs")
    for name in ("archived", "recreated", "renamed"):
        assert found[name].last_writer == "alice"
        when = found[name].last_written_at
        assert when is not None
        assert f"last written by alice at {when:%Y-%m-%d %H:%M} UTC" in found[name].note
    assert "archived" in found["archived"].note
    assert (found["purged"].last_writer, found["purged"].qualified_name) == (None, qualified_name("purged"))


def test_secrets_are_hidden_and_ignored_changes_are_no_drift(
    new_stack: NewStack, look: Look, witness: Witness
) -> None:
    ignoring = "pulumi.ResourceOptions(ignore_changes=['sql'])"
    stack = new_stack(
        "hush = pulumi.Output.secret('hush')\n"
        + process("ignored", sql="select 1", opts=ignoring)
        + process("hidden", outputs=tables(2)).replace(")\n", ", sql=hush, description=hush)\n")
        + process("kept", outputs=tables(3)).replace(")\n", ", sql=hush)\n")
    )
    stack.up()
    for name in ("ignored", "hidden"):
        changed = Process.updater(qualified_name(name), name)
        changed.sql = "other"
        witness.client.asset.save(changed)

    report = look(stack)

    (hidden,) = report.resources
    assert hidden.name == "hidden"
    assert SecretChange("sql") in hidden.changes
    assert not {"hush", "other"} & set(repr(replace(hidden, note="")).replace("'", " ").split())
    assert "hush" not in hidden.note


@pytest.mark.soak
def test_only_resources_of_this_package_are_read_also_with_explicit_providers(
    new_stack: NewStack, look: Look, server: LocalAtlan, witness: Witness
) -> None:
    foreign = """
import pulumi.dynamic
class Elsewhere(pulumi.dynamic.ResourceProvider):
    def create(self, props): return pulumi.dynamic.CreateResult("x", props)
    def read(self, id_, props): raise Exception("no credentials for elsewhere")
class Thing(pulumi.dynamic.Resource, module="elsewhere", name="Thing"): pass
thing = Thing(Elsewhere(), "thing", {"a": 1})
"""
    second = f"second = atlan.AtlanProvider('second', base_url={server.base_url!r}, api_key='local')\n"
    stack = new_stack(
        foreign
        + second
        + process("first")
        + "Thing(Elsewhere(), 'below', {'a': 1}, pulumi.ResourceOptions(parent=first))\n"
        + process("there", outputs=tables(2), opts="pulumi.ResourceOptions(provider=second, parent=thing)")
    )
    stack.up()
    there = Process.updater(qualified_name("there"), "There")
    witness.client.asset.save(there)
    report = look(stack)
    assert report.checked == 2
    assert [(item.name, item.type) for item in report.resources] == [("there", "Process")]
    assert changes_of(report.resources[0]) == {"name": ValueChange("name", "there", "There")}

    first, there_urn = (stack.resources()[name]["urn"] for name in ("first", "there"))
    alone = look(stack, targets=[first])
    assert (alone.checked, alone.drift) == (1, False)
    assert look(stack, targets=[there_urn]).drift
    assert look(stack, targets=["**::ther*"]).checked == 1


@pytest.mark.soak
def test_each_stack_has_its_own_drift(new_stack: NewStack, look: Look, witness: Witness) -> None:
    ours, theirs = (
        new_stack(process("ours"), "ours"),
        new_stack(process("theirs", outputs=tables(2)), "theirs"),
    )
    ours.up()
    theirs.up()
    witness.client.asset.save(Process.updater(qualified_name("ours"), "Renamed"))
    assert [item.name for item in look(ours).resources] == ["ours"]
    assert not look(theirs).drift

    ours.run("stack", "init", "empty").check()
    assert look(ours).checked == 0, "the new stack is the selected one"
    assert look(ours, stack="test").drift
    assert look(ours, stack="empty").stack == "empty"


def test_a_stack_without_resources_of_this_package_has_no_drift(new_stack: NewStack, look: Look) -> None:
    stack = new_stack("pulumi.export('a', 1)\n")
    assert look(stack).checked == 0
    stack.up()
    report = look(stack)
    assert (report.checked, report.drift) == (0, False)
