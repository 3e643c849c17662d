"""Delete and restore entities."""

from __future__ import annotations

import uuid

import pytest

CONNECTION = "default/snowflake/1657025257"


def read(atlan, guid):
    return atlan.raw.get(f"/api/meta/entity/guid/{guid}")


def test_a_purge_returns_deleted_and_updated_entities(atlan):
    guid = atlan.create(atlan.process(inputs="A B", outputs="C"))
    answer = atlan.delete(guid)
    assert set(answer["mutatedEntities"]) == {"DELETE", "UPDATE"}
    (header,) = answer["mutatedEntities"]["DELETE"]
    assert (header["guid"], header["status"], header["deleteHandler"]) == (guid, "DELETED", "PURGE")
    assert header["attributes"]["qualifiedName"] == f"{CONNECTION}/load"
    assert atlan.names(answer, "UPDATE") == ["A", "B", "C"]
    assert "guidAssignments" not in answer


def test_a_purge_removes_the_entity_and_frees_its_name(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid)
    assert read(atlan, guid).json()["errorCode"] == "ATLAS-404-00-005"
    assert atlan.seeded("A")["relationshipAttributes"]["inputToProcesses"] == []
    assert atlan.create(atlan.process()) != guid


def test_a_purge_removes_archived_entities(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    assert atlan.names(atlan.delete(guid), "DELETE") == ["load"]
    assert read(atlan, guid).status_code == 404


def test_a_hard_delete_removes_the_entity(atlan):
    guid = atlan.create(atlan.process())
    (header,) = atlan.delete(guid, how="HARD")["mutatedEntities"]["DELETE"]
    assert header["deleteHandler"] == "HARD"
    assert read(atlan, guid).status_code == 404


def test_a_hard_delete_ignores_archived_entities(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    assert atlan.delete(guid, how="HARD") == {}
    assert atlan.get(guid)["status"] == "DELETED"


@pytest.mark.parametrize(
    ("how", "handler"), [("SOFT", "SOFT"), (None, "DEFAULT"), ("soft", "SOFT"), ("x", "DEFAULT")]
)
def test_a_soft_delete_archives_and_keeps_the_name(atlan, how, handler):
    guid = atlan.create(atlan.process())
    (header,) = atlan.delete(guid, how=how)["mutatedEntities"]["DELETE"]
    assert (header["status"], header["deleteHandler"]) == ("DELETED", handler)
    assert atlan.get(guid)["status"] == "DELETED"
    assert atlan.by_name(f"{CONNECTION}/load", "Process")["guid"] == guid
    assert atlan.delete(guid, how="SOFT") == {}


def test_edges_of_an_archived_process_are_shown_as_deleted(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    (stub,) = atlan.seeded("A")["relationshipAttributes"]["inputToProcesses"]
    assert (stub["entityStatus"], stub["relationshipStatus"]) == ("DELETED", "DELETED")
    (stub,) = atlan.get(guid)["relationshipAttributes"]["inputs"]
    assert (stub["entityStatus"], stub["relationshipStatus"]) == ("ACTIVE", "DELETED")


def test_unknown_guids_are_ignored(atlan):
    assert atlan.delete(str(uuid.uuid4())) == {}
    assert atlan.delete("not-a-guid") == {}


def test_known_guids_are_deleted_despite_unknown_ones(atlan):
    guid = atlan.create(atlan.process())
    answer = atlan.delete(str(uuid.uuid4()), guid, guid, "nonsense")
    assert atlan.names(answer, "DELETE") == ["load"]


def test_a_delete_without_guids_is_refused(atlan):
    response = atlan.raw.delete("/api/meta/entity/bulk?deleteType=PURGE")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-01A")


def test_a_slash_at_the_end_is_ignored(atlan):
    for path in ("/api/meta/entity/bulk", "/api/meta/entity/bulk/"):
        guid = atlan.create(atlan.process())
        answer = atlan.ok(atlan.raw.delete(path, params={"guid": guid, "deleteType": "PURGE"}))
        assert atlan.names(answer, "DELETE") == ["load"]


def test_shared_neighbors_are_updated_once(atlan):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two")]
    answer = atlan.delete(*guids)
    assert atlan.names(answer, "DELETE") == ["one", "two"]
    assert atlan.names(answer, "UPDATE") == ["A", "B"]


def test_deleted_neighbors_are_not_updated(atlan):
    process = atlan.create(atlan.process())
    answer = atlan.delete(process, atlan.seeded("A")["guid"])
    assert atlan.names(answer, "DELETE") == ["A", "load"]
    assert "A" not in atlan.names(answer, "UPDATE")


def test_deletes_do_not_cascade_to_column_processes(atlan):
    process = atlan.create(atlan.process())
    child = atlan.create(atlan.column_process("cp"))
    atlan.delete(process)
    entity = atlan.get(child)
    assert entity["status"] == "ACTIVE"
    assert entity["relationshipAttributes"]["process"] is None


def test_a_column_process_shows_its_archived_parent(atlan):
    process = atlan.create(atlan.process())
    child = atlan.create(atlan.column_process("cp"))
    atlan.delete(process, how="SOFT")
    stub = atlan.get(child)["relationshipAttributes"]["process"]
    assert (stub["guid"], stub["entityStatus"], stub["relationshipStatus"]) == (process, "DELETED", "DELETED")


def test_deletes_do_not_cascade_to_the_assets_of_a_connection(atlan):
    connection = atlan.by_name(CONNECTION, "Connection")["guid"]
    assert atlan.names(atlan.delete(connection, how="SOFT"), "DELETE") == ["warehouse"]
    assert atlan.seeded("A")["status"] == "ACTIVE"
    atlan.delete(connection)
    assert atlan.seeded("A")["status"] == "ACTIVE"


@pytest.mark.parametrize("how", ["SOFT", "PURGE"])
def test_a_process_that_loses_an_input_is_not_updated(atlan, how):
    process = atlan.create(atlan.process(inputs="A"))
    answer = atlan.delete(atlan.seeded("A")["guid"], how=how)
    assert "load" not in atlan.names(answer, "UPDATE")
    entity = atlan.get(process)
    assert entity["status"] == "ACTIVE"
    assert atlan.active_names(process, "inputs") == []
    left = [
        (one["entityStatus"], one["relationshipStatus"]) for one in entity["relationshipAttributes"]["inputs"]
    ]
    assert left == ([("DELETED", "DELETED")] if how == "SOFT" else [])


def test_an_upsert_of_an_archived_entity_keeps_it_archived(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    answer = atlan.save(atlan.process(description="new", guid="-1"))
    assert answer["guidAssignments"] == {"-1": guid}
    assert [one["status"] for one in answer["mutatedEntities"]["UPDATE"] if one["guid"] == guid] == [
        "DELETED"
    ]
    entity = atlan.get(guid)
    assert (entity["status"], entity["attributes"]["description"]) == ("DELETED", "new")


def test_status_active_restores_an_entity(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    answer = atlan.save(atlan.process(inputs=None, outputs=None, status="ACTIVE"))
    assert "load" in atlan.names(answer, "UPDATE")
    assert atlan.get(guid)["status"] == "ACTIVE"
    assert atlan.active_names(guid, "inputs") == ["A"]
    assert atlan.names(answer, "UPDATE") == ["A", "B", "load"]


def test_the_status_of_a_new_entity_is_ignored(atlan):
    guid = atlan.create(atlan.process(status="DELETED"))
    assert atlan.get(guid)["status"] == "ACTIVE"
    assert "mutatedEntities" not in atlan.save(atlan.process(status="ACTIVE"))


def test_restore_in_bulk_restores_archived_entities(atlan):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two", "three")]
    atlan.delete(*guids[:2], how="SOFT")
    params = {"guid": [*guids, str(uuid.uuid4())]}
    answer = atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params=params))
    assert atlan.names(answer, "UPDATE") == ["A", "B", "one", "two"]
    assert {atlan.get(guid)["status"] for guid in guids} == {"ACTIVE"}


def test_a_restore_without_guids_is_refused(atlan):
    response = atlan.raw.post("/api/meta/entity/restore/bulk")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-01A")


WAYS_BACK = {
    "restore/bulk": lambda atlan, guid, _: atlan.ok(
        atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid})
    ),
    "status": lambda atlan, _, payload: atlan.save({**payload, "status": "ACTIVE"}),
}


@pytest.mark.parametrize("way", WAYS_BACK)
def test_a_restored_process_regains_all_of_its_edges(atlan, way):
    guid = atlan.create(atlan.process(inputs="A B", outputs="C D"))
    atlan.save(atlan.process(inputs="A", outputs="C"))
    atlan.delete(guid, how="SOFT")
    WAYS_BACK[way](atlan, guid, atlan.process(inputs=None, outputs=None))
    assert (atlan.active_names(guid, "inputs"), atlan.active_names(guid, "outputs")) == (
        ["A", "B"],
        ["C", "D"],
    )
    stubs = atlan.seeded("B")["relationshipAttributes"]["inputToProcesses"]
    assert [(one["guid"], one["relationshipStatus"]) for one in stubs] == [(guid, "ACTIVE")]


def test_lists_in_a_restoring_upsert_replace_restored_edges(atlan):
    guid = atlan.create(atlan.process(inputs="A B", outputs="C D"))
    atlan.save(atlan.process(inputs="A", outputs="C"))
    atlan.delete(guid, how="SOFT")
    atlan.save(atlan.process(inputs="A", outputs="E", status="ACTIVE"))
    assert (atlan.active_names(guid, "inputs"), atlan.active_names(guid, "outputs")) == (["A"], ["E"])


def test_a_restored_process_is_linked_to_assets_that_are_restored_later(atlan):
    guid = atlan.create(atlan.process())
    table = atlan.seeded("A")["guid"]
    atlan.delete(guid, table, how="SOFT")
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid}))
    assert atlan.active_names(guid, "inputs") == []
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": table}))
    assert atlan.active_names(guid, "inputs") == ["A"]


