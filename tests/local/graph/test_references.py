"""References by GUID, name, and placeholder; refusals and rollbacks."""

from __future__ import annotations

import uuid

import pytest

CONNECTION = "default/snowflake/1657025257"
TABLE = f"{CONNECTION}/OPS/DEFAULT/A"


def test_guid_and_name_refer_to_the_same_entity(atlan):
    by_guid = [{"typeName": "Table", "guid": atlan.seeded("A")["guid"]}]
    guid = atlan.create(atlan.process(guid="-1"))
    same = atlan.process(guid="-1")
    same["attributes"]["inputs"] = by_guid
    assert atlan.save(same) == {"guidAssignments": {"-1": guid}}


def test_a_guid_takes_precedence_over_a_different_name(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{**atlan.ref("A"), "guid": atlan.seeded("C")["guid"]}]
    assert atlan.active_names(atlan.create(payload), "inputs") == ["C"]


def test_an_unknown_guid_with_a_known_name_is_refused(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{**atlan.ref("A"), "guid": str(uuid.uuid4())}]
    assert atlan.post(payload).json()["errorCode"] == "ATLAS-404-00-00A"


def test_the_type_is_ignored_with_a_guid(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{"typeName": "Table", "guid": atlan.seeded("A/ID", "Column")["guid"]}]
    guid = atlan.create(payload)
    (stub,) = atlan.get(guid)["relationshipAttributes"]["inputs"]
    assert stub["typeName"] == "Column"


def test_empty_attributes_in_a_reference_are_ignored(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{**atlan.ref("A"), "attributes": {}}]
    assert atlan.active_names(atlan.create(payload), "inputs") == ["A"]


@pytest.mark.parametrize("order", [1, -1])
def test_placeholders_work_in_any_order(atlan, order):
    table = {
        "typeName": "Table",
        "guid": "-10",
        "attributes": {"name": "N", "qualifiedName": "default/s/1/N"},
    }
    process = atlan.process(guid="-11")
    process["attributes"]["inputs"] = [{"typeName": "Table", "guid": "-10"}]
    answer = atlan.save(*[table, process][::order])
    assert sorted(answer["guidAssignments"]) == ["-10", "-11"]
    assert atlan.names(answer, "CREATE") == ["N", "load"]
    assert atlan.names(answer, "UPDATE") == ["B"]
    assert atlan.active_names(answer["guidAssignments"]["-11"], "inputs") == ["N"]


@pytest.mark.parametrize("order", [1, -1])
def test_names_of_entities_of_the_same_request_are_unknown(atlan, order):
    before = atlan.raw.get("/_local/assets").json()
    table = {"typeName": "Table", "attributes": {"name": "N", "qualifiedName": "default/s/1/N"}}
    process = atlan.process(guid="-1")
    process["attributes"]["inputs"] = [
        {"typeName": "Table", "uniqueAttributes": {"qualifiedName": "default/s/1/N"}}
    ]
    response = atlan.post(*[table, process, atlan.process("other")][::order])
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-00A",
        "errorMessage": "Referenced entity AtlasObjectId{guid='null', typeName='Table', "
        "uniqueAttributes={qualifiedName:default/s/1/N}} is not found",
        "entityGuid": "-1",
    }
    assert atlan.raw.get("/_local/assets").json() == before
    atlan.save(table)
    assert atlan.active_names(atlan.create(process), "inputs") == ["N"]


def test_names_of_a_parent_in_the_same_request_are_unknown(atlan):
    response = atlan.post(atlan.process(), atlan.column_process("load/ID"))
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-00A")


def test_a_name_in_the_same_request_can_refer_to_an_existing_subtype(atlan):
    atlan.create(atlan.process())
    answer = atlan.save(atlan.process(sql="new"), atlan.column_process("load/ID"))
    assert (atlan.names(answer, "CREATE"), atlan.names(answer, "UPDATE")) == (
        ["load/ID"],
        ["ID", "ID", "load"],
    )
    atlan.create(
        atlan.column_process("cp", parent=None)
    )  # a reference to a Process with this name resolves to it
    new, child = atlan.process("cp"), atlan.column_process("other", parent="cp")
    guids = atlan.save(new, {**child, "guid": "-1"})["guidAssignments"]
    assert atlan.get(guids["-1"])["relationshipAttributes"]["process"]["typeName"] == "ColumnProcess"


def test_a_reference_by_name_finds_a_subtype(atlan):
    atlan.create(atlan.column_process("cp", parent=None))
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": f"{CONNECTION}/cp"}}
    guid = atlan.create(atlan.column_process("other", parent=None, process=parent))
    assert atlan.get(guid)["relationshipAttributes"]["process"]["typeName"] == "ColumnProcess"


def test_unknown_names_are_refused(atlan):
    response = atlan.post(atlan.process(inputs="NOPE"))
    assert response.status_code == 404
    assert response.json()["errorCode"] == "ATLAS-404-00-00A"
    assert response.json()["errorMessage"] == (
        "Referenced entity AtlasObjectId{guid='null', typeName='Table', "
        f"uniqueAttributes={{qualifiedName:{CONNECTION}/OPS/DEFAULT/NOPE}}}} is not found"
    )


def test_unknown_guids_are_refused(atlan):
    missing = str(uuid.uuid4())
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{"typeName": "Table", "guid": missing}]
    response = atlan.post(payload)
    assert response.status_code == 404
    assert response.json()["errorMessage"] == f"Referenced entity {missing} is not found"


