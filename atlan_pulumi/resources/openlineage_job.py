"""`OpenLineageJob`: a job whose lineage Atlan makes of run events, declared like the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import pulumi
from pydantic import Field

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.errors import AtlanError, PartlyCreatedError, ResourceError
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    NOT_OURS,
    UNKNOWN,
    Checked,
    Difference,
    Element,
    EntityKey,
    InputProblem,
    Observed,
    Props,
    ResourceInputs,
    ResourceLifecycle,
    Text,
    TextElement,
    change_of_owner,
    has_stack,
    has_unknown,
    is_known,
    is_news,
    is_ours,
    is_recreated,
    managed,
    merged,
    note_of_absence,
    note_of_drift,
    ownership_conflict_on_create,
    ownership_conflict_on_update,
    replaced_guid,
    same,
)
from atlan_pulumi.naming import ConnectionName, below_connection, connector_of
from atlan_pulumi.openlineage import GENERIC, Destination, connector_problem
from atlan_pulumi.resources._job_assets import absent_at_preview, objection_to_destination, refuse_absent
from atlan_pulumi.resources._job_columns import column_names, notes_of, objections, plan_columns
from atlan_pulumi.resources._job_datasets import (
    OWN_SOURCE,
    SIDES,
    as_declared,
    nothing_shown,
    one_form,
)
from atlan_pulumi.resources._job_ownership import (
    as_known,
    is_unfinished,
    mark_shown,
    of_another_stack,
    of_others,
    ownership_conflict_on_write,
    takeovers,
)
from atlan_pulumi.resources._job_removal import Removal, dependents_of
from atlan_pulumi.resources._job_run import Run, left_by_run, mark_job, mark_process, send_run
from atlan_pulumi.resources.datasets import (
    DatasetElement,
    DatasetReference,
    Facets,
    datasets,
    facet_mistake,
    known_datasets,
    missing_dependencies,
)
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    job_name_of,
    job_type_of,
    made_by,
    process_name_of,
    read_lineage,
)
from atlan_pulumi.resources.references import qualified_name_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")


class OpenLineageJobInputs(ResourceInputs):
    """The inputs of an `OpenLineageJob`, validated."""

    kinds: ClassVar[dict[str, str]] = dict.fromkeys(SIDES, "dataset")
    settings: ClassVar[frozenset[str]] = ResourceInputs.settings | {"connection", "job_name", "wait_seconds"}

    connection: ConnectionName
    job_name: Text
    inputs: Annotated[list[DatasetElement], Field(min_length=1)]
    outputs: Annotated[list[DatasetElement], Field(min_length=1)]
    columns: dict[str, Annotated[list[TextElement], Element]] | None = None
    reads_own_output: bool | None = None
    job_facets: Facets | None = None
    run_facets: Facets | None = None
    producer: Text | None = None
    terminal_state: Literal["COMPLETE", "FAIL", "ABORT"] | None = None
    wait_seconds: Annotated[float, Field(gt=0)] | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """What is wrong between the datasets, and within each facet."""
        yield from super().contradictions()
        if is_known(self.job_name) and self.job_name != self.job_name.strip("/ \t\n"):
            yield InputProblem("job_name", "must not start or end with white space or a slash")
        if self.producer is not None and is_known(self.producer) and not _URI.match(self.producer):
            yield InputProblem(
                "producer", f"{self.producer!r} is not a URI, such as 'https://example.com/dags/1'"
            )
        for side in SIDES:
            for index, each in known_datasets(getattr(self, side)):
                yield from each.problems(side, index)
            yield from self._repeated(side)
        yield from self._own_sources()
        yield from self._told_twice()
        yield from missing_dependencies()
        yield from self._facet_problems()
        yield from self._not_of_generic()

    def _repeated(self, side: str) -> Iterator[InputProblem]:
        first: dict[tuple[str, str], int] = {}
        for index, each in known_datasets(getattr(self, side)):
            earlier = first.setdefault(each.identity, index)
            if earlier != index and each != getattr(self, side)[earlier]:
                what = f"{side}[{index}]: {each.name!r} is also {side}[{earlier}]"
                yield InputProblem(side, f"{what}, written otherwise or with other facets")

    def _own_sources(self) -> Iterator[InputProblem]:
        if self.reads_own_output not in (None, False):  # also where it is not known yet
            return
        outputs = {each.identity for _, each in known_datasets(self.outputs)}
        for index, each in known_datasets(self.inputs):
            if each.identity in outputs:
                what = f"inputs[{index}]: {each.name!r} is also an output"
                yield InputProblem("inputs", f"{what}: {OWN_SOURCE}")

    def _told_twice(self) -> Iterator[InputProblem]:
        for index, each in known_datasets(self.outputs):
            facets = each.facets if is_known(each.facets) else None
            if self.columns is not None and "columnLineage" in (facets or {}):
                yield InputProblem(
                    "outputs", f"outputs[{index}]: give either its facet columnLineage, or columns"
                )

    def _not_of_generic(self) -> Iterator[InputProblem]:
        """What Atlan leaves out, or names in a way that it does not document, in a generic connection."""
        if not is_known(self.connection) or connector_of(self.connection) != GENERIC:
            return
        if self.run_facets is not None and is_known(self.run_facets) and "parent" in self.run_facets:
            what = "Atlan does not document how it names the child of another job in this connection"
            instead = "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`"
            yield InputProblem("run_facets", f"run_facets['parent']: {what}: leave it out, {instead}")

    def _facet_problems(self) -> Iterator[InputProblem]:
        given = [("job", "job_facets", self.job_facets), ("run", "run_facets", self.run_facets)]
        for side, kind in (("inputs", "input"), ("outputs", "output")):
            for index, each in known_datasets(getattr(self, side)):
                given.append(("dataset", f"{side}[{index}].facets", each.facets))
                given.append((kind, f"{side}[{index}].{kind}_facets", getattr(each, f"{kind}_facets")))
        for kind, place, facets in given:
            for key, value in (facets or {}).items() if is_known(facets) else ():
                if has_unknown(value):
                    continue
                if reason := facet_mistake(kind, key, value):
                    yield InputProblem(re.split(r"[\[.]", place)[0], f"{place}[{key!r}]: {reason}")


class OpenLineageJobLifecycle(ResourceLifecycle):
    """The lifecycle of an `OpenLineageJob`.

    Atlan makes the job's entities of the events, later than it takes them in. So that a run which is cut off
    leaves nothing unseen, the job's entity is made, and has the mark of ownership, before any event is sent.
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
        """`<connection>/<job>/process`, as Atlan names the Process; and the columns in one form."""
        connection, job = declared["connection"], declared["job_name"]
        unknown = connection is UNKNOWN or job is UNKNOWN
        name = UNKNOWN if unknown else process_name_of(below_connection(connection, job))
        return {"qualified_name": name} | ({"columns": one_form(declared)} if "columns" in declared else {})

    def marked_entity(self, qualified_name: str) -> tuple[str, str]:
        """The job's entity, which is there before the events are."""
        return job_type_of(qualified_name), job_name_of(qualified_name)

    def also_makes(self, declared: Props) -> Iterator[EntityKey]:
        """The column processes that Atlan makes of the events."""
        return (EntityKey("ColumnProcess", name) for name in column_names(declared))

    def entities(self, declared: Props) -> list[EntityKey]:
        """Return the Process, the job's entity, and the column processes that events make."""
        own = super().entities(declared)
        bearers = [EntityKey(*self.marked_entity(each.qualified_name)) for each in own]
        return [*own, *bearers, *(self.also_makes(declared) if own else ())]

    def check(self, olds: Props, news: Props, tenant: Callable[[], AtlanClient] | None = None) -> Checked:
        """Also: whether a run would lead to what was declared, and what it does to column processes."""
        checked = super().check(olds, news, tenant)
        declared = checked.inputs
        if checked.problems or not self.diff(olds, declared).changed:
            return checked
        known = declared["connection"] is not UNKNOWN and self._runs(olds, declared)
        if known and (objection := connector_problem(connector_of(declared["connection"]))):
            return Checked(declared, [InputProblem("connection", objection)])
        return self._look_up(tenant(), olds, declared) if tenant else checked

    def _look_up(self, client: AtlanClient, olds: Props, declared: Props) -> Checked:
        """Return what only the tenant knows: whether it accepts the events, what they lead to, what goes."""
        name, destination = declared["connection"], None
        if name is not UNKNOWN:
            destination = Destination(client, name)
            if problem := objection_to_destination(declared, destination):
                return Checked(declared, [problem])
        absent = absent_at_preview(client, declared, destination) if self._runs(olds, declared) else []
        names = ("qualified_name", "inputs", "outputs", "columns")
        if has_unknown([declared.get(each) for each in names]):
            return Checked(declared, [], absent)
        return Checked(declared, self._look_at_columns(client, olds, declared), absent)

    def _runs(self, olds: Props, news: Props) -> bool:
        """Return whether a deployment sends a run, according to the state."""
        return bool(set(self.diff(olds, news).changed) - self.model.settings - {"managed_by"})

    def _look_at_columns(self, client: AtlanClient, olds: Props, news: Props) -> list[InputProblem]:
        """What is wrong with what a run takes over; what it takes over and removes is named."""
        stays = olds if olds.get("qualified_name") == news["qualified_name"] else {}
        found = read_lineage(client, news["qualified_name"], stays, news)
        partly = any(is_ours(each, news) for each in found.every)  # otherwise the preflight checks refuse
        theirs = of_another_stack(found, news) if partly else []
        lost = [ownership_conflict_on_write(each, stays, news) for each in theirs]
        problems = [InputProblem("job_name", each) for each in lost if each][:1]
        if not self._runs(olds, news):
            if not problems:
                self._name_first(found, stays, news)
            return problems
        plan = plan_columns(client, found, stays, news, self.declared)
        problems += [InputProblem("columns", each) for each in objections(plan, news)]
        if not problems:
            self._name_first(found, stays, news)
        for note in [] if problems else notes_of(plan, stays, news):
            self._name(note)
        return problems

    def _name_first(self, found: JobLineage, olds: Props, news: Props) -> None:
        """Name what a deployment takes over; the checks before it name the first of a job's entities."""
        first = found.process or found.job
        for each, note in takeovers(found, olds, news):
            if each is not first or (olds and not is_news(each, olds, news)):
                self.name_once(each, note)

    def _name(self, note: str) -> None:
        """Log what a run is about to do, once: a check has mostly logged it before."""
        if note not in self._named:
            self._named.add(note)
            self.tell(note)

    def changed_beside(self, _entity: Entity, declared: Props) -> list[str]:
        """A run replaces the column lineage, too."""
        return ["its column lineage"] if "columns" in declared else []

    def observe(self, _client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """What Atlan shows of the job; what only goes into events is as declared."""
        if name not in SIDES:
            return declared
        return JobLineage([], entity, [], []).side(name, declared)

    def diff(self, olds: Props, news: Props, plan: object = None) -> Difference:
        """Compare datasets and columns in the terms of what is declared.

        Atlan does not keep namespaces. Where the state has what Atlan shows, as after an import, that is the
        dataset of the same name that is declared.
        """
        return super().diff(as_declared(olds, news), news, plan)

    # -- create, read, update, delete --------------------------------------------------------------

    def create(self, client: AtlanClient, inputs: Props) -> Props:
        """Send a run, and wait until Atlan has processed it."""
        _refuse(connector_problem(connector_of(inputs["connection"])))
        found = read_lineage(client, inputs["qualified_name"], inputs)
        for each in of_others(found, inputs):
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
        """Return the error of a run, with what it has left: that belongs in the state."""
        try:
            left = left_by_run(client, inputs, before)
            seen = self.read(client, inputs["qualified_name"], {**inputs, **left}) if left else None
        except AtlanError:  # the next run finds it by the mark
            return error
        return PartlyCreatedError(str(error), seen.outputs) if seen and seen.outputs else error

    def _send(
        self, client: AtlanClient, destination: Destination, olds: Props, news: Props, found: JobLineage
    ) -> tuple[Props, list[str]]:
        run = Run(client, destination, olds, news, found, self.declared)
        return send_run(run, tell=self.tell, name=self._name)

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """The Process and its column processes, in the terms of what was declared."""
        found = read_lineage(client, id_, props)
        process, absent = found.process, []
        if process is None or process.status != "ACTIVE":
            absent = [note_of_absence(self.type_name, id_, process)]
            jobs = [each.guid for each in found.live if each.type_name != self.type_name]
            if props.get("job_guid") not in jobs:
                return Observed({}, {}, absent)
        seen = {**props, "qualified_name": id_, **(nothing_shown(props) if absent else found.shown(props))}
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
        names = [name for name in managed(self.model, props) if not same(props.get(name), seen.get(name))]
        inputs |= replaced_guid({**seen, **outputs})
        below = found.columns if "columns" in names else []
        owner = change_of_owner(process, props) if "managed_by" in names else ""
        note = f"{note_of_drift(process, names, below)}{'; ' if owner else ''}{owner}"
        return Observed({**seen, **outputs}, inputs, [note] if names else [])

    def update(self, client: AtlanClient, olds: Props, news: Props) -> Props:
        """A change is one new run; what only steers this package is none."""
        found = read_lineage(client, news["qualified_name"], olds, news)
        for each in of_others(found, news) if found.has_process else ():
            _refuse(ownership_conflict_on_update(each, as_known(each, olds), news))
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
        columns = [each for each in found.columns if made_by(each, olds, news)]
        process = mark_process(client, news, found, columns)
        kept: Props = {name: olds.get(name) for name in ("column_guids", "left_guids", "run_id")}
        own = {"job_guid": job_guid, "guid": process.guid, "own_mark": news.get("managed_by")}
        return merged(news, {**kept, **own})

    def dependents(self, client: AtlanClient, props: Props) -> list[tuple[Entity, Entity]]:
        """Return the column processes that others made below the Process."""
        return dependents_of(client, props)

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """The column processes that events made, the Process, the job's entity; the datasets stay."""
        return Removal(client, props, self.written, self.declared).run(self.tell)


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise ResourceError(objection)


class OpenLineageJob(AtlanResource):
    """A job that reads some datasets and writes others, declared through OpenLineage run events.

    Each deployment that makes or changes it sends one run: a START event with everything declared, and a
    terminal one. Atlan processes events some time after it accepts them (about half a minute), so the
    deployment waits until the process is there and shows what was declared. A later run of the job itself, by
    Spark for instance, replaces its edges: then they show as drift.

    The connection's connector is `spark` or `generic-openlineage`. What Atlan makes of the events of others
    is not documented well enough to be awaited (`docs/openlineage.md`): they are refused.

    Args:
        resource_name: The resource's name in the stack.
        connection: The connection that accepts the events: an `OpenLineageConnection` or a qualifiedName.
            Changing this forces replacement.
        job_name: The job's name. A change replaces the job. Default: `resource_name`.
        inputs: The datasets it reads, at least one; a set. Make them with `dataset()`, or write them as
            `<namespace>/<name>` where the namespace is a URI such as `snowflake://abc123`.
        outputs: The datasets it writes, at least one; a set.
        reads_own_output: Whether a dataset may be both input and output, as with MERGE or INSERT OVERWRITE.
            Without it, that is an error.
        columns: Which output column is made of which input columns, each as
            `<name of the dataset>.<column>`. Where there is only one dataset at a side, the column's name
            will do; where two datasets have one name, put the namespace and a slash before it.
        job_facets: Facets of the job, by key, such as `{"sql": {"query": "…"}}`. Those that OpenLineage's
            specification defines are validated; any other key, unless it is one of those in another case,
            may hold any object.
        run_facets: Facets of the run, by key.
        producer: A URI of the code or system that is responsible. Default: the mark of ownership.
        terminal_state: How the run ends: `COMPLETE` (default), `FAIL` or `ABORT`.
        wait_seconds: Longest wait until Atlan has processed a run, in seconds. Default: 180.
        adopt: Adopt an existing job of this name, its process, and the column processes that the run writes.
            The preview names each. Without it, an existing job is an error.
        delete_type: How its entities go: `PURGE` (for good, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Delete the column processes that others made below its process together with it.
            Without it, they are an error that lists them.
        opts: Pulumi's options.

    Attributes:
        qualified_name: `<connection>/<job_name>/process`, the Process that Atlan makes; also the Pulumi id.
        guid: The GUID of that Process.
        job_guid: The GUID of the job's entity: a `SparkJob`, or a `FlowControlOperation` in a
            `generic-openlineage` connection.
        run_id: The runId of the last run that was sent.
        managed_by: The mark of ownership that it carries in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        spark = atlan.OpenLineageConnection(
            "spark", name="ol-spark", qualified_name="default/spark/1657025400", admin_roles=["$admin"]
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
        reads_own_output: pulumi.Input[bool] | None = None,
        job_facets: pulumi.Input[Mapping[str, Any]] | None = None,
        run_facets: pulumi.Input[Mapping[str, Any]] | None = None,
        producer: pulumi.Input[str] | None = None,
        terminal_state: pulumi.Input[str] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
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
            "job_facets": job_facets,
            "run_facets": run_facets,
            "producer": producer,
            "terminal_state": terminal_state,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        super().__init__(resource_name, props, opts)
