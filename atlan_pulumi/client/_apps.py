"""client.apps: app workflows, such as crawlers, and their runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from atlan_pulumi.client._calls import Call, quote_segment
from atlan_pulumi.client._models import Entity
from atlan_pulumi.client._search import SearchClient
from atlan_pulumi.client._transport import Transport

_APP = "/api/service/v1/app"
_RUNS = "default/apps/automation_engine/workflows"
"""The beginning of the qualifiedName of each run. Source: pyatlan 11.6, client/app.py."""
_PAGE = 100
_ACTIVE = ("Pending", "Running")
_ENDED = frozenset({"Succeeded", "Failed", "Error", "Stopped", "Terminated", "Skipped"})
"""The statuses of a run that has ended. (pyatlan 11.6 does not count Error.)"""


_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text that a response may leave out. (pyatlan 11.6 has all of these as optional.)"""


class Workflow(BaseModel):
    """A published workflow. The slug identifies it; the name may be empty."""

    model_config = ConfigDict(extra="ignore")

    slug: _Text = ""
    name: _Text = ""


class WorkflowRun(BaseModel):
    """A run of a workflow."""

    model_config = ConfigDict(extra="ignore")

    run_id: str = Field(min_length=1)
    status: _Text = ""

    @property
    def has_ended(self) -> bool:
        """Whether the run has ended, in success or not."""
        return self.status in _ENDED

    @property
    def has_succeeded(self) -> bool:
        """Whether the run has ended in success."""
        return self.status == "Succeeded"


class _Page(BaseModel):
    workflows: Annotated[list[Workflow], BeforeValidator(lambda value: value or [])] = []
    has_more: bool = False
    next_cursor: str | None = None


class AppClient:
    """Finds workflows, and starts and follows runs (`/api/service/v1/app`)."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def workflows(self, name: str | None = None) -> Iterator[Workflow]:
        """Yield the workflows, or those with a name. Pages are fetched as they are needed.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        named = (("name", name),) if name is not None else ()
        cursor: str | None = None
        while True:
            at = (("cursor", cursor),) if cursor else ()
            call = Call("GET", _APP, (("limit", str(_PAGE)), *named, *at))
            page = self._transport.fetch(call, _Page)
            yield from (each for each in page.workflows if each.slug)
            if not page.has_more or page.next_cursor in (None, cursor):
                return
            cursor = page.next_cursor

    def submit(self, slug: str) -> WorkflowRun:
        """Start a run. The request is sent once, since a failure may come after the start.

        Raises:
            ServerError: Atlan responded 5xx: a run is active already, or may have started.
            NotFoundError: There is no such workflow.
            AtlanRequestError: Atlan gave no usable response. The run may have started.
        """
        call = Call("POST", f"{_APP}/{quote_segment(slug)}/submit", body={}, once=True)
        return self._transport.fetch(call, WorkflowRun)

    def run(self, run_id: str) -> WorkflowRun:
        """Return a run with its status.

        Raises:
            NotFoundError: There is no such run.
            AtlanRequestError: Atlan gave no usable response.
        """
        return self._transport.fetch(Call("GET", f"{_APP}/runs/{quote_segment(run_id)}"), WorkflowRun)

    def active_run(self, slug: str) -> WorkflowRun | None:
        """Return the newest active run of a workflow that the index knows; it lags behind by seconds.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        conditions = (
            {"term": {"__typeName.keyword": "AppWorkflowRun"}},
            {"prefix": {"qualifiedName": f"{_RUNS}/{slug}/"}},
            {"terms": {"appWorkflowRunStatus": list(_ACTIVE)}},
        )
        attributes = ["qualifiedName", "appWorkflowRunStatus"]
        found = list(SearchClient(self._transport).live(*conditions, attributes=attributes))
        newest = max(found, key=lambda each: each.create_time or 0, default=None)
        return _run_of(newest) if newest else None


def _run_of(entity: Entity) -> WorkflowRun:
    run_id = entity.qualified_name.rpartition("/")[2]
    return WorkflowRun(run_id=run_id, status=entity.attributes.get("appWorkflowRunStatus") or "")
