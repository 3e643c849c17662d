"""Each entity has one owner: what an existing entity means for a new resource."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyatlan.model.assets import Process
from resources.openlineage import JOB, OL, PROCESS
from resources.openlineage import job as openlineage_job
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import column_lineage, column_process, connection, process, tables

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import Checked, InputProblem, mark
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Declaration, Findings, Preflight, merge_report
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle

Look = Callable[..., Findings]
QN = f"{WAREHOUSE}/load"


def made(client: AtlanClient, declaration: Declaration) -> None:
    """Create what a resource declares, as its stack would."""
    declaration.lifecycle.create(client, declaration.inputs)


def notes(declaration: Declaration, found: Findings) -> list[str]:
    """Return the notes of the check of a new resource."""
    problems, shown = merge_report(declaration.lifecycle, {}, Checked(declaration.inputs, []), found)
    assert problems == []
    return shown


def test_free_names_have_no_problem(preflight: Look) -> None:
    assert preflight(process()) == Findings()


def test_entities_of_others_are_refused_with_the_last_writer(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 2, 3)
    (problem,) = preflight(process()).problems_if_new
    assert problem.property == "process_id"
    assert problem.reason.startswith(f"Process '{QN}' exists in Atlan already (last written by alice at 20")
    assert "adopt=True" in problem.reason


def test_entities_of_another_stack_are_refused_with_its_name(preflight: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=mark("other/dev", "x")))
    (problem,) = preflight(process()).problems_if_new
    assert problem.reason.startswith(f"Process '{QN}' belongs to the stack 'other/dev' (last written by ")


def test_takeovers_by_another_stack_are_reported_for_existing_resources(
    preflight: Look, client: AtlanClient
) -> None:
    theirs = mark("other/dev", "x")
    made(client, process(managed_by=theirs))
    (reported,) = preflight(process()).problems_if_changed.items()
    assert reported[0] == theirs
    assert reported[1].reason.startswith(
        f"Process '{QN}' belongs to the stack 'other/dev' now (last written by "
    )
    assert "set adopt=True to take it back" in reported[1].reason
    assert preflight(process(adopt=True)).problems_if_changed == {}


def test_entities_of_an_interrupted_run_are_named_and_taken_over(
    preflight: Look, client: AtlanClient
) -> None:
    made(client, process())
    (note,) = notes(process(), preflight(process()))
    assert note.startswith(f"Process '{QN}' will be taken over (last written by service-account-apikey-local")
    assert note.endswith("it has the ownership mark of this resource, which an interrupted run may have left")
    renamed = process(managed_by=mark("shop/prod", "another-name"))
    (note,) = notes(renamed, preflight(renamed))
    assert note.startswith(f"Process '{QN}' will be taken over from the resource 'load' (last written by ")


def test_a_stack_of_the_same_name_with_another_origin_is_another_stack(
    preflight: Look, client: AtlanClient
) -> None:
    made(client, process(managed_by=mark("shop/prod", "load", origin="0000000b")))
    (problem,) = preflight(process()).problems_if_new
    whose = "belongs to another stack named 'shop/prod', of another backend or an earlier one"
    assert problem.reason.startswith(f"Process '{QN}' {whose} (last written by ")


def test_a_mark_of_an_earlier_version_may_be_this_stacks(preflight: Look, client: AtlanClient) -> None:
    made(client, process(managed_by="pulumi:shop/prod#load"))
    (note,) = notes(process(), preflight(process()))
    assert "which an interrupted run may have left" in note


def test_resources_in_the_state_are_named_only_if_they_change_hands(
    preflight: Look, client: AtlanClient, witness: Witness
) -> None:
    declared = process(sql="2")
    made(client, declared)
    before = {**declared.inputs, "sql": "1"}

    def shown() -> list[str]:
        found = preflight(declared)
        return merge_report(declared.lifecycle, before, Checked(declared.inputs, []), found)[1]

    assert shown() == []
    witness.archive(Process, QN)
    (note,) = shown()
    assert note.endswith("it will be restored")
    before = declared.inputs
    assert shown() == []  # nothing is written


def test_without_marks_existing_entities_belong_to_others(preflight: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=None))
    assert len(preflight(process(managed_by=None)).problems_if_new) == 1


def test_an_archived_one_will_be_restored(preflight: Look, client: AtlanClient, witness: Witness) -> None:
    made(client, process())
    witness.archive(Process, QN)
    found = preflight(process())
    (note,) = notes(process(), found)
    assert note.startswith(f"Process '{QN}' is archived in Atlan (last written by alice at ")
    assert note.endswith("it will be restored")
    assert found.problems_if_new == []


def test_column_processes_with_the_name_of_a_process_are_refused(
    preflight: Look, client: AtlanClient, witness: Witness
) -> None:
    made(client, process())
    made(client, column_process(process_id="load"))
    witness.purge(Process, QN)
    (problem,) = preflight(process()).problems_if_new
    assert problem.reason.startswith(f"ColumnProcess '{QN}' has the name of this Process")


@pytest.mark.parametrize("archived", [False, True])
def test_assets_of_a_subtype_with_the_name_of_an_asset_are_refused(
    preflight: Look, client: AtlanClient, archived: bool
) -> None:
    topic = lifecycle_of("KafkaTopic")
    name = f"{WAREHOUSE}/topic/orders"
    hub = Entity(type_name="AzureEventHub", attributes={"qualifiedName": name, "name": "orders"})
    guid = client.entities.upsert([hub]).guid_of("AzureEventHub", name)
    if archived:
        client.entities.delete([str(guid)], "SOFT")
    given = {"name": "orders", "connection": WAREHOUSE, "managed_by": mark("shop/prod", "t")}
    inputs = topic.preview_inputs({**given, "qualified_name": name})
    assert inputs is not None
    found = preflight(Declaration("t", topic, inputs))
    (problem,) = found.problems_if_new
    assert problem.property == "qualified_name"
    assert problem.reason.startswith(f"AzureEventHub '{name}' has the name of this KafkaTopic")
    assert "choose another name, or remove the AzureEventHub first" in problem.reason
    with pytest.raises(ResourceError, match="has the name of this KafkaTopic"):
        topic.create(client, inputs)


def test_subtypes_of_two_new_assets_of_one_name_are_both_looked_up(client: AtlanClient) -> None:
    name = f"{WAREHOUSE}/x"
    taken = Entity(type_name="DynamoDBAttribute", attributes={"qualifiedName": name, "name": "x"})
    client.entities.upsert([taken])
    declared = []
    for kind in ("Column", "Database"):
        given = {"name": "x", "connection": WAREHOUSE, "managed_by": mark("shop/prod", kind)}
        inputs = lifecycle_of(kind).preview_inputs(given)
        assert inputs is not None
        declared.append(Declaration(kind, lifecycle_of(kind), inputs))
    (problem,) = Preflight(client).findings(declared)[0].problems_if_new
    assert problem.reason.startswith(f"DynamoDBAttribute '{name}' has the name of this Column")


def test_a_name_declared_twice(preflight: Look) -> None:
    (problem,) = preflight(process("a", process_id="x"), process("b", process_id="x", sql="2")).problems
    assert problem.property == "process_id"
    assert problem.reason == (
        f"Process '{WAREHOUSE}/x' is declared by 'a' already; the later would overwrite the earlier: "
        "choose another id"
    )


def spark() -> Declaration:
    return connection("ol", qualified_name=OL, connector="spark")


def job(resource_name: str, **changed: object) -> Declaration:
    lifecycle = lifecycle_of("OpenLineageJob", 1)
    inputs = lifecycle.preview_inputs({**openlineage_job(columns={"A": ["A"], "B": ["B"]}), **changed})
    assert inputs is not None
    return Declaration(resource_name, lifecycle, inputs)


THEIRS = mark("other/dev", "x")


@pytest.mark.parametrize(
    ("of_job", "of_process", "refused_if_new", "refused_if_changed"),
    [
        (None, None, True, False),  # of others; a resource in the state has them
        (mark("shop/prod", "nightly"), None, False, False),  # an interrupted run marks the job first
        (mark("shop/prod", "nightly"), THEIRS, False, False),
        (THEIRS, None, True, False),
        (THEIRS, THEIRS, True, True),
    ],
)
def test_jobs_are_refused_if_neither_the_job_nor_its_process_may_be_written(
    preflight: Look,
    client: AtlanClient,
    witness: Witness,
    of_job: str | None,
    of_process: str | None,
    refused_if_new: bool,
    refused_if_changed: bool,
) -> None:
    witness.make_process(OL, "dag/process", 2, 3)
    for type_name, qualified_name, mark_ in (("SparkJob", JOB, of_job), ("Process", PROCESS, of_process)):
        attributes = {"qualifiedName": qualified_name, "name": "dag", "lastSyncWorkflowName": mark_}
        client.entities.upsert([Entity(type_name=type_name, attributes=attributes)])
    found = preflight(job("a"))
    assert [each.property for each in found.problems_if_new] == (["job_name"] if refused_if_new else [])
    assert [*found.problems_if_changed] == ([THEIRS] if refused_if_changed else [])
    assert found.existing["attributes"]["qualifiedName"] == PROCESS


def test_adoption_of_a_job_without_its_process_changes_no_process(
    preflight: Look, client: AtlanClient
) -> None:
    attributes = {"qualifiedName": JOB, "name": "dag"}
    client.entities.upsert([Entity(type_name="SparkJob", attributes=attributes)])
    found = preflight(job("a", adopt=True))
    assert (found.adoption, found.problems_if_new) == ("", [])
    assert found.existing["attributes"]["qualifiedName"] == JOB


def test_a_resource_in_the_state_may_write_to_its_entity_without_a_mark(
    preflight: Look, witness: Witness
) -> None:
    witness.make_process(WAREHOUSE, "load", 2, 3)
    assert preflight(process()).problems_if_changed == {}


def twice(found: Findings) -> list[InputProblem]:
    return [each for each in found.problems if "is declared by" in each.reason]


def test_own_names_are_reported_first_among_duplicates(preflight: Look) -> None:
    reason = f"{job('a').key} is declared by 'a' already; the later would overwrite the earlier"
    assert twice(preflight(spark(), job("a"), job("b"))) == [
        InputProblem("job_name", f"{reason} (and 2 more like it): choose another id")
    ]
    one, other = (job(name, columns={"A": ["A"]}) for name in "ab")
    assert [each.reason for each in twice(preflight(spark(), one, other))] == [
        f"{reason} (and 1 more like it): choose another id"
    ]


def test_a_column_of_a_job_that_another_resource_declares(preflight: Look) -> None:
    (key,) = (each for each in job("a").creates if each.qualified_name.endswith("/column/A"))
    one = column_process("one")
    other = Declaration("one", one.lifecycle, {**one.inputs, "qualified_name": key.qualified_name})
    reason = f"{key} is declared by 'one' already; the later would overwrite the earlier"
    assert twice(preflight(spark(), other, job("b"))) == [
        InputProblem("columns", f"{reason}: declare it in one of the two")
    ]


def test_findings_contain_the_owner_of_existing_entities(
    preflight: Look, client: AtlanClient, witness: Witness
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
    assert preflight(process()).existing == expected
    made(client, process(adopt=True))
    shown = preflight(process()).existing["attributes"]
    assert shown == {"qualifiedName": QN, "lastSyncWorkflowName": mark("shop/prod", "load")}


def test_adoption_changes_are_reported_for_live_entities_with_adopt(
    preflight: Look, client: AtlanClient, witness: Witness
) -> None:
    assert preflight(process(adopt=True)) == Findings()
    made(client, process())
    assert preflight(process(adopt=True, name="New")).adoption == "this changes name: 'Load' -> 'New'"
    assert preflight(process(name="New")).adoption == ""
    witness.archive(Process, QN)
    assert preflight(process(adopt=True, name="New")).adoption == ""


def test_a_process_and_a_column_process_may_share_a_name(preflight: Look) -> None:
    before = {"created_before": frozenset({Key("Process", QN)})}
    assert preflight(process(), column_process(process_id="load", about=before)) == Findings()


def test_connections_are_checked_too(preflight: Look) -> None:
    pinned = {"qualified_name": "default/airflow/7"}
    (problem,) = preflight(connection("a", **pinned), connection("b", **pinned)).problems
    assert problem.property == "qualified_name"
    assert preflight(connection("a"), connection("b")) == Findings()  # each gets its own second


def test_adoption_lists_its_changes(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 3)
    declared = process(adopt=True, sql="select 1")
    (note,) = notes(declared, preflight(declared))
    assert note.startswith(f"Process '{QN}' will be taken over (last written by alice at ")
    assert note.endswith(
        f"this changes name: 'Theirs' -> 'Load'; outputs: -'{WAREHOUSE}/DB/S/T3' +'{WAREHOUSE}/DB/S/T1'; "
        "sql: nothing -> 'select 1'"
    )


def test_adoption_that_changes_nothing(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    declared = process(adopt=True, name="Theirs")
    (note,) = notes(declared, preflight(declared))
    assert note.endswith("nothing in it changes")


def test_adoption_lists_no_change_that_is_not_known_yet(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    declared = process(adopt=True, name="Theirs", sql=UNKNOWN)
    (note,) = notes(declared, preflight(declared))
    assert note.endswith("nothing in it changes")


def test_adoption_does_not_show_secrets(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    secret = {"secret": frozenset({"sql"})}
    declared = process(adopt=True, name="Theirs", sql="a-password", about=secret)
    (note,) = notes(declared, preflight(declared))
    assert note.endswith("this changes sql")


def test_long_texts_and_lists_are_shortened(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    owners = [f"user-{number}" for number in range(9)]
    changed = process(adopt=True, name="Theirs", owner_users=owners, sql="x" * 500)
    (note,) = notes(changed, preflight(changed))
    assert "+'user-0' +'user-1' +'user-2' +'user-3' +'user-4' and 4 more" in note
    assert "x…" in note
    assert len(note) < 600


def test_adoption_from_another_stack_is_reported(preflight: Look, client: AtlanClient) -> None:
    made(client, process(managed_by=mark("other/dev", "x")))
    (note,) = notes(process(adopt=True), preflight(process(adopt=True)))
    assert note.startswith(
        f"Process '{QN}' will be taken over (it belongs to the stack 'other/dev', last written by "
    )


@pytest.mark.parametrize("lifecycle", [ProcessLifecycle, ColumnProcessLifecycle])
def test_previewed_names_equal_those_of_the_check(lifecycle: type[ProcessLifecycle]) -> None:
    declaration = process() if lifecycle is ProcessLifecycle else column_process()
    checked = lifecycle().check({}, declaration.inputs)
    assert checked.problems == []
    assert checked.inputs == declaration.inputs
    assert declaration.key == Key(lifecycle.type_name, checked.inputs["qualified_name"])


def test_checks_write_nothing(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    before = witness.find(Process, QN).json()
    preflight(process(adopt=True, inputs=tables(4)), process("z", sql="z"))
    assert witness.find(Process, QN).json() == before


def test_openlineage_connections_of_one_name_are_refused(preflight: Look) -> None:
    def one(resource_name: str, **changed: object) -> Declaration:
        given = {"name": "ol", "connector": "spark", "admin_roles": ["$admin"], **changed}
        lifecycle = lifecycle_of("OpenLineageConnection", 1)
        inputs = lifecycle.preview_inputs(given)
        assert inputs is not None
        return Declaration(resource_name, lifecycle, inputs)

    found = preflight(one("a"), one("b"))
    assert found.problems == [
        InputProblem(
            "name",
            "'ol' is the name of 'a' already: events of one would reach the other; choose another name",
        )
    ]
    assert preflight(one("a"), one("b", connector="airflow")) == Findings()
    assert preflight(one("a"), one("b", name=UNKNOWN)) == Findings()


def test_children_declared_by_another_resource_are_refused(preflight: Look) -> None:
    about = {"created_before": frozenset({Key("Process", QN)})}
    single = column_process("one", process_id="load/column/B", about=about)
    (problem,) = preflight(process(), single, column_lineage(about=about)).problems
    assert problem.property == "columns"
    assert problem.reason.startswith(f"ColumnProcess '{QN}/column/B' is declared by 'one' already")
    assert problem.reason.endswith("declare it in one of the two")
    others = {f"{table_name(1)}/A": f"{table_name(0)}/A"}
    assert preflight(process(), single, column_lineage(columns=others, about=about)) == Findings()
