"""Scripted app workflows: crawlers whose runs end as a seed or a test says.

A run is pending, then running, until its status was read often enough. A successful run publishes its
catalog first (see `_crawl`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeVar

from atlan_pulumi.local.seed import SeedCatalog, SeedRun, SeedWorkflow, load_seed

CatalogSource = Callable[[], Any]
"""Returns the catalog of a source at the moment in which a run reads it."""

_Item = TypeVar("_Item")
_ACTIVE = frozenset({"Pending", "Running"})
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


class WorkflowError(Exception):
    """A request that Atlan refuses.

    Attributes:
        status: the HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Run:
    """A run of a workflow. `started` is the time of the submission in UTC."""

    run_id: str
    slug: str
    script: SeedRun
    started: datetime
    status: str = "Pending"
    reads: int = 0
    source: CatalogSource | None = None

    @property
    def active(self) -> bool:
        """Whether the run has not ended."""
        return self.status in _ACTIVE

    def read(self) -> bool:
        """Count a read of the status. Return whether the run succeeds with it, so that it must publish."""
        if not self.active:
            return False
        self.reads += 1
        self.status = self.script.status if self.reads >= self.script.reads else "Running"
        return self.status == "Succeeded"

    def cancel(self) -> bool:
        """End the run. Return False if it has already ended."""
        was_active = self.active
        if was_active:
            self.status = "Stopped"
        return was_active

    def catalog(self) -> SeedCatalog | None:
        """Return the catalog that the run publishes."""
        return self.script.crawl if self.source is None else load_seed(self.source(), "crawl")

    def to_json(self) -> dict[str, Any]:
        """Return the run as the API does."""
        started_at = self.started.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"run_id": self.run_id, "status": self.status, "slug": self.slug, "started_at": started_at}


@dataclass(slots=True)
class Workflow:
    """A published app workflow, and the script of its next runs. The last script repeats."""

    slug: str
    name: str
    app_id: str
    scripts: list[SeedRun]
    source: CatalogSource | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    schedules: list[dict[str, Any]] = field(default_factory=list)

    def next_script(self) -> SeedRun:
        """Return the script of the next run."""
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]

    def to_json(self) -> dict[str, Any]:
        """Return the workflow as the API does."""
        return {
            "slug": self.slug,
            "name": self.name,
            "version": self.version,
            "app_id": self.app_id,
            "owner": "local",
            "schedules": self.schedules,
        }


class Workflows:
    """All workflows and runs. They are kept in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._workflows: dict[str, Workflow] = {}
        self._runs: dict[str, Run] = {}

    def add(self, scripts: Iterable[SeedWorkflow], source: CatalogSource | None = None) -> list[str]:
        """Add workflows, or replace those of the same slug. Return their slugs.

        Args:
            scripts: the workflows.
            source: returns the catalog that successful runs publish, instead of the one in the script.
        """
        slugs = []
        for each in scripts:
            slug = each.slug or _slug_of(each.name)
            runs = list(each.runs) or [SeedRun()]
            self._workflows[slug] = Workflow(slug, each.name, each.app_id, runs, source)
            slugs.append(slug)
        return slugs

    def create(self, name: str, app_id: str, inputs: Mapping[str, Any]) -> Workflow:
        """Create a workflow whose runs succeed and publish nothing.

        Raises:
            WorkflowError: 409: the name is taken.
        """
        if any(one.name == name for one in self._workflows.values()):
            raise WorkflowError(409, f"a workflow with the name {name!r} exists")
        (slug,) = self.add([SeedWorkflow(name=name, app_id=app_id)])
        self._workflows[slug].inputs = dict(inputs)
        return self._workflows[slug]

    def get(self, slug: str) -> Workflow:
        """Return a workflow.

        Raises:
            WorkflowError: 404: there is no such workflow.
        """
        return _known(self._workflows, slug, "workflow")

    def named(self, name: str | None) -> list[Workflow]:
        """Return the workflows with this name; all without one."""
        return [one for one in self._workflows.values() if name in (None, one.name)]

    def remove(self, slug: str) -> None:
        """Remove a workflow.

        Raises:
            WorkflowError: 404: there is no such workflow.
        """
        del self._workflows[self.get(slug).slug]

    def submit(self, slug: str) -> Run:
        """Start a run.

        Raises:
            WorkflowError: 404: there is no such workflow. 500: a run of it is active.
        """
        workflow = self.get(slug)
        if any(run.slug == slug and run.active for run in self._runs.values()):
            raise WorkflowError(500, f"workflow {slug} is already running")
        run = Run(
            str(uuid.uuid4()),
            slug,
            workflow.next_script(),
            datetime.now(timezone.utc),
            source=workflow.source,
        )
        self._runs[run.run_id] = run
        return run

    def run(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            WorkflowError: 404: there is no such run.
        """
        return _known(self._runs, run_id, "run")

    def clear(self) -> None:
        """Forget all workflows and runs."""
        self._workflows.clear()
        self._runs.clear()


def _known(items: Mapping[str, _Item], key: str, noun: str) -> _Item:
    if key not in items:
        raise WorkflowError(404, f"{noun} {key} does not exist")
    return items[key]


def _slug_of(name: str) -> str:
    readable = _NOT_IN_SLUG.sub("-", name.lower()).strip("-")
    return f"{readable}-{uuid.uuid5(uuid.NAMESPACE_URL, f'workflow:{name}').hex[:8]}"
