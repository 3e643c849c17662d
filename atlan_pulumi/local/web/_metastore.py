"""`/api/meta/entity`: read and write entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    forbidden,
    invalid_parameters,
    unknown_guid,
    unknown_name,
    unknown_type,
)
from atlan_pulumi.local._views import mutation_response, show_entities, show_entity, show_header
from atlan_pulumi.local.graph import (
    BulkFlags,
    Payload,
    Session,
    delete_entities,
    parse_bulk,
    parse_entity,
    patch_entity,
    restore_entities,
    upsert_entities,
)
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.local.web._context import context_of, flag, json_body, unique_names, user_of, write_session
from atlan_pulumi.local.web._responses import JsonResponse
from atlan_pulumi.naming.asset_types import is_asset_type

JsonObject = dict[str, Any]

_DELETE_TYPES = frozenset({"SOFT", "HARD", "PURGE"})


def entity_by_guid(store: Store, guid: str) -> StoredEntity:
    """Return the entity with a GUID.

    Raises:
        AtlasError: no entity has this GUID.
    """
    entity = store.entities.get(guid)
    if entity is None:
        raise unknown_guid(guid)
    return entity


def entity_by_name(store: Store, type_name: str, qualified_name: str) -> StoredEntity:
    """Return the entity of a type, or of a subtype, with a qualifiedName.

    Raises:
        AtlasError: the type or the entity does not exist.
    """
    if not is_asset_type(type_name):
        raise unknown_type(type_name)
    entity = store.entities.find(type_name, qualified_name)
    if entity is None:
        raise unknown_name(type_name, qualified_name)
    return entity


async def _read_guid(request: Request) -> JsonResponse:
    return await _read_one(
        request, lambda store: entity_by_guid(store, request.path_params["guid"]), _with_referred_entities
    )


async def _read_name(request: Request) -> JsonResponse:
    return await _read_one(request, _name_finder(request), _with_referred_entities)


async def _header_guid(request: Request) -> JsonResponse:
    return await _read_one(request, lambda store: entity_by_guid(store, request.path_params["guid"]), _header)


async def _header_name(request: Request) -> JsonResponse:
    return await _read_one(request, _name_finder(request), _header)


def _name_finder(request: Request) -> Callable[[Store], StoredEntity]:
    name = unique_names(request)[0]
    return lambda store: entity_by_name(store, request.path_params["type_name"], name)


async def _read_one(
    request: Request,
    find: Callable[[Store], StoredEntity],
    show: Callable[[Request, Store, StoredEntity], dict[str, Any]],
) -> JsonResponse:
    def read(store: Store) -> dict[str, Any]:
        entity = find(store)
        _check_ready(request, entity)
        return show(request, store, entity)

    return JsonResponse(await context_of(request).read(read))


def _with_referred_entities(request: Request, store: Store, entity: StoredEntity) -> dict[str, Any]:
    relationships = not flag(request, "ignoreRelationships")
    return {"referredEntities": {}, "entity": show_entity(store, entity, relationships=relationships)}


def _header(_request: Request, _store: Store, entity: StoredEntity) -> dict[str, Any]:
    return show_header(entity, {})


def _check_ready(request: Request, entity: StoredEntity) -> None:
    """Refuse to read a new connection until `connection_delay_ms` is over, even for its creator."""
    context = context_of(request)
    age = context.now() - entity.create_time
    if entity.type_name == "Connection" and age < context.settings.connection_delay_ms:
        raise forbidden(user_of(request), f"read entity: guid={entity.guid}")


async def _read_guids(request: Request) -> JsonResponse:
    guids = request.query_params.getlist("guid")
    if not guids:
        raise unknown_guid("[]")
    relationships = not flag(request, "ignoreRelationships")

    def read(store: Store) -> dict[str, Any]:
        shown = show_entities(store, _entities_by_guid(store, guids), relationships=relationships)
        return {"entities": shown, "referredEntities": {}}

    return JsonResponse(await context_of(request).read(read))


def _entities_by_guid(store: Store, guids: list[str]) -> list[StoredEntity]:
    found = store.entities.get_many(guids)
    unknown = [guid for guid in guids if guid not in found]
    if unknown:
        raise unknown_guid(unknown[0])
    return [found[guid] for guid in guids]


async def _read_names(request: Request) -> JsonResponse:
    type_name = request.path_params["type_name"]
    if not is_asset_type(type_name):
        raise unknown_type(type_name)
    names = dict.fromkeys(unique_names(request))
    relationships = not flag(request, "ignoreRelationships")

    def read(store: Store) -> dict[str, Any]:
        found = store.entities.find_many(type_name, names)
        return {
            "entities": show_entities(store, found, relationships=relationships),
            "referredEntities": {},
        }

    return JsonResponse(await context_of(request).read(read))


routes = [
    Route("/guid/{guid}", _read_guid, methods=["GET"]),
    Route("/guid/{guid}/header", _header_guid, methods=["GET"]),
    Route("/uniqueAttribute/type/{type_name}", _read_name, methods=["GET"]),
    Route("/uniqueAttribute/type/{type_name}/header", _header_name, methods=["GET"]),
    Route("/bulk", _read_guids, methods=["GET"]),
    Route("/bulk/uniqueAttribute/type/{type_name}", _read_names, methods=["GET"]),
]


async def _upsert_bulk(request: Request) -> JsonResponse:
    return await _upsert(request, parse_bulk(await json_body(request)))


async def _upsert_one(request: Request) -> JsonResponse:
    return await _upsert(request, [_parse_single(await json_body(request))])


async def _upsert(request: Request, payloads: list[Payload]) -> JsonResponse:
    flags = BulkFlags.read(request.query_params)

    def write(session: Session) -> JsonObject:
        _check_ready_to_write(request, session, payloads)
        return mutation_response(session, upsert_entities(session, payloads, flags))

    return JsonResponse(await write_session(request, write))


async def _patch(request: Request) -> JsonResponse:
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    payload = _parse_single(await json_body(request))

    def write(session: Session) -> JsonObject:
        found = entity_by_name(session.store, type_name, name)
        entity = session.get(found.guid) or found
        patch_entity(session, entity, payload)
        return mutation_response(session, update="PARTIAL_UPDATE")

    return JsonResponse(await write_session(request, write))


async def _delete_bulk(request: Request) -> JsonResponse:
    return await _delete(request, lambda _: _guids(request))


async def _delete_guid(request: Request) -> JsonResponse:
    return await _delete(request, lambda _: [request.path_params["guid"]])


async def _delete_name(request: Request) -> JsonResponse:
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    return await _delete(request, lambda store: _guids_by_name(store, type_name, [name]))


async def _delete_names(request: Request) -> JsonResponse:
    references = await json_body(request)
    if not references:
        raise invalid_parameters("No objectIds specified")
    if not isinstance(references, list) or not all(isinstance(one, dict) for one in references):
        raise MalformedRequestError("the body must be a list of references")
    return await _delete(
        request, lambda store: [guid for one in references for guid in _guids_of_reference(store, one)]
    )


def _guids_of_reference(store: Store, reference: dict[str, Any]) -> list[str]:
    unique = reference.get("uniqueAttributes")
    name = unique.get("qualifiedName") if isinstance(unique, dict) else None
    if name is None:
        raise invalid_parameters("uniqueAttributes is null/empty")
    return _guids_by_name(store, str(reference.get("typeName")), [str(name)])


async def _delete(request: Request, which: Callable[[Store], list[str]]) -> JsonResponse:
    requested = request.query_params.get("deleteType", "").upper()
    delete_type = requested if requested in _DELETE_TYPES else "DEFAULT"

    def write(session: Session) -> JsonObject:
        delete_entities(session, which(session.store), delete_type)
        return mutation_response(session, handler=delete_type)

    return JsonResponse(await write_session(request, write))


async def _restore(request: Request) -> JsonResponse:
    def write(session: Session) -> JsonObject:
        restore_entities(session, _guids(request))
        return mutation_response(session)

    return JsonResponse(await write_session(request, write))


def _guids(request: Request) -> list[str]:
    guids = request.query_params.getlist("guid")
    if not guids:
        raise invalid_parameters("Guid(s) not specified")
    return guids


def _guids_by_name(store: Store, type_name: str, names: Iterable[str]) -> list[str]:
    """Return the GUIDs of the entities with these qualifiedNames, without unknown ones."""
    if not is_asset_type(type_name):
        raise unknown_type(type_name)
    return [entity.guid for entity in store.entities.find_many(type_name, names)]


def _parse_single(body: Any) -> Payload:
    if not isinstance(body, dict) or not isinstance(body.get("entity"), dict):
        raise MalformedRequestError("the body must have an object `entity`")
    return parse_entity(body["entity"])


def _check_ready_to_write(request: Request, session: Session, payloads: list[Payload]) -> None:
    """Refuse to write entities in a new connection until `connection_delay_ms` is over."""
    delay = context_of(request).settings.connection_delay_ms
    if not delay:
        return
    for name in {payload.attributes.get("connectionQualifiedName") for payload in payloads} - {None}:
        connection = session.find("Connection", str(name))
        if connection is not None and session.now - connection.create_time < delay:
            raise forbidden(user_of(request), f"create entity: connection {name}")


write_routes = [
    Route("/", _upsert_one, methods=["POST"]),
    Route("/bulk", _upsert_bulk, methods=["POST"]),
    Route("/bulk", _delete_bulk, methods=["DELETE"]),
    Route("/bulk/uniqueAttribute", _delete_names, methods=["DELETE"]),
    Route("/restore/bulk", _restore, methods=["POST"]),
    Route("/guid/{guid}", _delete_guid, methods=["DELETE"]),
    Route("/uniqueAttribute/type/{type_name}", _patch, methods=["PUT"]),
    Route("/uniqueAttribute/type/{type_name}", _delete_name, methods=["DELETE"]),
]
