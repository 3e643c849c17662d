"""Requests of `client.identities`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from client.scripted_server import Connection, ScriptedServer, respond

from atlan_pulumi.client import AtlanClient, InvalidAnswerError, NotFoundError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
ROLES = [{"name": "$admin", "id": "r1"}, {"name": "$member", "id": "r2"}, {"name": "$guest", "id": "r3"}]


def records(*found: dict[str, Any]) -> object:
    return respond({"totalRecord": len(found), "filterRecord": len(found), "records": list(found)})


NONE = records()


def test_roles_by_name(scripted: Scripted) -> None:
    client, server = scripted(records(*ROLES), NONE)
    assert client.identities.role_id("$admin") == "r1"
    assert client.identities.role_names() == ["$admin", "$guest", "$member"]
    assert client.identities.roles() == {"$admin": "r1", "$member": "r2", "$guest": "r3"}
    assert [each.path for each in server.received] == ["/api/service/roles"] * 2, "fetched once"
    query = dict(server.received[0].query)
    assert query["filter"].replace(" ", "") == '{"name":{"$ilike":"$%"}}'
    assert (query["offset"], query["limit"]) == ("0", "100")


def test_roles_returns_a_copy(scripted: Scripted) -> None:
    client, _ = scripted(records(*ROLES), NONE)
    client.identities.roles().clear()
    assert client.identities.role_id("$guest") == "r3"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("$amin", r"did you mean '\$admin'"),
        ("admin", r"did you mean '\$admin'"),
        ("zzz", r"it has '\$admin', '\$guest'"),
    ],
)
def test_an_unknown_role_suggests_similar_names(name: str, advice: str, scripted: Scripted) -> None:
    client, _ = scripted(records(*ROLES), NONE)
    with pytest.raises(NotFoundError, match=f"Atlan has no role '.*{advice}"):
        client.identities.role_id(name)


def test_a_tenant_without_roles(scripted: Scripted) -> None:
    client, _ = scripted(NONE)
    with pytest.raises(NotFoundError, match="it has none"):
        client.identities.role_id("$admin")


def test_users_are_paged_until_a_page_is_empty(scripted: Scripted) -> None:
    client, server = scripted(
        records({"username": "ann"}, {"username": "bob"}),
        records({"username": "cid"}, {"id": "nameless"}),
        NONE,
    )
    assert client.identities.user_exists("cid")
    assert client.identities.user_exists("ann")
    assert not client.identities.user_exists("Ann")
    assert [dict(each.query)["offset"] for each in server.received] == ["0", "2", "4"]
    assert {each.path for each in server.received} == {"/api/service/users"}


def test_a_repeated_page_ends_the_list(scripted: Scripted) -> None:
    client, server = scripted(records({"username": "ann"}))
    assert client.identities.user_exists("ann")
    assert len(server.received) == 2


def test_groups_by_internal_name(scripted: Scripted) -> None:
    client, server = scripted(records({"name": "group2", "alias": "Group Two"}), NONE)
    assert client.identities.group_exists("group2")
    assert not client.identities.group_exists("Group Two")
    assert {each.path for each in server.received} == {"/api/service/v2/groups"}


def test_users_of_api_tokens_are_looked_up_one_by_one(scripted: Scripted) -> None:
    client, server = scripted(records({"id": "k"}), NONE)
    known, unknown = "service-account-apikey-1", "service-account-apikey-2"
    assert client.identities.user_exists(known)
    assert client.identities.user_exists(known)
    assert not client.identities.user_exists(unknown)
    assert [each.path for each in server.received] == ["/api/service/apikeys"] * 2
    assert dict(server.received[0].query)["filter"].replace(" ", "") == '{"clientId":"apikey-1"}'


def test_threads_share_one_lookup(scripted: Scripted) -> None:
    client, server = scripted(records(*ROLES), NONE)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: client.identities.role_id("$admin"), range(32))) == {"r1"}
    assert len(server.received) == 2


def test_a_failed_lookup_is_repeated(scripted: Scripted) -> None:
    client, _ = scripted(respond({"records": "text"}), records(*ROLES), NONE)
    with pytest.raises(InvalidAnswerError, match="records"):
        client.identities.role_id("$admin")
    assert client.identities.role_id("$admin") == "r1"


def test_a_response_without_records_is_an_error(scripted: Scripted) -> None:
    client, _ = scripted(respond({}))
    with pytest.raises(InvalidAnswerError, match=r"GET /api/service/users: .*records: Field required"):
        client.identities.user_exists("ann")


def test_clients_do_not_share_lookups(scripted: Scripted, new_client: Callable[..., AtlanClient]) -> None:
    client, server = scripted(NONE)
    assert not client.identities.group_exists("x")
    server._script = [_groups]
    assert not client.identities.group_exists("x")
    assert new_client(server).identities.group_exists("x")


def _groups(connection: Connection) -> None:
    records({"name": "x"})(connection)  # type: ignore[operator]