def test_unknown_placeholders_are_refused(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{"typeName": "Table", "guid": "-99"}]
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-00A")


UNUSABLE = [
    {"guid": "00000000-0000-4000-8000-000000000001"},
    {"uniqueAttributes": {"qualifiedName": TABLE}},
    {"typeName": "Table"},
    {"typeName": "Table", "guid": "not-a-guid"},
    {"typeName": "Table", "uniqueAttributes": {}},
    {"typeName": "Table", "uniqueAttributes": "x"},
    "a name",
    7,
    None,
]


@pytest.mark.parametrize("reference", UNUSABLE)
def test_invalid_references_are_refused(atlan, reference):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [reference]
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-021")


def test_unknown_types_in_references_are_refused(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [{"typeName": "Tabel", "uniqueAttributes": {"qualifiedName": TABLE}}]
    response = atlan.post(payload)
    assert response.status_code == 400
    assert response.json()["errorMessage"] == "Type ENTITY with name Tabel does not exist"


def test_a_value_that_is_not_a_list_is_refused(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = atlan.ref("A")
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-007")
    assert response.json()["errorMessage"].endswith("invalid value for type array<Catalog>")


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_process_as_an_input_or_output_is_refused(atlan, side):
    atlan.create(atlan.process("inner"))
    payload = atlan.process("outer")
    unique = {"qualifiedName": f"{CONNECTION}/inner"}
    payload["attributes"][side] = [{"typeName": "Process", "uniqueAttributes": unique}]
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-036")
    assert "end type 1: Process, end type 2: Process" in response.json()["errorMessage"]


def test_a_connection_as_an_input_is_refused(atlan):
    payload = atlan.process()
    payload["attributes"]["inputs"] = [
        {"typeName": "Connection", "uniqueAttributes": {"qualifiedName": CONNECTION}}
    ]
    assert atlan.post(payload).json()["errorCode"] == "ATLAS-400-00-036"


def test_a_table_as_the_parent_of_a_column_process_is_refused(atlan):
    response = atlan.post(atlan.column_process(parent=None, process=atlan.ref("A")))
    assert response.json()["errorCode"] == "ATLAS-400-00-036"
    assert "end type 1: Table, end type 2: ColumnProcess" in response.json()["errorMessage"]


ASSET_TYPES = [
    "View",
    "MaterialisedView",
    "Column",
    "S3Object",
    "GCSObject",
    "ADLSObject",
    "KafkaTopic",
    "TableauDashboard",
    "PowerBIReport",
    "LookerExplore",
    "DbtModel",
    "SparkJob",
    "AirflowTask",
    "SalesforceObject",
    "APIPath",
    "DataStudioAsset",
]


@pytest.mark.parametrize("type_name", ASSET_TYPES)
def test_lineage_can_link_all_catalog_assets(atlan, type_name):
    asset = {
        "typeName": type_name,
        "guid": "-1",
        "attributes": {"name": "x", "qualifiedName": "default/x/1/x"},
    }
    process = atlan.process()
    process["attributes"]["inputs"] = [{"typeName": type_name, "guid": "-1"}]
    answer = atlan.save(asset, process)
    assert len(answer["mutatedEntities"]["CREATE"]) == 2


PROCESS_TYPES = ["BIProcess", "DbtProcess", "DbtColumnProcess", "FlowDatasetOperation", "FlowFieldOperation"]


@pytest.mark.parametrize("type_name", PROCESS_TYPES)
def test_all_process_types_accept_inputs_and_outputs(atlan, type_name):
    payload = {**atlan.process(), "typeName": type_name}
    guid = atlan.create(payload)
    assert atlan.active_names(guid, "inputs") == ["A"]
    assert atlan.by_name(f"{CONNECTION}/load", "Process")["guid"] == guid


def test_archived_entities_can_be_referenced(atlan):
    atlan.delete(atlan.seeded("A")["guid"], how="SOFT")
    guid = atlan.create(atlan.process())
    (stub,) = atlan.get(guid)["relationshipAttributes"]["inputs"]
    assert (stub["entityStatus"], stub["relationshipStatus"]) == ("DELETED", "DELETED")


def test_a_refused_request_is_rolled_back(atlan):
    before = atlan.raw.get("/_local/assets").json()
    good, bad = atlan.process("good"), atlan.process("bad", inputs="NOPE")
    assert atlan.post(good, bad).status_code == 404
    assert atlan.raw.get("/_local/assets").json() == before
    assert atlan.seeded("A")["relationshipAttributes"]["inputToProcesses"] == []


def test_a_refused_update_is_rolled_back(atlan):
    guid = atlan.create(atlan.process(sql="old"))
    before = atlan.get(guid)
    response = atlan.post(atlan.process(inputs="C", outputs="NOPE", sql="new"))
    assert response.status_code == 404
    assert atlan.get(guid) == before


def test_self_loops_are_accepted(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="A"))
    assert atlan.active_names(guid, "inputs") == atlan.active_names(guid, "outputs") == ["A"]


def test_a_duplicate_reference_creates_one_edge(atlan):
    guid = atlan.create(atlan.process(inputs="A A"))
    assert atlan.active_names(guid, "inputs") == ["A"]


def test_processes_without_inputs_are_accepted(atlan):
    for name, lists in {"none": (None, None), "empty": ("", "")}.items():
        guid = atlan.create(atlan.process(name, *lists))
        assert atlan.active_names(guid, "inputs") == []
