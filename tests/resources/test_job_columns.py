"""What a job's run does to each existing column process, by name, mark, GUID, state, and program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from resources.openlineage import PROCESS, SNOWFLAKE, ds
from support.atlan import WAREHOUSE

from atlan_pulumi.client import Entity
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, DeclaredResources, EntityKey, mark
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.openlineage import Field
from atlan_pulumi.resources._job_columns import (
    ColumnPlan,
    WrittenColumns,
    column_names,
    column_notes,
    fields_of,
    ownership_conflicts,
    plan_columns,
)
from atlan_pulumi.resources.job_lineage import JobLineage

Props = dict[str, Any]
OURS = mark("shop/prod", "nightly", "atlan:OpenLineageJob")
SIBLING = mark("shop/prod", "sibling", "atlan:ColumnLineage")
THEIRS = mark("other/dev", "x", "atlan:ColumnLineage")
WRITTEN = "last written by alice at 1970-01-01 00:01 UTC"
BEFORE, NOW = {"DB.S.T1.A": ["ID"], "DB.S.T1.B": ["ID"]}, {"DB.S.T1.A": ["ID"], "DB.S.T1.C": ["ID"]}


def job(columns: Props | None = None, **changed: Any) -> Props:
    given = {"qualified_name": PROCESS, "outputs": [ds(1)], "managed_by": OURS, **changed}
    return {**given, "columns": NOW if columns is None else columns}


def state(**changed: Any) -> Props:
    return job(BEFORE, own_mark=OURS, column_guids=["known"], **changed)


def named(id_: str) -> str:
    return f"{PROCESS}/column/{id_}"


def column(
    id_: str, mark_: str | None, *, writes: str | None = None, guid: str = "new", status: str = "ACTIVE"
) -> Entity:
    """Return a column process that writes a column, by default its namesake."""
    output = {
        "guid": "o",
        "typeName": "Column",
        "relationshipStatus": "ACTIVE",
        "uniqueAttributes": {"qualifiedName": f"{WAREHOUSE}/DB/S/T1/{writes or id_}"},
    }
    return Entity(
        type_name="ColumnProcess",
        guid=guid,
        status=status,
        updated_by="alice",
        update_time=60_000,
        attributes={"qualifiedName": named(id_), OWNERSHIP_ATTRIBUTE: mark_},
        relationship_attributes={"outputs": [output]},
    )


class Atlan:
    """A tenant that returns entities by name."""

    def __init__(self, *elsewhere: Entity) -> None:
        self.entities = self
        self.asked: list[list[str]] = []
        self._elsewhere = elsewhere

    def get_many_by_qualified_name(self, type_name: str, names: list[str]) -> dict[str, Entity]:
        assert type_name == "ColumnProcess"
        self.asked.append(names)
        return {each.qualified_name: each for each in self._elsewhere if each.qualified_name in names}


def plan(
    *below: Entity,
    olds: Props | None = None,
    process: str | None = OURS,
    declared: DeclaredResources | None = None,
    elsewhere: Iterable[Entity] = (),
    **news: Any,
) -> ColumnPlan:
    above = Entity(type_name="Process", guid="p", attributes={OWNERSHIP_ATTRIBUTE: process})
    found = JobLineage([], above, list(below[:1]), list(below[1:]))
    client: Any = Atlan(*elsewhere)
    return plan_columns(client, found, state() if olds is None else olds, job(**news), declared)


KNOWN = {"guid": "known"}
CASES: list[tuple[Entity, str | None]] = [
    # What the run writes, by its name: named where the state does not contain it.
    (column("A", OURS), None),
    (column("A", None), None),  # a refresh has shown it
    (column("A", SIBLING), "taken"),
    (column("A", THEIRS), "taken"),
    (column("A", "crawler-1"), None),
    (column("C", OURS), "taken"),  # of an interrupted run
    (column("C", OURS, **KNOWN), None),
    (column("C", None), "taken"),
    (column("C", None, **KNOWN), None),
    (column("C", SIBLING, **KNOWN), "taken"),
    # By its field, where it is the job's under another name.
    (column("other", OURS, writes="C"), "taken"),
    (column("other", OURS, writes="C", **KNOWN), None),
    (column("other", None, writes="C", **KNOWN), None),
    (column("other", None, writes="C"), None),
    (column("other", SIBLING, writes="C"), None),
    # What is no longer declared.
    (column("B", OURS), "removed"),
    (column("B", None), "removed"),
    (column("B", SIBLING), None),
    (column("D", OURS), "removed"),
    (column("other", OURS, writes="D"), "removed"),
    (column("other", None, writes="D", **KNOWN), "removed"),
    (column("other", None, writes="D"), None),
    # What Atlan may replace, since events name it so.
    (column("D", None), "others"),
    (column("DB.S.T1.D", None, writes="D"), "others"),
    (column("DB.S.T1.A", "crawler-1", writes="A"), "others"),
    (column("D", SIBLING), None),
    (column("D", THEIRS), None),
]


@pytest.mark.parametrize(
    ("found", "place"), CASES, ids=lambda each: getattr(each, "qualified_name", each) or "stays"
)
def test_each_column_process_has_its_place(found: Entity, place: str | None) -> None:
    for found_in in ((found,), (column("X", THEIRS), found)):
        planned = plan(*found_in)._asdict()
        assert {name: each for name, each in planned.items() if each} == ({place: [found]} if place else {})


def test_new_jobs_name_everything_they_write() -> None:
    written = [column("A", OURS), column("C", None)]
    assert plan(*written, olds={}) == ColumnPlan(written, [], [], [])


@pytest.mark.parametrize(("mark_", "process"), [(THEIRS, THEIRS), (SIBLING, SIBLING)])
def test_columns_with_the_mark_of_their_process_belong_to_the_former_resource(
    mark_: str, process: str
) -> None:
    former = column("D", mark_)
    assert plan(former, process=process).others == [former]
    assert plan(former, process=None).others == []


def test_entities_elsewhere_with_a_name_of_the_run_are_taken_over() -> None:
    theirs = column("A", SIBLING, status="DELETED")
    assert plan(elsewhere=[theirs, column("B", SIBLING)]).taken == [theirs]
    client: Any = Atlan()
    plan_columns(client, JobLineage([], None, [column("C", OURS)], []), state(), job())
    assert client.asked == [[named("A")]]  # what is below the Process is known
    plan_columns(client, JobLineage([], None, [], []), state(), job(columns={}))
    assert len(client.asked) == 1


def test_entities_declared_by_another_resource_get_its_mark() -> None:
    declared, moved, gone = DeclaredResources(), column("B", OURS), column("D", OURS)
    declared.add(SIBLING, lambda: [EntityKey("ColumnProcess", named("B"))])
    declared.add(OURS, lambda: [EntityKey("ColumnProcess", named("D"))])  # itself, of the last check
    planned = plan(moved, gone, declared=declared)
    assert (planned.removed, planned.handed) == ([gone], [(moved, SIBLING)])
    assert column_notes(planned, state(), job())[-1] == (
        f"ColumnProcess '{named('B')}' stays in Atlan: 'sibling' declares it now"
    )


# -- the names -----------------------------------------------------------------------------------------------


def facet(*fields: str) -> Props:
    return {"facets": {"columnLineage": {"fields": {field: {} for field in fields}}}}


@pytest.mark.parametrize(
    ("declared", "ids"),
    [
        (job(), ["A", "C"]),
        (job(columns={}), []),
        ({"qualified_name": PROCESS, "outputs": [ds(1)]}, []),
        (job({"A": ["ID"]}), ["A"]),
        (job({"DB.S.T9.A": ["ID"]}), []),  # which names no output
        (job({}, outputs=[ds(1, **facet("A", "B")), ds(2, facets={}), ds(3)]), ["A", "B"]),
        (job({"DB.S.T1.A": []}, outputs=[ds(1), ds(2, **facet("A", "B"))]), ["DB.S.T1.A", "DB.S.T2.A", "B"]),
        (job(columns=UNKNOWN), []),  # type: ignore[arg-type]
        (job({"A": [UNKNOWN]}), []),
        (job(outputs=UNKNOWN), []),
        (job(qualified_name=UNKNOWN), []),
    ],
)
def test_columns_of_one_name_are_prefixed_with_their_datasets(declared: Props, ids: list[str]) -> None:
    assert column_names(declared) == [named(id_) for id_ in ids]


def test_the_fields_of_a_facet_are_those_of_their_dataset() -> None:
    outputs = [ds(1), ds(2, **facet("B"))]
    assert fields_of(job({"DB.S.T1.A": ["ID"]}, outputs=outputs)) == [
        Field(SNOWFLAKE, "DB.S.T1", "A"),
        Field(SNOWFLAKE, "DB.S.T2", "B"),
    ]


@pytest.mark.parametrize(
    ("found", "by_name", "ours"),
    [
        (column("A", None), True, True),
        (column("A", None, writes="D"), True, True),
        (column("other", None, writes="A"), False, True),
        (column("other", None, writes="E"), False, True),  # of the facet
        (column("other", None, writes="D"), False, False),
    ],
)
def test_runs_write_columns_by_name_and_own_field(found: Entity, by_name: bool, ours: bool) -> None:
    written = WrittenColumns(job(outputs=[ds(1, **facet("E"))]))
    assert (written.has(found, ours=False), written.has(found, ours=True)) == (by_name, ours)


# -- notes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark_", "adopt", "refused"),
    [
        (THEIRS, False, True),
        (THEIRS, True, False),
        (SIBLING, False, False),
        (OURS, False, False),
        (None, False, False),
        ("crawler-1", False, False),
    ],
)
def test_only_entities_of_another_stack_are_refused(mark_: str | None, adopt: bool, refused: bool) -> None:
    planned = ColumnPlan([column("C", mark_), column("A", OURS)], [], [], [])
    found = ownership_conflicts(planned, job(adopt=adopt))
    assert len(found) == refused
    assert all(each.startswith(f"ColumnProcess '{named('C')}' belongs to the stack") for each in found)


def test_notes_name_every_change_of_owner() -> None:
    taken = [
        column("C", SIBLING),
        column("A", SIBLING),
        column("X", THEIRS),
        column("Y", None),
        column("Z", None, status="DELETED"),
    ]
    removed = [column("D", OURS), column("B", OURS), column("E", None)]
    others = [column("F", None, guid="1"), column("G", THEIRS, guid="2"), column("H", None, guid="3")]
    by_run = "will be taken over by this job's run"
    gone = "no declared column needs it"
    theirs = "of 'x' of the stack 'other/dev'"
    by_atlan = "will be removed by Atlan if an earlier run of the job made it"
    assert column_notes(ColumnPlan(taken, removed, others, []), state(left_guids=["3"]), job()) == [
        f"ColumnProcess '{named('A')}', '{named('C')}' {by_run} (of 'sibling' of this stack; {WRITTEN})",
        f"ColumnProcess '{named('X')}' {by_run} ({theirs}; {WRITTEN})",
        f"ColumnProcess '{named('Y')}' {by_run} ({WRITTEN})",
        f"ColumnProcess '{named('Z')}' {by_run} (archived; {WRITTEN})",
        f"ColumnProcess '{named('B')}', '{named('D')}' will be removed: {gone}",
        f"ColumnProcess '{named('E')}' will be removed ({WRITTEN}): {gone}",
        f"ColumnProcess '{named('F')}' {by_atlan} ({WRITTEN}), and stays otherwise",
        f"ColumnProcess '{named('G')}' {by_atlan} ({theirs}; {WRITTEN}), and stays otherwise",
    ]
    assert column_notes(ColumnPlan([], [], [], []), {}, job()) == []
