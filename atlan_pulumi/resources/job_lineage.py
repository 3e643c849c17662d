"""What Atlan has created from a job's events, in the form in which it was declared.

Sources of the names: Atlan's SDK reads `SparkJob <connection>/<job>` and `Process <connection>/<job>/process`
in its integration tests; Atlan's page on generic OpenLineage names `FlowControlOperation <connection>/<job>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    Props,
    as_set,
    is_precise,
    mark_of,
    stack_of,
    type_conflict,
)
from atlan_pulumi.naming import connector_of
from atlan_pulumi.openlineage import Columns, Side, job_types
from atlan_pulumi.resources.column_mapping import column_process_names, live_columns

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BELOW_JOB = "/process"
_COLUMN = "/column/"
_LINKS = {"SparkJob": "process", "FlowControlOperation": "flowDataResults"}


def job_name_of(qualified_name: str) -> str:
    """Return the qualifiedName of the job's entity above a Process."""
    return qualified_name.removesuffix(_BELOW_JOB)


def process_name_of(job: str) -> str:
    """Return the qualifiedName of the Process of a job."""
    return f"{job}{_BELOW_JOB}"


def column_name_of(qualified_name: str, id_: str) -> str:
    """Return the qualifiedName of a ColumnProcess below a Process."""
    return f"{qualified_name}{_COLUMN}{id_}"


def job_type_of(qualified_name: str) -> str:
    """Return the type of the job's entity."""
    return job_types(connector_of(qualified_name))[0]


@dataclass(frozen=True)
class JobLineage:
    """The observed entities of a job.

    Attributes:
        jobs: The job's entity, and a SparkJob of the same name by an earlier release.
        process: The Process, live or archived.
        columns: The live ColumnProcesses that show the job's column lineage.
        others: The other live ColumnProcesses of the Process.
    """

    jobs: list[Entity]
    process: Entity | None
    columns: list[Entity]
    others: list[Entity]

    @property
    def job(self) -> Entity | None:
        """The job's entity, which gets the ownership mark before any event is sent."""
        return self.jobs[0] if self.jobs else None

    @property
    def live(self) -> list[Entity]:
        """The job's entities and the Process, without archived ones."""
        return [each for each in self.every if each.status == "ACTIVE"]

    @property
    def every(self) -> list[Entity]:
        """The job's entities and the Process, including archived ones."""
        return [*self.jobs, *([self.process] if self.process else [])]

    @property
    def has_process(self) -> bool:
        """Whether the Process exists and is not archived."""
        return self.process is not None and self.process.status == "ACTIVE"

    def of_type(self, type_name: str) -> Entity | None:
        """Return the job's entity of that type."""
        return next((each for each in self.jobs if each.type_name == type_name), None)

    def processes_of_job(self) -> list[str]:
        """Return the qualifiedNames of the Processes that the job's entity refers to."""
        if self.job is None:
            return []
        linked = self.job.related(_LINKS.get(self.job.type_name, "process"), drop_archived=True)
        return [each.qualified_name for each in linked if each.qualified_name]

    def shown(self, props: Props) -> Props:
        """Return the observed properties; columns only if they are declared."""
        sides: Props = {name: self.side(name, props[name]) for name in ("inputs", "outputs")}
        return sides | ({"columns": self.mapping(props)} if "columns" in props else {})

    def side(self, name: str, declared: list[Props]) -> list[Props]:
        """Return the datasets of one side. Declared datasets keep their form."""
        edges = self.process.related(name) if self.process else []
        return as_set(Side(declared).of_assets(edge.qualified_name or "" for edge in edges))

    def mapping(self, props: Props) -> Columns:
        """Return the mapping of columns. Declared fields keep their form."""
        inputs = Side(props["inputs"])
        declared: Columns = props.get("columns") or {}
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.columns:
            for target in targets_of(each, props["outputs"], declared):
                wanted = declared.get(target, [])
                found[target] |= {
                    inputs.text_of_column(source.qualified_name or "", wanted)
                    for source in each.related("inputs")
                }
        return {target: sorted(found[target]) for target in sorted(found)}


def targets_of(column: Entity, outputs: Iterable[Props], declared: Iterable[str]) -> list[str]:
    """Return the fields that a ColumnProcess writes. Declared fields keep their form."""
    side, texts = Side(outputs), list(declared)
    return [side.text_of_column(edge.qualified_name or "", texts) for edge in column.related("outputs")]


