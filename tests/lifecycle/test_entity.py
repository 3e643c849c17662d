"""The lifecycle core against the local Atlan, without Pulumi: requests and results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.atlan import SEED, WAREHOUSE, reset, table_name

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import drift_note, mark
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.connection import ConnectionLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle

Props = dict[str, Any]
PROCESS = ProcessLifecycle()
QN = f"{WAREHOUSE}/dag"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    reset(server)
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        yield client


def tables(*numbers: int) -> list[Props]:
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def declared(**changed: Any) -> Props:
    given_: Props = {
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": "dag",
        "inputs": tables(0),
        "outputs": tables(1),
        **changed,
    }
    return {name: value for name, value in given_.items() if value is not None}


def checked(
    lifecycle: Any, news: Props, olds: Props | None = None, client: AtlanClient | None = None
) -> Props:
    answer = lifecycle.check(olds or {}, news, (lambda: client) if client else None)
    assert answer.problems == []
    return dict(answer.inputs)


def writes(server: LocalAtlan) -> list[Props]:
    """Return the entities of every write so far, in order."""
    sent = [item for item in server.requests() if item["method"] == "POST" and "entity/bulk" in item["path"]]
    return [entity for item in sent for entity in item["body"]["entities"]]


def test_created_entities_equal_those_of_atlans_sdk(server: LocalAtlan, client: AtlanClient) -> None:
    outputs = PROCESS.create(client, checked(PROCESS, declared(sql="select 1", source_url="https://x/1")))
    (sent,) = writes(server)
    assert sent["typeName"] == "Process"
    assert "status" not in sent
    assert sent["attributes"] == {
        "qualifiedName": QN,
        "name": "Load",
        "connectorName": "snowflake",
        "connectionQualifiedName": WAREHOUSE,
        "sql": "select 1",
        "sourceURL": "https://x/1",
        "inputs": [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": table_name(0)}}],
        "outputs": [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": table_name(1)}}],
    }
    assert outputs == {**declared(sql="select 1", source_url="https://x/1"), "qualified_name": QN} | {
        "guid": outputs["guid"]
    }


def test_an_update_sends_only_what_changed(server: LocalAtlan, client: AtlanClient) -> None:
    olds = PROCESS.create(client, checked(PROCESS, declared(sql="1", description="d", owner_users=["ann"])))
    news = checked(PROCESS, declared(sql="2", owner_users=["ann"]), olds)
    outputs = PROCESS.update(client, olds, news)
    assert writes(server)[-1]["attributes"] == {
        "qualifiedName": QN,
        "name": "Load",
        "sql": "2",
        "description": None,
    }
    assert outputs["guid"] == olds["guid"]
    assert "description" not in outputs


def test_changed_settings_cause_no_write(server: LocalAtlan, client: AtlanClient) -> None:
    olds = PROCESS.create(client, checked(PROCESS, declared()))
    before = len(writes(server))
    outputs = PROCESS.update(client, olds, checked(PROCESS, declared(force_destroy=True), olds))
    assert outputs["force_destroy"] is True
    assert len(writes(server)) == before


@pytest.mark.parametrize(
    ("changed", "differs", "replaces"),
    [
        ({"sql": "2"}, ["sql"], []),
        ({"name": "Other"}, ["name"], []),
        ({"inputs": tables(0, 2)}, ["inputs"], []),
        ({"process_id": "dag2"}, ["process_id", "qualified_name"], ["process_id", "qualified_name"]),
        (
            {"connection": "default/spark/1", "sql": "2"},
            ["connection", "qualified_name", "sql"],
            ["connection", "qualified_name"],
        ),
        ({}, [], []),
    ],
)
def test_differences_and_replacements(changed: Props, differs: list[str], replaces: list[str]) -> None:
    olds = {**checked(PROCESS, declared(sql="1")), "guid": "g"}
    difference = PROCESS.diff(olds, checked(PROCESS, {**declared(sql="1"), **changed}, olds))
    assert sorted(difference.changed) == differs
    assert sorted(difference.replaces) == replaces


_sides = st.lists(st.integers(0, 2), min_size=1, max_size=5)


@given(before=_sides, after=_sides)
def test_sides_are_compared_as_sets(before: list[int], after: list[int]) -> None:
    outputs = tables(5)
    olds = checked(PROCESS, declared(inputs=tables(*before), outputs=outputs))
    news = checked(PROCESS, declared(inputs=tables(*after), outputs=outputs), olds)
    assert (PROCESS.diff(olds, news).changed == ["inputs"]) == (set(before) != set(after))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(_sides, st.none() | st.text(max_size=5), _sides), min_size=1, max_size=4))
def test_any_update_reads_back_as_declared(
    client: AtlanClient, server: LocalAtlan, steps: list[tuple[list[int], str | None, list[int]]]
) -> None:
    reset(server)
    state: Props = {}
    for inputs, description, outputs in steps:
        sides = {"inputs": tables(*inputs), "outputs": tables(*(number + 3 for number in outputs))}
        news = checked(PROCESS, declared(**sides, description=description), state, client)
        state = PROCESS.update(client, state, news) if state else PROCESS.create(client, news)
        seen = PROCESS.read(client, QN, state)
        assert PROCESS.diff(seen.outputs, news).changed == []
        assert seen.outputs == state


def test_writes_with_lost_responses_are_found(server: LocalAtlan, client: AtlanClient) -> None:
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "drop": "after", "times": 1})
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    found = client.entities.get_by_qualified_name("Process", QN)
    assert found is not None
    assert outputs["guid"] == found.guid


def test_missing_and_archived_entities_read_as_deleted(client: AtlanClient) -> None:
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    client.entities.delete([outputs["guid"]], "SOFT")
    assert not PROCESS.read(client, QN, outputs).outputs
    client.entities.delete([outputs["guid"]])
    assert not PROCESS.read(client, QN, outputs).outputs
    PROCESS.delete(client, outputs)  # gone already is fine


def test_column_processes_of_the_same_name_are_not_mistaken_for_the_process(client: AtlanClient) -> None:
    # Atlan answers a request for a Process with a ColumnProcess of the same name.
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    column = ColumnProcessLifecycle()
    props = declared(
        inputs=[{"type_name": "Column", "qualified_name": table_name(0) + "/A"}],
        outputs=[{"type_name": "Column", "qualified_name": table_name(1) + "/A"}],
        process={"type_name": "Process", "guid": outputs["guid"]},
    )
    theirs = column.create(client, checked(column, props))
    client.entities.delete([outputs["guid"]])
    assert not PROCESS.read(client, QN, outputs).outputs
    refusal = f"ColumnProcess '{QN}' has the name of this Process"
    with pytest.raises(ResourceError, match=refusal):
        PROCESS.update(client, outputs, checked(PROCESS, declared(sql="2"), outputs))
    with pytest.raises(ResourceError, match=refusal):
        PROCESS.create(client, checked(PROCESS, declared(adopt=True)))
    seen = column.read(client, QN, theirs)
    assert column.diff(seen.outputs, theirs).changed in ([], ["process"])


def test_references_keep_their_declared_form(client: AtlanClient) -> None:
    found = client.entities.get_by_qualified_name("Table", table_name(0))
    assert found is not None
    by_guid = [{"type_name": "Table", "guid": found.guid}]
    outputs = PROCESS.create(client, checked(PROCESS, declared(inputs=by_guid + tables(2))))
    seen = PROCESS.read(client, QN, outputs)
    assert seen.inputs["inputs"] == sorted(
        by_guid + tables(2), key=lambda item: item.get("qualified_name", "")
    )
    assert PROCESS.diff(seen.outputs, outputs).changed == []


def test_undeclared_properties_are_not_read(client: AtlanClient) -> None:
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    edited = client.entities.get(outputs["guid"])
    assert edited is not None
    theirs = {"qualifiedName": QN, "name": "Load", "userDescription": "people's own"}
    client.entities.upsert([edited.model_copy(update={"attributes": theirs, "relationship_attributes": {}})])
    seen = PROCESS.read(client, QN, outputs)
    assert seen.outputs == outputs


def test_refusals_name_the_last_writer_and_write_nothing(server: LocalAtlan, client: AtlanClient) -> None:
    inputs = checked(PROCESS, declared())
    PROCESS.create(client, inputs)
    before = len(writes(server))
    with pytest.raises(ResourceError, match=r"last written by service-account-apikey-local at 20\d\d-.* UTC"):
        PROCESS.create(client, inputs)
    assert len(writes(server)) == before


def test_unknown_inputs_give_an_unknown_name_and_the_rest_is_validated() -> None:
    answer = PROCESS.check({}, declared(connection=UNKNOWN, name=""))
    assert [problem.property for problem in answer.problems] == ["name"]
    assert checked(PROCESS, declared(connection=UNKNOWN))["qualified_name"] is UNKNOWN
    assert checked(PROCESS, declared(process_id=UNKNOWN))["qualified_name"] is UNKNOWN
    known = checked(PROCESS, declared(sql=UNKNOWN, inputs=[*tables(0), UNKNOWN]))
    assert known["qualified_name"] == QN
    assert known["inputs"] == [*tables(0), UNKNOWN]


def test_checks_without_lookups_send_no_requests(server: LocalAtlan, client: AtlanClient) -> None:
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    before = len(server.requests())
    for news in (declared(), declared(sql="2"), declared(process_id="other")):
        assert "guid" not in checked(PROCESS, news, outputs, client)
    assert len(server.requests()) == before


def test_new_connections_are_awaited(client: AtlanClient) -> None:
    lifecycle = ConnectionLifecycle()
    with LocalAtlan(seed=SEED, connection_delay_ms=300) as slow:
        settings_ = ClientSettings.resolve(slow.base_url, slow.api_key, 0)
        with AtlanClient(settings_) as patient:
            props = {"name": "etl", "connector": "airflow", "admin_roles": ["$admin"]}
            made = lifecycle.create(patient, checked(lifecycle, props))
            assert patient.entities.get(made["guid"]) is not None


def test_recreated_entities_are_not_removed_before_the_next_update(
    server: LocalAtlan, client: AtlanClient
) -> None:
    mine = declared(managed_by="pulumi:shop/prod#load")
    outputs = PROCESS.create(client, checked(PROCESS, mine))
    client.entities.delete([outputs["guid"]])
    theirs = PROCESS.create(client, checked(PROCESS, declared()))
    seen = PROCESS.read(client, QN, outputs)
    assert (seen.outputs["managed_by"], seen.outputs["own_mark"]) == ("", "")
    assert "was changed in Atlan: managed_by" in seen.notes[0]
    assert seen.notes[0].endswith(
        "; others removed it and created it again, so that the next `pulumi up` takes it over"
    )

    # As in another run, which knows nothing of what was made before.
    later = ProcessLifecycle()
    (note,) = later.delete(client, seen.outputs)
    assert note.startswith(f"Process '{QN}' was left in Atlan: others recreated it (last written by ")
    assert client.entities.get(theirs["guid"]) is not None

    news = checked(PROCESS, mine, seen.inputs)
    assert later.diff(seen.outputs, news).changed == ["managed_by"]
    corrected = later.update(client, seen.outputs, news)
    assert later.read(client, QN, corrected).notes == []
    assert ProcessLifecycle().delete(client, corrected) == []
    assert client.entities.get(theirs["guid"]) is None


def test_drift_notes_name_the_last_writer_of_children_too() -> None:
    process = Entity(type_name="Process", updated_by="ann", update_time=2000)
    columns = [
        Entity(type_name="ColumnProcess", updated_by=who, update_time=when)
        for who, when in (("bea", 3000), ("cem", 1000))
    ]
    assert "last written by ann" in drift_note(process, ["columns"], columns[1:])
    assert "last written by bea at 1970-01-01 00:00 UTC" in drift_note(process, ["columns"], columns)


OURS, THEIRS = mark("shop/prod", "load"), mark("other/dev", "x")


def written(**changed: Any) -> Props:
    """Return checked inputs."""
    return checked(PROCESS, declared(**changed))


def taken_over(client: AtlanClient) -> tuple[Props, Props]:
    """Return outputs and inputs after a refresh of an entity that another stack took over."""
    made = PROCESS.create(client, written(managed_by=OURS))
    PROCESS.update(client, made, written(managed_by=THEIRS, adopt=True))
    seen = PROCESS.read(client, QN, made)
    assert seen.outputs["managed_by"] == THEIRS
    return seen.outputs, seen.inputs


def mistakes_of_check(olds: Props, **changed: Any) -> list[str]:
    return [problem.reason for problem in PROCESS.check(olds, declared(**changed)).problems]


def test_entities_of_another_stack_are_not_taken_back_after_a_refresh(
    server: LocalAtlan, client: AtlanClient
) -> None:
    outputs, inputs = taken_over(client)
    before = len(writes(server))
    (reason,) = mistakes_of_check(inputs, managed_by=OURS)
    assert reason.startswith(f"Process '{QN}' belongs to the stack 'other/dev' now; nothing was written")
    with pytest.raises(ResourceError, match=r"belongs to the stack 'other/dev' now .* set adopt=True"):
        PROCESS.update(client, outputs, written(managed_by=OURS, name="Ours"))
    assert len(writes(server)) == before
    again = PROCESS.read(client, QN, outputs)  # a second refresh does not forget it
    assert mistakes_of_check(again.inputs, managed_by=OURS) == [reason]


def test_adopt_takes_entities_back_from_another_stack(client: AtlanClient) -> None:
    outputs, inputs = taken_over(client)
    assert mistakes_of_check(inputs, managed_by=OURS, adopt=True) == []
    back = PROCESS.update(client, outputs, written(managed_by=OURS, adopt=True))
    seen = PROCESS.read(client, QN, back)
    assert (seen.outputs["managed_by"], seen.notes) == (OURS, [])
    assert mistakes_of_check(seen.inputs, managed_by=OURS, name="Other") == []


def test_renamed_stacks_keep_their_entities(client: AtlanClient) -> None:
    """As with `pulumi stack rename`, or an import: the state contains the entity's mark."""
    made = PROCESS.create(client, written(managed_by=THEIRS))
    inputs = PROCESS.read(client, QN, made).inputs
    assert mistakes_of_check(inputs, managed_by=OURS) == []
    renamed = PROCESS.update(client, made, written(managed_by=OURS))
    assert PROCESS.read(client, QN, renamed).outputs["managed_by"] == OURS
    imported = {name: value for name, value in made.items() if name != "own_mark"}
    PROCESS.update(client, renamed, written(managed_by=THEIRS, adopt=True))
    assert mistakes_of_check(PROCESS.read(client, QN, imported).inputs, managed_by=OURS) == []
    for known in (imported, {**made, "own_mark": ""}):
        PROCESS.update(client, known, written(managed_by=OURS))
        PROCESS.update(client, renamed, written(managed_by=THEIRS, adopt=True))


def test_a_refresh_of_a_changed_entity_is_one_complete_note(client: AtlanClient) -> None:
    outputs = PROCESS.create(client, checked(PROCESS, declared()))
    named = {"qualifiedName": QN, "name": "Theirs"}
    client.entities.upsert([Entity(type_name="Process", attributes=named)])
    (note,) = PROCESS.read(client, QN, outputs).notes
    assert note.startswith(f"Process '{QN}' was changed in Atlan: name; last written by ")
    assert note.endswith(" UTC")
