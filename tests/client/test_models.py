"""Entity, Reference, and MutationResult as plain data."""

import pickle

import pytest
from pydantic import ValidationError

from atlan_pulumi.client import Entity, MutationResult, Reference

STUB = {"typeName": "Table", "guid": "g-1", "uniqueAttributes": {"qualifiedName": "c/T1"}}


def entity(**wire: object) -> Entity:
    return Entity.model_validate({"typeName": "Process", **wire})


def test_an_entity_is_parsed() -> None:
    read = entity(
        guid="g",
        status="DELETED",
        attributes={"qualifiedName": "c/p", "name": "p", "sql": None},
        createdBy="ann",
        updatedBy="bob",
        createTime=1700000000000,
        updateTime=1700000000001,
        labels=["l"],
        classifications=[{"typeName": "tag"}],
        businessAttributes={"set": {"a": 1}},
        isIncomplete=False,
        something="new",
    )
    assert (read.type_name, read.guid, read.status) == ("Process", "g", "DELETED")
    assert (read.qualified_name, read.name) == ("c/p", "p")
    assert (read.created_by, read.updated_by) == ("ann", "bob")
    assert (read.create_time, read.update_time) == (1700000000000, 1700000000001)
    assert (read.labels, read.classifications) == (["l"], [{"typeName": "tag"}])
    assert read.business_attributes == {"set": {"a": 1}}
    assert read.is_incomplete is False


def test_null_fields_are_empty() -> None:
    unset = (
        "attributes",
        "relationshipAttributes",
        "status",
        "labels",
        "classifications",
        "guid",
        "createTime",
    )
    read = entity(**dict.fromkeys(unset))
    assert (read.attributes, read.relationship_attributes, read.labels, read.classifications) == (
        {},
        {},
        [],
        [],
    )
    assert (read.status, read.guid, read.create_time) == ("ACTIVE", None, None)
    assert (read.qualified_name, read.name) == ("", "")


