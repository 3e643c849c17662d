"""`/api/meta/entity`: tags, labels and custom metadata of one entity, by its GUID or its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from atlan_pulumi.local._errors import MalformedRequestError, invalid_parameters, tag_not_there, unknown_tag
from atlan_pulumi.local.graph import Session, annotate
from atlan_pulumi.local.store import Entity, Store
from atlan_pulumi.local.web._context import context_of, flag, json_body, unique_names, user_of
from atlan_pulumi.local.web._metastore import by_guid, by_name

Extras = dict[str, Any]
Change = Callable[[Request, Store, Entity, Any], Extras]
"""Returns what of an entity's tags, labels or custom metadata a request changes."""


def _finder(request: Request) -> Callable[[Store], Entity]:
    guid = request.path_params.get("guid")
    if guid is not None:
        return lambda store: by_guid(store, guid)
    type_name, name = request.path_params["type_name"], unique_names(request)[0]
    return lambda store: by_name(store, type_name, name)


def _writer(change: Change, *, body: bool = True) -> Callable[[Request], Any]:
    async def serve(request: Request) -> Response:
        sent = await json_body(request) if body else None
        find, context = _finder(request), context_of(request)

        def write(store: Store) -> int:
            session = Session(store, user_of(request), context.now())
            found = find(store)
            entity = session.get(found.guid) or found
            annotate(session, entity, change(request, store, entity, sent))
            return session.written

        context.stats.wrote(await context.write(write))
        return Response(status_code=204)

    return serve


def _held(entity: Entity) -> dict[str, Any]:
    return {tag.get("typeName"): tag for tag in entity.extras.get("classifications") or ()}


def _add_tags(_request: Request, _store: Store, entity: Entity, sent: Any) -> Extras:
    tags = _objects(sent, "classifications(s) not specified")
    return {"classifications": list((_held(entity) | {tag.get("typeName"): tag for tag in tags}).values())}


def _change_tags(request: Request, store: Store, entity: Entity, sent: Any) -> Extras:
    for tag in _objects(sent, "classifications(s) not specified"):
        _require(entity, store, str(tag.get("typeName")))
    return _add_tags(request, store, entity, sent)


def _remove_tag(request: Request, store: Store, entity: Entity, _sent: Any) -> Extras:
    name = request.path_params["tag"]
    _require(entity, store, name)
    return {"classifications": [tag for key, tag in _held(entity).items() if key != name]}


def _require(entity: Entity, store: Store, name: str) -> None:
    definition = store.typedefs.get(name)
    if definition is None or definition["category"] != "CLASSIFICATION":
        raise unknown_tag(name)
    if name not in _held(entity):
        raise tag_not_there(name)


def _set_labels(_request: Request, _store: Store, _entity: Entity, sent: Any) -> Extras:
    return {"labels": _labels(sent, required=False)}


def _add_labels(_request: Request, _store: Store, entity: Entity, sent: Any) -> Extras:
    return {"labels": list(dict.fromkeys([*(entity.extras.get("labels") or ()), *_labels(sent)]))}


def _remove_labels(_request: Request, _store: Store, entity: Entity, sent: Any) -> Extras:
    gone = _labels(sent)
    return {"labels": [one for one in entity.extras.get("labels") or () if one not in gone]}


def _labels(sent: Any, *, required: bool = True) -> list[str]:
    if not sent and required:
        raise invalid_parameters("labels is null/empty")
    if not isinstance(sent or [], list):
        raise MalformedRequestError("labels are no list")
    return [str(one) for one in sent or ()]


def _change_metadata(request: Request, _store: Store, entity: Entity, sent: Any) -> Extras:
    values = _metadata(request, sent)
    held = entity.extras.get("businessAttributes") or {}
    whole = request.path_params.get("metadata") is None and flag(request, "isOverwrite")
    merged = (
        values if whole else {name: {**held.get(name, {}), **(one or {})} for name, one in values.items()}
    )
    kept = {} if whole else held
    return {"businessAttributes": {**kept, **merged}}


def _remove_metadata(request: Request, _store: Store, entity: Entity, sent: Any) -> Extras:
    held = dict(entity.extras.get("businessAttributes") or {})
    for name, gone in _metadata(request, sent).items():
        held[name] = {key: value for key, value in held.get(name, {}).items() if gone and key not in gone}
    return {"businessAttributes": held}


def _metadata(request: Request, sent: Any) -> dict[str, Any]:
    if not sent:
        raise invalid_parameters("businessAttributes is null/empty")
    if not isinstance(sent, dict):
        raise MalformedRequestError("custom metadata is no object")
    name = request.path_params.get("metadata")
    return sent if name is None else {name: sent}


def _objects(sent: Any, missing: str) -> list[dict[str, Any]]:
    if not sent:
        raise invalid_parameters(missing)
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise MalformedRequestError("no list of objects")
    return sent


async def _tag_several(request: Request) -> Response:
    sent, context = await json_body(request), context_of(request)
    tag, guids = (
        (sent.get("classification"), sent.get("entityGuids")) if isinstance(sent, dict) else (None, None)
    )
    if not isinstance(tag, dict) or not tag.get("typeName"):
        raise invalid_parameters("no classification")
    if not isinstance(guids, list) or not guids:
        raise invalid_parameters("Must specify entityGuids")

    def write(store: Store) -> int:
        session = Session(store, user_of(request), context.now())
        for guid in guids:
            entity = session.get(by_guid(store, str(guid)).guid)
            if entity is not None:
                annotate(session, entity, _add_tags(request, store, entity, [tag]))
        return session.written

    context.stats.wrote(await context.write(write))
    return Response(status_code=204)


async def _read_tags(request: Request) -> JSONResponse:
    found = await context_of(request).read(_finder(request))
    tags = list(_held(found).values())
    return JSONResponse({"list": tags, "startIndex": 0, "pageSize": len(tags), "totalCount": len(tags)})


async def _read_tag(request: Request) -> JSONResponse:
    name, find = request.path_params["tag"], _finder(request)

    def read(store: Store) -> dict[str, Any]:
        found = find(store)
        _require(found, store, name)
        tag: dict[str, Any] = _held(found)[name]
        return tag

    return JSONResponse(await context_of(request).read(read))


def _both(path: str, change: Change, method: str, *, body: bool = True) -> list[Route]:
    """Return the routes of a change, for a GUID and for a name."""
    serve = _writer(change, body=body)
    starts = ("/guid/{guid}", "/uniqueAttribute/type/{type_name}")
    return [Route(f"{start}{path}", serve, methods=[method]) for start in starts]


routes = [
    Route("/bulk/classification", _tag_several, methods=["POST"]),
    Route("/guid/{guid}/classifications", _read_tags, methods=["GET"]),
    Route("/guid/{guid}/classification/{tag}", _read_tag, methods=["GET"]),
    *_both("/classifications", _add_tags, "POST"),
    *_both("/classifications", _change_tags, "PUT"),
    *_both("/classification/{tag}", _remove_tag, "DELETE", body=False),
    *_both("/labels", _set_labels, "POST"),
    *_both("/labels", _add_labels, "PUT"),
    *_both("/labels", _remove_labels, "DELETE"),
    *_both("/businessmetadata", _change_metadata, "POST"),
    *_both("/businessmetadata", _remove_metadata, "DELETE"),
    *_both("/businessmetadata/{metadata}", _change_metadata, "POST"),
    *_both("/businessmetadata/{metadata}", _remove_metadata, "DELETE"),
]
