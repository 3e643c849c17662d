"""`/_local`, and the data of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from atlan_pulumi.local._schema import find_end
from atlan_pulumi.local._views import Relations
from atlan_pulumi.local.lineage import Direction, Hop, walk
from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.local.web._context import context_of, flag, page_of
from atlan_pulumi.naming.asset_types import is_a

_SHOWN = (
    "sql",
    "code",
    "description",
    "userDescription",
    "ownerUsers",
    "ownerGroups",
    "certificateStatus",
    "certificateStatusMessage",
    "dataType",
    "sourceURL",
    "connectorName",
    "connectionQualifiedName",
    "adminUsers",
    "adminGroups",
    "category",
)
_PARENTS = ("table", "view", "materialisedView", "calculationView", "process")
_WAYS: dict[str, tuple[Direction, ...]] = {"INPUT": ("INPUT",), "OUTPUT": ("OUTPUT",)}
_PAGE = Path(__file__).parents[1] / "page"


def assets(store: Store, type_name: str, text: str, offset: int, limit: int) -> dict[str, Any]:
    """A page of the assets, by type and qualifiedName.

    Args:
        store: the data.
        type_name: only this type; all without it.
        text: only those whose name or qualifiedName contains it, whatever its case.
        offset: how many to skip.
        limit: how many to show.
    """
    named, values = "1", []
    if text:
        named = "(instr(lower(name), lower(?)) OR instr(lower(qualified_name), lower(?)))"
        values = [text, text]
    wanted = f"{named} AND type_name = ?" if type_name else named
    parameters = [*values, type_name] if type_name else values
    order = f"ORDER BY type_name, qualified_name LIMIT {limit} OFFSET {offset}"
    return {
        "counts": dict(sorted(store.entities.group("", "type_name", named, values))),
        "total": store.entities.count(wanted, parameters),
        "assets": [_asset(entity) for entity in store.entities.where(wanted, parameters, order)],
    }


def _asset(entity: Entity) -> dict[str, Any]:
    return {
        "guid": entity.guid,
        "typeName": entity.type_name,
        "qualifiedName": entity.qualified_name,
        "name": entity.name,
        "status": entity.status,
        "connectionQualifiedName": entity.attributes.get("connectionQualifiedName"),
        "updatedBy": entity.updated_by,
        "updateTime": entity.update_time,
    }


def graph(store: Store, guid: str, depth: int, direction: str, *, columns: bool) -> dict[str, Any] | None:
    """The lineage around an asset; None when there is no such asset.

    Args:
        store: the data.
        guid: the asset.
        depth: how many assets deep.
        direction: INPUT, OUTPUT or BOTH.
        columns: the lineage of the asset's columns in place of its own.
    """
    base = store.entities.get(guid)
    if base is None:
        return None
    starts = _columns(store, base) if columns else [base]
    hops = [hop for start in starts for hop in _around(store, start, depth, direction)]
    entities = {one.guid: one for one in starts} | {hop.entity.guid: hop.entity for hop in hops}
    ways = dict.fromkeys((hop.source, hop.target) for hop in hops)
    return {
        "base": guid,
        "nodes": [_node(store, entity) for entity in entities.values()],
        "edges": [{"from": source, "to": target} for source, target in ways],
    }


def _around(store: Store, start: Entity, depth: int, direction: str) -> list[Hop]:
    def live(entity: Entity, _edge: Edge) -> bool:
        return entity.active and start.active

    ways = _WAYS.get(direction, ("INPUT", "OUTPUT"))
    return [hop for way in ways for hop in walk(store, start, way, depth, live)]


def _columns(store: Store, base: Entity) -> list[Entity]:
    """The columns of a table, the column processes of a process; the asset itself if it has neither."""
    relations = Relations(store, base)
    for attribute in ("columns", "columnProcesses"):
        end = find_end(base.type_name, attribute)
        if end is not None and not is_a(base.type_name, "ColumnProcess"):
            return [related.entity for related in relations.at(end) if related.live]
    return [base]


def _node(store: Store, entity: Entity) -> dict[str, Any]:
    return {
        "guid": entity.guid,
        "typeName": entity.type_name,
        "qualifiedName": entity.qualified_name,
        "name": entity.name,
        "status": entity.status,
        "isProcess": is_a(entity.type_name, "Process"),
        "isPartial": bool(entity.attributes.get("isPartial")),
        "parent": _parent(store, entity),
        "attributes": {name: entity.attributes[name] for name in _SHOWN if name in entity.attributes},
        "updatedBy": entity.updated_by,
        "updateTime": entity.update_time,
    }


def _parent(store: Store, entity: Entity) -> str | None:
    if not is_a(entity.type_name, "Column") and not is_a(entity.type_name, "ColumnProcess"):
        return None
    relations = Relations(store, entity)
    ends = (end for name in _PARENTS if (end := find_end(entity.type_name, name)))
    return next((one.entity.guid for end in ends for one in relations.at(end) if one.live), None)


async def _index(_request: Request) -> Response:
    index = _PAGE / "index.html"
    if not index.is_file():
        return PlainTextResponse("This is a local Atlan; its page is not installed.\n", 404)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


async def _stats(request: Request) -> JSONResponse:
    return JSONResponse(context_of(request).stats.summary())


async def _requests(request: Request) -> JSONResponse:
    return JSONResponse({"requests": context_of(request).stats.recent()})


async def _reset(request: Request) -> JSONResponse:
    await context_of(request).reset(seed=flag(request, "seed", default=True))
    return JSONResponse({"reset": True})


async def _faults(request: Request) -> JSONResponse:
    faults = context_of(request).faults
    if request.method == "DELETE":
        faults.clear()
    elif request.method == "POST":
        try:
            faults.add(json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": f"the faults cannot be read: {error}"}, 400)
    return JSONResponse({"faults": faults.show()})


async def _events(request: Request) -> JSONResponse:
    events = await context_of(request).read(lambda store: store.events.after())
    shown = [
        {
            "id": one.id,
            "connector": one.connector,
            "receivedTime": one.received_time,
            "outcome": one.outcome,
            "event": one.body,
        }
        for one in events
    ]
    return JSONResponse({"events": shown})


async def _assets(request: Request) -> JSONResponse:
    offset, limit = page_of(request, 200)
    query = request.query_params
    found = await context_of(request).read(
        lambda store: assets(store, query.get("type", ""), query.get("q", ""), offset, limit)
    )
    return JSONResponse(found)


async def _graph(request: Request) -> JSONResponse:
    query = request.query_params
    depth = min(int(query["depth"]), 50) if query.get("depth", "").isdecimal() else 3
    found = await context_of(request).read(
        lambda store: graph(
            store,
            query.get("guid", ""),
            depth,
            query.get("direction", "BOTH").upper(),
            columns=flag(request, "columns"),
        )
    )
    return JSONResponse({"error": "no asset has this guid"}, 404) if found is None else JSONResponse(found)


routes: list[BaseRoute] = [
    Route("/", _index, methods=["GET"]),
    Route("/_local/stats", _stats, methods=["GET"]),
    Route("/_local/requests", _requests, methods=["GET"]),
    Route("/_local/reset", _reset, methods=["POST"]),
    Route("/_local/faults", _faults, methods=["GET", "POST", "DELETE"]),
    Route("/_local/events", _events, methods=["GET"]),
    Route("/_local/assets", _assets, methods=["GET"]),
    Route("/_local/graph", _graph, methods=["GET"]),
    Mount("/_local/static", StaticFiles(directory=_PAGE, check_dir=False)),
]
