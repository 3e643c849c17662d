"""Send OpenLineage events to a local Atlan, and read the entities that they create."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"


def dataset(name: str, namespace: str = SNOWFLAKE, **facets: Any) -> Json:
    return {"namespace": namespace, "name": name, "facets": facets}


SIDES = {"inputs": [dataset("OPS.DEFAULT.A")], "outputs": [dataset("OPS.DEFAULT.B")]}


def events_path(connector: str = "spark") -> str:
    return f"/events/openlineage/{connector}/api/v1/lineage"


def configure(atlan: Any, connector: str = "spark", *, partial: bool = True, **attributes: Any) -> str:
    """Create a connection that receives events, and return its GUID."""
    extra = {"events.urlPath": events_path(connector), "events.enable-partial-assets": partial}
    body = {"name": "c", "connector": connector, "extra": extra}
    credential = atlan.ok(atlan.raw.post("/api/service/credentials", json=body))["id"]
    return atlan.create(atlan.connection_payload(defaultCredentialGuid=credential, **attributes))


def received_events(atlan: Any) -> list[Json]:
    return atlan.ok(atlan.raw.get("/_local/events"))["events"]


def send_events(atlan: Any, *events: Any, connector: str = "spark") -> list[str]:
    """Send events one by one, and return the outcome of each after all are processed."""
    for each in events:
        assert atlan.raw.post(events_path(connector), json=each).status_code == 202
    atlan.server.await_events()
    return [one["outcome"] for one in received_events(atlan)[-len(events) :]]


def find_entity(atlan: Any, type_name: str, name: str) -> Json | None:
    response = atlan.raw.get(
        f"/api/meta/entity/uniqueAttribute/type/{type_name}", params={"attr:qualifiedName": name}
    )
    return response.json()["entity"] if response.status_code == 200 else None


def linked_names(entity: Json, attribute: str) -> set[str]:
    """Return the qualifiedNames of the active entities in a relationship attribute."""
    value = entity["relationshipAttributes"][attribute]
    stubs = value if isinstance(value, list) else [value] if value else []
    return {
        one["uniqueAttributes"]["qualifiedName"] for one in stubs if one["relationshipStatus"] == "ACTIVE"
    }


def entities_below(atlan: Any, prefix: str) -> set[tuple[str, str]]:
    """Return the type and the rest of the qualifiedName of the active entities with a prefix."""
    answer = atlan.search({"prefix": {"qualifiedName": prefix}})
    return {
        (one["typeName"], one["attributes"]["qualifiedName"].removeprefix(prefix))
        for one in answer.get("entities", ())
        if one["status"] == "ACTIVE"
    }
