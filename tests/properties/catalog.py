"""All that is in Atlan, by plain REST: what the program should have led to, and what it must not touch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import httpx
from properties.programs import Of, Program, Props

from atlan_pulumi.lifecycle import wire_name
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.naming._qualified_names import connection_of

Wire = dict[str, Any]
Key = tuple[str, str]
#: What the server keeps up by itself, and what each write of a neighbour changes.
_SERVER_MANAGED = frozenset({"updateTime", "updatedBy", "version", "__hasLineage"})
#: What the server shows for a date that is not set is 0.
_DATES = frozenset({"source_created_at", "source_updated_at"})
#: Properties that steer the package, or make the name.
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
    """One local Atlan, looked at and meddled with as another user."""

    def __init__(self, server: LocalAtlan, api_key: str) -> None:
        self._server = server
        self._http = httpx.Client(base_url=server.base_url, headers={"authorization": f"Bearer {api_key}"})
        self._seen: tuple[int, dict[str, Wire]] | None = None

    def close(self) -> None:
        self._http.close()

    def everything(self) -> dict[str, Wire]:
        """Every entity with its relationships, archived ones too, by GUID."""
        writes = self.writes()
        if self._seen is None or self._seen[0] != writes:
            self._seen = writes, self._read_everything()
        return self._seen[1]

    def writes(self) -> int:
        """How many requests to write came in since the last reset, answered or not."""
        counts: dict[str, int] = self._server.stats()["requests"]
        return sum(
            count for request, count in counts.items() if "/entity/bulk" in request and request[0] != "G"
        )

    def _read_everything(self) -> dict[str, Wire]:
        query = {"dsl": {"from": 0, "size": 1000, "query": {"match_all": {}}}}
        listed = self._post("/api/meta/search/indexsearch", query)["entities"]
        found = self._http.get("/api/meta/entity/bulk", params={"guid": [each["guid"] for each in listed]})
        return {each["guid"]: each for each in found.raise_for_status().json()["entities"]}

    def write(self, type_name: str, qualified_name: str, **more: Any) -> None:
        """Make or change an entity, as anybody with a key can; `status` restores."""
        status = {"status": more.pop("status")} if "status" in more else {}
        attributes = {"qualifiedName": qualified_name, "name": qualified_name, **more}
        self._post(
            "/api/meta/entity/bulk",
            {"entities": [{"typeName": type_name, "attributes": attributes, **status}]},
        )

    def delete(self, guid: str, delete_type: str) -> None:
        """Archive or remove an entity."""
        self._http.delete(
            "/api/meta/entity/bulk", params={"guid": guid, "deleteType": delete_type}
        ).raise_for_status()

    def reset(self) -> None:
        """Back to the seed."""
        self._http.post("/_local/reset").raise_for_status()
        self._seen = None

    def _post(self, path: str, body: Any) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()


def key_of(entity: Wire) -> Key:
    """Type and qualifiedName."""
    return entity["typeName"], entity["attributes"]["qualifiedName"]


def live(everything: Mapping[str, Wire]) -> dict[Key, Wire]:
    """The live entities by name; a name that two of them have is a fault."""
    found: dict[Key, Wire] = {}
    for entity in everything.values():
        if entity["status"] == "ACTIVE":
            assert key_of(entity) not in found, f"two entities of one name: {key_of(entity)}"
            found[key_of(entity)] = entity
    return found


def reference(key: Key) -> Wire:
    """A reference as the REST API takes it."""
    return {"typeName": key[0], "uniqueAttributes": {"qualifiedName": key[1]}}


def neighbours(entity: Wire, attribute: str) -> set[Key]:
    """What the live edges of a relationship lead to."""
    edges = entity["relationshipAttributes"].get(attribute) or []
    listed = edges if isinstance(edges, list) else [edges]
    return {
        (edge["typeName"], edge["uniqueAttributes"]["qualifiedName"])
        for edge in listed
        if edge["relationshipStatus"] == "ACTIVE"
    }


def touched(
    before: Mapping[str, Wire], after: Mapping[str, Wire], ours: Collection[str]
) -> Iterator[tuple[Any, ...]]:
    """What is not ours and differs, but for what the server manages and for edges to what is ours."""
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


# -- what the program should have led to ------------------------------------------------------------------


def key_in(program: Program, names: Mapping[str, str], resource: str) -> Key:
    """Type and qualifiedName of a resource; `names` are the qualifiedNames that were settled on."""
    return program[resource].kind, names[resource]


def differences(
    program: Program,
    names: Mapping[str, str],
    everything: Mapping[str, Wire],
    cleared: Mapping[str, Collection[str]],
) -> Iterator[str]:
    """Where Atlan is not as the program says.

    Args:
        program: What is declared.
        names: The qualifiedName of each resource.
        everything: What is in Atlan.
        cleared: The properties that were declared before, by resource: they must be unset unless they are
            declared again.
    """
    found = live(everything)
    for resource, declared in program.items():
        expected_name = _expected_name(program, names, resource)
        if expected_name not in (None, names[resource]):
            yield f"{resource}: is named {names[resource]!r}, not {expected_name!r}"
        entity = found.get(key_in(program, names, resource))
        if entity is None:
            yield f"{resource}: there is no live {declared.kind} {names[resource]!r}"
            continue
        for name, value in _expected(declared.props, cleared.get(resource, ())).items():
            seen, wanted = _seen(declared.kind, entity, name), _wanted(value, names)
            if name == "admin_users":  # the creator is one of them, too
                seen = [user for user in seen if user in wanted]
            if seen != wanted:
                yield f"{resource}.{name}: {seen!r} in Atlan, {wanted!r} in the program"


def _expected_name(program: Program, names: Mapping[str, str], resource: str) -> str | None:
    """The qualifiedName as the naming rule says; None where it depends on the time."""
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


def _wanted(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Of):
        return {("Process", names[value.resource])}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {(each["type_name"], each["qualified_name"]) for each in value}
    if isinstance(value, list):
        return sorted(set(value)) or None
    return None if value is False or value == "" else value


def _seen(kind: str, entity: Wire, name: str) -> Any:
    model = lifecycle_of(kind, 1).model
    wire = wire_name(model, name)
    if name in model.references:
        return neighbours(entity, wire)
    value = entity["attributes"].get(wire)
    if isinstance(value, list):
        return sorted(value) or None
    unset = value is False or value == "" or (value == 0 and name in _DATES)
    return None if unset else value
