"""Entities that stay in Atlan because another stack manages them now: they are not called removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from review import previews
from review.previews import section
from support.atlan import SEED, WAREHOUSE, reset, table_name
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import GUIDS, OWNERSHIP_ATTRIBUTE, mark, pack_guids
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import Graph, Review

__all__ = ["client"]

OURS = mark("shop/dev", "load")
THEIRS = mark("shop/live", "loader")
STAYS = "stays: now managed as 'loader' by the stack 'shop/live'"
LOAD = previews.process("load", [0], [1], managed_by=OURS)
SET = {"x": {"inputs": "T0", "outputs": "T1"}, "y": {"inputs": "T2", "outputs": "T3"}}


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def server(shared: LocalAtlan) -> LocalAtlan:
    reset(shared)
    return shared


def make(client: AtlanClient, id_: str, owner: str | None, tables: tuple[int, int] = (0, 1)) -> str:
    """Create a process with a mark in Atlan, and return its GUID."""
    sides = {
        side: [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": table_name(number)}}]
        for side, number in zip(("inputs", "outputs"), tables, strict=True)
    }
    name = f"{WAREHOUSE}/{id_}"
    attributes = {"qualifiedName": name, "name": id_, OWNERSHIP_ATTRIBUTE: owner, **sides}
    client.entities.upsert([Entity(type_name="Process", guid="-1", attributes=attributes)])
    found = client.entities.get_by_qualified_name("Process", name)
    assert found
    return str(found.guid)


def gone(kind: str, name: str, props: previews.Props, **outputs: Any) -> previews.Event:
    event = previews.delete(kind, name, props)
    event["resourcePreEvent"]["metadata"]["old"]["outputs"] = outputs
    return event


def made(client: AtlanClient, *events: previews.Event, depth: int = 3) -> Review:
    return previews.review_of(*events, tenant=lambda: client, depth=depth)


def test_an_entity_that_another_stack_took_over_stays(client: AtlanClient) -> None:
    guid = make(client, "load", THEIRS)
    make(client, "next", None, (1, 2))
    review = made(client, gone("Process", "load", LOAD, guid=guid, own_mark=OURS))
    assert review.summary == ["1 process taken over by others.", previews.MAY_MERGE]
    assert section(review, "Moved") == [("Process load", "DB/S/T0 → DB/S/T1", STAYS)]
    assert [each.title for each in review.sections] == ["Moved"]
    assert (review.graph, review.impact.losses) == (Graph((), ()), ())


def test_our_entity_is_removed_even_without_outputs_in_the_log(client: AtlanClient) -> None:
    guid = make(client, "load", OURS)
    for outputs in ({"guid": guid, "own_mark": OURS}, {}):
        review = made(client, gone("Process", "load", LOAD, **outputs))
        assert section(review, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", "removed")]
        assert section(review, "Moved") == []


def test_an_entity_that_lost_its_mark_is_removed(client: AtlanClient) -> None:
    guid = make(client, "load", None)
    review = made(client, gone("Process", "load", LOAD, guid=guid, own_mark=OURS))
    assert review.summary[0] == "1 process removed."


def test_a_recreated_entity_stays(client: AtlanClient) -> None:
    make(client, "load", None)
    review = made(client, gone("Process", "load", LOAD, guid="another", own_mark=OURS))
    ((_, _, stays),) = section(review, "Moved")
    assert stays.startswith("stays: recreated in Atlan (last written by ")


def test_an_entity_that_a_refresh_found_recreated_stays(client: AtlanClient) -> None:
    """The state keeps the mark that the resource wrote; a hidden output has the mark of the refresh."""
    guid = make(client, "load", None)
    former = made(client, gone("Process", "load", LOAD, guid=guid, own_mark=""))
    review = made(client, gone("Process", "load", LOAD, guid=guid, own_mark=OURS, __own_mark=""))
    assert section(review, "Moved") == section(former, "Moved") != []


def test_an_entity_that_atlan_no_longer_has_is_removed(client: AtlanClient) -> None:
    review = made(client, gone("Process", "load", LOAD, guid="some", own_mark=OURS))
    assert review.summary[0] == "1 process removed."
    guid = make(client, "load", THEIRS)
    client.entities.delete([guid], "SOFT")
    review = made(client, gone("Process", "load", LOAD, guid=guid, own_mark=OURS))
    assert review.summary[0] == "1 process removed."


def test_each_entity_of_a_set_is_checked(client: AtlanClient) -> None:
    guids = [make(client, "x", THEIRS), make(client, "y", OURS, (2, 3))]
    props = previews.process_set(SET, managed_by=OURS)
    review = made(client, gone("ProcessSet", "set", props, own_mark=OURS, **{GUIDS: pack_guids(guids)}))
    assert review.summary[0] == "1 process removed, 1 process taken over by others."
    assert section(review, "Moved") == [("ProcessSet set: x", "DB/S/T0 → DB/S/T1", STAYS)]
    assert section(review, "Removed") == [("ProcessSet set: y", "DB/S/T2 → DB/S/T3", "removed")]
    assert [link.change for link in review.graph.links] == ["removed"]


@pytest.mark.parametrize(
    ("owner", "known", "title"), [(None, False, "Moved"), (None, True, "Removed"), (OURS, False, "Removed")]
)
def test_a_recreated_entity_of_a_set_stays_unless_it_has_our_mark(
    client: AtlanClient, owner: str | None, known: bool, title: str
) -> None:
    guid = make(client, "x", owner)
    props = previews.process_set({"x": SET["x"]}, managed_by=OURS)
    state = pack_guids([guid if known else "another"])
    review = made(client, gone("ProcessSet", "set", props, own_mark=OURS, **{GUIDS: state}), depth=1)
    assert next(each.title for each in review.sections if each.rows) == title


def test_a_connection_that_another_stack_took_over_stays(client: AtlanClient) -> None:
    found = client.entities.get_by_qualified_name("Connection", WAREHOUSE)
    assert found
    client.entities.upsert(
        [
            Entity(
                type_name="Connection",
                attributes={"qualifiedName": WAREHOUSE, "name": "warehouse", OWNERSHIP_ATTRIBUTE: THEIRS},
            )
        ]
    )
    props = {"connector": "snowflake", "name": "warehouse", "qualified_name": WAREHOUSE, "managed_by": OURS}
    event = gone("Connection", "wh", {**props, "force_destroy": True}, guid=found.guid, own_mark=OURS)
    review = made(client, event)
    assert review.summary == ["1 connection taken over by others.", previews.MAY_MERGE]
    assert section(review, "Moved") == [("Connection wh", "snowflake connection warehouse", STAYS)]
    assert not any("force_destroy" in cell for each in review.sections for row in each.rows for cell in row)


@pytest.mark.parametrize("own", ["own_mark", "__own_mark"])
def test_without_atlan_the_state_after_a_refresh_is_used(own: str) -> None:
    refreshed = gone("Process", "load", {**LOAD, "managed_by": THEIRS, own: OURS}, own_mark=OURS)
    assert section(previews.review_of(refreshed), "Moved") == [("Process load", "DB/S/T0 → DB/S/T1", STAYS)]
    imported = gone("Process", "load", {**LOAD, "managed_by": THEIRS})
    assert section(previews.review_of(imported), "Moved") == []


def test_a_link_that_another_stack_declares_is_not_drawn_as_removed(client: AtlanClient) -> None:
    """One of two processes between the same tables is removed; another stack declares the other one now."""
    ours, theirs = make(client, "load", OURS), make(client, "other", THEIRS)
    other = previews.process("other", [0], [1], managed_by=OURS)
    review = made(
        client,
        gone("Process", "load", LOAD, guid=ours, own_mark=OURS),
        gone("Process", "other", other, guid=theirs, own_mark=OURS),
    )
    assert [link.change for link in review.graph.links] == ["changed"]
    assert review.impact.losses == ()


def test_a_depth_of_zero_sends_no_request() -> None:
    event = gone("Process", "load", LOAD, guid="x", own_mark=OURS)
    review = previews.review_of(event, tenant=lambda: pytest.fail("asked"), depth=0)
    assert section(review, "Moved") == []
