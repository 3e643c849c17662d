"""Create and update entities: matching, changes, and responses."""

from __future__ import annotations

import uuid

import pytest

CONNECTION = "default/snowflake/1657025257"


def test_a_create_also_updates_every_linked_asset(atlan):
    answer = atlan.save(atlan.process(inputs="A B C", outputs="D E", guid="-7"))
    assert atlan.names(answer, "CREATE") == ["load"]
    assert atlan.names(answer, "UPDATE") == ["A", "B", "C", "D", "E"]
    assert answer["guidAssignments"] == {"-7": answer["mutatedEntities"]["CREATE"][0]["guid"]}
    assert set(answer["mutatedEntities"]) == {"CREATE", "UPDATE"}


def test_the_created_header_has_inputs_and_outputs(atlan):
    answer = atlan.save(atlan.process(inputs="A", outputs="B", sql="select 1"))
    header = answer["mutatedEntities"]["CREATE"][0]
    assert header["attributes"]["inputs"][0]["guid"] == atlan.seeded("A")["guid"]
    assert header["attributes"]["outputs"][0]["typeName"] == "Table"
    assert header["attributes"]["sql"] == "select 1"
    assert header["status"] == "ACTIVE"
    assert header["displayText"] == "load"
    assert header["createdBy"] == header["updatedBy"] == "service-account-apikey-local"
    assert header["createTime"] == header["updateTime"] > 1_600_000_000_000


def test_an_unchanged_upsert_returns_only_assignments(atlan):
    guid = atlan.create(atlan.process(guid="-1"))
    assert atlan.save(atlan.process(guid="-2")) == {"guidAssignments": {"-2": guid}}


def test_a_changed_attribute_updates_only_the_process(atlan):
    atlan.create(atlan.process())
    answer = atlan.save(atlan.process(name="load", description="nightly"))
    assert set(answer["mutatedEntities"]) == {"UPDATE"}
    assert atlan.names(answer, "UPDATE") == ["load"]


def test_an_update_changes_only_sent_attributes(atlan):
    guid = atlan.create(atlan.process(sql="select 1", description="one", ownerUsers=["ann"]))
    atlan.save(atlan.process(inputs=None, outputs=None, description="two"))
    entity = atlan.get(guid)
    assert entity["attributes"]["sql"] == "select 1"
    assert entity["attributes"]["description"] == "two"
    assert entity["attributes"]["ownerUsers"] == ["ann"]
    assert atlan.active_names(guid, "inputs") == ["A"]


def test_null_clears_an_attribute(atlan):
    guid = atlan.create(
        atlan.process(sql="x", ownerUsers=["ann"], certificateStatus="DRAFT", isPassThrough=True)
    )
    cleared = {"sql": None, "ownerUsers": None, "certificateStatus": None, "isPassThrough": None}
    answer = atlan.save(atlan.process(**cleared))
    assert atlan.names(answer, "UPDATE") == ["load"]
    attributes = atlan.get(guid)["attributes"]
    assert attributes["sql"] is None
    assert attributes["ownerUsers"] == []
    assert attributes["certificateStatus"] is None
    assert attributes["isPassThrough"] is False


def test_clearing_an_unset_attribute_is_no_change(atlan):
    guid = atlan.create(atlan.process(guid="-1"))
    unset = {"sql": None, "ownerUsers": [], "isPassThrough": False, "sourceCreatedAt": 0, "description": None}
    assert atlan.save(atlan.process(guid="-1", **unset)) == {"guidAssignments": {"-1": guid}}


def test_an_empty_string_is_a_value(atlan):
    guid = atlan.create(atlan.process(description=""))
    assert atlan.get(guid)["attributes"]["description"] == ""
    assert atlan.names(atlan.save(atlan.process(description=None)), "UPDATE") == ["load"]


