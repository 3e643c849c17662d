"""The endpoints behind the page."""

from __future__ import annotations

import httpx
import pytest

from atlan_pulumi.ownership_mark import mark

CONNECTION = "default/snowflake/1657025257"


def assets(atlan, **params):
    return atlan.ok(httpx.get(f"{atlan.server.base_url}/_local/assets", params=params))


def graph(atlan, guid, **params):
    return atlan.ok(httpx.get(f"{atlan.server.base_url}/_local/graph", params={"guid": guid, **params}))


def edges(found):
    names = {one["guid"]: one["name"] for one in found["nodes"]}
    return sorted((names[one["from"]], names[one["to"]]) for one in found["edges"])


def test_assets_are_listed_without_a_key(atlan):
    found = assets(atlan)
    assert found["counts"] == {
        "Column": 11,
        "Connection": 1,
        "Database": 1,
        "Schema": 1,
        "Table": 5,
        "View": 1,
    }
    assert found["total"] == len(found["assets"]) == 20
    order = [(one["typeName"], one["qualifiedName"]) for one in found["assets"]]
    assert order == sorted(order)
    assert set(found["assets"][0]) == {
        "guid",
        "typeName",
        "qualifiedName",
        "name",
        "status",
        "connectionQualifiedName",
        "updatedBy",
        "updateTime",
    }


def test_assets_are_filtered_by_type(atlan):
    found = assets(atlan, type="Table")
    assert [one["name"] for one in found["assets"]] == ["A", "B", "C", "D", "E"]
    assert found["total"] == 5
    assert found["counts"]["Column"] == 11


def test_assets_are_filtered_by_text(atlan):
    assert [one["name"] for one in assets(atlan, q="WAREHOUSE")["assets"]] == ["warehouse"]
    found = assets(atlan, q="default/a/")
    assert found["counts"] == {"Column": 2}
    assert assets(atlan, q="ops/default/a", type="Table")["total"] == 1
    assert assets(atlan, q="%")["total"] == 0


def test_assets_are_paged(atlan):
    pages = [assets(atlan, type="Table", offset=number, limit=2) for number in (0, 2, 4, 6)]
    assert [[one["name"] for one in page["assets"]] for page in pages] == [["A", "B"], ["C", "D"], ["E"], []]
    assert {page["total"] for page in pages} == {5}
    assert assets(atlan, limit="x")["total"] == 20
    assert assets(atlan, limit=10**30, offset=10**30)["assets"] == []
    assert assets(atlan, limit="²")["total"] == 20


