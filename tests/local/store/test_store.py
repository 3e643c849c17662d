"""The tables of the store, and the indexes that queries use."""

from __future__ import annotations

import pytest

from atlan_pulumi.local.search._query import compile_query
from atlan_pulumi.local.store import Store, StoredEntity


@pytest.fixture
def store():
    opened = Store()
    yield opened
    opened.close()


def put(store, guid, type_name="Table", name=None, **more):
    attributes = {"qualifiedName": f"default/s/1/{name or guid}", "name": name or guid, **more}
    entity = StoredEntity(
        guid, type_name, created_by="me", updated_by="me", create_time=1, attributes=attributes
    )
    store.entities.put(entity)
    return entity


def test_a_stored_entity_is_read_unchanged(store):
    entity = put(store, "g", sql="select 'ü'", ownerUsers=["a"])
    entity.extras = {"labels": ["x"]}
    store.entities.put(entity)
    assert store.entities.get("g") == entity
    assert store.entities.get("nope") is None


def test_put_replaces_everything_but_the_creator(store):
    put(store, "g")
    changed = StoredEntity(
        "g", "Table", status="DELETED", created_by="other", updated_by="other", create_time=9
    )
    changed.attributes = {"qualifiedName": "new", "name": "n"}
    store.entities.put(changed)
    found = store.entities.get("g")
    assert (found.status, found.updated_by, found.qualified_name) == ("DELETED", "other", "new")
    assert (found.created_by, found.create_time) == ("me", 1)
    assert store.entities.count("1") == 1


def test_get_many_exceeds_the_limit_of_parameters(store):
    for number in range(1200):
        put(store, f"g{number}")
    wanted = [f"g{number}" for number in range(1100)]
    found = store.entities.get_many([*wanted, "g5", "nope"])
    assert set(found) == set(wanted)
    assert store.entities.get_many([]) == {}


def test_find_all_of_returns_what_find_all_returns(store):
    for number in range(900):
        put(store, f"g{number}", "Table" if number % 2 else "View", f"x{number // 2}")
    names = [f"default/s/1/x{number}" for number in range(460)]
    found = store.entities.find_all_of([*names, "nope"])
    assert list(found) == [*names, "nope"]
    assert found["nope"] == []
    assert all(found[name] == store.entities.find_all(name) for name in names)


def test_of_all_returns_what_of_returns(store):
    for number in range(900):
        store.edges.activate("r", f"g{number % 450}", f"g{number % 7}")
    guids = [f"g{number}" for number in range(450)]
    found = store.edges.of_all([*guids, "nope"])
    assert found["nope"] == []
    assert all(found[guid] == store.edges.of(guid) for guid in guids)


def test_find_prefers_the_exact_type(store):
    put(store, "sub", "ColumnProcess", "x")
    assert store.entities.find("Process", "default/s/1/x").guid == "sub"
    put(store, "exact", "Process", "x")
    assert store.entities.find("Process", "default/s/1/x").guid == "exact"
    assert store.entities.find("ColumnProcess", "default/s/1/x").guid == "sub"
    assert store.entities.find("Table", "default/s/1/x") is None


def test_a_failed_transaction_is_rolled_back(store):
    def fail():
        with store.transaction():
            put(store, "g")
            store.edges.activate("catalog_process_inputs", "p", "g")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.entities.get("g") is None
    assert store.edges.of("g") == []
    with store.transaction():
        put(store, "g")
    assert store.entities.get("g") is not None


def test_edges_are_found_by_their_ends(store):
    store.edges.activate("r", "a", "b")
    store.edges.activate("r", "a", "c")
    store.edges.activate("s", "b", "a")
    assert [edge.other("a") for edge in store.edges.of("a")] == ["b", "c", "b"]
    assert [edge.other("a") for edge in store.edges.at("a", "r", first=True)] == ["b", "c"]
    assert [edge.other("a") for edge in store.edges.at("a", "s", first=False)] == ["b"]
    assert store.edges.at("a", "r", first=False) == []


def test_a_dropped_edge_is_reactivated(store):
    store.edges.activate("r", "a", "b")
    (edge,) = store.edges.of("a")
    store.edges.drop([edge])
    assert store.edges.of("b")[0].status == "DELETED"
    store.edges.activate("r", "a", "b")
    assert store.edges.of("b") == [edge]


def test_self_loops_are_stored(store):
    store.edges.activate("r", "a", "a")
    (edge,) = store.edges.of("a")
    assert edge.other("a") == "a"
    store.edges.remove_all(["a"])
    assert store.edges.of("a") == []


def test_only_update_lineage_changes_the_lineage_flag(store):
    entity = put(store, "g")
    entity.has_lineage = True
    store.entities.put(entity)
    assert store.entities.get("g").has_lineage is False
    assert store.entities.update_lineage(["g", "nope"], "status = 'ACTIVE'") == ["g"]
    assert store.entities.update_lineage(["g", "nope"], "status = 'ACTIVE'") == []
    assert store.entities.get("g").has_lineage is True


def test_events_after_an_id_are_listed(store):
    for number in range(3):
        store.events.add("spark", number, "me", {"n": number})
    first, *rest = store.events.all_after()
    assert (first.connector, first.received_by, first.body) == ("spark", "me", {"n": 0})
    assert store.events.all_after(first.id) == rest
    assert store.events.all_after(rest[-1].id) == []


def test_clear_deletes_everything(store):
    put(store, "g")
    store.edges.activate("r", "g", "h")
    store.credentials.put("c", {"name": "x"})
    store.events.add("spark", 1, "me", {})
    store.clear()
    left = (store.entities.count("1"), store.edges.of("g"), store.credentials.all(), store.events.all_after())
    assert left == (0, [], [], [])


INDEXED = [
    {"term": {"__guid": "g"}},
    {"terms": {"__guid": ["g", "h"]}},
    {"term": {"qualifiedName": "default/s/1/x"}},
    {"terms": {"qualifiedName": ["a", "b"]}},
    {"prefix": {"qualifiedName": "default/s/"}},
    {"term": {"name.keyword": "X"}},
    {"term": {"connectionQualifiedName": "default/s/1"}},
    {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, {"term": {"name.keyword": {"value": "x"}}}]}},
    {"bool": {"should": [{"term": {"__guid": "g"}}, {"term": {"qualifiedName": "x"}}]}},
    {
        "bool": {
            "must": [{"bool": {"filter": {"term": {"__guid": "g"}}}}],
            "must_not": {"exists": {"field": "sql"}},
        }
    },
]


@pytest.mark.parametrize("query", INDEXED)
def test_common_searches_use_an_index(store, query):
    condition = compile_query(query)
    sql = f"EXPLAIN QUERY PLAN SELECT * FROM entity WHERE {condition.sql}"
    steps = [row[3] for row in store.entities._database.rows(sql, condition.values)]
    assert not [step for step in steps if step.startswith("SCAN entity")], steps


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM entity WHERE qualified_name = 'x'",
        "SELECT * FROM edge WHERE end1 = 'x' AND relationship = 'r'",
        "SELECT * FROM edge WHERE end2 = 'x' AND relationship = 'r'",
        "SELECT * FROM edge WHERE end1 = 'x' UNION SELECT * FROM edge WHERE end2 = 'x'",
        "SELECT * FROM entity WHERE type_name = 'Table' ORDER BY type_name, qualified_name LIMIT 5",
    ],
)
def test_lookups_use_an_index(store, sql):
    steps = [row[3] for row in store.entities._database.rows(f"EXPLAIN QUERY PLAN {sql}")]
    assert not [step for step in steps if step.startswith("SCAN")], steps
