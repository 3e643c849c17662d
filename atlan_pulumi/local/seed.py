"""Seed catalogs: the initial content of a local Atlan.

```yaml
users: [ann]                       # in addition to the built-in users
groups: [finance]
tags: [PII]                        # internal and display name are equal
custom_metadata:
  Cost: {center: string, monthly: float}    # attributes with their types
connections:
  - name: warehouse
    connector: snowflake
    qualified_name: default/snowflake/1657025257    # default: derived from the connector
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
    open_lineage: true             # receives OpenLineage events
workflows:                         # crawlers, run through the app API
  - name: warehouse-crawler
    runs:                          # how the next runs go; the last one repeats. Default: one that succeeds
      - status: Failed             # or Succeeded (the default), Error, …; Running never ends
        reads: 3                   # the status requests until the run ends. Default: 2
        submit_status: 500         # the answer to the submission, although the run starts
      - crawl: {connections: []}   # what a successful run publishes
entities:                          # any type; references as in Atlan's API
  - typeName: S3Object
    qualifiedName: arn:aws:s3:::lake/orders.csv
    attributes: {name: orders.csv}
```

A reference by qualifiedName can refer to any entity of the catalog, in any order.

Every item accepts `guid`, `description`, and `attributes` (by their names in Atlan). The default `guid` is
derived from type and qualifiedName, so that it is the same each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, ValidationError
from pydantic.alias_generators import to_camel

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local._settings import Seed
from atlan_pulumi.local._typedefs import define_seed_types
from atlan_pulumi.local.graph import BulkFlags, Payload, Session, upsert_entities
from atlan_pulumi.local.store import Store

_MESSAGES = {"missing": "is missing", "extra_forbidden": "is unknown"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIRST_EPOCH = 1_700_000_000  # first number of connections without a qualifiedName
_SEED_USER = "seed"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:seed")


def _parse_guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a GUID") from None


class _SeedItem(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    guid: Annotated[str, AfterValidator(_parse_guid)] | None = None
    description: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)


class _NamedItem(_SeedItem):
    name: StrictStr


class SeedColumn(_NamedItem):
    """A column of a table or view."""

    data_type: str | None = None


class SeedRelation(_NamedItem):
    """A table, view, or materialized view."""

    columns: list[SeedColumn] = Field(default_factory=list)


class SeedSchema(_NamedItem):
    """A schema of a database."""

    tables: list[SeedRelation] = Field(default_factory=list)
    views: list[SeedRelation] = Field(default_factory=list)
    materialised_views: list[SeedRelation] = Field(default_factory=list)


class SeedDatabase(_NamedItem):
    """A database of a connection."""

    schemas: list[SeedSchema] = Field(default_factory=list)


class SeedConnection(_NamedItem):
    """A connection and its databases."""

    connector: StrictStr
    qualified_name: str | None = None
    category: str | None = None
    open_lineage: bool = False
    databases: list[SeedDatabase] = Field(default_factory=list)


_RunStatus = Literal["Running", "Succeeded", "Failed", "Error", "Stopped", "Terminated", "Skipped"]


class SeedRun(BaseModel):
    """How a run of a workflow goes."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    status: _RunStatus = "Succeeded"
    reads: int = Field(default=2, ge=1)
    submit_status: int | None = Field(default=None, ge=400, le=599)
    crawl: SeedCatalog | None = None
    archive_unpublished: bool = False


class SeedWorkflow(BaseModel):
    """A workflow of an app, such as a crawler."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    name: StrictStr
    slug: StrictStr | None = None
    app_id: StrictStr = "local-crawler"
    runs: list[SeedRun] = Field(default_factory=list)


class SeedEntity(_SeedItem):
    """An entity of any type."""

    type_name: StrictStr
    qualified_name: StrictStr
    name: str | None = None
    relationship_attributes: dict[str, Any] = Field(default_factory=dict)


class SeedCatalog(BaseModel):
    """A seed catalog."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    connections: list[SeedConnection] = Field(default_factory=list)
    entities: list[SeedEntity] = Field(default_factory=list)
    workflows: list[SeedWorkflow] = Field(default_factory=list)
    users: list[str] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    custom_metadata: dict[str, dict[str, str]] = Field(default_factory=dict)


