"""`lineage/list`: directions, depths, pages, neighbors, and filters."""

from __future__ import annotations

import uuid

import pytest

ACTIVE = {
    "condition": "AND",
    "criterion": [{"attributeName": "__state", "operator": "=", "attributeValue": "ACTIVE"}],
}
FILTERS = dict.fromkeys(("entityFilters", "entityTraversalFilters", "relationshipTraversalFilters"), ACTIVE)


@pytest.fixture
def chain(atlan):
    """A → one → B → two → C, D; and B → three → E."""
    return {
        "one": atlan.create(atlan.process("one", "A", "B")),
        "two": atlan.create(atlan.process("two", "B", "C D")),
        "three": atlan.create(atlan.process("three", "B", "E")),
    }


def ask(atlan, start, **more):
    body = {"guid": start, "depth": 1_000_000, "direction": "OUTPUT", "from": 0, "size": 50, **more}
    return atlan.ok(atlan.raw.post("/api/meta/lineage/list", json=body))


def reached(answer):
    return [(one["attributes"]["name"], one["depth"]) for one in answer["entities"]]


def test_downstream_entities_have_depths(atlan, chain):
    answer = ask(atlan, atlan.seeded("A")["guid"])
    assert reached(answer)[:2] == [("one", 1), ("B", 1)]
    assert sorted(reached(answer)[2:]) == [("C", 2), ("D", 2), ("E", 2), ("three", 2), ("two", 2)]
    assert (answer["hasMore"], answer["entityCount"]) == (False, 7)


def test_upstream_entities_are_listed(atlan, chain):
    answer = ask(atlan, atlan.seeded("C")["guid"], direction="INPUT")
    assert reached(answer) == [("two", 1), ("B", 1), ("one", 2), ("A", 2)]


def test_the_depth_limits_the_list(atlan, chain):
    assert reached(ask(atlan, atlan.seeded("A")["guid"], depth=1)) == [("one", 1), ("B", 1)]
    assert reached(ask(atlan, atlan.seeded("A")["guid"], depth=0)) == []


def test_a_list_can_start_at_a_process(atlan, chain):
    assert reached(ask(atlan, chain["one"], depth=1)) == [("B", 1)]
    assert reached(ask(atlan, chain["two"], direction="INPUT")) == [("B", 1), ("one", 2), ("A", 2)]


def test_results_are_paged(atlan, chain):
    start = atlan.seeded("A")["guid"]
    pages = [ask(atlan, start, size=3, **{"from": number}) for number in (0, 3, 6)]
    assert [page["entityCount"] for page in pages] == [3, 3, 1]
    assert [page["hasMore"] for page in pages] == [True, True, False]
    together = [one for page in pages for one in reached(page)]
    assert together == reached(ask(atlan, start))


def test_an_end_has_no_downstream(atlan, chain):
    answer = ask(atlan, atlan.seeded("E")["guid"])
    assert answer["entities"] == []
    assert answer["hasMore"] is False


def test_cycles_end(atlan):
    atlan.create(atlan.process("one", "A", "B"))
    atlan.create(atlan.process("two", "B", "A"))
    atlan.create(atlan.process("self", "A", "A"))
    answer = ask(atlan, atlan.seeded("A")["guid"])
    assert sorted(reached(answer)) == [("B", 1), ("one", 1), ("self", 1), ("two", 2)]


def test_requested_attributes_are_returned(atlan, chain):
    answer = ask(atlan, atlan.seeded("A")["guid"], attributes=["columnCount", "outputs"], size=2)
    process, table = answer["entities"]
    assert table["attributes"]["columnCount"] == 2
    assert process["attributes"]["outputs"][0]["guid"] == table["guid"]


def names_of(entity, side):
    return [one["name"] for one in entity[side]] if side in entity else None


def immediate_neighbors(answer):
    return {
        one["attributes"]["name"]: (names_of(one, "immediateUpstream"), names_of(one, "immediateDownstream"))
        for one in answer["entities"]
    }


def test_start_and_immediate_neighbors_are_returned_on_request(atlan, chain):
    answer = ask(atlan, atlan.seeded("A")["guid"], immediateNeighbours=True)
    assert reached(answer)[0] == ("A", 0)
    assert immediate_neighbors(answer) == {
        "A": (None, ["B"]),
        "one": (None, ["three", "two"]),
        "B": (["A"], ["C", "D", "E"]),
        "two": (["one"], None),
        "three": (["one"], None),
        "C": (["B"], None),
        "D": (["B"], None),
        "E": (["B"], None),
    }
    (shown,) = (one for one in answer["entities"] if one["attributes"]["name"] == "C")
    assert set(shown["immediateUpstream"][0]) == {"guid", "name", "qualifiedName"}


def test_immediate_neighbors_are_returned_upstream(atlan, chain):
    answer = ask(atlan, atlan.seeded("C")["guid"], direction="INPUT", immediateNeighbours=True)
    assert immediate_neighbors(answer) == {
        "C": (["B"], None),
        "two": (["one"], None),
        "B": (["A"], ["C"]),
        "one": (None, ["two"]),
        "A": (None, ["B"]),
    }


def test_immediate_neighbors_of_a_process_are_processes(atlan, chain):
    answer = ask(atlan, chain["one"], immediateNeighbours=True)
    assert reached(answer)[0] == ("one", 1)
    shown = immediate_neighbors(answer)
    assert (shown["one"], shown["B"]) == ((None, ["three", "two"]), (None, ["C", "D", "E"]))