def test_the_order_of_lists_does_not_matter(atlan):
    guid = atlan.create(atlan.process(inputs="A B C", ownerUsers=["ann", "bob"], guid="-1"))
    again = atlan.process(inputs="C A B", ownerUsers=["bob", "ann"], guid="-1")
    assert atlan.save(again) == {"guidAssignments": {"-1": guid}}


def test_the_guid_is_optional(atlan):
    answer = atlan.save(atlan.process())
    ((placeholder, guid),) = answer["guidAssignments"].items()
    assert placeholder.startswith("-")
    assert guid == answer["mutatedEntities"]["CREATE"][0]["guid"]


def test_a_guid_takes_precedence_over_the_name(atlan):
    guid = atlan.create(atlan.process("one"))
    other = atlan.create(atlan.process("two"))
    renamed = atlan.process("three", inputs=None, outputs=None, guid=guid)
    answer = atlan.save(renamed)
    assert answer["mutatedEntities"]["UPDATE"][0]["guid"] == guid
    assert "guidAssignments" not in answer
    assert atlan.get(guid)["attributes"]["qualifiedName"] == f"{CONNECTION}/three"
    assert atlan.get(other)["attributes"]["name"] == "two"


def test_a_rename_to_an_existing_name_is_refused(atlan):
    guid = atlan.create(atlan.process("one"))
    atlan.create(atlan.process("two"))
    response = atlan.post(atlan.process("two", guid=guid))
    assert response.status_code == 409
    assert response.json()["errorCode"] == "ATLAS-409-00-003"


def test_an_unknown_guid_with_a_known_name_matches_by_name(atlan):
    guid = atlan.create(atlan.process())
    made_up = str(uuid.uuid4())
    answer = atlan.save(atlan.process(description="x", guid=made_up))
    assert answer["guidAssignments"] == {made_up: guid}


def test_an_unknown_guid_with_an_unknown_name_is_refused(atlan):
    made_up = str(uuid.uuid4())
    response = atlan.post(atlan.process(guid=made_up))
    assert response.status_code == 404
    assert response.json()["errorCode"] == "ATLAS-404-00-00A"
    assert response.json()["errorMessage"] == f"Referenced entity {made_up} is not found"


def test_names_are_case_sensitive(atlan):
    first = atlan.create(atlan.process("load"))
    assert atlan.create(atlan.process("LOAD")) != first


def test_two_payloads_with_one_name_are_one_entity(atlan):
    first, second = atlan.process(description="one", guid="-1"), atlan.process(description="two", guid="-2")
    answer = atlan.save(first, second)
    (header,) = answer["mutatedEntities"]["CREATE"]
    assert answer["guidAssignments"] == {"-1": header["guid"], "-2": header["guid"]}
    assert atlan.get(header["guid"])["attributes"]["description"] == "two"


def test_process_and_column_process_with_one_name_are_two_entities(atlan):
    process = atlan.create(atlan.process())
    column_process = atlan.create(atlan.column_process())
    assert process != column_process
    assert atlan.by_name(f"{CONNECTION}/load", "Process")["guid"] == process
    assert atlan.by_name(f"{CONNECTION}/load", "ColumnProcess")["guid"] == column_process


def test_a_process_payload_updates_a_column_process_with_its_name(atlan):
    guid = atlan.create(atlan.column_process(parent=None))
    answer = atlan.save(atlan.process(inputs=None, outputs=None, description="taken", guid="-1"))
    (header,) = answer["mutatedEntities"]["UPDATE"]
    assert (header["typeName"], header["guid"]) == ("ColumnProcess", guid)
    assert answer["guidAssignments"] == {"-1": guid}


def test_reading_a_process_finds_a_column_process_with_its_name(atlan):
    atlan.create(atlan.column_process(parent=None))
    assert atlan.by_name(f"{CONNECTION}/load", "Process")["typeName"] == "ColumnProcess"


def test_tables_match_only_by_exact_type(atlan):
    atlan.save(
        {"typeName": "SnowflakeDynamicTable", "attributes": {"name": "x", "qualifiedName": "default/s/1/x"}}
    )
    response = atlan.raw.get(
        "/api/meta/entity/uniqueAttribute/type/Table", params={"attr:qualifiedName": "default/s/1/x"}
    )
    assert response.status_code == 404


