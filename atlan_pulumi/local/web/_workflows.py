"""`/api/service/v1/app`: workflows of apps, such as crawlers, and their runs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from atlan_pulumi.local._scripted_workflows import Run, Workflow, WorkflowError
from atlan_pulumi.local.graph import BulkFlags, Payload, Session, upsert_entities
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._context import Context, context_of, json_body, page_parameters
from atlan_pulumi.local.web._responses import JsonResponse
from atlan_pulumi.local.web._service import service_error

_AUTOMATION = "automation-engine"  # the user that records runs
_PAGE_SIZE = 50
_RUNS = "default/apps/automation_engine/workflows"  # source: pyatlan 11.6, client/app.py
_Handler = Callable[[Request], Awaitable[JsonResponse]]


def _answering_errors(handler: _Handler) -> _Handler:
    @wraps(handler)
    async def wrapped(request: Request) -> JsonResponse:
        try:
            return await handler(request)
        except WorkflowError as error:
            return service_error(request, error.status, "workflow", str(error))

    return wrapped


def _workflow_of(request: Request) -> Workflow:
    return context_of(request).workflows.get(request.path_params["slug"])


async def _body(request: Request, *required: str) -> dict[str, Any]:
    body = await json_body(request)
    missing = [name for name in required if name not in body] if isinstance(body, dict) else list(required)
    if missing:
        raise WorkflowError(400, f"{', '.join(missing)} must be set")
    return dict(body)


async def _list(request: Request) -> JsonResponse:
    _, limit = page_parameters(request, _PAGE_SIZE)
    start = int(request.query_params.get("cursor") or 0)
    found = context_of(request).workflows.named(request.query_params.get("name"))
    page, more = found[start : start + limit], len(found) > start + limit
    body = {"workflows": [one.to_json() for one in page], "has_more": more}
    return JsonResponse({**body, "next_cursor": str(start + limit)} if more else body)


async def _create(request: Request) -> JsonResponse:
    body, context = await _body(request, "name", "app_id", "inputs"), context_of(request)
    workflow = context.workflows.create(body["name"], body["app_id"], body["inputs"])
    answer = {"execution_mode": "native", "slug": workflow.slug, "version": workflow.version}
    if body.get("run", True):
        answer["run_id"] = (await _start(context, workflow.slug)).run_id
    if body.get("schedule"):
        answer["schedule_trigger_id"] = _add_schedule(workflow, body["schedule"])["trigger_id"]
    return JsonResponse(answer)


async def _read(request: Request) -> JsonResponse:
    return JsonResponse(_workflow_of(request).to_json())


async def _update(request: Request) -> JsonResponse:
    workflow = _workflow_of(request)
    workflow.inputs = (await _body(request, "inputs"))["inputs"]
    workflow.version += 1
    return JsonResponse({"slug": workflow.slug, "version": workflow.version})


async def _remove(request: Request) -> JsonResponse:
    workflow = _workflow_of(request)
    context_of(request).workflows.remove(workflow.slug)
    return JsonResponse({"slug": workflow.slug, "archived": True})


async def _submit(request: Request) -> JsonResponse:
    run = await _start(context_of(request), request.path_params["slug"])
    if run.script.submit_status is not None:
        raise WorkflowError(run.script.submit_status, "the workflow could not be submitted")
    return JsonResponse(run.to_json())


async def _read_run(request: Request) -> JsonResponse:
    context = context_of(request)
    run = context.workflows.run(request.path_params["run_id"])
    before = run.status
    if run.read():
        await _publish(context, run)
    if run.status != before:
        await _record(context, run)
    return JsonResponse(run.to_json())


async def _cancel_run(request: Request) -> JsonResponse:
    context = context_of(request)
    run = context.workflows.run(request.path_params["run_id"])
    cancelled = run.cancel()
    await _record(context, run)
    answer = {"run_id": run.run_id, "cancelled": cancelled, "status": run.status, "slug": run.slug}
    return JsonResponse(answer)


async def _schedule(request: Request) -> JsonResponse:
    return JsonResponse(_add_schedule(_workflow_of(request), await _body(request, "cron")))


async def _remove_schedule(request: Request) -> JsonResponse:
    workflow, trigger_id = _workflow_of(request), request.path_params["trigger_id"]
    kept = [one for one in workflow.schedules if one["trigger_id"] != trigger_id]
    deleted = len(kept) < len(workflow.schedules)
    workflow.schedules = kept
    return JsonResponse({"trigger_id": trigger_id, "deleted": deleted})


async def _describe(request: Request) -> JsonResponse:
    app_id = request.path_params["app_id"]
    answer = {"app_id": app_id, "name": app_id, "native_ready": True, "execution_mode": "native"}
    return JsonResponse({**answer, "entrypoints": [{"name": "default"}]})


async def _inputs(request: Request) -> JsonResponse:
    answer = {"title": request.path_params["app_id"], "type": "object", "properties": {}, "required": []}
    return JsonResponse(answer)


def _add_schedule(workflow: Workflow, schedule: dict[str, Any]) -> dict[str, Any]:
    added = {
        "trigger_id": str(uuid.uuid4()),
        "cron": schedule["cron"],
        "timezone": schedule.get("timezone") or "UTC",
    }
    workflow.schedules = [*workflow.schedules, added]
    return added


async def _start(context: Context, slug: str) -> Run:
    run = context.workflows.submit(slug)
    await _record(context, run)
    return run


async def _publish(context: Context, run: Run) -> None:
    catalog = await asyncio.to_thread(run.catalog)
    if catalog is None:
        return
    crawl_id, unpublished = f"{run.slug}-{run.run_id}", run.script.archive_unpublished
    await asyncio.wrap_future(context.crawl(catalog, crawl_id, archive_unpublished=unpublished))


async def _record(context: Context, run: Run) -> None:
    """Write the run as an asset, so that searches find active runs."""
    attributes = {
        "qualifiedName": f"{_RUNS}/{run.slug}/{run.run_id}",
        "name": run.run_id,
        "appWorkflowRunStatus": run.status,
    }

    def write(store: Store) -> None:
        session = Session(store, _AUTOMATION, context.now())
        upsert_entities(session, [Payload("AppWorkflowRun", "-1", attributes=attributes)], BulkFlags())

    await context.write(write)


def _route(path: str, handler: _Handler, method: str = "GET") -> Route:
    return Route(path, _answering_errors(handler), methods=[method])


routes = [
    _route("/v1/app", _list),
    _route("/v1/app", _create, "POST"),
    _route("/v1/app/runs/{run_id}", _read_run),
    _route("/v1/app/runs/{run_id}/cancel", _cancel_run, "POST"),
    _route("/v1/app/{slug}", _read),
    _route("/v1/app/{slug}", _update, "PUT"),
    _route("/v1/app/{slug}", _remove, "DELETE"),
    _route("/v1/app/{slug}/submit", _submit, "POST"),
    _route("/v1/app/{slug}/schedule", _schedule, "POST"),
    _route("/v1/app/{slug}/schedule/{trigger_id}", _remove_schedule, "DELETE"),
    _route("/v1/apps/{app_id}", _describe),
    _route("/v1/apps/{app_id}/inputs", _inputs),
]
