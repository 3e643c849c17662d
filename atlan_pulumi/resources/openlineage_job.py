"""`OpenLineageJob`: a job whose lineage Atlan creates from run events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    NOT_OURS,
    UNKNOWN,
    Checked,
    Difference,
    EntityKey,
    InputProblem,
    Observed,
    Origins,
    Props,
    ResourceLifecycle,
    absence_note,
    drift_note,
    has_stack,
    has_unknown,
    is_ours,
    is_recreated,
    managed_properties,
    merged,
    must_be_named,
    owner_change,
    ownership_conflict_on_create,
    ownership_conflict_on_update,
    replaced_guid,
    same,
)
from atlan_pulumi.naming import below_connection, connector_of
from atlan_pulumi.openlineage import Destination, connector_problem
from atlan_pulumi.resources._job_assets import absent_at_preview, destination_problem, refuse_absent
from atlan_pulumi.resources._job_columns import column_names, column_notes, ownership_conflicts, plan_columns
from atlan_pulumi.resources._job_datasets import (
    SIDES,
    as_declared,
    resolve_columns,
    without_lineage,
)
from atlan_pulumi.resources._job_inputs import OpenLineageJobInputs
from atlan_pulumi.resources._job_ownership import (
    entities_of_another_stack,
    entities_of_others,
    is_unfinished,
    mark_shown,
    ownership_conflict_on_write,
    state_for,
    takeovers,
)
from atlan_pulumi.resources._job_removal import JobRemoval, dependents_of
from atlan_pulumi.resources._job_run import PendingRun, left_by_run, mark_job, mark_process, send_run
from atlan_pulumi.resources._job_sql import JobSql, has_column_facet, with_sql_facet
from atlan_pulumi.resources.datasets import (
    DatasetReference,
    datasets,
)
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    created_by,
    job_name_of,
    job_type_of,
    process_name_of,
    read_lineage,
)
from atlan_pulumi.resources.literals import DeleteType, TerminalState
from atlan_pulumi.resources.references import UnresolvedReferenceError, qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext, context_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class OpenLineageJobLifecycle(ResourceLifecycle):
    """The lifecycle of an `OpenLineageJob`.

    Atlan creates the job's entities from events, some time after it accepts them. So that an interrupted run
    leaves nothing unseen, the job's entity is created with the ownership mark before any event is sent.
    """

    type_name = "Process"
    model = OpenLineageJobInputs
    identity = ("connection", "job_name")
    named_by = identity
    removes_below = "/column"

    def __init__(self) -> None:
        super().__init__()
        self._named: set[str] = set()

    def identify(self, declared: Props, _olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return `<connection>/<job>/process`, the Process in Atlan, and the columns in one form."""
        connection, job = declared["connection"], declared["job_name"]
        unknown = connection is UNKNOWN or job is UNKNOWN
        name = UNKNOWN if unknown else process_name_of(below_connection(connection, job))
        return {"qualified_name": name} | (
            {"columns": resolve_columns(declared)} if "columns" in declared else {}
        )

    def marked_entity(self, qualified_name: str) -> tuple[str, str]:
        """Return the job's entity, which exists before any event is sent."""
        return job_type_of(qualified_name), job_name_of(qualified_name)

    def also_creates(self, declared: Props) -> Iterator[EntityKey]:
        """Yield the column processes that Atlan creates from the events."""
        return (EntityKey("ColumnProcess", name) for name in column_names(declared))

    def entities(self, declared: Props) -> list[EntityKey]:
        """Return the Process, the job's entity, and the column processes of the events."""
        own = super().entities(declared)
        marked_keys = [EntityKey(*self.marked_entity(each.qualified_name)) for each in own]
        return [*own, *marked_keys, *(self.also_creates(declared) if own else ())]

    def check(self, olds: Props, news: Props, tenant: Callable[[], AtlanClient] | None = None) -> Checked:
        """Validate the inputs, and check whether a run would succeed and what it does to column processes."""
        checked = super().check(olds, news, tenant)
        declared = checked.inputs
        if checked.problems or not self.diff(olds, declared).changed:
            return checked
        known = declared["connection"] is not UNKNOWN and self._runs(olds, declared)
        if known and (objection := connector_problem(connector_of(declared["connection"]))):
            return Checked(declared, [InputProblem("connection", objection)])
        return self._look_up(tenant(), olds, declared) if tenant else checked

    def _look_up(self, client: AtlanClient, olds: Props, declared: Props) -> Checked:
        """Check in the tenant whether it accepts the events, what they result in, and what is removed."""
        name, destination = declared["connection"], None
        if name is not UNKNOWN:
            destination = Destination(client, name)
            if problem := destination_problem(declared, destination):
                return Checked(declared, [problem])
        absent = absent_at_preview(client, declared, destination) if self._runs(olds, declared) else []
        names = ("qualified_name", "inputs", "outputs", "columns")
        if has_unknown([declared.get(each) for each in names]):
            return Checked(declared, [], absent)
        return Checked(declared, self._check_columns(client, olds, declared), absent)

    def _runs(self, olds: Props, news: Props) -> bool:
        """Return whether a deployment sends a run, according to the state."""
        return bool(set(self.diff(olds, news).changed) - self.model.settings - {"managed_by"})

    def _check_columns(self, client: AtlanClient, olds: Props, news: Props) -> list[InputProblem]:
        """Return the problems of a run's takeovers, and name every takeover and removal."""
        stays = olds if olds.get("qualified_name") == news["qualified_name"] else {}
        found = read_lineage(client, news["qualified_name"], stays, news)
        partly = any(is_ours(each, news) for each in found.every)  # otherwise the preflight checks refuse
        theirs = entities_of_another_stack(found, news) if partly else []
        lost = [ownership_conflict_on_write(each, stays, news) for each in theirs]
        problems = [InputProblem("job_name", each) for each in lost if each][:1]
        if not self._runs(olds, news):
            if not problems:
                self._name_first(found, stays, news)
            return problems
        plan = plan_columns(client, found, stays, news, self.declared)
        problems += [InputProblem("columns", each) for each in ownership_conflicts(plan, news)]
        if not problems:
            self._name_first(found, stays, news)
        for note in [] if problems else column_notes(plan, stays, news):
            self._name(note)
        return problems

    def _name_first(self, found: JobLineage, olds: Props, news: Props) -> None:
        """Name the takeovers of a deployment. Preflight names the first entity of a job."""
        first = found.process or found.job
        for each, note in takeovers(found, olds, news):
            if each is not first or (olds and not must_be_named(each, olds, news)):
                self.name_once(each, note)

    def _name(self, note: str) -> None:
        """Log what a run is about to do, unless a check has logged it before."""
        if note not in self._named:
            self._named.add(note)
            self.log(note)

    def adoption_side_effects(self, _entity: Entity, declared: Props) -> list[str]:
        """Return that a run replaces the column lineage too."""
        return ["its column lineage"] if "columns" in declared else []

    def observe(self, _client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """Return the observed value of a property. Properties that are only in events are as declared."""
        if name not in SIDES:
            return declared
        return JobLineage([], entity, [], []).side(name, declared)

    def diff(self, olds: Props, news: Props, plan: object = None) -> Difference:
        """Compare datasets and columns in their declared form.

        Atlan stores no namespaces. If the state contains Atlan's form, as after an import, it equals the
        declared dataset of the same name.
        """
        return super().diff(as_declared(olds, news), news, plan)

    # -- create, read, update, delete --------------------------------------------------------------

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Send a run, and wait until Atlan has processed it."""
        _refuse(connector_problem(connector_of(inputs["connection"])))
        found = read_lineage(client, inputs["qualified_name"], inputs)
        for each in entities_of_others(found, inputs):
            _refuse(ownership_conflict_on_create(each, inputs))
        destination = Destination(client, inputs["connection"])
        refuse_absent(client, inputs, destination)
        for each, note in takeovers(found, {}, inputs):
            self.name_once(each, note)
        try:
            outputs, written = self._send(client, destination, {}, inputs, found)
        except AtlanError as error:
            raise self._failed(client, inputs, found, error) from None
        self.written |= set(written)
        return outputs

    def _failed(
        self, client: AtlanClient, inputs: Props, before: JobLineage, error: AtlanError
    ) -> AtlanError:
        """Return the error of a run, with the entities that it left, which belong in the state."""
        try:
            left = left_by_run(client, inputs, before)
            seen = self.read(client, inputs["qualified_name"], {**inputs, **left}) if left else None
        except AtlanError:  # the next run finds it by the mark
            return error
        return PartlyCreatedError(str(error), seen.outputs) if seen and seen.outputs else error

    def _send(
        self, client: AtlanClient, destination: Destination, olds: Props, news: Props, found: JobLineage
    ) -> tuple[Props, list[str]]:
        run = PendingRun(client, destination, olds, news, found, self.declared)
        return send_run(run, log=self.log, name=self._name)

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """Return the observed Process and column processes, in the form in which they were declared."""
        found = read_lineage(client, id_, props)
        process, absent = found.process, []
        if process is None or process.status != "ACTIVE":
            absent = [absence_note(self.type_name, id_, process)]
            jobs = [each.guid for each in found.live if each.type_name != self.type_name]
            if props.get("job_guid") not in jobs:
                return Observed({}, {}, absent)
        seen = {**props, "qualified_name": id_, **(without_lineage(props) if absent else found.shown(props))}
        if "managed_by" in props:
            seen["managed_by"] = mark_shown(found, props)
        inputs = {
            name: seen[name]
            for name in (*self.model.model_fields, "qualified_name", DEFAULTS)
            if name in seen
        }
        if process is None or absent:
            return Observed(seen, inputs, absent)
        outputs = {"guid": process.guid, **({"job_guid": found.job.guid} if found.job else {})}
        if is_recreated(process, props) and not any(has_stack(each) for each in found.live):
            outputs["own_mark"] = NOT_OURS
        names = [
            name
            for name in managed_properties(self.model, props)
            if not same(props.get(name), seen.get(name))
        ]
        inputs |= replaced_guid({**seen, **outputs})
        below = found.columns if "columns" in names else []
        owner = owner_change(process, props) if "managed_by" in names else ""
        note = f"{drift_note(process, names, below)}{'; ' if owner else ''}{owner}"
        return Observed({**seen, **outputs}, inputs, [note] if names else [])

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """Send a new run for a change. A change of a setting of this package sends none."""
        found = read_lineage(client, news["qualified_name"], olds, news)
        for each in entities_of_others(found, news) if found.has_process else ():
            _refuse(ownership_conflict_on_update(each, state_for(each, olds), news))
        for each, note in takeovers(found, olds, news):
            self.name_once(each, note)
        if self._runs(olds, news) or not found.has_process or is_unfinished(olds):
            _refuse(connector_problem(connector_of(news["connection"])))
            destination = Destination(client, news["connection"])
            refuse_absent(client, news, destination)
            outputs, written = self._send(client, destination, olds, news, found)
            self.written |= set(written) & set(outputs.get("column_guids") or ())
            return outputs
        job_guid, *_ = [mark_job(client, news, each) for each in (found.jobs or (None,))]
        columns = [each for each in found.columns if created_by(each, olds, news)]
        process = mark_process(client, news, found, columns)
        kept: Props = {name: olds.get(name) for name in ("column_guids", "left_guids", "run_id")}
        own = {"job_guid": job_guid, "guid": process.guid, "own_mark": news.get("managed_by")}
        return merged(news, {**kept, **own})

    def dependents(self, client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
        """Return the column processes of others below the Process, each with the Process."""
        return dependents_of(client, props)

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Delete the column processes of events, the Process, and the job's entity. Datasets stay."""
        return JobRemoval(client, props, self.written, self.declared).run(self.log)


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise ResourceError(objection)


class OpenLineageJob(AtlanResource):
    """A job that reads and writes datasets, declared through OpenLineage run events.

    Each deployment that creates or changes the job sends one run: a START event with everything declared, and
    a terminal event. Atlan processes events some time after it accepts them (about half a minute), so the
    deployment waits until the process exists and shows the declared lineage. A later run of the job itself,
    for example by Spark, replaces the lineage, which is then reported as drift.

    The connection's connector must be `spark` or `generic-openlineage`. Others are refused, since Atlan does
    not document well enough what it creates from their events; see `docs/openlineage.md`.

    Args:
        resource_name: The resource's name in the stack.
        connection: The connection that accepts the events: an `OpenLineageConnection` or a qualifiedName.
            Changing this forces replacement.
        job_name: The job's name. Changing this forces replacement. Default: `resource_name`.
        inputs: The datasets that the job reads; at least one. A set. Create them with `dataset()`, or write
            `<namespace>/<name>` if the namespace is a URI such as `snowflake://abc123`.
        outputs: The datasets that the job writes; at least one. A set.
        reads_own_output: Whether a dataset may be both input and output, as with MERGE or INSERT OVERWRITE.
            Without it, such a dataset is an error.
        columns: Maps each output column to its input columns, each as `<name of the dataset>.<column>`. If a
            side has only one dataset, the column's name is enough. If two datasets have the same name, prefix
            it with the namespace and a slash. Default: what `sql` decides.
        sql: The SQL that the job runs; it becomes the facet `sql`, unless `job_facets` has one. Without
            `columns`, they are derived from it, with the datasets as its tables, and the events say how each
            column is computed. Needs the extra `sql`.
        derive: How `sql` is read: a `SqlContext`. The columns of the datasets come from their `schema`
            facets, from the tables of the context, and from Atlan if the context has a connection. Default
            dialect: that of the system that all datasets are in; if they are in several, `spark` in a `spark`
            connection. False derives nothing.
        job_facets: Facets of the job, by key, such as `{"sql": {"query": "…"}}`. Facets in OpenLineage's
            specification are validated. Any other key may contain any object, unless it differs from a
            specified one only in case.
        run_facets: Facets of the run, by key. Validated like `job_facets`.
        producer: A URI of the code or system that produces the events. Default: the ownership mark.
        terminal_state: The run's final state: `COMPLETE` (default), `FAIL`, or `ABORT`.
        wait_seconds: Maximum wait for Atlan to process a run, in seconds. Default: 180.
        adopt: Adopt an existing job with the same name, its process, and the column processes that the run
            writes. The preview names each. Without it, an existing job is an error.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Delete the job together with column processes of other writers below its process.
            Without it, such column processes are an error that lists them.
        opts: Resource options.

    Attributes:
        qualified_name: `<connection>/<job_name>/process`, the Process that Atlan creates; also the Pulumi id.
        guid: The GUID of that Process.
        job_guid: The GUID of the job's entity: a `SparkJob`, or a `FlowControlOperation` in a
            `generic-openlineage` connection.
        run_id: The runId of the last run.
        managed_by: The ownership mark in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        spark = atlan.OpenLineageConnection(
            "spark",
            name="ol-spark",
            qualified_name="default/spark/1657025400",
            admin_roles=["$admin"],
            partial_assets=False,
        )
        snowflake = "snowflake://abc123.snowflakecomputing.com"
        atlan.OpenLineageJob(
            "nightly",
            connection=spark,
            job_name="dag_123",
            inputs=[atlan.dataset(snowflake, "RAW.PUBLIC.ORDERS")],
            outputs=[atlan.dataset(snowflake, "MART.PUBLIC.ORDERS")],
            columns={"MART.PUBLIC.ORDERS.ORDER_ID": ["RAW.PUBLIC.ORDERS.ID"]},
            job_facets={"sql": {"query": "insert into MART.PUBLIC.ORDERS select ID from RAW.PUBLIC.ORDERS"}},
            producer="https://your.orchestrator/unique/id/123",
        )
        ```
    """

    atlan_type: ClassVar[str] = "Process"
    kind: ClassVar[str] = "OpenLineageJob"
    more_outputs: ClassVar[tuple[str, ...]] = ("job_guid", "run_id")

    job_guid: pulumi.Output[str]
    run_id: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        connection: AtlanResource | pulumi.Input[str],
        inputs: pulumi.Input[Sequence[pulumi.Input[DatasetReference | str]]],
        outputs: pulumi.Input[Sequence[pulumi.Input[DatasetReference | str]]],
        job_name: pulumi.Input[str] | None = None,
        columns: pulumi.Input[Mapping[str, pulumi.Input[Sequence[pulumi.Input[str]]]]] | None = None,
        sql: pulumi.Input[str] | None = None,
        derive: SqlContext | bool | None = None,
        reads_own_output: pulumi.Input[bool] | None = None,
        job_facets: pulumi.Input[Mapping[str, Any]] | None = None,
        run_facets: pulumi.Input[Mapping[str, Any]] | None = None,
        producer: pulumi.Input[str] | None = None,
        terminal_state: pulumi.Input[TerminalState] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {
            "connection": qualified_name_of(connection),
            **named_after(resource_name, "job_name", job_name),
            "inputs": datasets(inputs),
            "outputs": datasets(outputs),
            "columns": columns,
            "reads_own_output": reads_own_output,
            "job_facets": with_sql_facet(job_facets, sql),
            "run_facets": run_facets,
            "producer": producer,
            "terminal_state": terminal_state,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        self._job_sql: JobSql | None = None
        context = context_of(derive, f"OpenLineageJob {resource_name!r}: ")
        if derive and sql is None:
            raise UnresolvedReferenceError(f"OpenLineageJob {resource_name!r}: derive needs sql")
        if sql is not None and columns is None and derive is not False and not has_column_facet(props):
            self._job_sql = JobSql(self, resource_name, sql=sql, context=context, job=props, opts=opts)
            props |= self._job_sql.derived()
        super().__init__(resource_name, props, opts)

    async def sql_origins(self) -> Origins:
        """Return the lines of the columns that come from the job's SQL."""
        return await self._job_sql.origins() if self._job_sql else {}
