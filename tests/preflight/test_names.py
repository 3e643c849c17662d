"""Each entity has one owner: what a namesake means for a new resource."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyatlan.model.assets import Process
from resources.openlineage import OL
from resources.openlineage import job as openlineage_job
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import column_lineage, column_process, connection, process, tables

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import Checked, Mistake, mark
from atlan_pulumi.lifecycle._declared import PartKey as Key
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Declaration, Findings, judge
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle

Look = Callable[..., Findings]
QN = f"{WAREHOUSE}/load"


def made(client: AtlanClient, declaration: Declaration) -> None:
    """Make what a resource declares, as its stack would."""
    declaration.lifecycle.create(client, declaration.inputs)


def notes(declaration: Declaration, found: Findings) -> list[str]:
    """What the check of a new resource shows."""
    mistakes, shown = judge(declaration.lifecycle, {}, Checked(declaration.inputs, []), found)
    assert mistakes == []
    return shown


def test_nothing_of_that_name_is_fine(review: Look) -> None:
    assert review(process()) == Findings()


def test_anothers_is_refused_with_its_last_writer(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 2, 3)
    (mistake,) = review(process()).mistakes_if_new
    assert mistake.property == "process_id"
    assert mistake.reason.startswith(f"Process '{QN}' exists in Atlan already (last written by alice at 20")
    assert "adopt=True" in mistake.reason


def test_another_stacks_is_refused_by_its_name(review: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=mark("other/dev", "x")))
    (mistake,) = review(process()).mistakes_if_new
    assert mistake.reason.startswith(f"Process '{QN}' belongs to the stack 'other/dev' (last written by ")


def test_another_stacks_is_told_to_one_that_is_in_the_state_as_well(
    review: Look, client: AtlanClient
) -> None:
    theirs = mark("other/dev", "x")
    made(client, process(managed_by=theirs))
    (told,) = review(process()).mistakes_if_changed.items()
    assert told[0] == theirs
    assert told[1].reason.startswith(f"Process '{QN}' belongs to the stack 'other/dev' now (last written by ")
    assert "set adopt=True to take it back" in told[1].reason
    assert review(process(adopt=True)).mistakes_if_changed == {}


def test_what_an_earlier_run_of_this_stack_left_is_its_own_and_named(
    review: Look, client: AtlanClient
) -> None:
    made(client, process())
    (note,) = notes(process(), review(process()))
    assert note.startswith(f"Process '{QN}' will be taken over (last written by service-account-apikey-local")
    assert note.endswith("it has the ownership mark of this resource, which an interrupted run may have left")
    renamed = process(managed_by=mark("shop/prod", "another-name"))
    (note,) = notes(renamed, review(renamed))
    assert note.startswith(f"Process '{QN}' will be taken over from the resource 'load' (last written by ")


def test_a_stack_of_the_same_name_with_another_origin_is_another_stack(
    review: Look, client: AtlanClient
) -> None:
    made(client, process(managed_by=mark("shop/prod", "load", origin="0000000b")))
    (mistake,) = review(process()).mistakes_if_new
    whose = "belongs to another stack named 'shop/prod', of another backend or an earlier one"
    assert mistake.reason.startswith(f"Process '{QN}' {whose} (last written by ")


def test_a_mark_of_an_earlier_version_may_be_this_stacks(review: Look, client: AtlanClient) -> None:
    made(client, process(managed_by="pulumi:shop/prod#load"))
    (note,) = notes(process(), review(process()))
    assert "which an interrupted run may have left" in note


def test_a_resource_in_the_state_is_named_only_where_it_changes_hands(
    review: Look, client: AtlanClient, witness: Witness
) -> None:
    declared = process(sql="2")
    made(client, declared)
    before = {**declared.inputs, "sql": "1"}

    def shown() -> list[str]:
        found = review(declared)
        return judge(declared.lifecycle, before, Checked(declared.inputs, []), found)[1]

    assert shown() == []
    witness.archive(Process, QN)
    (note,) = shown()
    assert note.endswith("it will be restored")
    before = declared.inputs
    assert shown() == []  # nothing is written


def test_without_marks_nothing_tells_that_it_is_ones_own(review: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=None))
    assert len(review(process(managed_by=None)).mistakes_if_new) == 1


def test_an_archived_one_will_be_restored(review: Look, client: AtlanClient, witness: Witness) -> None:
    made(client, process())
    witness.archive(Process, QN)
    found = review(process())
    (note,) = notes(process(), found)
    assert note.startswith(f"Process '{QN}' is archived in Atlan (last written by alice at ")
    assert note.endswith("it will be restored")
    assert found.mistakes_if_new == []


def test_a_column_process_that_holds_the_name_of_a_process(
    review: Look, client: AtlanClient, witness: Witness
) -> None:
    made(client, process())
    made(client, column_process(process_id="load"))
    witness.purge(Process, QN)
    (mistake,) = review(process()).mistakes_if_new
    assert mistake.reason.startswith(f"ColumnProcess '{QN}' has the name that this Process is to have")


def test_a_name_declared_twice(review: Look) -> None:
    (mistake,) = review(process("a", process_id="x"), process("b", process_id="x", sql="2")).mistakes
    assert mistake.property == "process_id"
    assert mistake.reason.startswith(f"Process '{WAREHOUSE}/x' is declared by 'a' already")


def spark() -> Declaration:
    return connection("ol", qualified_name=OL, connector="spark")


def job(resource_name: str, **changed: object) -> Declaration:
    lifecycle = lifecycle_of("OpenLineageJob", 1)
    inputs = lifecycle.foresee({**openlineage_job(columns={"A": ["A"], "B": ["B"]}), **changed})
    assert inputs is not None
    return Declaration(resource_name, lifecycle, inputs)


def twice(found: Findings) -> list[Mistake]:
    return [each for each in found.mistakes if "is declared by" in each.reason]


def test_of_several_names_that_are_declared_twice_the_own_one_is_told(review: Look) -> None:
    reason = f"{job('a').key} is declared by 'a' already; the later would overwrite the earlier"
    assert twice(review(spark(), job("a"), job("b"))) == [
        Mistake("job_name", f"{reason} (and 2 more like it): choose another id")
    ]


def test_a_column_of_a_job_that_another_resource_declares(review: Look) -> None:
    (key,) = (each for each in job("a").makes if each.qualified_name.endswith("/column/A"))
    one = column_process("one")
    other = Declaration("one", one.lifecycle, {**one.inputs, "qualified_name": key.qualified_name})
    reason = f"{key} is declared by 'one' already; the later would overwrite the earlier"
    assert twice(review(spark(), other, job("b"))) == [
        Mistake("columns", f"{reason}: declare it in one of the two")
    ]


def test_of_an_existing_entity_what_tells_its_owner_is_passed_on(
    review: Look, client: AtlanClient, witness: Witness
) -> None:
    witness.make_process(WAREHOUSE, "load", 2, 3)
    found = witness.find(Process, QN)
    expected = {
        "typeName": "Process",
        "guid": found.guid,
        "status": "ACTIVE",
        "createdBy": "alice",
        "updatedBy": "alice",
        "createTime": found.create_time,
        "updateTime": found.update_time,
        "attributes": {"qualifiedName": QN},
    }
    assert review(process()).existing == expected
    made(client, process(adopt=True))
    shown = review(process()).existing["attributes"]
    assert shown == {"qualifiedName": QN, "lastSyncWorkflowName": mark("shop/prod", "load")}


def test_what_adoption_changes_is_told_of_a_live_entity_and_where_it_is_wanted(
    review: Look, client: AtlanClient, witness: Witness
) -> None:
    assert review(process(adopt=True)) == Findings()
    made(client, process())
    assert review(process(adopt=True, name="New")).adoption == "this changes name: 'Load' -> 'New'"
    assert review(process(name="New")).adoption == ""
    witness.archive(Process, QN)
    assert review(process(adopt=True, name="New")).adoption == ""


def test_a_process_and_a_column_process_may_share_a_name(review: Look) -> None:
    before = {"made_before": frozenset({Key("Process", QN)})}
    assert review(process(), column_process(process_id="load", about=before)) == Findings()


def test_connections_as_well(review: Look) -> None:
    pinned = {"qualified_name": "default/airflow/7"}
    (mistake,) = review(connection("a", **pinned), connection("b", **pinned)).mistakes
    assert mistake.property == "qualified_name"
    assert review(connection("a"), connection("b")) == Findings()  # each gets a second of its own


def test_adoption_tells_what_it_changes(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 3)
    declared = process(adopt=True, sql="select 1")
    (note,) = notes(declared, review(declared))
    assert note.startswith(f"Process '{QN}' will be taken over (last written by alice at ")
    assert note.endswith(
        f"this changes name: 'Theirs' -> 'Load'; outputs: -'{WAREHOUSE}/DB/S/T3' +'{WAREHOUSE}/DB/S/T1'; "
        "sql: nothing -> 'select 1'"
    )


def test_adoption_that_changes_nothing(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    declared = process(adopt=True, name="Theirs")
    (note,) = notes(declared, review(declared))
    assert note.endswith("nothing in it changes")


def test_adoption_does_not_show_secrets(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    secret = {"secret": frozenset({"sql"})}
    declared = process(adopt=True, name="Theirs", sql="a-password", about=secret)
    (note,) = notes(declared, review(declared))
    assert note.endswith("this changes sql")


def test_long_texts_and_lists_are_cut(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    owners = [f"user-{number}" for number in range(9)]
    changed = process(adopt=True, name="Theirs", owner_users=owners, sql="x" * 500)
    (note,) = notes(changed, review(changed))
    assert "+'user-0' +'user-1' +'user-2' +'user-3' +'user-4' and 4 more" in note
    assert "x…" in note
    assert len(note) < 600


def test_adoption_from_another_stack_is_told_as_well(review: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=mark("other/dev", "x")))
    (note,) = notes(process(adopt=True), review(process(adopt=True)))
    assert note.startswith(
        f"Process '{QN}' will be taken over (it belongs to the stack 'other/dev', last written by "
    )


@pytest.mark.parametrize("lifecycle", [ProcessLifecycle, ColumnProcessLifecycle])
def test_the_name_is_foreseen_as_check_makes_it(lifecycle: type[ProcessLifecycle]) -> None:
    declaration = process() if lifecycle is ProcessLifecycle else column_process()
    checked = lifecycle().check({}, declaration.inputs)
    assert checked.mistakes == []
    assert checked.inputs == declaration.inputs
    assert declaration.key == Key(lifecycle.type_name, checked.inputs["qualified_name"])


def test_looking_changes_nothing(review: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    before = witness.find(Process, QN).json()
    review(process(adopt=True, inputs=tables(4)), process("z", sql="z"))
    assert witness.find(Process, QN).json() == before


def test_two_connections_for_events_of_one_name(review: Look) -> None:
    def one(resource_name: str, **changed: object) -> Declaration:
        given = {"name": "ol", "connector": "spark", "admin_roles": ["$admin"], **changed}
        lifecycle = lifecycle_of("OpenLineageConnection", 1)
        inputs = lifecycle.foresee(given)
        assert inputs is not None
        return Declaration(resource_name, lifecycle, inputs)

    found = review(one("a"), one("b"))
    assert found.mistakes == [
        Mistake(
            "name",
            "'ol' is the name of 'a' already: events of one would reach the other; choose another name",
        )
    ]
    assert review(one("a"), one("b", connector="airflow")) == Findings()
    assert review(one("a"), one("b", name=UNKNOWN)) == Findings()


def test_one_of_many_that_another_resource_declares_as_well(review: Look) -> None:
    about = {"made_before": frozenset({Key("Process", QN)})}
    single = column_process("one", process_id="load/column/B", about=about)
    (mistake,) = review(process(), single, column_lineage(about=about)).mistakes
    assert mistake.property == "columns"
    assert mistake.reason.startswith(f"ColumnProcess '{QN}/column/B' is declared by 'one' already")
    assert mistake.reason.endswith("declare it in one of the two")
    others = {f"{table_name(1)}/A": f"{table_name(0)}/A"}
    assert review(process(), single, column_lineage(columns=others, about=about)) == Findings()
