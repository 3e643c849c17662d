"""The column processes that a run of a declared job takes over or removes, and the notes that name them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.lifecycle import (
    DeclaredResources,
    Props,
    describe_entity,
    entity_key,
    has_unknown,
    is_ours,
    last_written,
    mark_of,
    ownership_conflict_on_create,
    resource_of,
    stack_of,
)
from atlan_pulumi.openlineage import Field, Side
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    column_name_of,
    created_by,
    has_event_name,
    targets_of,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class ColumnPlan(NamedTuple):
    """What a run does to existing column processes.

    Attributes:
        taken: Column processes that the run writes and the state does not contain: of others, or of an
            interrupted run.
        removed: Column processes of the resource that are no longer declared.
        handed: Column processes of the resource that another resource of the program declares now, with the
            mark of that resource.
        others: Column processes that the run does not write, but that have a name as events give it. One that
            others created by hand stays; Atlan replaces one of an earlier run.
    """

    taken: list[Entity]
    removed: list[Entity]
    others: list[Entity]
    handed: list[tuple[Entity, str]]


def fields_of(declared: Props) -> list[Field]:
    """Return the output fields with column lineage: those in `columns` and in the facets."""
    outputs = Side(declared["outputs"])
    named = [outputs.field(text) for text in declared.get("columns") or {}]
    return [field for field in named if field] + [
        field for each in outputs.datasets for field in _in_facet(each)
    ]


def _in_facet(dataset: Mapping[str, Any]) -> Iterator[Field]:
    facets = dataset.get("facets") or {}
    for name in (facets.get("columnLineage") or {}).get("fields") or {}:
        yield Field(dataset["namespace"], dataset["name"], name)


def column_names(declared: Props) -> list[str]:
    """Return the qualifiedNames of the ColumnProcesses that a run creates; empty while they are unknown."""
    if has_unknown([declared[name] for name in ("qualified_name", "outputs")] + [declared.get("columns")]):
        return []
    fields = fields_of(declared)
    often = Counter(each.field for each in fields)
    ids = [each.field if often[each.field] == 1 else f"{each.name}.{each.field}" for each in fields]
    return [column_name_of(declared["qualified_name"], id_) for id_ in ids]


class WrittenColumns:
    """The ColumnProcesses that a run of the job writes."""

    def __init__(self, declared: Props) -> None:
        self._outputs = declared["outputs"]
        outputs = Side(self._outputs)
        self.names = frozenset(column_names(declared))
        self._texts = {*(declared.get("columns") or {}), *map(outputs.text, fields_of(declared))}

    def has(self, column: Entity, *, ours: bool) -> bool:
        """Return whether the run writes a column process, by its name or, if it is ours, by its field."""
        if column.qualified_name in self.names:
            return True
        return ours and not self._texts.isdisjoint(targets_of(column, self._outputs, self._texts))


def plan_columns(
    client: AtlanClient,
    found: JobLineage,
    olds: Props,
    news: Props,
    declared: DeclaredResources | None = None,
) -> ColumnPlan:
    """Return what a run does to existing column processes, including archived ones and those elsewhere.

    Args:
        client: The tenant.
        found: The job's entities.
        olds: The last state, or the inputs in it; empty if the job is new.
        news: The inputs as declared.
        declared: The entities that the program declares; those of other resources stay.
    """
    written, before = WrittenColumns(news), set(column_names(olds)) if olds else set()
    known, plan = olds.get("column_guids") or (), ColumnPlan([], [], [], [])
    below = [*found.columns, *found.others]
    for column in (*below, *_elsewhere(client, below, written.names)):
        # The state also contains what a refresh found, and the preview shows its removal.
        shown = stack_of(mark_of(column)) is None and column.qualified_name in before
        ours = shown or created_by(column, olds, news)
        if written.has(column, ours=ours):
            if not (ours and (column.qualified_name in before or column.guid in known)):
                plan.taken.append(column)
        elif ours:
            plan.removed.append(column)
        elif has_event_name(column, news["qualified_name"]) and _may_be_replaced(column, found):
            plan.others.append(column)
    elsewhere = declared.elsewhere(news.get("managed_by"), map(entity_key, plan.removed)) if declared else {}
    return plan._replace(
        removed=[each for each in plan.removed if entity_key(each) not in elsewhere],
        handed=[
            (each, elsewhere[entity_key(each)]) for each in plan.removed if entity_key(each) in elsewhere
        ],
    )


def _may_be_replaced(column: Entity, found: JobLineage) -> bool:
    """Return whether a column process has no stack's mark, or that of its Process."""
    mark = mark_of(column)
    return stack_of(mark) is None or (found.process is not None and mark == mark_of(found.process))


def _elsewhere(client: AtlanClient, below: Iterable[Entity], names: Iterable[str]) -> list[Entity]:
    """Return entities that have the name of a column process of the run, but are not below the Process."""
    rest = sorted(set(names) - {each.qualified_name for each in below})
    return list(client.entities.get_many_by_qualified_name("ColumnProcess", rest).values()) if rest else []


def ownership_conflicts(plan: ColumnPlan, news: Props) -> list[str]:
    """Return why column processes of other stacks must not be taken over."""
    theirs = [each for each in plan.taken if stack_of(mark_of(each)) and not is_ours(each, news)]
    return [objection for each in theirs if (objection := ownership_conflict_on_create(each, news))]


def column_notes(plan: ColumnPlan, olds: Props, news: Props) -> list[str]:
    """Return the notes that name every column process that a run takes over, with its owner, or removes."""
    taken: dict[str, list[str]] = defaultdict(list)
    for each in plan.taken:
        taken[_maker(each, news)].append(each.qualified_name)
    lines = [
        f"{_listed(names)} will be taken over by this job's run ({maker})" for maker, names in taken.items()
    ]
    removed: dict[str, list[str]] = defaultdict(list)
    for each in plan.removed:
        removed["" if mark_of(each) else f" ({last_written(each)})"].append(each.qualified_name)
    lines += [
        f"{_listed(names)} will be removed{writer}: no declared column needs it"
        for writer, names in removed.items()
    ]
    lines += [
        f"{describe_entity(each)} stays in Atlan: {resource_of(mark)!r} declares it now"
        for each, mark in plan.handed
    ]
    return lines + [
        f"{describe_entity(each)} will be removed by Atlan if an earlier run of the job made it "
        f"({_maker(each, news)}), and stays otherwise"
        for each in plan.others
        if each.guid not in (olds.get("left_guids") or ())
    ]


def _maker(column: Entity, news: Props) -> str:
    mark = mark_of(column)
    if stack_of(mark) is None:
        return f"{'' if column.status == 'ACTIVE' else 'archived; '}{last_written(column)}"
    stack = "this stack" if is_ours(column, news) else f"the stack {stack_of(mark)!r}"
    return f"of {resource_of(mark)!r} of {stack}; {last_written(column)}"


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    return f"ColumnProcess {', '.join(map(repr, every))}"
