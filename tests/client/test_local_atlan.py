"""The client with the local Atlan."""

from collections.abc import Iterator

import pytest
from client.clocks import LeapingClock
from pydantic import SecretStr

from atlan_pulumi.client import (
    AtlanClient,
    AuthenticationError,
    ClientSettings,
    Entity,
    EventsNotConfiguredError,
    InvalidAnswerError,
    NetworkError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    Reference,
    RejectedError,
)
from atlan_pulumi.local import LocalAtlan

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/RAW/PUBLIC"
NAMES = [f"T{number:03d}" for number in range(130)]
TABLES = [{"name": name, "columns": [{"name": "ID"}]} for name in NAMES]
SEED = {
    "connections": [
        {
            "name": "warehouse",
            "connector": "snowflake",
            "qualified_name": CONNECTION,
            "databases": [{"name": "RAW", "schemas": [{"name": "PUBLIC", "tables": TABLES}]}],
        }
    ]
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan, clock: LeapingClock) -> Iterator[AtlanClient]:
    settings = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
    with AtlanClient(settings, clock=clock) as client:
        yield client
    server.clear_faults()


def table(name: str) -> Reference:
    return Reference("Table", qualified_name=f"{SCHEMA}/{name}")


def process(name: str, inputs: list[Reference], outputs: list[Reference], **attributes: object) -> Entity:
    sent = {
        "qualifiedName": f"{CONNECTION}/{name}",
        "name": name,
        "connectionQualifiedName": CONNECTION,
        "inputs": [each.to_wire() for each in inputs],
        "outputs": [each.to_wire() for each in outputs],
    }
    return Entity(type_name="Process", attributes={**sent, **attributes})


def created(client: AtlanClient, entity: Entity) -> str:
    guid = client.entities.upsert([entity]).guid_of(entity.type_name, entity.qualified_name)
    assert guid is not None
    return guid


def test_a_process_is_created_updated_and_deleted(client: AtlanClient) -> None:
    made = process("life", [table("T000"), table("T001")], [table("T002")], sql="select 1")
    result = client.entities.upsert([made])
    guid = result.guid_of("Process", made.qualified_name)
    assert guid is not None
    assert [each.guid for each in result.created] == [guid]
    assert {each.name for each in result.updated} == {"T000", "T001", "T002"}

    read = client.entities.get(guid)
    assert read == client.entities.get_by_qualified_name("Process", made.qualified_name)
    assert read is not None
    assert (read.type_name, read.status, read.attributes["sql"]) == ("Process", "ACTIVE", "select 1")
    assert {each.qualified_name for each in read.related("inputs")} == {f"{SCHEMA}/T000", f"{SCHEMA}/T001"}
    assert read.created_by
    assert read.update_time

    changed = client.entities.upsert([process("life", [table("T001")], [table("T002")], sql=None)])
    assert changed.guid_of("Process", made.qualified_name) == guid
    read = client.entities.get(guid)
    assert read is not None
    assert read.attributes.get("sql") is None
    assert {each.qualified_name for each in read.related("inputs")} == {f"{SCHEMA}/T001"}

    assert [each.guid for each in client.entities.delete([guid]).deleted] == [guid]
    assert client.entities.get(guid) is None
    assert client.entities.get_by_qualified_name("Process", made.qualified_name) is None
    assert client.entities.delete([guid]).deleted == []


def test_the_same_write_twice_changes_nothing(client: AtlanClient) -> None:
    made = process("twice", [table("T000")], [table("T001")])
    created(client, made)
    again = client.entities.upsert([made])
    assert (again.created, again.updated) == ([], [])


def test_an_archived_process_is_restored(client: AtlanClient) -> None:
    guid = created(client, process("archive", [table("T000")], [table("T001")]))
    client.entities.delete([guid], "SOFT")
    read = client.entities.get(guid)
    assert read is not None
    assert read.status == "DELETED"
    client.entities.restore([guid])
    read = client.entities.get(guid)
    assert read is not None
    assert read.status == "ACTIVE"
    client.entities.delete([guid], "SOFT")
    assert [each.guid for each in client.entities.delete([guid], "PURGE").deleted] == [guid]


def test_a_column_process_is_not_found_as_a_process(client: AtlanClient) -> None:
    edge = process("columns", [Reference("Column", qualified_name=f"{SCHEMA}/T000/ID")], [])
    parent = created(client, process("parent", [table("T000")], [table("T001")]))
    attributes = {
        **edge.attributes,
        "outputs": edge.attributes["inputs"],
        "process": Reference("Process", parent).to_wire(),
    }
    created(client, Entity(type_name="ColumnProcess", attributes=attributes))
    assert client.entities.get_by_qualified_name("Process", edge.qualified_name) is None
    assert client.entities.get_many_by_qualified_name("Process", [edge.qualified_name]) == {}
    found = client.entities.get_by_qualified_name("ColumnProcess", edge.qualified_name)
    assert found is not None
    assert [each.guid for each in found.related("process")] == [parent]


def test_an_unresolved_reference_writes_nothing(client: AtlanClient) -> None:
    good, bad = (
        process("good", [table("T000")], [table("T001")]),
        process("bad", [table("NOPE")], [table("T001")]),
    )
    with pytest.raises(
        NotFoundError, match=r"404 ATLAS-404-00-00A: .*NOPE.*create the referenced asset"
    ) as caught:
        client.entities.upsert([good, bad])
    assert caught.value.code == "ATLAS-404-00-00A"
    assert client.entities.get_by_qualified_name("Process", good.qualified_name) is None


