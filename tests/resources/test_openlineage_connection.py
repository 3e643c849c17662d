"""`OpenLineageConnection`: the connection and its credential share one lifecycle."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from pyatlan.model.assets import Connection
from resources.openlineage import OL, Props, checked, connection, make_connection, problems
from support.atlan import Witness
from support.fixtures import client
from support.stack import NewStack

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

PATH = "/events/openlineage/spark/api/v1/lineage"
CREDENTIALS = "/api/service/credentials"
BULK = "/api/meta/entity/bulk"
REFUSED = {"status": 400, "body": {"errorCode": "X", "errorMessage": "no"}}


def lifecycle() -> Any:
    """Return the lifecycle, as in a new provider process."""
    return lifecycle_of("OpenLineageConnection", 1)


def names(server: LocalAtlan) -> list[str]:
    """Return the names of all existing credentials."""
    key = {"authorization": f"Bearer {server.api_key}"}
    listed = httpx.get(f"{server.base_url}{CREDENTIALS}", headers=key, params={"limit": 100})
    return [each["name"] for each in listed.raise_for_status().json()["records"]]


STAMPS = {"id", "name", "createdAt", "updatedAt", "createdBy"}


def test_created_credentials_equal_those_of_atlans_sdk(client: AtlanClient, witness: Witness) -> None:
    outputs = make_connection(client)
    role = witness.client.role_cache.get_id_for_name("$admin")
    answer = witness.client.open_lineage.create_connection(name="theirs", admin_roles=[role])
    (created,) = answer.assets_created(Connection)
    theirs = client.entities.get(created.guid)
    ours = client.entities.get_by_qualified_name("Connection", OL)
    assert theirs is not None
    assert ours is not None
    credentials = [
        client.credentials.get(each.attributes["defaultCredentialGuid"]) for each in (ours, theirs)
    ]
    assert ours.guid == outputs["guid"]
    one, other = (
        {key: value for key, value in (each or {}).items() if key not in STAMPS} for each in credentials
    )
    assert one == other
    assert one["extra"]["events.urlPath"] == PATH
    for name in ("connectorName", "category"):
        assert ours.attributes[name] == theirs.attributes[name]
    form = re.compile(r"default-spark-\d+-0")
    assert all(form.fullmatch(each["name"]) for each in credentials)


def test_created_entities_read_back_as_declared(client: AtlanClient) -> None:
    outputs = make_connection(client, partial_assets=False)
    seen = lifecycle().read(client, OL, outputs)
    assert (seen.outputs, seen.notes) == (outputs, [])
    assert (
        lifecycle().diff(seen.outputs, checked(lifecycle(), connection(partial_assets=False))).changed == []
    )


def test_names_are_known_before_anything_is_created() -> None:
    previewed = lifecycle().preview_inputs(connection())
    assert (previewed["qualified_name"], previewed["events_path"]) == (OL, PATH)
    unknown = lifecycle().preview_inputs(connection(connector=UNKNOWN, qualified_name=None))
    assert unknown["events_path"] is UNKNOWN


@pytest.mark.parametrize(
    ("changed", "property_", "reason"),
    [
        ({"admin_roles": None}, "admin_roles", "set at least one of"),
        ({"default_credential_guid": "x"}, "default_credential_guid", "this resource creates the credential"),
        ({"connector": "sparc", "qualified_name": None}, "connector", "did you mean 'spark'?"),
        ({"connector": "My Conn", "category": "elt", "qualified_name": None}, "connector", ""),
        ({"partial_assets": "yes please"}, "partial_assets", "must be a valid boolean"),
        ({"events_path": 3}, "events_path", "must be a valid string"),
    ],
)
def test_mistakes(changed: Props, property_: str, reason: str) -> None:
    found = problems(lifecycle(), connection(**changed))
    assert [name for name, _ in found] == [property_]
    assert reason in found[0][1]


def test_a_change_of_the_credential_changes_the_credential(client: AtlanClient) -> None:
    outputs = make_connection(client)
    news = checked(lifecycle(), connection(partial_assets=False), outputs)
    after = lifecycle().update(client, outputs, news)
    assert after["credential_guid"] == outputs["credential_guid"]
    credential = client.credentials.get(after["credential_guid"])
    assert credential is not None
    assert credential["extra"]["events.enable-partial-assets"] is False
    assert lifecycle().read(client, OL, after).notes == []


@pytest.mark.parametrize("how", ["removed", "disabled", "led elsewhere", "no partial assets", "another"])
def test_drift_of_the_credential_is_reported_and_corrected(client: AtlanClient, how: str) -> None:
    outputs = make_connection(client)
    guid = outputs["credential_guid"]
    extra = dict((client.credentials.get(guid) or {})["extra"])
    shown = "partial_assets" if how == "no partial assets" else "events_path"
    if how == "removed":
        client.credentials.delete(guid)
    elif how == "another":
        other = client.credentials.create({"name": "x", "connector": "spark", "extra": extra})["id"]
        point_to(client, other)
    else:
        change = {
            "disabled": {"events.enabled": False},
            "led elsewhere": {"events.urlPath": "/elsewhere"},
            "no partial assets": {"events.enable-partial-assets": False},
        }[how]
        client.credentials.update(guid, {"extra": extra | change})
    seen = lifecycle().read(client, OL, outputs)
    assert [name for name, value in seen.inputs.items() if value != outputs.get(name)] == [shown]
    assert shown in seen.notes[0]
    news = checked(lifecycle(), connection(), seen.inputs)
    assert lifecycle().diff(seen.outputs, news).changed == [shown]
    corrected = lifecycle().update(client, seen.outputs, news)
    again = lifecycle().read(client, OL, corrected)
    assert (again.notes, lifecycle().diff(again.outputs, news).changed) == ([], [])


def point_to(client: AtlanClient, credential: str) -> None:
    found = client.entities.get_by_qualified_name("Connection", OL)
    assert found is not None
    changed = {"qualifiedName": OL, "name": found.name, "defaultCredentialGuid": credential}
    client.entities.upsert([found.model_copy(update={"attributes": changed, "relationship_attributes": {}})])


def test_connection_and_credential_are_deleted_even_if_one_is_missing(
    client: AtlanClient, server: LocalAtlan
) -> None:
    outputs = make_connection(client)
    for _ in range(2):
        assert lifecycle().delete(client, outputs) == []
        assert client.entities.get_by_qualified_name("Connection", OL) is None
        assert names(server) == []


def test_connections_with_assets_keep_their_credential(client: AtlanClient) -> None:
    outputs = make_connection(client)
    client.entities.upsert([entity("Table", f"{OL}/A")])
    with pytest.raises(ResourceError, match="still depend on it"):
        lifecycle().delete(client, outputs)
    assert client.credentials.get(outputs["credential_guid"]) is not None
    assert lifecycle().delete(client, outputs | {"force_destroy": True}) == []
    assert client.credentials.get(outputs["credential_guid"]) is None


def entity(type_name: str, qualified_name: str, **attributes: Any) -> Any:
    from atlan_pulumi.client import Entity

    given = {"qualifiedName": qualified_name, "name": qualified_name, "connectionQualifiedName": OL}
    return Entity(type_name=type_name, attributes=given | attributes)


def test_credentials_are_deleted_if_the_connection_is_refused(
    client: AtlanClient, server: LocalAtlan
) -> None:
    server.fault(
        {"method": "POST", "path": BULK, "status": 400, "body": {"errorCode": "X", "errorMessage": "no"}}
    )
    with pytest.raises(AtlanError, match="no"):
        make_connection(client)
    assert names(server) == []


def test_credentials_that_cannot_be_deleted_are_reported(client: AtlanClient, server: LocalAtlan) -> None:
    archive = f"{CREDENTIALS}/*/archive"
    server.fault({"method": "POST", "path": BULK, **REFUSED}, {"method": "POST", "path": archive, **REFUSED})
    with pytest.raises(ResourceError, match=r"and the credential .* could not be removed"):
        make_connection(client)
    assert len(names(server)) == 1
    # The next run takes it up, rather than make another one.
    make_connection(client)
    assert len(names(server)) == 1


def test_credentials_are_kept_if_the_connection_may_exist(
    server: LocalAtlan,
) -> None:
    from atlan_pulumi.client import ClientSettings

    settings = ClientSettings.resolve(server.base_url, server.api_key, 0, deadline=1)
    with AtlanClient(settings) as client:
        server.fault({"method": "POST", "path": BULK, "drop": "after", "times": 0})
        with pytest.raises(ResourceError, match="was kept for the next `pulumi up`"):
            make_connection(client)
        server.clear_faults()
        outputs = make_connection(client)
        assert client.credentials.get(outputs["credential_guid"]) is not None
        assert len(names(server)) == 1


def test_duplicate_credentials_of_repeated_requests_are_deleted(
    client: AtlanClient, server: LocalAtlan
) -> None:
    server.fault({"method": "POST", "path": CREDENTIALS, "drop": "after"})
    make_connection(client)
    assert server.stats()["requests"]["POST /api/service/credentials"] == 2
    assert len(names(server)) == 1


def test_a_key_that_may_not_list_credentials(client: AtlanClient, server: LocalAtlan) -> None:
    server.fault(
        {
            "method": "GET",
            "path": CREDENTIALS,
            "status": 403,
            "body": {"code": 403, "message": "no"},
            "times": 0,
        }
    )
    outputs = make_connection(client)
    assert client.credentials.get(outputs["credential_guid"]) is not None


def test_credentials_of_crawlers_are_not_used(client: AtlanClient) -> None:
    theirs = client.credentials.create({"name": "crawler", "connector": "spark", "extra": {"host": "h"}})[
        "id"
    ]
    client.entities.upsert([entity("Connection", OL, connectorName="spark", defaultCredentialGuid=theirs)])
    outputs = make_connection(client, adopt=True)
    assert outputs["credential_guid"] != theirs
    kept = client.credentials.get(theirs)
    assert kept is not None
    assert kept["extra"] == {"host": "h"}


def test_a_key_that_may_not_see_credentials_may_refresh_and_update(
    client: AtlanClient, server: LocalAtlan
) -> None:
    outputs = make_connection(client)
    body = {"code": 403, "message": "no"}
    server.fault({"method": "GET", "path": f"{CREDENTIALS}*", "status": 403, "body": body, "times": 0})
    seen = lifecycle().read(client, OL, outputs)
    assert (seen.notes, seen.outputs) == ([], outputs)
    after = lifecycle().update(client, outputs, checked(lifecycle(), connection(description="d"), outputs))
    assert after["credential_guid"] == outputs["credential_guid"]
    server.clear_faults()
    assert len(names(server)) == 1


def test_an_update_that_atlan_refuses_leaves_no_credential(client: AtlanClient, server: LocalAtlan) -> None:
    outputs = make_connection(client)
    client.credentials.delete(outputs["credential_guid"])
    seen = lifecycle().read(client, OL, outputs)
    server.fault({"method": "POST", "path": BULK, **REFUSED})
    with pytest.raises(AtlanError, match="no"):
        lifecycle().update(client, seen.outputs, checked(lifecycle(), connection(), seen.inputs))
    assert names(server) == []


def test_refreshes_report_credentials_without_their_connection(client: AtlanClient) -> None:
    outputs = make_connection(client)
    client.entities.delete([outputs["guid"]])
    seen = lifecycle().read(client, OL, outputs)
    assert seen.outputs == {}
    assert f"its credential {outputs['credential_guid']} still exists" in seen.notes[-1]
    assert make_connection(client)["credential_guid"] == outputs["credential_guid"]


def test_a_connection_that_becomes_one_for_events_stays(client: AtlanClient) -> None:
    # Pulumi makes the new resource and removes the old one: here both are the same entity.
    old, new = lifecycle_of("Connection", 1), lifecycle()
    new.written = old.written  # as all kinds share it in a provider process
    given = connection()
    before = old.create(client, checked(old, given))
    after = new.create(client, checked(new, given))
    (reported,) = old.delete(client, before)
    assert "this deployment has just written it" in reported
    assert after["guid"] == before["guid"]
    assert client.entities.get(after["guid"]) is not None


def test_adoption_says_that_the_credential_changes() -> None:
    core, entity_ = lifecycle(), entity("Connection", OL, defaultCredentialGuid="x")
    assert core.adoption_side_effects(entity_, checked(core, connection())) == ["its defaultCredentialGuid"]


def test_names_of_other_connections_are_refused(client: AtlanClient) -> None:
    make_connection(client)
    (reported,) = problems(lifecycle(), connection(qualified_name="default/spark/2"), client)
    assert reported[0] == "name"
    assert (
        f"the spark connection '{OL}' already has the name 'ol-spark': events cannot distinguish"
        in reported[1]
    )
    for changed in ({"name": "OL-SPARK"}, {"connector": "airflow", "qualified_name": "default/airflow/2"}):
        assert (
            problems(lifecycle(), connection(**{"qualified_name": "default/spark/2", **changed}), client)
            == []
        )
    assert problems(lifecycle(), connection(), client) == [], "its own name is no obstacle"


@pytest.mark.soak
@pytest.mark.engine
def test_lifecycle_with_the_real_engine(new_stack: NewStack, witness: Witness, client: AtlanClient) -> None:
    declare = "atlan.OpenLineageConnection('ol', name='ol-spark', admin_roles=['$admin'], {more})\n"
    outputs = "pulumi.export('credential', ol.credential_guid)\n"
    program = "ol = " + declare
    stack = new_stack(program.format(more="") + outputs)
    previewed = stack.preview().step("ol").new["qualified_name"]
    stack.up()
    made = stack.resources()["ol"]
    assert made["id"] == previewed
    assert made["id"].startswith("default/spark/")
    assert made["type"] == "pulumi-python:dynamic/atlan:OpenLineageConnection"
    found = witness.find(Connection, made["id"])
    assert found.default_credential_guid == made["outputs"]["credential_guid"]
    stack.settled()

    client.credentials.delete(made["outputs"]["credential_guid"])
    assert stack.refresh().step("ol").diffs == ("events_path",)
    stack.up()
    stack.settled()
    assert stack.up(program.format(more="partial_assets=False") + outputs).changes == {"update": 1}
    stack.settled()

    refused = new_stack(program.format(more="default_credential_guid='x'"), name="refused").operate("preview")
    refused.assert_refused("default_credential_guid", "this resource creates the credential")
    stack.destroy()
    assert witness.find(Connection, made["id"]) is None
