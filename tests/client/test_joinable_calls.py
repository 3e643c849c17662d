"""Look-ups and removals that share a request have the results of single ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from client.callers import waiting
from client.entities import CONNECTION, process, table
from client.scripted_server import ScriptedServer, respond
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.local import LocalAtlan

NewServer = Callable[..., ScriptedServer]


@pytest.fixture
def local() -> Iterator[LocalAtlan]:
    """A local Atlan with a process, a column process, an archived process, and a table."""
    with LocalAtlan() as server, client_of(server) as client:
        client.entities.upsert([table("in")])
        names = [process(number, onto="Tin") for number in range(3)]
        names[1] = names[1].model_copy(update={"type_name": "ColumnProcess"})
        written = client.entities.upsert(names)
        client.entities.delete([str(written.guid_of("Process", name(2)))], "SOFT")
        yield server


def client_of(server: LocalAtlan) -> AtlanClient:
    return AtlanClient(ClientSettings(server.base_url, SecretStr(server.api_key)))


def name(number: int) -> str:
    return f"{CONNECTION}/p{number}"


def paths(server: LocalAtlan, since: int) -> list[str]:
    return [each["path"].rpartition("/meta/")[2] for each in server.requests()[since:]]


def test_look_ups_by_name_find_what_single_ones_find(local: LocalAtlan) -> None:
    with client_of(local) as alone:
        expected = [alone.entities.get_namesake("Process", name(number)) for number in range(4)]
    before = len(local.requests())
    with waiting(local) as callers:
        callers.look_up("Process", name(0), joins=False)
        for number in range(1, 4):
            callers.look_up("Process", name(number))
        callers.finish()
    assert paths(local, before) == ["entity/bulk/uniqueAttribute/type/Process"]
    assert [seen(callers.results[number]) for number in range(4)] == [seen(each) for each in expected]
    kinds = [(each.type_name, each.status) if each else None for each in expected]
    assert kinds == [("Process", "ACTIVE"), ("ColumnProcess", "ACTIVE"), ("Process", "DELETED"), None]


def seen(entity: Entity | None) -> object:
    """Return all of an entity except attributes that are not set."""
    if entity is None:
        return None
    attributes = {key: value for key, value in entity.attributes.items() if value is not None}
    return {**entity.model_dump(), "attributes": attributes}


def test_a_read_of_exactly_one_type_leaves_out_subtypes(local: LocalAtlan) -> None:
    with waiting(local) as callers:
        callers._start(lambda: callers.client.entities.get_by_qualified_name("Process", name(1)), joins=False)
        callers.look_up("Process", name(0))
        callers.finish()
    assert callers.results[0] is None
    assert callers.results[1]


def test_look_ups_by_guid_find_what_single_ones_find(local: LocalAtlan) -> None:
    with client_of(local) as alone:
        kinds = ["Process", "ColumnProcess", "Process"]
        named = [alone.entities.get_by_qualified_name(kind, name(n)) for n, kind in enumerate(kinds)]
        guids = [str(each and each.guid) for each in named]
        expected = [alone.entities.get(guid) for guid in guids]
    before = len(local.requests())
    with waiting(local) as callers:
        callers.look_up_guid(guids[0], joins=False)
        callers.look_up_guid(guids[1])
        callers.look_up_guid(guids[2])
        callers.finish()
    assert paths(local, before) == ["entity/bulk"]
    assert [seen(callers.results[number]) for number in range(3)] == [seen(each) for each in expected]
    assert [each and each.status for each in expected] == ["ACTIVE", "ACTIVE", "DELETED"]
    assert expected[0]
    assert expected[0].relationship_attributes["inputs"]


def test_an_unknown_guid_hides_no_other(local: LocalAtlan) -> None:
    with client_of(local) as alone:
        existing = alone.entities.get_by_qualified_name("Process", name(0))
    assert existing
    with waiting(local) as callers:
        callers.look_up_guid(str(existing.guid), joins=False)
        callers.look_up_guid("no-such-guid")
        callers.finish()
    assert (callers.results[0].guid, callers.results[1]) == (existing.guid, None)


@pytest.mark.parametrize("delete_type", ["PURGE", "HARD", "SOFT"])
def test_removals_share_a_request(delete_type: str, local: LocalAtlan) -> None:
    with client_of(local) as client:
        found = [client.entities.get_namesake("Process", name(number)) for number in range(2)]
        guids = [str(each and each.guid) for each in found]
        before = len(local.requests())
        with waiting(local) as callers:
            callers.delete(guids[0], delete_type, joins=False)
            callers.delete(guids[1], delete_type)
            callers.finish()
        assert paths(local, before) == ["entity/bulk"]
        assert f"deleteType={delete_type}" in local.requests()[-1]["query"]
        left = [client.entities.get(guid) for guid in guids]
    expected = ["DELETED", "DELETED"] if delete_type == "SOFT" else [None, None]
    assert [each and each.status for each in left] == expected
    assert set(callers.results) == {0, 1}


def test_removals_of_different_kinds_are_separate(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.delete("g1", "PURGE", joins=False)
        callers.delete("g2", "SOFT", joins=False)
        callers.delete("g3", "PURGE")
        callers.finish()
    assert sorted(each.query for each in server.received) == [
        [("deleteType", "PURGE"), ("guid", "g1"), ("guid", "g3")],
        [("deleteType", "SOFT"), ("guid", "g2")],
    ]


def test_a_refused_removal_does_not_stop_the_others(new_server: NewServer) -> None:
    """For example, the key may not remove one of the entities."""
    refusal = respond({"errorCode": "ATLAS-403-00-001", "errorMessage": "not that one"}, 403)
    server = new_server(refusal, respond({}))
    with waiting(server) as callers:
        callers.delete("g1", "PURGE", joins=False)
        callers.delete("g2", "PURGE")
        callers.finish()
    assert [len(each.query) - 1 for each in server.received] == [2, 1, 1]
    assert set(callers.results) == {0, 1}


def test_a_guid_that_a_response_leaves_out_is_unknown(new_server: NewServer) -> None:
    found = process(0, onto="x").model_copy(update={"guid": "g1"})
    server = new_server(respond({"entities": [found.to_wire()]}))
    with waiting(server) as callers:
        callers.look_up_guid("g1", joins=False)
        callers.look_up_guid("g2")
        callers.finish()
    assert (callers.results[0].guid, callers.results[1]) == ("g1", None)


@pytest.mark.parametrize("kind", ["look-up", "removal"])
def test_a_failed_shared_request_is_not_repeated_but_split(kind: str, new_server: NewServer) -> None:
    """The cause may be one of the entities."""
    server = new_server(respond({}, 500), respond({"entity": process(0, onto="x").to_wire()}))
    with waiting(server) as callers:
        for guid in ("g1", "g2"):
            start = (
                callers.look_up_guid if kind == "look-up" else partial(callers.delete, delete_type="PURGE")
            )
            start(guid, joins=guid == "g2")
        callers.finish()
    assert [each.target.count("g1") + each.target.count("g2") for each in server.received] == [2, 1, 1]
    assert set(callers.results) == {0, 1}
