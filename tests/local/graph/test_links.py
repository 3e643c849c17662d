"""Relationships of an upsert: replace, append, remove, other ends, and dropped edges."""

from __future__ import annotations

import pytest

from atlan_pulumi.naming.relationships import find_end

CONNECTION = "default/snowflake/1657025257"


def append(atlan, name="load", **lists):
    payload = atlan.process(name, None, None)
    for key, words in lists.items():
        mode, attribute = key.split("_")
        refs = [atlan.ref(word) for word in words.split()]
        payload.setdefault(f"{mode}RelationshipAttributes", {})[attribute] = refs
    return payload


def test_a_sent_list_replaces_the_current_one(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    answer = atlan.save(atlan.process(inputs="B C"))
    assert atlan.active_names(guid, "inputs") == ["B", "C"]
    assert atlan.names(answer, "UPDATE") == ["A", "C", "load"]


def test_an_omitted_list_is_kept(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    atlan.save(atlan.process(inputs=None))
    assert atlan.active_names(guid, "inputs") == ["A", "B"]


def test_an_empty_list_drops_all_edges(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    answer = atlan.save(atlan.process(inputs=""))
    assert atlan.active_names(guid, "inputs") == []
    assert atlan.names(answer, "UPDATE") == ["A", "B", "load"]


def test_null_drops_all_edges(atlan):
    guid = atlan.create(atlan.process(inputs="A"))
    payload = atlan.process(inputs=None)
    payload["attributes"]["inputs"] = None
    atlan.save(payload)
    assert atlan.active_names(guid, "inputs") == []


def test_dropped_edges_are_shown_as_deleted(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    atlan.save(atlan.process(inputs="B"))
    entity = atlan.get(guid)
    states = {one["displayText"]: one for one in entity["relationshipAttributes"]["inputs"]}
    assert states["A"]["relationshipStatus"] == "DELETED"
    assert states["A"]["entityStatus"] == "ACTIVE"
    assert states["B"]["relationshipStatus"] == "ACTIVE"
    listed = {one["uniqueAttributes"]["qualifiedName"][-1] for one in entity["attributes"]["inputs"]}
    assert listed == {"A", "B"}, "the attribute includes dropped edges"


def test_a_dropped_edge_can_be_restored(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    atlan.save(atlan.process(inputs="B"))
    answer = atlan.save(atlan.process(inputs="A B"))
    assert atlan.active_names(guid, "inputs") == ["A", "B"]
    assert atlan.names(answer, "UPDATE") == ["A", "load"]


def test_the_other_end_shows_the_process(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    (stub,) = atlan.seeded("A")["relationshipAttributes"]["inputToProcesses"]
    assert (stub["guid"], stub["typeName"], stub["relationshipType"]) == (
        guid,
        "Process",
        "catalog_process_inputs",
    )
    assert atlan.seeded("A")["relationshipAttributes"]["outputFromProcesses"] == []
    (stub,) = atlan.seeded("B")["relationshipAttributes"]["outputFromProcesses"]
    assert stub["relationshipType"] == "process_catalog_outputs"


def test_related_entities_have_the_shape_of_atlan(atlan):
    guid = atlan.create(atlan.process(inputs="A"))
    (stub,) = atlan.get(guid)["relationshipAttributes"]["inputs"]
    table = atlan.seeded("A")
    assert stub == {
        "guid": table["guid"],
        "typeName": "Table",
        "entityStatus": "ACTIVE",
        "displayText": "A",
        "relationshipType": "catalog_process_inputs",
        "relationshipGuid": stub["relationshipGuid"],
        "relationshipStatus": "ACTIVE",
        "relationshipAttributes": {"typeName": "catalog_process_inputs"},
        "uniqueAttributes": {"qualifiedName": table["attributes"]["qualifiedName"]},
    }
    (back,) = table["relationshipAttributes"]["inputToProcesses"]
    assert back["relationshipGuid"] == stub["relationshipGuid"]


def test_references_can_be_in_relationship_attributes(atlan):
    lists = {"inputs": [atlan.ref("A")], "outputs": [atlan.ref("B")]}
    guid = atlan.create(atlan.process(inputs=None, outputs=None, relationshipAttributes=lists))
    assert (atlan.active_names(guid, "inputs"), atlan.active_names(guid, "outputs")) == (["A"], ["B"])


def test_append_adds_edges(atlan):
    guid = atlan.create(atlan.process(inputs="A"))
    answer = atlan.save(append(atlan, append_inputs="A C", append_outputs="D"))
    assert atlan.active_names(guid, "inputs") == ["A", "C"]
    assert atlan.active_names(guid, "outputs") == ["B", "D"]
    assert atlan.names(answer, "UPDATE") == ["C", "D", "load"]


def test_remove_drops_edges(atlan):
    guid = atlan.create(atlan.process(inputs="A B C"))
    answer = atlan.save(append(atlan, remove_inputs="A E"))
    assert atlan.active_names(guid, "inputs") == ["B", "C"]
    assert atlan.names(answer, "UPDATE") == ["A", "load"]


def test_append_and_remove_in_one_entity_are_both_ignored(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    payload = append(atlan, append_inputs="C", remove_inputs="A")
    assert "mutatedEntities" not in atlan.save(payload)
    assert atlan.active_names(guid, "inputs") == ["A", "B"]
    payload["attributes"]["description"] = "new"
    assert atlan.names(atlan.save(payload), "UPDATE") == ["load"]
    assert atlan.active_names(guid, "inputs") == ["A", "B"]


@pytest.mark.parametrize(
    "lists", [{"append_inputs": "C", "remove_inputs": "N"}, {"append_inputs": "N", "remove_outputs": "B"}]
)
def test_references_in_ignored_append_and_remove_maps_must_exist(atlan, lists):
    atlan.create(atlan.process())
    response = atlan.post(append(atlan, **lists))
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-00A")


def test_one_request_can_append_to_one_entity_and_remove_from_another(atlan):
    one, two = (atlan.create(atlan.process(name, inputs="A B")) for name in ("one", "two"))
    atlan.save(append(atlan, "one", append_inputs="C"), append(atlan, "two", remove_inputs="A"))
    assert (atlan.active_names(one, "inputs"), atlan.active_names(two, "inputs")) == (["A", "B", "C"], ["B"])


def test_appending_an_existing_edge_is_no_change(atlan):
    atlan.create(atlan.process(inputs="A"))
    assert "mutatedEntities" not in atlan.save(append(atlan, append_inputs="A"))


def test_an_attribute_both_replaced_and_appended_is_refused(atlan):
    payload = append(atlan, append_inputs="C")
    payload["relationshipAttributes"] = {"inputs": [atlan.ref("A")]}
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-108")
    assert response.json()["errorMessage"] == "inputs: attribute already exists in relationshipAttributes"


DANGLING = [
    ("Table", "dbtModels", "DbtModel"),
    ("Table", "queries", "Query"),
    ("TableauDashboard", "worksheets", "TableauWorksheet"),
    ("S3Object", "bucket", "S3Bucket"),
    ("Process", "adfActivity", "AdfActivity"),
    ("Column", "table", "Table"),
    ("DremioColumn", "table", "Table"),
    ("AirflowTask", "airflowDag", "AirflowDag"),
    ("Table", "meanings", "AtlasGlossaryTerm"),
]


@pytest.mark.parametrize("where", ["attributes", "relationshipAttributes"])
@pytest.mark.parametrize(("type_name", "attribute", "other"), DANGLING)
def test_dangling_references_are_refused(atlan, type_name, attribute, other, where):
    one = {"typeName": other, "uniqueAttributes": {"qualifiedName": "default/x/1/nowhere"}}
    value = [one] if find_end(type_name, attribute).many else one
    asset = {"typeName": type_name, "attributes": {"name": "x", "qualifiedName": "default/x/1/x"}}
    asset.setdefault(where, {})[attribute] = value
    response = atlan.post(asset)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-00A")
    assert atlan.search({"term": {"qualifiedName": "default/x/1/x"}})["approximateCount"] == 0


def test_relationships_outside_lineage_are_supported(atlan):
    model = {"typeName": "DbtModel", "attributes": {"name": "m", "qualifiedName": "default/dbt/1/m"}}
    model["attributes"]["dbtModelSqlAssets"] = [atlan.ref("A")]
    guid = atlan.create(model)
    assert atlan.active_names(guid, "dbtModelSqlAssets") == ["A"]
    assert atlan.active_names(atlan.seeded("A")["guid"], "dbtModels") == ["m"]


@pytest.mark.parametrize("where", ["attributes", "relationshipAttributes", "appendRelationshipAttributes"])
@pytest.mark.parametrize("many", [True, False])
def test_unknown_relationships_are_refused(atlan, where, many):
    one = atlan.ref("A")
    payload = atlan.process()
    payload.setdefault(where, {})["reads"] = [one] if many else one
    response = atlan.post(payload)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-043")
    assert (
        response.json()["errorMessage"]
        == "No relationshipDef defined between Process and Table on attribute: reads"
    )


def test_structs_are_not_references(atlan):
    badge = {"typeName": "BadgeCondition", "attributes": {"badgeConditionValue": "1"}}
    asset = {"name": "x", "qualifiedName": "default/x/1/x", "badgeConditions": [badge], "empty": []}
    guid = atlan.create({"typeName": "Badge", "attributes": asset})
    assert atlan.get(guid)["attributes"]["badgeConditions"] == [badge]


def test_edges_can_be_created_from_the_other_end(atlan):
    guid = atlan.create(atlan.process(inputs="", outputs="B"))
    process = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": f"{CONNECTION}/load"}}
    table = {"name": "A", "qualifiedName": f"{CONNECTION}/OPS/DEFAULT/A", "inputToProcesses": [process]}
    answer = atlan.save({"typeName": "Table", "attributes": table})
    assert atlan.active_names(guid, "inputs") == ["A"]
    assert atlan.names(answer, "UPDATE") == ["A", "load"]


def test_a_new_column_process_updates_its_parent_once(atlan):
    parent = atlan.create(atlan.process())
    answer = atlan.save(atlan.column_process("cp"))
    assert [one["attributes"]["name"] for one in answer["mutatedEntities"]["UPDATE"]].count("load") == 1
    assert {one["typeName"] for one in answer["mutatedEntities"]["UPDATE"]} == {"Column", "Process"}
    assert atlan.active_names(parent, "columnProcesses") == ["cp"]


def test_a_parent_from_the_same_request_is_not_updated(atlan):
    parent = {"typeName": "Process", "guid": "-1"}
    answer = atlan.save(atlan.process(guid="-1"), atlan.column_process("cp", parent=None, process=parent))
    assert atlan.names(answer, "CREATE") == ["cp", "load"]
    assert "load" not in atlan.names(answer, "UPDATE")


def test_a_column_process_has_one_parent(atlan):
    first, second = atlan.create(atlan.process("one")), atlan.create(atlan.process("two"))
    guid = atlan.create(atlan.column_process("cp", parent="one"))
    answer = atlan.save(atlan.column_process("cp", parent="two"))
    assert atlan.names(answer, "UPDATE") == ["cp", "one", "two"]
    assert atlan.get(guid)["relationshipAttributes"]["process"]["guid"] == second
    assert atlan.active_names(first, "columnProcesses") == []
    assert atlan.active_names(second, "columnProcesses") == ["cp"]


def test_appending_a_parent_replaces_it(atlan):
    first, second = atlan.create(atlan.process("one")), atlan.create(atlan.process("two"))
    guid = atlan.create(atlan.column_process("cp", parent="one"))
    payload = atlan.column_process("cp", parent=None)
    payload["appendRelationshipAttributes"] = {"process": {"typeName": "Process", "guid": second}}
    atlan.save(payload)
    assert atlan.get(guid)["relationshipAttributes"]["process"]["guid"] == second
    assert atlan.active_names(first, "columnProcesses") == []


def test_linking_a_column_process_replaces_its_parent(atlan):
    first = atlan.create(atlan.process("one"))
    guid = atlan.create(atlan.column_process("cp", parent="one"))
    child = {"typeName": "ColumnProcess", "uniqueAttributes": {"qualifiedName": f"{CONNECTION}/cp"}}
    second = atlan.create(atlan.process("two", columnProcesses=[child]))
    assert atlan.get(guid)["relationshipAttributes"]["process"]["guid"] == second
    assert atlan.active_names(first, "columnProcesses") == []


def test_an_empty_list_clears_the_parent_and_shows_the_former_one(atlan):
    parent = atlan.create(atlan.process("one"))
    guid = atlan.create(atlan.column_process("cp", parent="one"))
    atlan.save(atlan.column_process("cp", parent=None, process=[]))
    stub = atlan.get(guid)["relationshipAttributes"]["process"]
    assert (stub["guid"], stub["relationshipStatus"]) == (parent, "DELETED")


def test_a_list_for_a_single_reference_is_refused(atlan):
    atlan.create(atlan.process("one"))
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": f"{CONNECTION}/one"}}
    response = atlan.post(atlan.column_process("cp", parent=None, process=[parent]))
    assert response.json()["errorCode"] == "ATLAS-400-00-021"


def test_seeded_assets_are_linked(atlan):
    table = atlan.seeded("A")["relationshipAttributes"]
    assert sorted(one["displayText"] for one in table["columns"]) == ["ID", "TOTAL"]
    assert table["atlanSchema"]["displayText"] == "DEFAULT"
    assert atlan.seeded("A/ID", "Column")["relationshipAttributes"]["table"]["displayText"] == "A"
    assert atlan.seeded("V/ID", "Column")["relationshipAttributes"]["view"]["displayText"] == "V"
    schema = atlan.by_name(f"{CONNECTION}/OPS/DEFAULT", "Schema")["relationshipAttributes"]
    assert len(schema["tables"]) == 5
    assert [one["displayText"] for one in schema["views"]] == ["V"]
    assert schema["database"]["displayText"] == "OPS"


def test_processes_can_link_orchestration_tasks(atlan):
    process = atlan.create(atlan.process())
    task = {
        "typeName": "AirflowTask",
        "attributes": {
            "name": "task",
            "qualifiedName": "default/airflow/1/dag/task",
            "process": {"typeName": "Process", "guid": process},
            "inputs": [atlan.ref("A")],
            "outputs": [atlan.ref("B")],
        },
    }
    guid = atlan.create(task)
    assert atlan.active_names(process, "airflowTasks") == ["task"]
    assert atlan.active_names(guid, "inputs") == ["A"]
    inverse = atlan.seeded("A")["relationshipAttributes"]["inputToAirflowTasks"]
    assert [one["guid"] for one in inverse] == [guid]


def test_relinked_neighbors_have_the_last_writer(atlan, ann):
    ann.save(ann.process(inputs="A"))
    assert atlan.seeded("A")["updatedBy"] == "ann"
    assert atlan.seeded("C")["updatedBy"] == "seed"
