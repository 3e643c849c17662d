"""Walks between processes and assets."""

from __future__ import annotations

from local.writes import process, save

from atlan_pulumi.local.lineage import walk


def test_walks_return_the_nearest_entities_first(store):
    save(store, process("p", "A", "B"), process("q", "B", "C"), process("r", "C", "D"))
    start = store.entities.find("Table", "t/A")
    hops = list(walk(store, start, "OUTPUT", 2, lambda entity, edge: True))
    assert [(hop.entity.name, hop.depth) for hop in hops] == [("p", 1), ("B", 1), ("q", 2), ("C", 2)]
    assert (hops[0].source, hops[0].target) == (start.guid, hops[0].entity.guid)
    end = store.entities.find("Table", "t/D")
    back = list(walk(store, end, "INPUT", 1, lambda entity, edge: True))
    assert [hop.entity.name for hop in back] == ["r", "C"]
    assert back[0].target == end.guid


def test_walks_end_at_entities_that_are_not_accepted(store):
    save(store, process("p", "A", "B"), process("q", "B", "C"))
    start = store.entities.find("Table", "t/A")
    hops = walk(store, start, "OUTPUT", 9, lambda entity, edge: entity.name != "B")
    assert [hop.entity.name for hop in hops] == ["p"]
