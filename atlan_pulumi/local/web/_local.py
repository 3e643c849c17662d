"""`/_local` and the page: what exists only here, without a key and without faults."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from atlan_pulumi.local.web._page_data import assets, graph
from atlan_pulumi.local.web._requests import context_of, flag, page_of

_PAGE = Path(__file__).parents[1] / "page"


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
