"""Lineage graphs: by GUID, by name, by request, and on demand."""

from __future__ import annotations

import uuid

import pytest

PATH = "/api/meta/lineage"


@pytest.fixture
def chain(atlan):
    """A → one → B → two → C, D; and B → three → E."""
    return {
        "one": atlan.create(atlan.process("one", "A", "B")),
        "two": atlan.create(atlan.process("two", "B", "C D")),
        "three": atlan.create(atlan.process("three", "B", "E")),
    }


def guid_of(atlan, name):
    return atlan.seeded(name)["guid"]


def graph(atlan, start, **params):
    return atlan.ok(atlan.raw.get(f"{PATH}/{start}", params=params))


def post(atlan, start, **body):
    return atlan.ok(atlan.raw.post(f"{PATH}/getlineage", json={"guid": start, **body}))


def edges(answer):
    """Return the relations by names: source, target, and the process between them if processes are hidden."""
    names = {guid: one["attributes"]["name"] for guid, one in answer["guidEntityMap"].items()}
    keys = ("fromEntityId", "toEntityId", "processId")
    return {tuple(names[one[key]] for key in keys if key in one) for one in answer["relations"]}


ALL = {("A", "one"), ("one", "B"), ("B", "two"), ("two", "C"), ("two", "D"), ("B", "three"), ("three", "E")}


def test_the_graph_contains_all_lineage(atlan, chain):
    answer = graph(atlan, guid_of(atlan, "B"))
    assert edges(answer) == ALL
    assert (answer["baseEntityGuid"], answer["lineageDirection"], answer["lineageDepth"]) == (
        guid_of(atlan, "B"),
        "BOTH",
        3,
    )
    assert {"limit", "offset", "hasMoreUpstreamVertices", "hasMoreDownstreamVertices"} <= set(answer)
    assert {one["typeName"] for one in answer["guidEntityMap"].values()} == {"Table", "Process"}


def test_relations_have_guids(atlan, chain):
    answer = graph(atlan, guid_of(atlan, "A"), depth=1)
    known = {one["relationshipGuid"] for one in atlan.get(chain["one"])["relationshipAttributes"]["inputs"]}
    assert known < {one["relationshipId"] for one in answer["relations"]}


def test_direction_and_depth_limit_the_graph(atlan, chain):
    start = guid_of(atlan, "A")
    assert edges(graph(atlan, start, direction="OUTPUT", depth=1)) == {("A", "one"), ("one", "B")}
    assert edges(graph(atlan, start, direction="INPUT")) == set()
    assert edges(graph(atlan, guid_of(atlan, "C"), direction="INPUT", depth=0)) == {
        ("A", "one"),
        ("one", "B"),
        ("B", "two"),
        ("two", "C"),
    }
    assert edges(graph(atlan, start, depth=0)) == ALL


def test_a_start_without_lineage_is_in_the_graph(atlan):
    start = guid_of(atlan, "A")
    answer = graph(atlan, start)
    assert (list(answer["guidEntityMap"]), answer["relations"]) == ([start], [])


def test_a_graph_can_start_at_a_process(atlan, chain):
    assert edges(graph(atlan, chain["two"], depth=1)) == {("B", "two"), ("two", "C"), ("two", "D")}
    assert edges(graph(atlan, chain["one"], direction="OUTPUT", depth=2)) == ALL - {("A", "one")}
    response = atlan.raw.get(f"{PATH}/{chain['two']}", params={"hideProcess": "true"})
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-017")


def test_processes_can_be_hidden(atlan, chain):
    answer = post(atlan, guid_of(atlan, "B"), hideProcess=True)
    assert edges(answer) == {("A", "B", "one"), ("B", "C", "two"), ("B", "D", "two"), ("B", "E", "three")}


def test_a_graph_can_start_at_a_name(atlan, chain):
    params = {"attr:qualifiedName": atlan.seeded("A")["attributes"]["qualifiedName"], "depth": 1}
    answer = atlan.ok(atlan.raw.get(f"{PATH}/uniqueAttribute/type/Table", params=params))
    assert edges(answer) == {("A", "one"), ("one", "B")}
    params["attr:qualifiedName"] = "nope"
    response = atlan.raw.get(f"{PATH}/uniqueAttribute/type/Table", params=params)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-009")


