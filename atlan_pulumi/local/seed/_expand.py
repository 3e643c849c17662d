"""From a catalogue to entities: Atlan's names, and who hangs on whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local.graph import Payload
from atlan_pulumi.local.seed._model import Catalogue, Connection, Database, Other, Relation, Schema

_FIRST_EPOCH = 1_700_000_000  # connections without a qualifiedName are numbered from here


@dataclass(frozen=True, slots=True)
class Sprout:
    """An entity to be, and where the catalogue speaks of it."""

    place: str
    type_name: str
    qualified_name: str
    guid: str | None
    payload: Payload


@dataclass(frozen=True, slots=True)
class _Branch:
    """Where in the tree an entity hangs: what it inherits, and its parent."""

    place: str
    qualified_name: str
    inherited: dict[str, Any]
    parent: dict[str, Any] = field(default_factory=dict)


def expand(catalogue: Catalogue) -> tuple[list[Sprout], dict[str, dict[str, Any]]]:
    """All entities of a catalogue, and the credentials (by id) that its connections use."""
    sprouts: list[Sprout] = []
    credentials: dict[str, dict[str, Any]] = {}
    for number, connection in enumerate(catalogue.connections):
        place = f"connections[{number}]"
        name = connection.qualified_name or f"default/{connection.connector}/{_FIRST_EPOCH + number}"
        credential = _credential(connection, name) if connection.open_lineage else None
        if credential:
            credentials[credential["id"]] = credential
        sprouts.append(_connection(connection, place, name, credential))
        inherited = {"connectorName": connection.connector, "connectionQualifiedName": name}
        for index, database in enumerate(connection.databases):
            sprouts += _database(database, _Branch(f"{place}.databases[{index}]", name, inherited))
    sprouts += [_other(one, f"entities[{number}]") for number, one in enumerate(catalogue.entities)]
    return sprouts, credentials


def _connection(item: Connection, place: str, name: str, credential: dict[str, Any] | None) -> Sprout:
    attributes = {
        "connectorName": item.connector,
        "category": item.category,
        "defaultCredentialGuid": credential["id"] if credential else None,
    }
    return _sprout(item, _Branch(place, name, {}), "Connection", item.name, attributes)


def _database(item: Database, branch: _Branch) -> Iterator[Sprout]:
    name = f"{branch.qualified_name}/{item.name}"
    yield _sprout(item, _at(branch, name), "Database", item.name)
    inherited = {**branch.inherited, "databaseName": item.name, "databaseQualifiedName": name}
    parent = {"database": _reference("Database", name)}
    for number, schema in enumerate(item.schemas):
        yield from _schema(schema, _Branch(f"{branch.place}.schemas[{number}]", name, inherited, parent))


def _schema(item: Schema, branch: _Branch) -> Iterator[Sprout]:
    name = f"{branch.qualified_name}/{item.name}"
    yield _sprout(item, _at(branch, name), "Schema", item.name)
    inherited = {**branch.inherited, "schemaName": item.name, "schemaQualifiedName": name}
    parent = {"atlanSchema": _reference("Schema", name)}
    kinds = (
        ("tables", "Table", item.tables),
        ("views", "View", item.views),
        ("materialised_views", "MaterialisedView", item.materialised_views),
    )
    for key, type_name, relations in kinds:
        for number, relation in enumerate(relations):
            here = _Branch(f"{branch.place}.{key}[{number}]", name, inherited, parent)
            yield from _relation(relation, here, type_name)


def _relation(item: Relation, branch: _Branch, type_name: str) -> Iterator[Sprout]:
    name = f"{branch.qualified_name}/{item.name}"
    yield _sprout(item, _at(branch, name), type_name, item.name, {"columnCount": len(item.columns)})
    prefix = "table" if type_name == "Table" else "view"
    inherited = {**branch.inherited, f"{prefix}Name": item.name, f"{prefix}QualifiedName": name}
    parent = {type_name[0].lower() + type_name[1:]: _reference(type_name, name)}
    for number, column in enumerate(item.columns):
        here = _Branch(f"{branch.place}.columns[{number}]", f"{name}/{column.name}", inherited, parent)
        attributes = {"dataType": column.data_type, "order": number + 1}
        yield _sprout(column, here, "Column", column.name, attributes)


def _other(item: Other, place: str) -> Sprout:
    name = item.name or item.attributes.get("name") or item.qualified_name.rpartition("/")[2]
    branch = _Branch(place, item.qualified_name, {}, item.relationship_attributes)
    return _sprout(item, branch, item.type_name, str(name))


def _sprout(
    item: Any, branch: _Branch, type_name: str, name: str, attributes: dict[str, Any] | None = None
) -> Sprout:
    own = {"qualifiedName": branch.qualified_name, "name": name, "description": item.description}
    values = {**branch.inherited, **(attributes or {}), **own, **item.attributes}
    payload = Payload(
        type_name=type_name,
        guid="",
        attributes={key: value for key, value in values.items() if value is not None},
        relationships=branch.parent,
    )
    return Sprout(branch.place, type_name, branch.qualified_name, item.guid, payload)


def _at(branch: _Branch, qualified_name: str) -> _Branch:
    return _Branch(branch.place, qualified_name, branch.inherited, branch.parent)


def _reference(type_name: str, qualified_name: str) -> dict[str, Any]:
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}


def _credential(item: Connection, name: str) -> dict[str, Any]:
    path = f"/events/openlineage/{item.connector}/api/v1/lineage"
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"credential:{name}")),
        "name": f"default-{item.connector}-0",
        "connector": item.connector,
        "connectorType": "event",
        "extra": {"events.enable-partial-assets": True, "events.enabled": True, "events.urlPath": path},
    }
