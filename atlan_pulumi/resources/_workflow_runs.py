"""Runs of a workflow, such as a crawler: find it, start it or join an active run, and follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import EntityKey, asset_names, is_live, look_up_entities, pauses
from atlan_pulumi.text import did_you_mean, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Workflow, WorkflowRun

_SAY_EVERY = 30.0
"""Seconds between two lines about a run whose status stays the same."""
_INDEX_LAG = 15.0
"""Seconds for which a run is searched that may have started."""
_INDEX_PAUSE = 1.0
"""Seconds between two of these searches."""


class WorkflowRuns:
    """Starts and follows runs of a workflow, for a limited time."""

    def __init__(
        self,
        client: AtlanClient,
        workflow: Workflow,
        timeout: float,
        log: Callable[[str], None],
        *,
        hidden: bool = False,
    ) -> None:
        """Set up.

        Args:
            client: The tenant.
            workflow: The workflow.
            timeout: The time for all runs and waits, in seconds.
            log: Prints a line.
            hidden: Whether names must not be printed.
        """
        self._client, self._workflow, self._timeout, self._log = client, workflow, timeout, log
        self._hidden = hidden
        self._end = client.clock.monotonic() + timeout

    @property
    def crawler(self) -> str:
        """The words for the crawler in messages."""
        return "the crawler" if self._hidden else f"the crawler {self._workflow.name!r}"

    def complete(self, keys: Sequence[EntityKey]) -> WorkflowRun:
        """Run the workflow, or join an active run, and return the run after its end.

        A joined run may have read the source before the assets were in it. If it failed, or they are missing
        after it, the workflow runs again.

        Args:
            keys: The assets that the run is to publish.

        Raises:
            ResourceError: A run is still active at the end of the time, or may have started unseen.
            RequestError: Atlan refused, or could not be reached.
        """
        while True:
            run, joined = self._start_or_join()
            run = self._follow(run)
            if not joined or (run.has_succeeded and not missing_assets(self._client, keys)):
                return run

    def _start_or_join(self) -> tuple[WorkflowRun, bool]:
        """Return an active run, and whether others have started it, as far as it is known."""
        from atlan_pulumi.client import NetworkError, ServerError  # noqa: PLC0415 - brings the HTTP client

        apps = self._client.apps
        if run := self._active():
            self._log(f"run {run.run_id} of {self.crawler} is active already: waits for it")
            return run, True
        try:
            return apps.submit(self._workflow.slug), False
        except (ServerError, NetworkError) as error:
            if run := self._appeared():
                return run, True
            raise ResourceError(
                f"{self.crawler} may have started, but Atlan did not confirm it: {error}; look at its "
                "runs in Atlan before you run `pulumi up` again"
            ) from None

    def _active(self) -> WorkflowRun | None:
        """Return an active run. The index lags, also about its end."""
        listed = self._client.apps.active_run(self._workflow.slug)
        run = self._client.apps.run(listed.run_id) if listed else None
        return None if run is None or run.has_ended else run

    def _appeared(self) -> WorkflowRun | None:
        """Return an active run as soon as the index has it."""
        clock, end = self._client.clock, self._client.clock.monotonic() + _INDEX_LAG
        while (run := self._active()) is None and clock.monotonic() < end:
            clock.sleep(_INDEX_PAUSE)
        return run

    def _follow(self, run: WorkflowRun) -> WorkflowRun:
        """Wait until a run has ended, and return it.

        Raises:
            ResourceError: It is still active at the end of the time, or was removed.
        """
        from atlan_pulumi.client import NotFoundError  # noqa: PLC0415 - brings the HTTP client

        said, said_at = "", 0.0
        for now in self._pauses():
            try:
                run = self._client.apps.run(run.run_id)
            except NotFoundError:
                gone = f"run {run.run_id} of {self.crawler} is no longer in Atlan"
                raise ResourceError(f"{gone}: run `pulumi up` again") from None
            if run.has_ended:
                return run
            if run.status != said or now - said_at >= _SAY_EVERY:
                said, said_at = run.status, now
                self._log(f"run {run.run_id} of {self.crawler}: {run.status}")
        raise ResourceError(
            f"run {run.run_id} of {self.crawler} is {run.status} after "
            f"{self._timeout:g} seconds: it continues in Atlan, and `pulumi up` joins it; or increase timeout"
        )

    def await_assets(self, run: WorkflowRun, keys: Sequence[EntityKey]) -> None:
        """Wait until assets are readable.

        Raises:
            ResourceError: Some are still missing at the end of the time.
        """
        missing, said = list(keys), False
        for _ in self._pauses():
            missing = missing_assets(self._client, missing)
            if not missing:
                return
            if not said:
                said = True
                self._log(
                    f"run {run.run_id} succeeded: waits for {asset_names(missing, hidden=self._hidden)}"
                )
        names = asset_names(missing, hidden=self._hidden)
        raise ResourceError(
            f"run {run.run_id} of {self.crawler} succeeded, but Atlan has no "
            f"{names} after {self._timeout:g} seconds: check the names, and what it includes"
        )

    def _pauses(self) -> Iterator[float]:
        """Yield the time now, at least once, with a pause between; end with the time."""
        clock = self._client.clock
        for pause in pauses():
            yield clock.monotonic()
            left = self._end - clock.monotonic()
            if left <= 0:
                return
            clock.sleep(min(pause, left))


def find_workflow(client: AtlanClient, name: str) -> Workflow:
    """Return the workflow with a name or slug.

    Raises:
        ResourceError: There is none, or more than one with the name.
    """
    named = [each for each in client.apps.workflows(name) if each.name == name]
    if len(named) == 1:
        return named[0]
    if named:
        slugs = enumerate_first([repr(each.slug) for each in named])
        raise ResourceError(f"Atlan has {len(named)} workflows named {name!r}: use the slug of one, {slugs}")
    every = list(client.apps.workflows())
    if found := [each for each in every if each.slug == name]:
        return found[0]
    names = [each.name for each in every]
    hint = did_you_mean(name, names) or (
        f"; it has {enumerate_first(sorted(map(repr, names)))}" if names else ""
    )
    raise ResourceError(f"Atlan has no workflow {name!r}{hint}")


def missing_assets(client: AtlanClient, keys: Sequence[EntityKey]) -> list[EntityKey]:
    """Return the assets that are not readable as full assets: a placeholder is not crawled yet."""
    found = look_up_entities(client, keys) if keys else {}
    return [key for key in keys if not _is_full(found.get(key))]


def _is_full(entity: Entity | None) -> bool:
    return is_live(entity) and entity.attributes.get("isPartial") is not True