def test_archived_assets_show_their_status(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    (found,) = assets(atlan, type="Process")["assets"]
    assert found["status"] == "DELETED"


def test_the_graph_contains_upstream_and_downstream(atlan):
    atlan.create(atlan.process("one", "A", "B"))
    atlan.create(atlan.process("two", "B", "C", sql="select 1", ownerUsers=["ann"]))
    base = atlan.seeded("B")["guid"]
    found = graph(atlan, base)
    assert found["base"] == base
    assert edges(found) == [("A", "one"), ("B", "two"), ("one", "B"), ("two", "C")]
    nodes = {one["name"]: one for one in found["nodes"]}
    assert {name for name, one in nodes.items() if one["isProcess"]} == {"one", "two"}
    assert nodes["two"]["attributes"]["sql"] == "select 1"
    assert nodes["two"]["attributes"]["ownerUsers"] == ["ann"]
    assert nodes["A"]["parent"] is None
    assert nodes["one"]["updatedBy"] == "service-account-apikey-local"


NESTED = mark("acme/shop/prod", "load-orders", "shop:Nightly$atlan:Process", "3f9c2e1a")


@pytest.mark.parametrize(
    ("text", "stack", "resource", "own_type", "origin"),
    [
        (NESTED, "acme/shop/prod", "load-orders", "atlan:Process", "3f9c2e1a"),
        (mark("team a", "x", origin="3f9c2e1a"), "team a", "x", "atlan:Process", "3f9c2e1a"),
        ("pulumi:shop/prod#load-orders", "shop/prod", "load-orders", "", ""),
        ("pulumi:shop/prod#shop:Nightly$load-orders", "shop/prod", "load-orders", "", ""),
        ("pulumi:shop/prod#load$1", "shop/prod", "1", "", ""),
        (mark("s", "a@b::c#d", origin="3f9c2e1a"), "s", "a@b::c#d", "atlan:Process", "3f9c2e1a"),
    ],
    ids=["nested", "custom-text", "earlier", "earlier-nested", "earlier-dollar", "name-like-a-mark"],
)
def test_the_graph_contains_the_owner(atlan, text, stack, resource, own_type, origin):
    guid = atlan.create(atlan.process("one", "A", "B", lastSyncWorkflowName=text))
    owners = {one["guid"]: one["managedBy"] for one in graph(atlan, guid)["nodes"]}
    assert owners.pop(guid) == {
        "stack": stack,
        "resource": resource,
        "type": own_type,
        "origin": origin,
        "mark": text,
    }
    assert set(owners.values()) == {None}, "the tables have no mark"


@pytest.mark.parametrize("text", [None, "", "atlan-snowflake-crawler", "pulumi", "PULUMI:shop/prod#x"])
def test_an_asset_without_a_mark_has_no_owner(atlan, text):
    guid = atlan.create(atlan.process("one", "A", "B", lastSyncWorkflowName=text))
    assert {one["managedBy"] for one in graph(atlan, guid)["nodes"]} == {None}


def test_an_archived_asset_keeps_its_owner(atlan):
    guid = atlan.create(atlan.process("one", "A", "B", lastSyncWorkflowName=NESTED))
    atlan.delete(guid, how="SOFT")
    assert graph(atlan, guid)["nodes"][0]["managedBy"]["resource"] == "load-orders"


def test_direction_and_depth_limit_the_graph(atlan):
    for name, source, target in (("one", "A", "B"), ("two", "B", "C"), ("three", "C", "D")):
        atlan.create(atlan.process(name, source, target))
    base = atlan.seeded("B")["guid"]
    assert edges(graph(atlan, base, direction="INPUT")) == [("A", "one"), ("one", "B")]
    assert edges(graph(atlan, base, direction="output", depth=1)) == [("B", "two"), ("two", "C")]
    assert len(edges(graph(atlan, base, direction="OUTPUT"))) == 4
    assert edges(graph(atlan, base, depth=0)) == []
    assert len(edges(graph(atlan, base, depth="x"))) == 6


def test_an_asset_without_lineage_is_a_single_node(atlan):
    guid = atlan.seeded("E")["guid"]
    found = graph(atlan, guid)
    assert [one["guid"] for one in found["nodes"]] == [guid]
    assert found["edges"] == []
    connection = atlan.by_name(CONNECTION, "Connection")["guid"]
    assert [one["typeName"] for one in graph(atlan, connection)["nodes"]] == ["Connection"]


def test_archived_processes_and_dropped_edges_are_omitted(atlan):
    guid = atlan.create(atlan.process("one", "A B", "C"))
    atlan.save(atlan.process("one", "A", None))
    assert edges(graph(atlan, guid)) == [("A", "one"), ("one", "C")]
    atlan.delete(guid, how="SOFT")
    assert edges(graph(atlan, atlan.seeded("A")["guid"])) == []


def test_the_column_level_of_a_table_shows_its_columns(atlan):
    process = atlan.create(atlan.process("load", "A", "B"))
    column_process = atlan.create(atlan.column_process("cp"))
    table = atlan.seeded("A")
    found = graph(atlan, table["guid"], columns="true")
    assert edges(found) == [("ID", "cp"), ("cp", "ID")]
    nodes = {one["guid"]: one for one in found["nodes"]}
    parents = {one["qualifiedName"]: one["parent"] for one in nodes.values()}
    assert parents[f"{CONNECTION}/OPS/DEFAULT/A/ID"] == table["guid"]
    assert parents[f"{CONNECTION}/OPS/DEFAULT/A/TOTAL"] == table["guid"]
    assert parents[f"{CONNECTION}/OPS/DEFAULT/B/ID"] == atlan.seeded("B")["guid"]
    assert nodes[column_process]["parent"] == process
    assert nodes[column_process]["isProcess"] is True


def test_the_column_level_of_a_process_shows_its_column_processes(atlan):
    process = atlan.create(atlan.process("load", "A", "B"))
    atlan.create(atlan.column_process("cp"))
    assert edges(graph(atlan, process, columns="true")) == [("ID", "cp"), ("cp", "ID")]


def test_the_graph_can_start_at_a_column(atlan):
    atlan.create(atlan.process("load", "A", "B"))
    atlan.create(atlan.column_process("cp"))
    for columns in ("true", "false"):
        assert edges(graph(atlan, atlan.seeded("A/ID", "Column")["guid"], columns=columns)) == [
            ("ID", "cp"),
            ("cp", "ID"),
        ]


def test_a_missing_asset_is_404(atlan):
    response = httpx.get(f"{atlan.server.base_url}/_local/graph", params={"guid": "x"})
    assert response.status_code == 404
    assert "error" in response.json()


def test_the_page_is_served_without_the_key(atlan):
    response = httpx.get(atlan.server.base_url)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert atlan.server.api_key not in response.headers.values()


def test_static_files_stay_in_their_folder(atlan):
    for path in ("../__init__.py", "..%2f__init__.py", "%2e%2e/_server.py", "nope.js"):
        assert httpx.get(f"{atlan.server.base_url}/_local/static/{path}").status_code == 404
