"""`lineage/list`: who lies up- and downstream, how deep, on which page."""

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


def test_downstream_with_depths(atlan, chain):
    answer = ask(atlan, atlan.named("A")["guid"])
    assert reached(answer)[:2] == [("one", 1), ("B", 1)]
    assert sorted(reached(answer)[2:]) == [("C", 2), ("D", 2), ("E", 2), ("three", 2), ("two", 2)]
    assert (answer["hasMore"], answer["entityCount"]) == (False, 7)


def test_upstream(atlan, chain):
    answer = ask(atlan, atlan.named("C")["guid"], direction="INPUT")
    assert reached(answer) == [("two", 1), ("B", 1), ("one", 2), ("A", 2)]


def test_depth(atlan, chain):
    assert reached(ask(atlan, atlan.named("A")["guid"], depth=1)) == [("one", 1), ("B", 1)]
    assert reached(ask(atlan, atlan.named("A")["guid"], depth=0)) == []


def test_from_a_process(atlan, chain):
    assert reached(ask(atlan, chain["one"], depth=1)) == [("B", 1)]
    assert reached(ask(atlan, chain["two"], direction="INPUT")) == [("B", 1), ("one", 2), ("A", 2)]


def test_both_ways(atlan, chain):
    names = {name for name, _ in reached(ask(atlan, atlan.named("B")["guid"], direction="BOTH"))}
    assert names == {"one", "A", "two", "C", "D", "three", "E"}


def test_pages(atlan, chain):
    start = atlan.named("A")["guid"]
    pages = [ask(atlan, start, size=3, **{"from": number}) for number in (0, 3, 6)]
    assert [page["entityCount"] for page in pages] == [3, 3, 1]
    assert [page["hasMore"] for page in pages] == [True, True, False]
    together = [one for page in pages for one in reached(page)]
    assert together == reached(ask(atlan, start))


def test_nothing_downstream(atlan, chain):
    answer = ask(atlan, atlan.named("E")["guid"])
    assert answer["entities"] == []
    assert answer["hasMore"] is False


def test_circles_end(atlan):
    atlan.create(atlan.process("one", "A", "B"))
    atlan.create(atlan.process("two", "B", "A"))
    atlan.create(atlan.process("self", "A", "A"))
    answer = ask(atlan, atlan.named("A")["guid"])
    assert sorted(reached(answer)) == [("B", 1), ("one", 1), ("self", 1), ("two", 2)]


def test_attributes(atlan, chain):
    answer = ask(atlan, atlan.named("A")["guid"], attributes=["columnCount", "outputs"], size=2)
    process, table = answer["entities"]
    assert table["attributes"]["columnCount"] == 2
    assert process["attributes"]["outputs"][0]["guid"] == table["guid"]


def test_start_and_neighbours_on_request(atlan, chain):
    answer = ask(atlan, atlan.named("B")["guid"], immediateNeighbours=True)
    assert reached(answer)[0] == ("B", 0)
    shown = {one["attributes"]["name"]: one for one in answer["entities"]}
    assert sorted(one["name"] for one in shown["B"]["immediateDownstream"]) == ["three", "two"]
    assert [one["name"] for one in shown["C"]["immediateUpstream"]] == ["two"]
    assert shown["C"]["immediateDownstream"] == []
    assert set(shown["C"]["immediateUpstream"][0]) == {"guid", "name", "qualifiedName"}


def test_archived_ones_show_unless_filtered(atlan, chain):
    atlan.delete(chain["two"], how="SOFT")
    start = atlan.named("B")["guid"]
    everything = {name for name, _ in reached(ask(atlan, start))}
    assert everything == {"two", "C", "D", "three", "E"}
    assert {name for name, _ in reached(ask(atlan, start, **FILTERS))} == {"three", "E"}
    results_only = {name for name, _ in reached(ask(atlan, start, entityFilters=ACTIVE))}
    assert results_only == {"C", "D", "three", "E"}


def test_dropped_edges_are_not_followed(atlan, chain):
    atlan.save(atlan.process("two", inputs="", outputs=None))
    names = {name for name, _ in reached(ask(atlan, atlan.named("B")["guid"]))}
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
def test_criteria(atlan, chain, name, operator, value, expected):
    criterion = {"attributeName": name, "operator": operator, "attributeValue": value}
    answer = ask(
        atlan, atlan.named("B")["guid"], entityFilters={"condition": "AND", "criterion": [criterion]}
    )
    assert {name for name, _ in reached(answer)} == expected


def test_nested_criteria(atlan, chain):
    either = [{"attributeName": "name", "operator": "=", "attributeValue": name} for name in ("C", "E")]
    nested = {
        "condition": "AND",
        "criterion": [{"condition": "OR", "criterion": either}, *ACTIVE["criterion"]],
    }
    answer = ask(atlan, atlan.named("B")["guid"], entityFilters=nested)
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
    {"entityFilters": ["x"]},
    {"entityFilters": {"criterion": [{"attributeName": "a", "operator": "about", "attributeValue": "b"}]}},
]


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_refused(atlan, change):
    body = {
        "guid": atlan.named("A")["guid"],
        "depth": 1,
        "direction": "OUTPUT",
        "from": 0,
        "size": 1,
        **change,
    }
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_unknown_start(atlan):
    body = {"guid": str(uuid.uuid4()), "depth": 1, "direction": "OUTPUT", "from": 0, "size": 1}
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")


def test_start_without_lineage(atlan):
    connection = atlan.by_name(atlan.connection, "Connection")["guid"]
    body = {"guid": connection, "depth": 1, "direction": "OUTPUT", "from": 0, "size": 1}
    response = atlan.raw.post("/api/meta/lineage/list", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-011")
