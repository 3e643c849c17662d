"""`/api/meta/entity`: tags, labels, and custom metadata of one entity, by GUID or by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    invalid_parameters,
    tag_not_attached,
    unknown_tag,
)
from atlan_pulumi.local.graph import Session, annotate_entity
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.local.web._context import context_of, flag, json_body, unique_names, write_session
from atlan_pulumi.local.web._metastore import entity_by_guid, entity_by_name
from atlan_pulumi.local.web._responses import JsonResponse

Extras = dict[str, Any]
Change = Callable[[Request, Store, StoredEntity, Any], Extras]
"""Returns the tags, labels, or custom metadata of an entity after a request."""


def _entity_finder(request: Request) -> Callable[[Store], StoredEntity]:
    guid = request.path_params.get("guid")
    if guid is not None:
        return lambda store: entity_by_guid(store, guid)
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    return lambda store: entity_by_name(store, type_name, name)


def _change_handler(change: Change, *, body: bool = True) -> Callable[[Request], Any]:
    async def serve(request: Request) -> Response:
        sent = await json_body(request) if body else None
        find = _entity_finder(request)

        def write(session: Session) -> None:
            found = find(session.store)
            entity = session.get(found.guid) or found
            annotate_entity(session, entity, change(request, session.store, entity, sent))

        await write_session(request, write)
        return Response(status_code=204)

    return serve


def _tags_by_name(entity: StoredEntity) -> dict[str, Any]:
    return {tag.get("typeName"): tag for tag in entity.extras.get("classifications") or ()}


def _add_tags(_request: Request, _store: Store, entity: StoredEntity, sent: Any) -> Extras:
    tags = _require_objects(sent, "classifications(s) not specified")
    return {
        "classifications": list((_tags_by_name(entity) | {tag.get("typeName"): tag for tag in tags}).values())
    }


def _change_tags(request: Request, store: Store, entity: StoredEntity, sent: Any) -> Extras:
    for tag in _require_objects(sent, "classifications(s) not specified"):
        _require_tag(entity, store, str(tag.get("typeName")))
    return _add_tags(request, store, entity, sent)


def _remove_tag(request: Request, store: Store, entity: StoredEntity, _sent: Any) -> Extras:
    name = request.path_params["tag"]
    _require_tag(entity, store, name)
    return {"classifications": [tag for key, tag in _tags_by_name(entity).items() if key != name]}


def _require_tag(entity: StoredEntity, store: Store, name: str) -> None:
    definition = store.typedefs.get(name)
    if definition is None or definition["category"] != "CLASSIFICATION":
        raise unknown_tag(name)
    if name not in _tags_by_name(entity):
        raise tag_not_attached(name)


def _set_labels(_request: Request, _store: Store, _entity: StoredEntity, sent: Any) -> Extras:
    return {"labels": _sent_labels(sent, required=False)}


def _add_labels(_request: Request, _store: Store, entity: StoredEntity, sent: Any) -> Extras:
    return {"labels": list(dict.fromkeys([*(entity.extras.get("labels") or ()), *_sent_labels(sent)]))}


def _remove_labels(_request: Request, _store: Store, entity: StoredEntity, sent: Any) -> Extras:
    removed = _sent_labels(sent)
    return {"labels": [one for one in entity.extras.get("labels") or () if one not in removed]}


def _sent_labels(sent: Any, *, required: bool = True) -> list[str]:
    if not sent and required:
        raise invalid_parameters("labels is null/empty")
    if not isinstance(sent or [], list):
        raise MalformedRequestError("labels must be a list")
    return [str(one) for one in sent or ()]


def _change_metadata(request: Request, _store: Store, entity: StoredEntity, sent: Any) -> Extras:
    values = _sent_metadata(request, sent)
    current = entity.extras.get("businessAttributes") or {}
    replace_all = request.path_params.get("metadata") is None and flag(request, "isOverwrite")
    merged = (
        values
        if replace_all
        else {name: {**current.get(name, {}), **(one or {})} for name, one in values.items()}
    )
    kept = {} if replace_all else current
    return {"businessAttributes": {**kept, **merged}}


def _remove_metadata(request: Request, _store: Store, entity: StoredEntity, sent: Any) -> Extras:
    current = dict(entity.extras.get("businessAttributes") or {})
    for name, removed in _sent_metadata(request, sent).items():
        current[name] = {
            key: value for key, value in current.get(name, {}).items() if removed and key not in removed
        }
    return {"businessAttributes": current}


def _sent_metadata(request: Request, sent: Any) -> dict[str, Any]:
    if not sent:
        raise invalid_parameters("businessAttributes is null/empty")
    if not isinstance(sent, dict):
        raise MalformedRequestError("custom metadata must be an object")
    name = request.path_params.get("metadata")
    return sent if name is None else {name: sent}


def _require_objects(sent: Any, missing: str) -> list[dict[str, Any]]:
    if not sent:
        raise invalid_parameters(missing)
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise MalformedRequestError("the body must be a list of objects")
    return sent


async def _tag_many(request: Request) -> Response:
    sent = await json_body(request)
    tag, guids = (
        (sent.get("classification"), sent.get("entityGuids")) if isinstance(sent, dict) else (None, None)
    )
    if not isinstance(tag, dict) or not tag.get("typeName"):
        raise invalid_parameters("no classification")
    if not isinstance(guids, list) or not guids:
        raise invalid_parameters("Must specify entityGuids")

    def write(session: Session) -> None:
        for guid in guids:
            entity = session.get(entity_by_guid(session.store, str(guid)).guid)
            if entity is not None:
                annotate_entity(session, entity, _add_tags(request, session.store, entity, [tag]))

    await write_session(request, write)
    return Response(status_code=204)


async def _read_tags(request: Request) -> JsonResponse:
    found = await context_of(request).read(_entity_finder(request))
    tags = list(_tags_by_name(found).values())
    return JsonResponse({"list": tags, "startIndex": 0, "pageSize": len(tags), "totalCount": len(tags)})


async def _read_tag(request: Request) -> JsonResponse:
    name, find = request.path_params["tag"], _entity_finder(request)

    def read(store: Store) -> dict[str, Any]:
        found = find(store)
        _require_tag(found, store, name)
        tag: dict[str, Any] = _tags_by_name(found)[name]
        return tag

    return JsonResponse(await context_of(request).read(read))


def _routes(path: str, change: Change, method: str, *, body: bool = True) -> list[Route]:
    """Return the routes of a change, by GUID and by name."""
    serve = _change_handler(change, body=body)
    starts = ("/guid/{guid}", "/uniqueAttribute/type/{type_name}")
    return [Route(f"{start}{path}", serve, methods=[method]) for start in starts]


routes = [
    Route("/bulk/classification", _tag_many, methods=["POST"]),
    Route("/guid/{guid}/classifications", _read_tags, methods=["GET"]),
    Route("/guid/{guid}/classification/{tag}", _read_tag, methods=["GET"]),
    *_routes("/classifications", _add_tags, "POST"),
    *_routes("/classifications", _change_tags, "PUT"),
    *_routes("/classification/{tag}", _remove_tag, "DELETE", body=False),
    *_routes("/labels", _set_labels, "POST"),
    *_routes("/labels", _add_labels, "PUT"),
    *_routes("/labels", _remove_labels, "DELETE"),
    *_routes("/businessmetadata", _change_metadata, "POST"),
    *_routes("/businessmetadata", _remove_metadata, "DELETE"),
    *_routes("/businessmetadata/{metadata}", _change_metadata, "POST"),
    *_routes("/businessmetadata/{metadata}", _remove_metadata, "DELETE"),
]
