"""`CrawlerRun`: a run of a crawler, after which its assets are in Atlan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pulumi
from pydantic import Field

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    Element,
    EntityKey,
    InputProblem,
    Observed,
    Props,
    ReferenceInputs,
    ResourceInputs,
    ResourceLifecycle,
    Text,
    merged,
    references_in,
)
from atlan_pulumi.resources._workflow_runs import WorkflowRuns, find_workflow
from atlan_pulumi.resources.references import AssetReference, references

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

TIMEOUT = 3600.0
"""The default of `timeout`, in seconds."""


class CrawlerRunInputs(ResourceInputs):
    """The validated inputs of a `CrawlerRun`."""

    workflow: Text
    triggers: list[Any] | None = None
    wait_for: list[Annotated[ReferenceInputs, Element]] | None = None
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems of the references."""
        yield from super().contradictions()
        for index, reference in enumerate(self.wait_for or ()):
            if isinstance(reference, ReferenceInputs):
                place = f"wait_for[{index}]"
                yield from reference.problems(place, "Catalog")
                if reference.guid:
                    yield InputProblem("wait_for", f"{place}: what has a GUID exists already")


class CrawlerRunLifecycle(ResourceLifecycle):
    """The lifecycle of a `CrawlerRun`.

    It is no entity: its creation runs the crawler, and its deletion does nothing.
    """

    type_name = "AppWorkflowRun"
    model = CrawlerRunInputs
    identity = ("workflow",)
    named_by = identity
    is_entity = False

    def identify(self, declared: Props, _olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the workflow as the id."""
        return {"qualified_name": declared["workflow"]}

    @property
    def asset_properties(self) -> frozenset[str]:
        """The properties whose values are in messages."""
        return frozenset({"workflow", "wait_for"})

    def entities(self, _declared: Props) -> Iterable[EntityKey]:
        """Return nothing: what a crawl publishes belongs to the crawler."""
        return ()

    def publishes(self, declared: Props) -> Iterable[EntityKey]:
        """Return the assets that are readable after the run."""
        return _keys(declared)

    def verify(self, client: AtlanClient, declared: Props, changed: Sequence[str]) -> Iterator[InputProblem]:
        """Yield a problem if Atlan has no such workflow, or several."""
        if "workflow" in changed and isinstance(declared["workflow"], str):
            try:
                find_workflow(client, declared["workflow"])
            except ResourceError as error:
                yield InputProblem("workflow", str(error))

    def observe(self, _client: AtlanClient, _entity: Entity, _name: str, declared: Any) -> Any:
        """Return the property as declared."""
        return declared

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Run the crawler, or join an active run, and wait until the assets are readable.

        Raises:
            ResourceError: The run failed, took too long, or did not publish the assets.
            RequestError: Atlan refused, or could not be reached.
        """
        workflow, keys = find_workflow(client, inputs["workflow"]), _keys(inputs)
        sought = self.sought.of(type(self).__name__, inputs)
        hidden = sought is not None and sought.hidden
        runs = WorkflowRuns(client, workflow, inputs.get("timeout") or TIMEOUT, self.log, hidden=hidden)
        run = runs.complete(keys)
        if not run.has_succeeded:
            raise ResourceError(
                f"run {run.run_id} of {runs.crawler} ended as {run.status}: look at its log in Atlan, then "
                "run `pulumi up` again"
            )
        runs.await_assets(run, keys)
        return merged(inputs, {"run_id": run.run_id, "slug": workflow.slug})

    def read(self, _client: AtlanClient, _id: str, props: Props) -> Observed:
        """Return the state as it is: a past run does not change."""
        names = {*self.model.model_fields, "qualified_name"}
        return Observed(props, {name: value for name, value in props.items() if name in names}, [])

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Run the crawler again, unless only a setting changed."""
        changed = set(self.diff(olds, news).changed)
        if changed & {"workflow", "triggers", "wait_for"}:
            return self.create(client, news)
        return merged(news, {name: olds.get(name) for name in ("run_id", "slug")})

    def delete(self, _client: AtlanClient, _props: Props) -> list[str]:
        """Do nothing: the crawler and its assets stay."""
        return []


def _keys(declared: Props) -> list[EntityKey]:
    named = [each for each in references_in(declared.get("wait_for") or []) if each.get("qualified_name")]
    return [EntityKey(each["type_name"], each["qualified_name"]) for each in named]


class CrawlerRun(AtlanResource):
    """A run of a crawler: creating it runs a workflow in Atlan, and waits until its assets are readable.

    Resources that depend on it can refer to what the crawl publishes, in the same deployment. If the workflow
    runs already, the deployment waits for that run first. A failed run is one line with the run's id; the
    next `pulumi up` runs the crawler again. Deleting the resource does nothing.

    Source of the API: pyatlan 11.6, `client.app`.

    Args:
        resource_name: The resource's name in the stack.
        workflow: The name of the crawler's workflow in Atlan, or its slug. Changing this forces replacement.
        triggers: Values whose change runs the crawler again, such as the outputs of the tables that it
            publishes. Any values of plain data. A set: their order does not matter.
        wait_for: The assets to wait for after the run. What depends on this resource can refer to them,
            although Atlan does not have them at the preview. Changing this runs the crawler again.
        timeout: Maximum time for the run and the wait together, in seconds. Default: 3600.
        opts: Resource options.

    Attributes:
        run_id: The id of the last run.
        slug: The workflow's slug.

    Example:
        ```python
        import atlan_pulumi as atlan
        import pulumi

        warehouse = "default/snowflake/1657025257"
        orders = atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")
        crawl = atlan.CrawlerRun("crawl", workflow="warehouse-crawler", triggers=["v1"], wait_for=[orders])
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[orders],
            opts=pulumi.ResourceOptions(depends_on=[crawl]),
        )
        ```
    """

    atlan_type: ClassVar[str] = "AppWorkflowRun"
    kind: ClassVar[str] = "CrawlerRun"
    more_outputs: ClassVar[tuple[str, ...]] = ("run_id", "slug")

    run_id: pulumi.Output[str]
    slug: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        workflow: pulumi.Input[str],
        triggers: pulumi.Input[Sequence[Any]] | None = None,
        wait_for: pulumi.Input[Sequence[pulumi.Input[AssetReference] | AtlanResource]] | None = None,
        timeout: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {
            "workflow": workflow,
            "triggers": triggers,
            "wait_for": references(wait_for),
            "timeout": timeout,
        }
        super().__init__(resource_name, props, opts)