@pytest.mark.parametrize("way", WAYS_BACK)
def test_a_restored_asset_does_not_get_its_process_edges_back(atlan, way):
    process = atlan.create(atlan.process(inputs="A B", outputs="C"))
    table = atlan.seeded("A")["guid"]
    name = atlan.seeded("A")["attributes"]["qualifiedName"]
    atlan.delete(table, how="SOFT")
    WAYS_BACK[way](atlan, table, {"typeName": "Table", "attributes": {"qualifiedName": name, "name": "A"}})
    assert atlan.get(table)["status"] == "ACTIVE"
    assert atlan.active_names(process, "inputs") == ["B"]
    (stub,) = atlan.get(table)["relationshipAttributes"]["inputToProcesses"]
    assert (stub["entityStatus"], stub["relationshipStatus"]) == ("ACTIVE", "DELETED")
    atlan.save(atlan.process(inputs="A B", outputs="C"))
    assert atlan.active_names(process, "inputs") == ["A", "B"]


def test_a_restored_asset_gets_its_other_relationships_back(atlan):
    table = atlan.seeded("A")["guid"]
    atlan.delete(table, how="SOFT")
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": table}))
    assert atlan.active_names(table, "columns") == ["ID", "TOTAL"]
    assert atlan.get(table)["relationshipAttributes"]["atlanSchema"]["relationshipStatus"] == "ACTIVE"


