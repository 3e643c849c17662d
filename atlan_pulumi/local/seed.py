"""Seed catalogs: what a local Atlan holds from its start.

```yaml
users: [ann]                       # beside those that are always there
groups: [finance]
tags: [PII]                        # their internal names are the same
custom_metadata:
  Cost: {center: string, monthly: float}    # attributes and their types
connections:
  - name: warehouse
    connector: snowflake
    qualified_name: default/snowflake/1657025257    # made from the connector if absent
    databases:
      - name: RAW
        schemas:
          - name: PUBLIC
            tables:                # and views, materialised_views
              - name: ORDERS
                description: One row per order.
                columns:
                  - {name: ID, data_type: NUMBER, description: The order.}
  - name: etl
    connector: spark
    open_lineage: true             # takes OpenLineage events in
entities:                          # any other type; references as in Atlan's API
  - typeName: S3Object
    qualifiedName: arn:aws:s3:::lake/orders.csv
    attributes: {name: orders.csv}
```

A reference by qualifiedName may lead to another entity of the catalog, in any order.

Every item takes `guid`, `description` and `attributes` (a map of Atlan's own attribute names). Without a
`guid` one is derived from type and qualifiedName, so that it is the same each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, ValidationError
from pydantic.alias_generators import to_camel

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local._settings import Seed
from atlan_pulumi.local._typedefs import plant_types
from atlan_pulumi.local.graph import BulkFlags, Payload, Session, upsert
from atlan_pulumi.local.store import Store

_PLAIN = {"missing": "is missing", "extra_forbidden": "is not known here"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIRST_EPOCH = 1_700_000_000  # connections without a qualifiedName are numbered from here
_GARDENER = "seed"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:seed")


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a GUID") from None


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    guid: Annotated[str, AfterValidator(_guid)] | None = None
    description: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)


class _Named(_Item):
    name: StrictStr


class Column(_Named):
    """A column of a table or view."""

    data_type: str | None = None


class Relation(_Named):
    """A table, view or materialised view."""

    columns: list[Column] = Field(default_factory=list)


class Schema(_Named):
    """A schema of a database."""

    tables: list[Relation] = Field(default_factory=list)
    views: list[Relation] = Field(default_factory=list)
    materialised_views: list[Relation] = Field(default_factory=list)


class Database(_Named):
    """A database of a connection."""

    schemas: list[Schema] = Field(default_factory=list)


class Connection(_Named):
    """A connection and what lies in it."""

    connector: StrictStr
    qualified_name: str | None = None
    category: str | None = None
    open_lineage: bool = False
    databases: list[Database] = Field(default_factory=list)


class Other(_Item):
    """An entity of any type."""

    type_name: StrictStr
    qualified_name: StrictStr
    name: str | None = None
    relationship_attributes: dict[str, Any] = Field(default_factory=dict)


class Catalog(BaseModel):
    """All that a seed may hold."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    connections: list[Connection] = Field(default_factory=list)
    entities: list[Other] = Field(default_factory=list)
    users: list[str] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    custom_metadata: dict[str, dict[str, str]] = Field(default_factory=dict)


def read(seed: Seed) -> Catalog:
    """A catalog from a YAML file, or from what one would hold.

    Args:
        seed: a path, a mapping, or a list of entities.

    Raises:
        LocalAtlanError: the file cannot be read, or something in it is wrong; the message names the place.
    """
    where = str(seed) if isinstance(seed, (str, Path)) else "the seed"
    data = _load(Path(seed)) if isinstance(seed, (str, Path)) else seed
    if isinstance(data, list):
        data = {"entities": data}
    if data is None:
        data = {}
    if not isinstance(data, Mapping):
        raise LocalAtlanError(f"cannot seed from {where}: it must map `connections` or `entities` to a list")
    try:
        return Catalog.model_validate(dict(data))
    except ValidationError as error:
        raise LocalAtlanError(f"cannot seed from {where}: {_first(error)}") from None


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, the fast one
    except OSError as error:
        raise LocalAtlanError(f"cannot seed from {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise LocalAtlanError(f"cannot seed from {path}: it is not UTF-8 text") from None
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())
        raise LocalAtlanError(f"cannot seed from {path}: it is not YAML: {what}") from None


def _first(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False)
    first = details[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    message = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{place}: {message}{more}"


@dataclass(frozen=True, slots=True)
class Sprout:
    """An entity to be, and where the catalog speaks of it."""

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


def expand(catalog: Catalog) -> tuple[list[Sprout], dict[str, dict[str, Any]]]:
    """All entities of a catalog, and the credentials (by id) that its connections use."""
    sprouts: list[Sprout] = []
    credentials: dict[str, dict[str, Any]] = {}
    for number, connection in enumerate(catalog.connections):
        place = f"connections[{number}]"
        name = connection.qualified_name or f"default/{connection.connector}/{_FIRST_EPOCH + number}"
        credential = _credential(connection, name) if connection.open_lineage else None
        if credential:
            credentials[credential["id"]] = credential
        sprouts.append(_connection(connection, place, name, credential))
        inherited = {"connectorName": connection.connector, "connectionQualifiedName": name}
        for index, database in enumerate(connection.databases):
            sprouts += _database(database, _Branch(f"{place}.databases[{index}]", name, inherited))
    sprouts += [_other(one, f"entities[{number}]") for number, one in enumerate(catalog.entities)]
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


def plant(store: Store, catalog: Catalog) -> None:
    """Create the entities of a catalog that are not there yet; those that are stay as they are.

    Args:
        store: the data, inside a transaction.
        catalog: what to create.

    Raises:
        LocalAtlanError: an entity is refused; the message names its place in the catalog.
    """
    plant_types(store, catalog.tags, catalog.custom_metadata, _GARDENER)
    sprouts, credentials = expand(catalog)
    _refuse_doubles(sprouts)
    new = [one for one in sprouts if not _exists(store, one)]
    chosen = {(one.type_name, one.qualified_name): one.guid for one in new if one.guid}
    session = Session(
        store, _GARDENER, new_guid=lambda *key: chosen.get(key) or seeded_guid(*key), own_names=True
    )
    payloads = [replace(one.payload, guid=f"-{number}") for number, one in enumerate(new, 1)]
    try:
        upsert(session, payloads, BulkFlags())
    except AtlasError as error:
        place = new[int(error.entity_guid or "-1") * -1 - 1].place
        raise LocalAtlanError(f"cannot seed {place}: {error.message}") from None
    for guid, body in credentials.items():
        store.credentials.put(guid, body)


def seeded_guid(type_name: str, qualified_name: str) -> str:
    """The GUID of a seeded entity that names none."""
    return str(uuid.uuid5(_NAMESPACE, f"{type_name}:{qualified_name}"))


def _refuse_doubles(sprouts: list[Sprout]) -> None:
    seen: dict[str, str] = {}
    for one in sprouts:
        for what in (f"{one.type_name} {one.qualified_name}", f"GUID {one.guid}"):
            if what in seen and what != "GUID None":
                raise LocalAtlanError(f"cannot seed {one.place}: {what} is at {seen[what]} already")
            seen[what] = one.place


def _exists(store: Store, sprout: Sprout) -> bool:
    found = store.entities.find(sprout.type_name, sprout.qualified_name)
    return found is not None and found.type_name == sprout.type_name