def test_an_unknown_type_is_an_error(client: AtlanClient) -> None:
    with pytest.raises(RejectedError, match=r"400 ATLAS-400-00-014: .*Tabel"):
        client.entities.upsert([Entity(type_name="Tabel", attributes={"qualifiedName": "x", "name": "x"})])


def test_get_many_by_name(client: AtlanClient, server: LocalAtlan) -> None:
    before = sum(server.stats()["requests"].values())
    names = [f"{SCHEMA}/{name}" for name in [*NAMES, "NOPE"]]
    found = client.entities.get_many_by_qualified_name("Table", names)
    assert set(found) == set(names[:-1])
    assert sum(server.stats()["requests"].values()) - before <= 4
    assert client.entities.get_many_by_qualified_name("View", names) == {}


def test_search_finds_every_table_in_order(client: AtlanClient) -> None:
    query = {"bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}, {"term": {"__state": "ACTIVE"}}]}}
    found = list(client.search.pages({"query": query}, attributes=["qualifiedName"], page_size=50))
    assert {each.qualified_name for each in found} == {f"{SCHEMA}/{name}" for name in NAMES}
    guids = [each.guid for each in found]
    assert guids == sorted(guid for guid in guids if guid)
    assert set(client.search.by_guids([*guids, "nope"], ["name"])) == set(guids)


def test_identities(client: AtlanClient) -> None:
    assert client.identities.role_id("$admin") == client.identities.roles()["$admin"]
    with pytest.raises(NotFoundError, match=r"no role '\$admn': did you mean '\$admin'"):
        client.identities.role_id("$admn")
    assert client.identities.user_exists("jsmith")
    assert not client.identities.user_exists("nobody")
    assert not client.identities.user_exists("service-account-apikey-nobody")
    assert client.identities.group_exists("group2")
    assert not client.identities.group_exists("nobody")


def test_credentials_and_events(client: AtlanClient) -> None:
    made = client.credentials.create({"name": "c", "authType": "atlan_api_key", "connector": "spark"})
    assert client.credentials.get(made["id"]) is not None
    client.credentials.update(made["id"], {"name": "c", "host": "h"})
    client.credentials.delete(made["id"])
    assert client.credentials.get("00000000-0000-4000-8000-000000000000") is None
    with pytest.raises(EventsNotConfiguredError, match="does not accept OpenLineage events of 'spark'"):
        client.events.emit("spark", {"eventType": "START"})


def test_ping(client: AtlanClient, server: LocalAtlan) -> None:
    client.ping()
    refused = r"GET /api/service/whoami: 401.*check atlan:apiKey"
    settings = ClientSettings(server.base_url, SecretStr("wrong-key"))
    with AtlanClient(settings) as stranger, pytest.raises(AuthenticationError, match=refused):
        stranger.ping()


def test_a_fresh_connection_is_retried() -> None:
    name = "default/airflow/1700000000"
    made = Entity(
        type_name="Connection",
        attributes={
            "qualifiedName": name,
            "name": "etl",
            "connectorName": "airflow",
            "adminUsers": ["jsmith"],
        },
    )
    with LocalAtlan(connection_delay_ms=1500) as server:
        settings = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
        with AtlanClient(settings) as client:
            guid = created(client, made)
            with pytest.raises(PermissionDeniedError, match=r"403 ATLAS-403-00-001: .*not authorized"):
                client.entities.get(guid)
            read = client.entities.get(guid, fresh_connection=True)
    assert read is not None
    assert read.qualified_name == name


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_lost_response_creates_no_second_process(
    drop: str, client: AtlanClient, server: LocalAtlan
) -> None:
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "drop": drop})
    made = process(f"lost-{drop}", [table("T000")], [table("T001")])
    client.entities.upsert([made])
    query = {"term": {"qualifiedName": made.qualified_name}}
    assert len(list(client.search.pages({"query": query}))) == 1


def test_truncated_and_slow_responses(client: AtlanClient, server: LocalAtlan) -> None:
    server.fault(
        {"path": "/api/meta/entity/*", "truncate": True}, {"path": "/api/meta/entity/*", "delay_ms": 20}
    )
    assert client.entities.get_by_qualified_name("Table", f"{SCHEMA}/T000") is not None


def test_responses_of_a_proxy(client: AtlanClient, server: LocalAtlan, clock: LeapingClock) -> None:
    rule = {"path": "/api/meta/*", "times": 1}
    server.fault({**rule, "status": 200, "body": "<html><title>Sign in</title>"})
    with pytest.raises(InvalidAnswerError, match="a login page or proxy answered instead of Atlan"):
        client.entities.get("g")
    server.fault(
        {**rule, "status": 502, "body": "Bad gateway"},
        {**rule, "status": 503, "headers": {"Retry-After": "9"}},
    )
    assert client.entities.get("g") is None
    assert 9 in clock.slept


def test_a_stopped_server_is_a_network_error(clock: LeapingClock) -> None:
    with LocalAtlan() as server:
        settings = ClientSettings(server.base_url, SecretStr(server.api_key))
    with AtlanClient(settings, clock=clock) as client, pytest.raises(NetworkError, match="tried 3 times"):
        client.ping()


def test_a_rate_that_stays_too_high_is_an_error(clock: LeapingClock) -> None:
    with LocalAtlan(rate_limit=4) as server:
        settings = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
        with AtlanClient(settings, clock=clock) as client:
            for _ in range(4):
                assert client.entities.get("g") is None
            with pytest.raises(
                RateLimitedError, match=r"429: API rate limit exceeded \(tried 5 times in 2\d\d s"
            ):
                client.entities.get("g")
    assert sum(clock.slept) == pytest.approx(240, abs=5)
