"""client.entities.get_many: unknown GUIDs are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from client.entities import table
from client.scripted_server import Connection, ScriptedServer, respond
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, NotFoundError
from atlan_pulumi.local import LocalAtlan

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
MANY = 230


@pytest.fixture(scope="module")
def local() -> Iterator[LocalAtlan]:
    with LocalAtlan() as server:
        yield server


@pytest.fixture(scope="module")
def client(local: LocalAtlan) -> Iterator[AtlanClient]:
    settings = ClientSettings(local.base_url, SecretStr(local.api_key), requests_per_minute=0)
    with AtlanClient(settings) as client:
        yield client


@pytest.fixture(scope="module")
def guids(client: AtlanClient) -> list[str]:
    outcomes = client.bulk.upsert([table(number) for number in range(MANY)])
    return [outcome.guid for outcome in outcomes if outcome.guid]


def requests(server: LocalAtlan) -> int:
    return int(server.stats()["requests"].get("GET /api/meta/entity/bulk", 0))


def test_requests_contain_a_hundred_guids(client: AtlanClient, local: LocalAtlan, guids: list[str]) -> None:
    before = requests(local)
    found = client.entities.get_many([*guids, *guids])
    assert list(found) == guids
    assert all(guid == entity.guid and entity.relationship_attributes for guid, entity in found.items())
    assert requests(local) - before == 3
    bare = client.entities.get_many(guids[:2], relationships=False)
    assert all(entity.name and not entity.relationship_attributes for entity in bare.values())


def test_archived_entities_are_returned(client: AtlanClient, guids: list[str]) -> None:
    client.entities.delete(guids[:1], "SOFT")
    assert client.entities.get_many(guids[:1])[guids[0]].status == "DELETED"


@given(st.data())
def test_unknown_guids_are_left_out_with_few_requests(
    client: AtlanClient, local: LocalAtlan, guids: list[str], data: st.DataObject
) -> None:
    known = data.draw(st.lists(st.sampled_from(guids), unique=True, max_size=60))
    unknown = [
        str(each)
        for each in data.draw(st.lists(st.builds(UUID, int=st.integers(0, 99)), unique=True, max_size=9))
    ]
    asked = data.draw(st.permutations([*known, *unknown]))
    before = requests(local)
    assert set(client.entities.get_many(asked)) == set(known)
    assert requests(local) - before <= min(len(unknown), 2) + 1


def test_the_batch_is_halved_if_the_error_names_no_guid(scripted: Scripted) -> None:
    asked: list[list[str]] = []

    def one_is_unknown(connection: Connection) -> None:
        wanted = [value for name, value in server.received[-1].query if name == "guid"]
        asked.append(wanted)
        missing = {
            "errorCode": "ATLAS-404-00-005",
            "errorMessage": "Given instance guid is invalid/not found",
        }
        there = {"entities": [{"typeName": "Table", "guid": guid} for guid in wanted]}
        (respond(missing, 404) if "c" in wanted else respond(there))(connection)

    client, server = scripted(one_is_unknown)
    assert sorted(client.entities.get_many("abcdefgh")) == list("abdefgh")
    assert [len(wanted) for wanted in asked] == [8, 4, 2, 2, 1, 1, 4]


def test_any_other_404_is_raised(scripted: Scripted) -> None:
    client, _ = scripted(respond({"errorCode": "other", "errorMessage": "no g1"}, 404))
    with pytest.raises(NotFoundError):
        client.entities.get_many(["g1", "g2"])
    assert client.entities.get_many([]) == {}