def test_archived_processes_are_included_on_request(atlan, chain):
    atlan.delete(chain["two"], how="SOFT")
    start = guid_of(atlan, "B")
    assert edges(post(atlan, start, direction="OUTPUT")) == {("B", "three"), ("three", "E")}
    every = post(atlan, start, direction="OUTPUT", allowDeletedProcess=True)
    assert edges(every) == ALL - {("A", "one"), ("one", "B")}


def test_filters_and_ignored_processes_apply(atlan, chain):
    start = guid_of(atlan, "B")
    criterion = {"attributeName": "name", "operator": "!=", "attributeValue": "C"}
    answer = post(
        atlan, start, entityFilters={"condition": "AND", "criterion": [criterion]}, attributes=["columnCount"]
    )
    assert edges(answer) == ALL - {("two", "C")}
    assert answer["guidEntityMap"][start]["attributes"]["columnCount"] == 2
    assert edges(post(atlan, start, ignoredProcesses=["Process"])) == set()


def test_cycles_end(atlan):
    atlan.create(atlan.process("one", "A", "B"))
    atlan.create(atlan.process("two", "B", "A"))
    atlan.create(atlan.process("self", "A", "A"))
    found = edges(graph(atlan, guid_of(atlan, "A"), depth=0))
    assert found == {("A", "one"), ("one", "B"), ("B", "two"), ("two", "A"), ("A", "self"), ("self", "A")}


def test_vertices_with_more_lineage_are_marked(atlan, chain):
    answer = graph(atlan, guid_of(atlan, "A"), direction="OUTPUT", depth=1)
    assert answer["vertexChildrenInfo"] == {
        chain["one"]: {"OUTPUT": True},
        guid_of(atlan, "B"): {"OUTPUT": True},
    }


REFUSED = [
    ({"guid": ""}, "ATLAS-400-00-029"),
    ({"direction": "DOWN"}, "ATLAS-400-00-029"),
    ({"depth": "3"}, "ATLAS-400-00-029"),
    ({"offset": 0}, "ATLAS-400-00-102"),
    ({"offset": 0, "limit": 1, "depth": 2}, "ATLAS-400-00-103"),
    ({"calculateRemainingVertexCounts": True}, "ATLAS-400-00-104"),
    ({"offset": 0, "limit": 1, "depth": 1}, "ATLAS-400-00-029"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_invalid_requests_are_refused(atlan, change, code):
    response = atlan.raw.post(f"{PATH}/getlineage", json={"guid": guid_of(atlan, "A"), **change})
    assert (response.status_code, response.json()["errorCode"]) == (400, code)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_invalid_starts_are_refused(atlan, method):
    connection = atlan.by_name(atlan.connection, "Connection")["guid"]
    for start, code in ((str(uuid.uuid4()), "ATLAS-404-00-005"), (connection, "ATLAS-404-00-011")):
        response = atlan.raw.request(method, f"{PATH}/{start}", json={})
        assert (response.status_code, response.json()["errorCode"]) == (404, code)


def on_demand(atlan, start, **body):
    return atlan.ok(atlan.raw.post(f"{PATH}/{start}", json=body))


def test_lineage_on_demand_has_the_shape_of_atlan(atlan, chain):
    start = guid_of(atlan, "B")
    answer = on_demand(atlan, start)
    assert edges(answer) == ALL
    assert answer["relationsOnDemand"] == {}
    depths = {one["attributes"]["name"]: one["depth"] for one in answer["guidEntityMap"].values()}
    assert (depths["A"], depths["B"], depths["C"]) == (-1, 0, 1)


def test_lineage_on_demand_limits_relations(atlan, chain):
    start = guid_of(atlan, "B")
    constraint = {"direction": "OUTPUT", "outputRelationsLimit": 1, "inputRelationsLimit": 1, "depth": 1}
    answer = on_demand(atlan, start, constraints={start: constraint})
    assert edges(answer) == {("B", "two"), ("two", "C"), ("two", "D")}
    assert answer["relationsOnDemand"][start]["hasMoreOutputs"] is True
    answer = on_demand(
        atlan, guid_of(atlan, "A"), constraints={guid_of(atlan, "A"): {"direction": "OUTPUT", "depth": 1}}
    )
    assert edges(answer) == {("A", "one"), ("one", "B")}
    assert answer["relationsOnDemand"] == {
        start: {"hasMoreInputs": False, "hasMoreOutputs": False, "hasUpstream": False, "hasDownstream": True}
    }
