"""Read all entities in Atlan by REST, and compare them with a program."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import httpx
from properties.programs import Of, Program, Props
from support.network import WITHOUT_TLS

from atlan_pulumi.lifecycle import wire_name
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.naming._qualified_names import connection_of

RawEntity = dict[str, Any]
Key = tuple[str, str]
#: Attributes that the server sets, also when a related entity is written.
_SERVER_MANAGED = frozenset({"updateTime", "updatedBy", "version", "__hasLineage"})
#: Dates, which the server shows as 0 if unset.
_DATES = frozenset({"source_created_at", "source_updated_at"})
#: Properties that control the package or form the name.
_NOT_SENT = frozenset(
    {
        "adopt",
        "delete_type",
        "force_destroy",
        "connection",
        "process_id",
        "connector",
        "qualified_name",
        "epoch",
    }
)


class Catalog:
    """A local Atlan, read and changed as another user."""

    def __init__(self, server: LocalAtlan, api_key: str) -> None:
        self._server = server
        self._http = httpx.Client(
            base_url=server.base_url, headers={"authorization": f"Bearer {api_key}"}, verify=WITHOUT_TLS
        )
        self._cached: tuple[int, dict[str, RawEntity]] | None = None

    def close(self) -> None:
        self._http.close()

    def everything(self) -> dict[str, RawEntity]:
        """Return every entity with its relationships, including archived ones, by GUID."""
        writes = self.writes()
        if self._cached is None or self._cached[0] != writes:
            self._cached = writes, self._read_everything()
        return self._cached[1]

    def writes(self) -> int:
        """Return the number of write requests since the last reset."""
        counts: dict[str, int] = self._server.stats()["requests"]
        return sum(
            count for request, count in counts.items() if "/entity/bulk" in request and request[0] != "G"
        )

    def _read_everything(self) -> dict[str, RawEntity]:
        query = {"dsl": {"from": 0, "size": 1000, "query": {"match_all": {}}}}
        listed = self._post("/api/meta/search/indexsearch", query)["entities"]
        found = self._http.get("/api/meta/entity/bulk", params={"guid": [each["guid"] for each in listed]})
        return {each["guid"]: each for each in found.raise_for_status().json()["entities"]}

    def write(self, type_name: str, qualified_name: str, **more: Any) -> None:
        """Create or change an entity. `status` restores it."""
        status = {"status": more.pop("status")} if "status" in more else {}
        attributes = {"qualifiedName": qualified_name, "name": qualified_name, **more}
        self._post(
            "/api/meta/entity/bulk",
            {"entities": [{"typeName": type_name, "attributes": attributes, **status}]},
        )

    def delete(self, guid: str, delete_type: str) -> None:
        """Archive or purge an entity."""
        self._http.delete(
            "/api/meta/entity/bulk", params={"guid": guid, "deleteType": delete_type}
        ).raise_for_status()

    def reset(self) -> None:
        """Reset Atlan to the seed."""
        self._http.post("/_local/reset").raise_for_status()
        self._cached = None

    def _post(self, path: str, body: Any) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()


def key_of(entity: RawEntity) -> Key:
    """Return type and qualifiedName of an entity."""
    return entity["typeName"], entity["attributes"]["qualifiedName"]


def active_entities(everything: Mapping[str, RawEntity]) -> dict[Key, RawEntity]:
    """Return the active entities by key, and assert that keys are unique."""
    found: dict[Key, RawEntity] = {}
    for entity in everything.values():
        if entity["status"] == "ACTIVE":
            assert key_of(entity) not in found, f"two entities with the same name: {key_of(entity)}"
            found[key_of(entity)] = entity
    return found


def reference(key: Key) -> RawEntity:
    """Return a reference in the form of the REST API."""
    return {"typeName": key[0], "uniqueAttributes": {"qualifiedName": key[1]}}


def related_keys(entity: RawEntity, attribute: str) -> set[Key]:
    """Return the keys at the active edges of a relationship."""
    edges = entity["relationshipAttributes"].get(attribute) or []
    listed = edges if isinstance(edges, list) else [edges]
    return {
        (edge["typeName"], edge["uniqueAttributes"]["qualifiedName"])
        for edge in listed
        if edge["relationshipStatus"] == "ACTIVE"
    }


def changed_entities(
    before: Mapping[str, RawEntity], after: Mapping[str, RawEntity], ours: Collection[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield changes of other entities, except server-managed attributes and edges to our entities."""
    for guid in (before.keys() | after.keys()) - set(ours):
        old, new = (_bare(side.get(guid, {}), ours) for side in (before, after))
        for name in old.keys() | new.keys():
            if old.get(name) != new.get(name):
                yield guid, name, old.get(name), new.get(name)


