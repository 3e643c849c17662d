"""What Atlan made of a job's events, told in the terms of what was declared.

Source of the names: Atlan's own SDK reads them so in its integration tests: `SparkJob <connection>/<job>`,
`Process <connection>/<job>/process`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import Props, as_set, mark_of, objection_to_type, stack_of
from atlan_pulumi.openlineage import Columns, Side
from atlan_pulumi.resources._below import children_of, live_columns

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BELOW_JOB = "/process"
_COLUMN = "/column/"


def job_name_of(qualified_name: str) -> str:
    """The qualifiedName of the SparkJob above a Process that events made."""
    return qualified_name.removesuffix(_BELOW_JOB)


def process_name_of(job: str) -> str:
    """The qualifiedName of the Process that events make for a SparkJob."""
    return f"{job}{_BELOW_JOB}"


@dataclass(frozen=True)
class JobLineage:
    """A job's entities, as they stand.

    Attributes:
        job: The SparkJob; it bears the mark of ownership first, before any event is sent.
        process: The Process, archived or not.
        columns: The live ColumnProcesses that the events of this package made.
        others: The other live ColumnProcesses that hang on the Process.
    """

    job: Entity | None
    process: Entity | None
    columns: list[Entity]
    others: list[Entity]

    @property
    def live(self) -> list[Entity]:
        """The SparkJob and the Process, as far as they are there and not archived."""
        return [each for each in (self.job, self.process) if each is not None and each.status == "ACTIVE"]

    @property
    def has_process(self) -> bool:
        """Whether the Process is there and not archived."""
        return self.process is not None and self.process.status == "ACTIVE"

    def shown(self, props: Props) -> Props:
        """What Atlan shows of the properties that it shows; columns only where they are declared."""
        sides: Props = {name: self.side(name, props[name]) for name in ("inputs", "outputs")}
        return sides | ({"columns": self.mapping(props)} if "columns" in props else {})

    def side(self, name: str, declared: list[Props]) -> list[Props]:
        """The datasets at one side; those that were declared in the form in which they were."""
        edges = self.process.related(name) if self.process else []
        return as_set(Side(declared).of_assets(edge.qualified_name or "" for edge in edges))

    def mapping(self, props: Props) -> Columns:
        """The mapping of columns; fields that were declared in the form in which they were."""
        inputs, outputs = Side(props["inputs"]), Side(props["outputs"])
        declared: Columns = props.get("columns") or {}
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.columns:
            for edge in each.related("outputs"):
                target = outputs.told(edge.qualified_name or "", declared)
                wanted = declared.get(target, [])
                found[target] |= {
                    inputs.told(source.qualified_name or "", wanted) for source in each.related("inputs")
                }
        return {target: sorted(found[target]) for target in sorted(found)}


def read_lineage(
    client: AtlanClient, qualified_name: str, known: Collection[str] = (), *, before: JobLineage | None = None
) -> JobLineage:
    """Read a job's entities.

    Args:
        client: The tenant.
        qualified_name: That of the Process.
        known: GUIDs of ColumnProcesses that earlier runs made, as the state knows them.
        before: What was there before a run was sent: what came since is the run's.

    Raises:
        ResourceError: Another type has the name of the Process.
        RequestError: Atlan refused, or could not be reached.
    """
    process = client.entities.get_namesake("Process", qualified_name)
    if process is not None and process.type_name != "Process":
        raise ResourceError(objection_to_type("Process", process))
    job = client.entities.get_by_qualified_name("SparkJob", job_name_of(qualified_name))
    below = live_columns(client, children_of(process))
    theirs = {each.guid for each in before.others} if before else None
    ours = [
        each
        for each in below
        if stack_of(mark_of(each)) is None
        and (each.guid in known or _is_below(each, qualified_name) or _is_new(each, theirs))
    ]
    return JobLineage(job, process, ours, [each for each in below if each not in ours])


def ghosts(client: AtlanClient, qualified_name: str, known: Collection[str]) -> list[Entity]:
    """The live ColumnProcesses that the events of this package made, be there a Process or not."""
    place = {"prefix": {"qualifiedName": f"{qualified_name}{_COLUMN}"}}
    kind = {"term": {"__typeName.keyword": "ColumnProcess"}}
    listed = [each.qualified_name for each in client.search.live(kind, place, attributes=["qualifiedName"])]
    listed += [each.qualified_name for each in client.search.by_guids(known, ["qualifiedName"]).values()]
    found = live_columns(client, dict.fromkeys(listed))
    return [
        each
        for each in found
        if stack_of(mark_of(each)) is None and (each.guid in known or _is_below(each, qualified_name))
    ]


def _is_below(column: Entity, qualified_name: str) -> bool:
    """Whether it has the name that events give; a job may be named like a Process of another one."""
    below = column.qualified_name.removeprefix(f"{qualified_name}{_COLUMN}")
    return below != column.qualified_name and "/" not in below


def _is_new(column: Entity, theirs: set[str | None] | None) -> bool:
    return theirs is not None and column.guid not in theirs


def difference(name: str, seen: Any, wanted: Any) -> str:
    """What is missing and what is too much in a property, such as `inputs: -DB.S.A`."""
    if isinstance(wanted, dict):
        odd = [f"-{each}" for each in wanted if seen.get(each) != wanted[each]]
        return f"{name}: {' '.join(odd)}"
    missing = [f"-{each['name']}" for each in wanted if each not in seen]
    more = [f"+{each['name']}" for each in seen if each not in wanted]
    return f"{name}: {' '.join([*missing, *more])}"