def test_each_page_begins_with_the_uncounted_start(atlan, chain):
    start = atlan.seeded("A")["guid"]
    pages = [ask(atlan, start, size=4, immediateNeighbours=True, **{"from": at}) for at in (0, 4)]
    assert [len(page["entities"]) for page in pages] == [5, 4]
    assert [page["entityCount"] for page in pages] == [4, 3]
    assert [page["hasMore"] for page in pages] == [True, False]
    assert all(reached(page)[0] == ("A", 0) for page in pages)


def test_archived_processes_are_not_traversed(atlan, chain):
    atlan.delete(chain["two"], how="SOFT")
    for filters in ({}, FILTERS):
        names = {name for name, _ in reached(ask(atlan, atlan.seeded("B")["guid"], **filters))}
        assert names == {"three", "E"}
        assert reached(ask(atlan, atlan.seeded("C")["guid"], direction="INPUT", **filters)) == []
    assert reached(ask(atlan, chain["two"])) == []


def test_archived_assets_are_not_traversed(atlan, chain):
    atlan.delete(atlan.seeded("B")["guid"], how="SOFT")
    assert reached(ask(atlan, atlan.seeded("A")["guid"])) == [("one", 1)]
    assert reached(ask(atlan, atlan.seeded("C")["guid"], direction="INPUT")) == [("two", 1)]
    assert reached(ask(atlan, atlan.seeded("B")["guid"])) == []


def test_only_traversal_filters_stop_the_traversal(atlan, chain):
    criterion = {"attributeName": "name", "operator": "!=", "attributeValue": "one"}
    others = {"condition": "AND", "criterion": [criterion]}
    start = atlan.seeded("A")["guid"]
    assert reached(ask(atlan, start, entityTraversalFilters=others)) == []
    names = [name for name, _ in reached(ask(atlan, start, entityFilters=others))]
    assert sorted(names) == ["B", "C", "D", "E", "three", "two"]


def test_relationship_filters_apply_to_edges(atlan, chain):
    criterion = {"attributeName": "__typeName", "operator": "=", "attributeValue": "catalog_process_inputs"}
    inputs_only = {"condition": "AND", "criterion": [criterion]}
    answer = ask(atlan, atlan.seeded("A")["guid"], relationshipTraversalFilters=inputs_only)
    assert reached(answer) == [("one", 1)]


def test_dropped_edges_are_not_traversed(atlan, chain):
    atlan.save(atlan.process("two", inputs="", outputs=None))
    names = {name for name, _ in reached(ask(atlan, atlan.seeded("B")["guid"]))}
    assert names == {"three", "E"}


CRITERIA = [
    ("name", "=", "C", {"C"}),
    ("name", "eq", "C", {"C"}),
    ("name", "!=", "C", {"D", "E", "two", "three"}),
    ("name", "startsWith", "t", {"two", "three"}),
    ("name", "endsWith", "ee", {"three"}),
    ("name", "contains", "h", {"three"}),
    ("name", "like", "w", {"two"}),
    ("name", "not_contains", "t", {"C", "D", "E"}),
    ("__typeName", "in", "Table, View", {"C", "D", "E"}),
    ("columnCount", ">", "1", {"C", "D", "E"}),
    ("columnCount", "<=", "1", set()),
    ("columnCount", ">=", 2, {"C", "D", "E"}),
    ("columnCount", "<", "x", set()),
    ("columnCount", "isNull", "", {"two", "three"}),
    ("columnCount", "notNull", "", {"C", "D", "E"}),
    ("__hasLineage", "=", True, {"C", "D", "E", "two", "three"}),
]


@pytest.mark.parametrize(("name", "operator", "value", "expected"), CRITERIA)
def test_criteria_match(atlan, chain, name, operator, value, expected):
    criterion = {"attributeName": name, "operator": operator, "attributeValue": value}
    answer = ask(
        atlan, atlan.seeded("B")["guid"], entityFilters={"condition": "AND", "criterion": [criterion]}
    )
    assert {name for name, _ in reached(answer)} == expected


def test_criteria_can_be_nested(atlan, chain):
    either = [{"attributeName": "name", "operator": "=", "attributeValue": name} for name in ("C", "E")]
    nested = {
        "condition": "AND",
        "criterion": [{"condition": "OR", "criterion": either}, *ACTIVE["criterion"]],
    }
    answer = ask(atlan, atlan.seeded("B")["guid"], entityFilters=nested)
    assert {name for name, _ in reached(answer)} == {"C", "E"}


REFUSED = [
    {"guid": None},
    {"guid": ""},
    {"size": None},
    {"size": -1},
    {"from": None},
    {"from": -1},
    {"from": "0"},
    {"depth": None},
    {"depth": -1},
    {"depth": 1_073_741_824},
    {"depth": True},
    {"direction": None},
    {"direction": "SIDEWAYS"},
    {"direction": "BOTH"},
    {"entityFilters": ["x"]},
    {"entityFilters": {"criterion": [{"attributeName": "a", "operator": "about", "attributeValue": "b"}]}},
]


@pytest.mark.parametrize("change", REFUSED)
def test_invalid_requests_are_refused(atlan, change):
    body = {
        "guid": atlan.seeded("A")["guid"],
        "depth": 1,
        "direction": "OUTPUT",
        "from": 0,
        "size": 1,
        **change,
    }
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_an_unknown_start_is_refused(atlan):
    body = {"guid": str(uuid.uuid4()), "depth": 1, "direction": "OUTPUT", "from": 0, "size": 1}
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")


def test_a_start_of_a_type_without_lineage_is_refused(atlan):
    connection = atlan.by_name(atlan.connection, "Connection")["guid"]
    body = {"guid": connection, "depth": 1, "direction": "OUTPUT", "from": 0, "size": 1}
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-011")
