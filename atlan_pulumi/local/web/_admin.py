"""`/_local`, and the page with its data."""

from __future__ import annotations

import json
from asyncio import wrap_future
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._relations import Relations
from atlan_pulumi.local.lineage import Direction, Hop, walk
from atlan_pulumi.local.seed import load_seed
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.local.web._context import context_of, flag, page_parameters
from atlan_pulumi.local.web._responses import JsonResponse
from atlan_pulumi.naming.asset_types import is_a
from atlan_pulumi.naming.relationships import find_end
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, parse_mark

_PAGE_ATTRIBUTES = (
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


def list_assets(store: Store, type_name: str, text: str, offset: int, limit: int) -> dict[str, Any]:
    """Return a page of the assets, sorted by type and qualifiedName.

    Args:
        store: the data.
        type_name: the type of the assets. Empty: all types.
        text: a part of the name or qualifiedName, ignoring case. Empty: all assets.
        offset: the number of assets to skip.
        limit: the maximum number of assets.
    """
    matches, values = "type_name != 'AppWorkflowRun'", []  # a record of the past, no asset of a source
    if text:
        matches += " AND (instr(lower(name), lower(?)) OR instr(lower(qualified_name), lower(?)))"
        values = [text, text]
    condition = f"{matches} AND type_name = ?" if type_name else matches
    parameters = [*values, type_name] if type_name else values
    order = f"ORDER BY type_name, qualified_name LIMIT {limit} OFFSET {offset}"
    return {
        "counts": dict(sorted(store.entities.group("", "type_name", matches, values))),
        "total": store.entities.count(condition, parameters),
        "assets": [_show_asset(entity) for entity in store.entities.where(condition, parameters, order)],
    }


def _show_asset(entity: StoredEntity) -> dict[str, Any]:
    connection = entity.attributes.get("connectionQualifiedName")
    return {**_show_summary(entity), "connectionQualifiedName": connection}


def _show_summary(entity: StoredEntity) -> dict[str, Any]:
    return {
        "guid": entity.guid,
        "typeName": entity.type_name,
        "qualifiedName": entity.qualified_name,
        "name": entity.name,
        "status": entity.status,
        "updatedBy": entity.updated_by,
        "updateTime": entity.update_time,
    }


def lineage_around(
    store: Store, guid: str, depth: int, direction: str, *, columns: bool
) -> dict[str, Any] | None:
    """Return the lineage around an asset, or None if the asset does not exist.

    Args:
        store: the data.
        guid: the GUID of the asset.
        depth: the number of assets on a path.
        direction: `INPUT`, `OUTPUT`, or `BOTH`.
        columns: return the lineage of the columns instead of the asset.
    """
    base = store.entities.get(guid)
    if base is None:
        return None
    starts = _column_level_starts(store, base) if columns else [base]
    hops = [hop for start in starts for hop in _walk_around(store, start, depth, direction)]
    entities = {one.guid: one for one in starts} | {hop.entity.guid: hop.entity for hop in hops}
    ways = dict.fromkeys((hop.source, hop.target) for hop in hops)
    return {
        "base": guid,
        "nodes": [_show_node(store, entity) for entity in entities.values()],
        "edges": [{"from": source, "to": target} for source, target in ways],
    }


def _walk_around(store: Store, start: StoredEntity, depth: int, direction: str) -> list[Hop]:
    def is_active(entity: StoredEntity, _edge: StoredEdge) -> bool:
        return entity.active and start.active

    ways = _WAYS.get(direction, ("INPUT", "OUTPUT"))
    return [hop for way in ways for hop in walk(store, start, way, depth, is_active)]


def _column_level_starts(store: Store, base: StoredEntity) -> list[StoredEntity]:
    """Return the columns of a table, or the column processes of a process, or else the asset itself."""
    relations = Relations(store, [base])
    for attribute in ("columns", "columnProcesses"):
        end = find_end(base.type_name, attribute)
        if end is not None and not is_a(base.type_name, "ColumnProcess"):
            return [related.entity for related in relations.at(base, end) if related.active]
    return [base]


def _show_node(store: Store, entity: StoredEntity) -> dict[str, Any]:
    return {
        **_show_summary(entity),
        "isProcess": is_a(entity.type_name, "Process"),
        "isPartial": bool(entity.attributes.get("isPartial")),
        "parent": _parent_guid(store, entity),
        "managedBy": _managed_by(entity),
        "attributes": {
            name: entity.attributes[name] for name in _PAGE_ATTRIBUTES if name in entity.attributes
        },
    }


def _managed_by(entity: StoredEntity) -> dict[str, str] | None:
    """Return the parts of an entity's ownership mark, or None without one.

    The type and the origin are empty in marks of earlier versions.
    """
    text = entity.attributes.get(OWNERSHIP_ATTRIBUTE)
    mark = parse_mark(text)
    if mark is None:
        return None
    own_type = mark.types.rpartition("$")[2] if mark.origin else ""
    return {
        "stack": mark.stack,
        "resource": mark.name,
        "type": own_type,
        "origin": mark.origin,
        "mark": str(text),
    }


def _parent_guid(store: Store, entity: StoredEntity) -> str | None:
    if not is_a(entity.type_name, "Column") and not is_a(entity.type_name, "ColumnProcess"):
        return None
    relations = Relations(store, [entity])
    ends = (end for name in _PARENTS if (end := find_end(entity.type_name, name)))
    return next((one.entity.guid for end in ends for one in relations.at(entity, end) if one.active), None)


async def _index(_request: Request) -> Response:
    index = _PAGE / "index.html"
    if not index.is_file():
        return PlainTextResponse("This is a local Atlan. Its page is not installed.\n", 404)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


async def _stats(request: Request) -> JsonResponse:
    return JsonResponse(context_of(request).stats.summary())


async def _requests(request: Request) -> JsonResponse:
    return JsonResponse({"requests": context_of(request).stats.recent()})


async def _reset(request: Request) -> JsonResponse:
    await context_of(request).reset(seed=flag(request, "seed", default=True))
    return JsonResponse({"reset": True})


async def _faults(request: Request) -> JsonResponse:
    faults = context_of(request).faults
    if request.method == "DELETE":
        faults.clear()
    elif request.method == "POST":
        try:
            faults.add(json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return JsonResponse({"error": f"invalid fault rule: {error}"}, 400)
    return JsonResponse({"faults": faults.show()})


async def _events(request: Request) -> JsonResponse:
    events = await context_of(request).read(lambda store: store.events.all_after())
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
    return JsonResponse({"events": shown})


async def _crawl(request: Request) -> JsonResponse:
    try:
        catalog = load_seed(json.loads(await request.body()), "crawl")
        unpublished = flag(request, "archive_unpublished")
        result = await wrap_future(context_of(request).crawl(catalog, archive_unpublished=unpublished))
    except (ValueError, LocalAtlanError) as error:
        return JsonResponse({"error": str(error)}, 400)
    return JsonResponse(result.to_json())


async def _workflows(request: Request) -> JsonResponse:
    workflows = context_of(request).workflows
    try:
        workflows.add(load_seed({"workflows": json.loads(await request.body())}).workflows)
    except (ValueError, LocalAtlanError) as error:
        return JsonResponse({"error": str(error)}, 400)
    return JsonResponse({"workflows": [one.to_json() for one in workflows.named(None)]})


async def _assets(request: Request) -> JsonResponse:
    offset, limit = page_parameters(request, 200)
    query = request.query_params
    found = await context_of(request).read(
        lambda store: list_assets(store, query.get("type", ""), query.get("q", ""), offset, limit)
    )
    return JsonResponse(found)


async def _graph(request: Request) -> JsonResponse:
    query = request.query_params
    depth = min(int(query["depth"]), 50) if query.get("depth", "").isdecimal() else 3
    found = await context_of(request).read(
        lambda store: lineage_around(
            store,
            query.get("guid", ""),
            depth,
            query.get("direction", "BOTH").upper(),
            columns=flag(request, "columns"),
        )
    )
    return JsonResponse({"error": "no asset has this GUID"}, 404) if found is None else JsonResponse(found)


routes: list[BaseRoute] = [
    Route("/", _index, methods=["GET"]),
    Route("/_local/stats", _stats, methods=["GET"]),
    Route("/_local/requests", _requests, methods=["GET"]),
    Route("/_local/reset", _reset, methods=["POST"]),
    Route("/_local/faults", _faults, methods=["GET", "POST", "DELETE"]),
    Route("/_local/events", _events, methods=["GET"]),
    Route("/_local/crawl", _crawl, methods=["POST"]),
    Route("/_local/workflows", _workflows, methods=["POST"]),
    Route("/_local/assets", _assets, methods=["GET"]),
    Route("/_local/graph", _graph, methods=["GET"]),
    Mount("/_local/static", StaticFiles(directory=_PAGE, check_dir=False)),
]