def _bare(value: Any, ours: Collection[str]) -> Any:
    if isinstance(value, list):
        items = [_bare(item, ours) for item in value if not _leads_to(item, ours)]
        return sorted(items, key=repr)
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name not in _SERVER_MANAGED}
        return {name: None if _leads_to(item, ours) else _bare(item, ours) for name, item in kept.items()}
    return value


def _leads_to(value: Any, ours: Collection[str]) -> bool:
    return isinstance(value, dict) and value.get("guid") in ours


# -- the expected entities of a program ------------------------------------------------------------------


def key_in(program: Program, names: Mapping[str, str], resource: str) -> Key:
    """Return type and qualifiedName of a resource, given the qualifiedName of each resource."""
    return program[resource].kind, names[resource]


def differences(
    program: Program,
    names: Mapping[str, str],
    everything: Mapping[str, RawEntity],
    cleared: Mapping[str, Collection[str]],
) -> Iterator[str]:
    """Yield the differences between Atlan and a program.

    Args:
        program: The program.
        names: The qualifiedName of each resource.
        everything: All entities in Atlan.
        cleared: The properties that were declared before, by resource. They must be unset unless they are
            declared again.
    """
    found = active_entities(everything)
    for resource, declared in program.items():
        expected_name = _expected_name(program, names, resource)
        if expected_name not in (None, names[resource]):
            yield f"{resource}: has the name {names[resource]!r} instead of {expected_name!r}"
        entity = found.get(key_in(program, names, resource))
        if entity is None:
            yield f"{resource}: missing {declared.kind} {names[resource]!r}"
            continue
        for name, value in _expected(declared.props, cleared.get(resource, ())).items():
            seen, wanted = _observed(declared.kind, entity, name), _expected_value(value, names)
            if name == "admin_users":  # the creator is also an admin
                seen = [user for user in seen if user in wanted]
            if seen != wanted:
                yield f"{resource}.{name}: {seen!r} in Atlan, {wanted!r} in the program"


def _expected_name(program: Program, names: Mapping[str, str], resource: str) -> str | None:
    """Return the qualifiedName by the naming rule, or None if it depends on the time."""
    declared = program[resource]
    props = declared.props
    if declared.kind == "Connection":
        return props.get("qualified_name")
    connection = props.get("connection")
    if connection is None:
        parent = names[props["process"].resource]
        return f"{connection_of(parent)}/{props['process_id']}"
    return f"{names[connection.resource] if isinstance(connection, Of) else connection}/{props['process_id']}"


def _expected(props: Props, cleared: Collection[str]) -> Props:
    unset = dict.fromkeys(cleared)
    return {name: value for name, value in (unset | props).items() if name not in _NOT_SENT}


def _expected_value(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Of):
        return {("Process", names[value.resource])}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {(each["type_name"], each["qualified_name"]) for each in value}
    if isinstance(value, list):
        return sorted(set(value)) or None
    return None if value is False or value == "" else value


def _observed(kind: str, entity: RawEntity, name: str) -> Any:
    model = lifecycle_of(kind, 1).model
    wire = wire_name(model, name)
    if name in model.references:
        return related_keys(entity, wire)
    value = entity["attributes"].get(wire)
    if isinstance(value, list):
        return sorted(value) or None
    unset = value is False or value == "" or (value == 0 and name in _DATES)
    return None if unset else value