@pytest.mark.parametrize(
    "wire", [{}, {"typeName": ""}, {"typeName": None}, {"typeName": "T", "attributes": []}]
)
def test_invalid_entities_are_refused(wire: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Entity.model_validate(wire)


def test_unset_fields_are_not_sent() -> None:
    made = Entity(type_name="Process", attributes={"qualifiedName": "c/p"})
    assert made.to_wire() == {"typeName": "Process", "attributes": {"qualifiedName": "c/p"}}


def test_null_attributes_are_sent() -> None:
    made = Entity(type_name="Process", attributes={"sql": None, "ownerUsers": [], "port": 0})
    assert made.to_wire()["attributes"] == {"sql": None, "ownerUsers": [], "port": 0}


def test_guid_and_relationships_are_sent_if_set() -> None:
    made = Entity(type_name="Process", guid="-1", relationship_attributes={"inputs": []}, labels=["l"])
    assert made.to_wire() == {
        "typeName": "Process",
        "guid": "-1",
        "attributes": {},
        "relationshipAttributes": {"inputs": []},
        "labels": ["l"],
    }


def test_status_is_sent_only_if_set() -> None:
    made = Entity(type_name="Process")
    assert "status" not in made.to_wire()
    assert made.model_copy(update={"status": "ACTIVE"}).to_wire()["status"] == "ACTIVE"
    assert Entity(type_name="Process", status="ACTIVE").to_wire()["status"] == "ACTIVE"


def test_entities_do_not_share_attributes() -> None:
    one, other = Entity(type_name="Process"), Entity(type_name="Process")
    one.attributes["name"] = "one"
    assert other.attributes == {}


def test_relationship_attributes_win_over_attributes() -> None:
    read = entity(attributes={"inputs": [STUB]}, relationshipAttributes={"inputs": []})
    assert read.related("inputs") == []


def test_references_are_read_from_a_header() -> None:
    read = entity(attributes={"inputs": [STUB, {"typeName": "View", "guid": "g-2"}]})
    assert read.related("inputs") == [Reference("Table", "g-1", "c/T1"), Reference("View", "g-2")]


def test_a_single_relationship_is_a_list_of_one() -> None:
    assert entity(relationshipAttributes={"process": STUB}).related("process") == [
        Reference("Table", "g-1", "c/T1")
    ]
    assert entity(relationshipAttributes={"process": None}).related("process") == []
    assert entity().related("process") == []


def test_removed_edges_are_left_out_and_archived_assets_on_request() -> None:
    edges = [
        {**STUB, "guid": "live", "relationshipStatus": "ACTIVE", "entityStatus": "ACTIVE"},
        {**STUB, "guid": "gone", "relationshipStatus": "DELETED", "entityStatus": "ACTIVE"},
        {**STUB, "guid": "archived", "relationshipStatus": "ACTIVE", "entityStatus": "DELETED"},
    ]
    read = entity(relationshipAttributes={"inputs": edges})
    assert [each.guid for each in read.related("inputs")] == ["live", "archived"]
    assert [each.guid for each in read.related("inputs", drop_archived=True)] == ["live"]


def test_an_edge_that_was_removed_and_added_again_counts_once() -> None:
    edges = [{**STUB, "relationshipStatus": status} for status in ("DELETED", "ACTIVE", "ACTIVE")]
    assert len(entity(relationshipAttributes={"inputs": edges}).related("inputs")) == 1


@pytest.mark.parametrize("stub", ["text", 1, None, [], {}, {"guid": "g"}, {"typeName": "Table"}])
def test_invalid_references_are_skipped(stub: object) -> None:
    assert entity(attributes={"inputs": [stub, STUB]}).related("inputs") == [
        Reference("Table", "g-1", "c/T1")
    ]


def test_a_reference_may_have_its_name_in_attributes() -> None:
    stub = {
        "typeName": "Table",
        "guid": "g",
        "uniqueAttributes": None,
        "attributes": {"qualifiedName": "c/T"},
    }
    assert entity(attributes={"inputs": [stub]}).related("inputs") == [Reference("Table", "g", "c/T")]


def test_a_reference_is_sent_by_guid_or_name() -> None:
    by_name = {"typeName": "Table", "uniqueAttributes": {"qualifiedName": "c/T"}}
    assert Reference("Table", qualified_name="c/T").to_wire() == by_name
    assert Reference("Table", "g").to_wire() == {"typeName": "Table", "guid": "g"}
    assert Reference("Table", "g", "c/T").to_wire() == {"typeName": "Table", "guid": "g"}


@pytest.mark.parametrize(("guid", "name"), [(None, None), ("", ""), ("", None)])
def test_a_reference_needs_a_guid_or_a_name(guid: str | None, name: str | None) -> None:
    with pytest.raises(ValueError, match="a reference to a Table needs a guid or a qualified_name"):
        Reference("Table", guid, name)


def test_references_compare_by_value() -> None:
    assert len({Reference("Table", "g"), Reference("Table", "g"), Reference("View", "g")}) == 2
    assert pickle.loads(pickle.dumps(Reference("Table", "g"))) == Reference("Table", "g")


def header(type_name: str, guid: str, name: str) -> dict[str, object]:
    return {"typeName": type_name, "guid": guid, "attributes": {"qualifiedName": name}}


def test_a_result_is_parsed() -> None:
    result = MutationResult.model_validate(
        {
            "mutatedEntities": {
                "CREATE": [header("Process", "g1", "c/p")],
                "UPDATE": [header("Table", "g2", "c/t"), header("ColumnProcess", "g3", "c/q")],
                "PARTIAL_UPDATE": [header("Process", "g4", "c/r")],
                "DELETE": [header("Process", "g5", "c/s")],
            },
            "guidAssignments": {"-1": "g1"},
        }
    )
    assert [each.guid for each in result.created] == ["g1"]
    assert [each.guid for each in result.updated] == ["g2", "g3"]
    assert [each.guid for each in result.partially_updated] == ["g4"]
    assert [each.guid for each in result.deleted] == ["g5"]
    assert result.guid_assignments == {"-1": "g1"}
    assert result.guid_of("Process", "c/p") == "g1"
    assert result.guid_of("Process", "c/r") == "g4"
    assert result.guid_of("Process", "c/q") is None, "a ColumnProcess with that name is another entity"
    assert result.guid_of("Process", "c/s") is None, "it was deleted"


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"mutatedEntities": None},
        {"mutatedEntities": {}},
        {"guidAssignments": None},
        {"mutatedEntities": {"CREATE": None}},
    ],
)
def test_a_result_may_be_empty(wire: dict[str, object]) -> None:
    result = MutationResult.model_validate(wire)
    assert (result.created, result.updated, result.deleted, result.guid_assignments) == ([], [], [], {})


def test_merging_does_not_change_the_results() -> None:
    parts = [
        MutationResult.model_validate({"mutatedEntities": {"DELETE": [header("Process", guid, guid)]}})
        for guid in ("g1", "g2")
    ]
    assert [each.guid for each in MutationResult.merge(parts).deleted] == ["g1", "g2"]
    assert [len(part.deleted) for part in parts] == [1, 1]
    assert MutationResult.merge([]) == MutationResult()