def test_a_restored_column_process_has_its_parent_and_edges(atlan):
    parent = atlan.create(atlan.process())
    guid = atlan.create(atlan.column_process("cp"))
    atlan.delete(guid, how="SOFT")
    assert atlan.active_names(parent, "columnProcesses") == []
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid}))
    assert atlan.active_names(parent, "columnProcesses") == ["cp"]
    assert atlan.active_names(guid, "inputs") == ["ID"]


def test_deletes_by_guid_and_by_name_ignore_unknown_entities(atlan):
    guid = atlan.create(atlan.process())
    answer = atlan.ok(atlan.raw.delete(f"/api/meta/entity/guid/{guid}"))
    assert answer["mutatedEntities"]["DELETE"][0]["status"] == "DELETED"
    params = {"attr:qualifiedName": f"{CONNECTION}/load", "deleteType": "PURGE"}
    answer = atlan.ok(atlan.raw.delete("/api/meta/entity/uniqueAttribute/type/Process", params=params))
    assert [one["guid"] for one in answer["mutatedEntities"]["DELETE"]] == [guid]
    assert atlan.ok(atlan.raw.delete(f"/api/meta/entity/guid/{guid}")) == {}
    assert atlan.ok(atlan.raw.delete("/api/meta/entity/uniqueAttribute/type/Process", params=params)) == {}


def named(type_name, name):
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": f"{CONNECTION}/{name}"}}


def delete_names(atlan, body, how="PURGE"):
    url = "/api/meta/entity/bulk/uniqueAttribute"
    return atlan.raw.request("DELETE", url, params={"deleteType": how}, json=body)


@pytest.mark.parametrize(("how", "left"), [("PURGE", 404), ("SOFT", 200)])
def test_entities_are_deleted_by_names_in_bulk(atlan, how, left):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two", "three")]
    names = [named("Process", name) for name in ("one", "two", "one", "nope")]
    answer = atlan.ok(delete_names(atlan, names, how))
    assert atlan.names(answer, "DELETE") == ["one", "two"]
    states = [atlan.raw.get(f"/api/meta/entity/guid/{guid}").status_code for guid in guids]
    assert states == [left, left, 200]
    assert atlan.ok(delete_names(atlan, names, how)) == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "ATLAS-400-00-01A"),
        ([{"typeName": "Process"}], "ATLAS-400-00-01A"),
        ([named("Nope", "one")], "ATLAS-400-00-014"),
    ],
)
def test_invalid_deletes_by_names_are_refused(atlan, body, code):
    guid = atlan.create(atlan.process("one"))
    response = delete_names(atlan, [*([named("Process", "one")] if body else []), *body])
    assert (response.status_code, response.json()["errorCode"]) == (400, code)
    assert atlan.get(guid)["status"] == "ACTIVE"


def test_a_delete_by_name_with_an_unknown_type_is_refused(atlan):
    path = "/api/meta/entity/uniqueAttribute/type/Nope"
    response = atlan.raw.delete(path, params={"attr:qualifiedName": "x"})
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-014")


def test_a_soft_delete_sets_the_last_writer(atlan, ann):
    guid = atlan.create(atlan.process())
    ann.delete(guid, how="SOFT")
    assert atlan.get(guid)["updatedBy"] == "ann"