def read_lineage(
    client: AtlanClient,
    qualified_name: str,
    *makers: Mapping[str, Any],
    before: JobLineage | None = None,
    taken: Collection[Entity] = (),
) -> JobLineage:
    """Read a job's entities.

    Args:
        client: The tenant.
        qualified_name: The qualifiedName of the Process.
        *makers: The state and the inputs. Their marks and column GUIDs identify what the resource has
            created, and what it has left to others.
        before: The entities before a run was sent. Newer ones belong to the run.
        taken: The ColumnProcesses of others that the run takes over.

    Raises:
        ResourceError: An entity of another type has the name of the Process.
        RequestError: Atlan refused, or could not be reached.
    """
    process = client.entities.get_namesake("Process", qualified_name)
    if process is not None and process.type_name != "Process":
        raise ResourceError(type_conflict("Process", process))
    types = job_types(connector_of(qualified_name))
    jobs = [client.entities.get_by_qualified_name(each, job_name_of(qualified_name)) for each in types]
    below = live_columns(client, column_process_names(process))
    taking = {each.guid for each in taken}
    left = {guid for props in makers for guid in props.get("left_guids") or ()}
    free = [each for each in below if stack_of(mark_of(each)) is None and each.guid not in left]
    of_events = [each for each in free if has_event_name(each, qualified_name)]
    shows = [each for each in below if each.guid in taking or created_by(each, *makers) or each in of_events]
    if before is not None:
        shows += _with_other_names(free, shows, {each.guid for each in before.others})
    return JobLineage(
        [each for each in jobs if each is not None],
        process,
        shows,
        [each for each in below if each not in shows],
    )


def marks_of(props: Mapping[str, Any]) -> set[str]:
    """Return the mark that the resource last wrote; if none, the one that it will write."""
    return {mark for mark in [props.get("own_mark", props.get("managed_by"))] if mark}


def created_by(column: Entity, *makers: Mapping[str, Any]) -> bool:
    """Return whether the resource created a ColumnProcess.

    It has the resource's mark, or has no mark and its GUID is in the state.
    """
    mark = mark_of(column)
    if any(mark in marks_of(props) and _is_its_own(column, props) for props in makers):
        return True
    known = [guid for props in makers for guid in props.get("column_guids") or ()]
    return stack_of(mark) is None and column.guid in known


def _is_its_own(column: Entity, props: Mapping[str, Any]) -> bool:
    """Return whether a mark belongs to the resource alone. Marks of earlier versions may be shared."""
    known = column.guid in (props.get("column_guids") or ())
    return known or is_precise(mark_of(column)) or has_event_name(column, str(props.get("qualified_name")))


def stale_columns(client: AtlanClient, qualified_name: str, props: Mapping[str, Any]) -> list[Entity]:
    """Return the live ColumnProcesses of the resource, whether or not a Process exists."""
    place = {"prefix": {"qualifiedName": column_name_of(qualified_name, "")}}
    kind = {"term": {"__typeName.keyword": "ColumnProcess"}}
    known = props.get("column_guids") or ()
    listed = [each.qualified_name for each in client.search.live(kind, place, attributes=["qualifiedName"])]
    listed += [each.qualified_name for each in client.search.by_guids(known, ["qualifiedName"]).values()]
    return [each for each in live_columns(client, dict.fromkeys(listed)) if created_by(each, props)]


def has_event_name(column: Entity, qualified_name: str) -> bool:
    """Return whether a ColumnProcess is named as events name it: after the column that it writes."""
    id_ = column.qualified_name.removeprefix(column_name_of(qualified_name, "")).casefold()
    names = [(edge.qualified_name or "").rpartition("/")[2].casefold() for edge in column.related("outputs")]
    return any(name and (id_ == name or id_.endswith(f".{name}")) for name in names)


def _with_other_names(free: list[Entity], shows: list[Entity], before: set[str | None]) -> list[Entity]:
    """Return ColumnProcesses of a run with unexpected names, whose columns no other one shows."""
    known = {edge.guid for each in shows for edge in each.related("outputs")}
    new = [each for each in free if each.guid not in before and each not in shows]
    return [each for each in new if not known.issuperset(edge.guid for edge in each.related("outputs"))]


def difference(name: str, seen: Any, wanted: Any) -> str:
    """Return what is missing and what is surplus in a property, such as `inputs: -DB.S.A`."""
    if isinstance(wanted, dict):
        odd = [f"-{each}" for each in wanted if seen.get(each) != wanted[each]]
        return f"{name}: {' '.join(odd)}"
    missing = [f"-{each['name']}" for each in wanted if each not in seen]
    more = [f"+{each['name']}" for each in seen if each not in wanted]
    return f"{name}: {' '.join([*missing, *more])}"