def test_one_request_can_create_many_entities(atlan):
    answer = atlan.save(*(atlan.process(f"p{number}", guid=f"-{number + 1}") for number in range(50)))
    assert len(answer["mutatedEntities"]["CREATE"]) == 50
    assert len(set(answer["guidAssignments"].values())) == 50
    assert atlan.names(answer, "UPDATE") == ["A", "B"]


def test_a_slash_at_the_end_is_ignored(atlan):
    for path in ("/api/meta/entity/bulk", "/api/meta/entity/bulk/"):
        response = atlan.raw.post(path, json={"entities": [atlan.process(path.count("/") * "x")]})
        assert response.status_code == 200, path


def test_the_single_entity_endpoint_creates_an_entity(atlan):
    response = atlan.raw.post("/api/meta/entity", json={"entity": atlan.process()})
    assert atlan.names(atlan.ok(response), "CREATE") == ["load"]


def test_an_update_sets_the_last_writer(atlan, ann):
    guid = atlan.create(atlan.process())
    before = atlan.get(guid)
    ann.save(ann.process(description="hers"))
    after = atlan.get(guid)
    assert (after["createdBy"], after["updatedBy"]) == ("service-account-apikey-local", "ann")
    assert after["createTime"] == before["createTime"]
    assert after["updateTime"] >= before["updateTime"]


def test_an_unchanged_upsert_keeps_the_last_writer(atlan, ann):
    guid = atlan.create(atlan.process())
    ann.save(ann.process())
    assert atlan.get(guid)["updatedBy"] == "service-account-apikey-local"


def test_a_patch_by_name_updates_sent_attributes(atlan):
    guid = atlan.create(atlan.process(sql="select 1"))
    entity = {"typeName": "Process", "attributes": {"certificateStatus": "VERIFIED"}}
    response = atlan.raw.put(
        "/api/meta/entity/uniqueAttribute/type/Process",
        params={"attr:qualifiedName": f"{CONNECTION}/load"},
        json={"entity": entity},
    )
    answer = atlan.ok(response)
    assert [one["guid"] for one in answer["mutatedEntities"]["PARTIAL_UPDATE"]] == [guid]
    assert set(answer) == {"mutatedEntities"}
    attributes = atlan.get(guid)["attributes"]
    assert attributes["certificateStatus"] == "VERIFIED"
    assert attributes["certificateUpdatedBy"] == "service-account-apikey-local"
    assert attributes["sql"] == "select 1"


def test_a_patch_also_updates_linked_assets(atlan):
    atlan.create(atlan.process(inputs="A"))
    response = atlan.raw.put(
        "/api/meta/entity/uniqueAttribute/type/Process",
        params={"attr:qualifiedName": f"{CONNECTION}/load"},
        json={"entity": {"typeName": "Process", "attributes": {"inputs": [atlan.ref("A"), atlan.ref("C")]}}},
    )
    assert atlan.names(atlan.ok(response), "UPDATE") == ["C"]


def test_a_patch_of_a_missing_entity_is_refused(atlan):
    response = atlan.raw.put(
        "/api/meta/entity/uniqueAttribute/type/Process",
        params={"attr:qualifiedName": f"{CONNECTION}/nope"},
        json={"entity": {"typeName": "Process", "attributes": {}}},
    )
    assert response.status_code == 404
    assert response.json()["errorCode"] == "ATLAS-404-00-009"


@pytest.mark.parametrize("many", [9_999, 10_001])
def test_a_request_has_at_most_10_000_entities(atlan, many):
    response = atlan.post(*([{"typeName": "Nope"}] * many))
    expected = "ATLAS-400-00-212" if many > 10_000 else "ATLAS-400-00-014"
    assert (response.status_code, response.json()["errorCode"]) == (400, expected)