def load_seed(seed: Seed, what: str = "seed") -> SeedCatalog:
    """Load a catalog from a YAML file or from plain data.

    Args:
        seed: a path, a mapping, or a list of entities.
        what: what the catalog is for, in messages: `seed` or `crawl`.

    Raises:
        LocalAtlanError: the file cannot be read, or the catalog is invalid. The message names the location.
    """
    where = f"{what} from {seed if isinstance(seed, (str, Path)) else 'the catalog'}"
    data = _load_yaml(Path(seed), where) if isinstance(seed, (str, Path)) else seed
    if isinstance(data, list):
        data = {"entities": data}
    if data is None:
        data = {}
    if not isinstance(data, Mapping):
        raise LocalAtlanError(
            f"cannot {where}: it must be a list of entities, or a mapping with `connections` or `entities`"
        )
    try:
        return SeedCatalog.model_validate(dict(data))
    except ValidationError as error:
        raise LocalAtlanError(f"cannot {where}: {_describe_first(error)}") from None


def _load_yaml(path: Path, where: str) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    except OSError as error:
        raise LocalAtlanError(f"cannot {where}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise LocalAtlanError(f"cannot {where}: it is not UTF-8 text") from None
    except yaml.YAMLError as error:
        label = " ".join(str(error).split())
        raise LocalAtlanError(f"cannot {where}: it is not YAML: {label}") from None


def _describe_first(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False)
    first = details[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    message = _MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{place}: {message}{more}"


@dataclass(frozen=True, slots=True)
class ExpandedEntity:
    """An entity of the catalog, and its location there."""

    place: str
    type_name: str
    qualified_name: str
    guid: str | None
    payload: Payload


@dataclass(frozen=True, slots=True)
class _Position:
    """The location, inherited attributes, and parent of an entity."""

    place: str
    qualified_name: str
    inherited: dict[str, Any]
    parent: dict[str, Any] = field(default_factory=dict)


def expand_seed(catalog: SeedCatalog) -> tuple[list[ExpandedEntity], dict[str, dict[str, Any]]]:
    """Return all entities of a catalog, and the credentials of its connections by id."""
    entities: list[ExpandedEntity] = []
    credentials: dict[str, dict[str, Any]] = {}
    for number, connection in enumerate(catalog.connections):
        place = f"connections[{number}]"
        name = connection.qualified_name or f"default/{connection.connector}/{_FIRST_EPOCH + number}"
        credential = _open_lineage_credential(connection, name) if connection.open_lineage else None
        if credential:
            credentials[credential["id"]] = credential
        entities.append(_expand_connection(connection, place, name, credential))
        inherited = {"connectorName": connection.connector, "connectionQualifiedName": name}
        for index, database in enumerate(connection.databases):
            entities += _expand_database(database, _Position(f"{place}.databases[{index}]", name, inherited))
    entities += [_expand_entity(one, f"entities[{number}]") for number, one in enumerate(catalog.entities)]
    return entities, credentials


def _expand_connection(
    item: SeedConnection, place: str, name: str, credential: dict[str, Any] | None
) -> ExpandedEntity:
    attributes = {
        "connectorName": item.connector,
        "category": item.category,
        "defaultCredentialGuid": credential["id"] if credential else None,
    }
    return _build_entity(item, _Position(place, name, {}), "Connection", item.name, attributes)


def _expand_database(item: SeedDatabase, position: _Position) -> Iterator[ExpandedEntity]:
    name = f"{position.qualified_name}/{item.name}"
    yield _build_entity(item, _at_name(position, name), "Database", item.name)
    inherited = {**position.inherited, "databaseName": item.name, "databaseQualifiedName": name}
    parent = {"database": _reference("Database", name)}
    for number, schema in enumerate(item.schemas):
        yield from _expand_schema(
            schema, _Position(f"{position.place}.schemas[{number}]", name, inherited, parent)
        )


def _expand_schema(item: SeedSchema, position: _Position) -> Iterator[ExpandedEntity]:
    name = f"{position.qualified_name}/{item.name}"
    yield _build_entity(item, _at_name(position, name), "Schema", item.name)
    inherited = {**position.inherited, "schemaName": item.name, "schemaQualifiedName": name}
    parent = {"atlanSchema": _reference("Schema", name)}
    groups = (
        ("tables", "Table", item.tables),
        ("views", "View", item.views),
        ("materialised_views", "MaterialisedView", item.materialised_views),
    )
    for key, type_name, relations in groups:
        for number, relation in enumerate(relations):
            here = _Position(f"{position.place}.{key}[{number}]", name, inherited, parent)
            yield from _expand_relation(relation, here, type_name)


def _expand_relation(item: SeedRelation, position: _Position, type_name: str) -> Iterator[ExpandedEntity]:
    name = f"{position.qualified_name}/{item.name}"
    yield _build_entity(
        item, _at_name(position, name), type_name, item.name, {"columnCount": len(item.columns)}
    )
    prefix = "table" if type_name == "Table" else "view"
    inherited = {**position.inherited, f"{prefix}Name": item.name, f"{prefix}QualifiedName": name}
    parent = {type_name[0].lower() + type_name[1:]: _reference(type_name, name)}
    for number, column in enumerate(item.columns):
        here = _Position(f"{position.place}.columns[{number}]", f"{name}/{column.name}", inherited, parent)
        attributes = {"dataType": column.data_type, "order": number + 1}
        yield _build_entity(column, here, "Column", column.name, attributes)


def _expand_entity(item: SeedEntity, place: str) -> ExpandedEntity:
    name = item.name or item.attributes.get("name") or item.qualified_name.rpartition("/")[2]
    position = _Position(place, item.qualified_name, {}, item.relationship_attributes)
    return _build_entity(item, position, item.type_name, str(name))


def _build_entity(
    item: Any, position: _Position, type_name: str, name: str, attributes: dict[str, Any] | None = None
) -> ExpandedEntity:
    base = {"qualifiedName": position.qualified_name, "name": name, "description": item.description}
    values = {**position.inherited, **(attributes or {}), **base, **item.attributes}
    payload = Payload(
        type_name=type_name,
        guid="",
        attributes={key: value for key, value in values.items() if value is not None},
        relationships=position.parent,
    )
    return ExpandedEntity(position.place, type_name, position.qualified_name, item.guid, payload)


def _at_name(position: _Position, qualified_name: str) -> _Position:
    return _Position(position.place, qualified_name, position.inherited, position.parent)


def _reference(type_name: str, qualified_name: str) -> dict[str, Any]:
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}


def _open_lineage_credential(item: SeedConnection, name: str) -> dict[str, Any]:
    path = f"/events/openlineage/{item.connector}/api/v1/lineage"
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"credential:{name}")),
        "name": f"default-{item.connector}-0",
        "connector": item.connector,
        "connectorType": "event",
        "extra": {"events.enable-partial-assets": True, "events.enabled": True, "events.urlPath": path},
    }


