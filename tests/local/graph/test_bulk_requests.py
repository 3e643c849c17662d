"""Bulk requests: the number of queries does not grow with the number of entities."""

from __future__ import annotations

import pytest
from local.writes import process, save

from atlan_pulumi.local._views import mutation_response, show_entities
from atlan_pulumi.local.graph import Session, delete_entities
from atlan_pulumi.local.store import SqliteDatabase


@pytest.fixture
def queries(monkeypatch):
    counted = []
    read = SqliteDatabase.rows

    def count(self, sql, parameters=()):
        counted.append(sql)
        return read(self, sql, parameters)

    monkeypatch.setattr(SqliteDatabase, "rows", count)
    return counted


def create(store, names):
    return mutation_response(*save(store, *(process(name, "AB", "C", guid=f"-{name}") for name in names)))


def delete(store, guids, delete_type="PURGE"):
    with store.transaction():
        session = Session(store, "me")
        delete_entities(session, guids, delete_type)
    return mutation_response(session)


def counts(queries, operation, small, large):
    """Return the number of queries of an operation for few and for many entities."""
    found = []
    for argument in (small, large):
        queries.clear()
        operation(argument)
        found.append(len(queries))
    return found


def test_writes_reads_and_deletions_need_few_queries(store, queries):
    few, many = ["x"], [f"p{number}" for number in range(40)]
    one, forty = counts(queries, lambda names: create(store, names), few, many)
    assert one == forty
    guids = [store.entities.find("Process", name).guid for name in (*few, *many)]

    def read(wanted):
        show_entities(store, list(store.entities.get_many(wanted).values()))

    one, forty = counts(queries, read, guids[:1], guids[1:])
    assert one == forty
    one, forty = counts(queries, lambda wanted: delete(store, wanted), guids[:1], guids[1:])
    assert one == forty


def test_a_name_that_was_unknown_is_found_after_its_creation(store):
    with store.transaction():
        session = Session(store, "me")
        session.preload(guids=["nope"], qualified_names=["new"])
        assert session.get("nope") is session.find("Process", "new") is None
        created = session.create("ColumnProcess", "new")
        assert session.find("Process", "new") is created
        session.flush()
        assert session.find("ColumnProcess", "new") is created
        assert [one.guid for one in store.entities.find_all("new")] == [created.guid]


def test_an_asset_and_its_process_are_archived_together(store):
    create(store, ["p"])
    found = store.entities.find("Process", "p")
    asset = store.entities.find("Table", "t/A")
    answer = delete(store, [asset.guid, found.guid, asset.guid, "nope"], "SOFT")
    assert [one["guid"] for one in answer["mutatedEntities"]["DELETE"]] == [asset.guid, found.guid]
    assert {one["attributes"]["name"] for one in answer["mutatedEntities"]["UPDATE"]} == {"B", "C"}
    assert [edge.status for edge in store.edges.of(asset.guid)] == ["DELETED"]
    assert [edge.status for edge in store.edges.of(found.guid)] == ["DELETED", "ACTIVE", "ACTIVE"]


def test_a_purged_asset_and_its_process_leave_no_edges(store):
    create(store, ["p", "q"])
    guids = [store.entities.find("Table", "t/A").guid, store.entities.find("Process", "p").guid]
    delete(store, guids)
    assert [store.edges.of(guid) for guid in guids] == [[], []]
    assert len(store.edges.of(store.entities.find("Process", "q").guid)) == 2
