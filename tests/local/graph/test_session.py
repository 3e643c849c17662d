"""Sessions: the record of a write."""

from __future__ import annotations

from local.writes import process, save

from atlan_pulumi.local.graph import Session, delete_entities, restore_entities


def test_a_session_records_created_and_touched_entities(store):
    session, assignments = save(store, process("p", "AB", "C"))
    assert [one.name for one in session.created.values()] == ["p"]
    assert sorted(one.name for one in session.touched) == ["A", "B", "C"]
    assert (session.changed, session.deleted, session.written_count) == ({}, {}, 1)
    assert assignments == {"-1": next(iter(session.created))}


def test_a_session_stamps_changed_entities(store):
    session, _ = save(store, process("p", "A", "B"), user="ann", now=7)
    (created,) = session.created.values()
    assert (created.created_by, created.create_time, created.update_time) == ("ann", 7, 7)
    session, _ = save(store, process("p", "AC", "B"), user="bob", now=9)
    found = store.entities.find("Process", "p")
    assert (found.created_by, found.updated_by, found.create_time, found.update_time) == ("ann", "bob", 7, 9)
    assert store.entities.find("Table", "t/C").updated_by == "bob"
    assert store.entities.find("Table", "t/A").updated_by == "ann"


def test_delete_and_restore_count_as_writes(store):
    _, assignments = save(store, process("p", "A", "B"))
    guid = assignments["-1"]
    for operation, name in (
        (lambda one: delete_entities(one, [guid], "SOFT"), "deleted"),
        (lambda one: restore_entities(one, [guid]), "changed"),
    ):
        with store.transaction():
            session = Session(store, "me")
            operation(session)
        assert list(getattr(session, name)) == [guid]
        assert session.written_count == 1