def create_seed_entities(store: Store, catalog: SeedCatalog) -> None:
    """Create the entities of a catalog that do not exist yet. Existing entities do not change.

    Args:
        store: the data, in a transaction.
        catalog: the catalog.

    Raises:
        LocalAtlanError: an entity is refused. The message names its location in the catalog.
    """
    define_seed_types(store, catalog.tags, catalog.custom_metadata, _SEED_USER)
    entities, credentials = expand_seed(catalog)
    _refuse_duplicates(entities)
    new = [one for one in entities if not _exists(store, one)]
    chosen = {(one.type_name, one.qualified_name): one.guid for one in new if one.guid}
    session = Session(
        store,
        _SEED_USER,
        new_guid=lambda *key: chosen.get(key) or seed_guid(*key),
        resolve_created_names=True,
    )
    write_expanded(session, new, "seed")
    for guid, body in credentials.items():
        store.credentials.put(guid, body)


def write_expanded(session: Session, entities: Sequence[ExpandedEntity], what: str) -> None:
    """Create or update entities of a catalog.

    Args:
        session: the write.
        entities: the entities.
        what: what the catalog is for, in messages: `seed` or `crawl`.

    Raises:
        LocalAtlanError: an entity is refused. The message names its location in the catalog.
    """
    payloads = [replace(one.payload, guid=f"-{number}") for number, one in enumerate(entities, 1)]
    try:
        upsert_entities(session, payloads, BulkFlags())
    except AtlasError as error:
        place = entities[int(error.entity_guid or "-1") * -1 - 1].place
        raise LocalAtlanError(f"cannot {what} {place}: {error.message}") from None


def seed_guid(type_name: str, qualified_name: str) -> str:
    """Return the default GUID of an entity in a seed."""
    return str(uuid.uuid5(_NAMESPACE, f"{type_name}:{qualified_name}"))


def _refuse_duplicates(entities: list[ExpandedEntity]) -> None:
    seen: dict[str, str] = {}
    for one in entities:
        for label in (f"{one.type_name} {one.qualified_name}", f"GUID {one.guid}"):
            if label in seen and label != "GUID None":
                raise LocalAtlanError(f"cannot seed {one.place}: duplicate {label}, also at {seen[label]}")
            seen[label] = one.place


def _exists(store: Store, entity: ExpandedEntity) -> bool:
    found = store.entities.find(entity.type_name, entity.qualified_name)
    return found is not None and found.type_name == entity.type_name
