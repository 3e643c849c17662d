"""The entities that Atlan creates from a job's events: names, ownership, and the declared form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from resources.openlineage import JOB, OL, PROCESS, SNOWFLAKE, ds
from support.atlan import WAREHOUSE

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark
from atlan_pulumi.resources.job_lineage import (
    JobLineage,
    column_name_of,
    created_by,
    difference,
    has_event_name,
    job_name_of,
    job_type_of,
    marks_of,
    process_name_of,
    read_lineage,
    stale_columns,
)

Props = dict[str, Any]
OURS = mark("shop/prod", "nightly", "atlan:OpenLineageJob")
THEIRS = mark("other/dev", "x")
OLD = "pulumi:shop/prod#nightly"
STATE: Props = {
    "qualified_name": PROCESS,
    "own_mark": OURS,
    "column_guids": ["known"],
    "left_guids": ["left"],
}


def edge(name: str | None, guid: str = "e", type_name: str = "Column", **more: Any) -> Props:
    named = {"uniqueAttributes": {"qualifiedName": name}} if name else {}
    return {"guid": guid, "typeName": type_name, "relationshipStatus": "ACTIVE", **named, **more}


def field(path: str) -> str:
    """Return the qualifiedName of a column, such as `T1/A`."""
    return f"{WAREHOUSE}/DB/S/{path}"


def entity(type_name: str, name: str, mark_: str | None = None, *, guid: str = "g", **edges: Any) -> Entity:
    status = edges.pop("status", "ACTIVE")
    attributes = {"qualifiedName": name, OWNERSHIP_ATTRIBUTE: mark_}
    return Entity(
        type_name=type_name, guid=guid, status=status, attributes=attributes, relationship_attributes=edges
    )


def column(
    id_: str,
    mark_: str | None = None,
    *,
    guid: str = "new",
    writes: Iterable[str] = ("T1/A",),
    reads: Iterable[str] = (),
    **more: Any,
) -> Entity:
    outputs = [edge(field(path), guid=path) for path in writes]
    inputs = [edge(field(path), guid=path) for path in reads]
    name = column_name_of(PROCESS, id_)
    return entity("ColumnProcess", name, mark_, guid=guid, outputs=outputs, inputs=inputs, **more)


def process(*columns: Entity, **more: Any) -> Entity:
    stubs = [edge(each.qualified_name, guid=str(each.guid), type_name="ColumnProcess") for each in columns]
    return entity("Process", PROCESS, columnProcesses=stubs, **more)


class Atlan:
    """A tenant with given entities, by type and name."""

    def __init__(self, *there: Entity) -> None:
        self.entities = self.search = self
        self._there = there

    def get_namesake(self, type_name: str, name: str) -> Entity | None:
        return next((each for each in self._there if each.qualified_name == name), None)

    def get_by_qualified_name(self, type_name: str, name: str) -> Entity | None:
        keys = {(each.type_name, each.qualified_name): each for each in self._there}
        return keys.get((type_name, name))

    def get_many_by_qualified_name(self, type_name: str, names: Iterable[str]) -> dict[str, Entity]:
        found = ((name, self.get_by_qualified_name(type_name, name)) for name in names)
        return {name: each for name, each in found if each is not None}

    def live(self, *conditions: Props, attributes: list[str]) -> list[Entity]:
        (kind, place) = conditions
        assert (kind, attributes) == ({"term": {"__typeName.keyword": "ColumnProcess"}}, ["qualifiedName"])
        prefix = place["prefix"]["qualifiedName"]
        return [each for each in self._there if each.qualified_name.startswith(prefix)]

    def by_guids(self, guids: Iterable[str], attributes: list[str]) -> dict[str, Entity]:
        assert attributes == ["qualifiedName"]
        return {str(each.guid): each for each in self._there if each.guid in set(guids)}


def read(*there: Entity, **more: Any) -> JobLineage:
    client: Any = Atlan(*there)
    return read_lineage(client, PROCESS, STATE, **more)


# -- names ---------------------------------------------------------------------------------------------------


def test_the_names_that_events_give() -> None:
    assert (process_name_of(JOB), job_name_of(PROCESS)) == (PROCESS, JOB)
    assert job_name_of(f"{OL}/process/other") == f"{OL}/process/other"
    assert column_name_of(PROCESS, "A") == f"{PROCESS}/column/A"
    assert job_type_of(PROCESS) == "SparkJob"
    assert job_type_of("default/generic-openlineage/1/dag/process") == "FlowControlOperation"


@pytest.mark.parametrize(
    ("id_", "writes", "events"),
    [
        ("A", ["T1/A"], True),
        ("a", ["T1/A"], True),
        ("A", ["T1/a"], True),
        ("DB.S.T1.A", ["T1/A"], True),
        ("T1.A", ["T1/B", "T1/A"], True),
        ("XA", ["T1/A"], False),
        ("A.B", ["T1/A"], False),
        ("by-hand", ["T1/A"], False),
        ("A", [], False),
        ("A", [""], False),
    ],
)
def test_events_name_a_column_process_by_what_it_writes(id_: str, writes: list[str], events: bool) -> None:
    assert has_event_name(column(id_, writes=writes), PROCESS) == events


# -- ownership -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("props", "marks"),
    [
        ({}, set()),
        ({"managed_by": OURS}, {OURS}),
        ({"own_mark": OLD, "managed_by": THEIRS}, {OLD}),
        ({"own_mark": "", "managed_by": OURS}, set()),
        ({"own_mark": None, "managed_by": OURS}, set()),
    ],
)
def test_the_mark_that_was_written_last(props: Props, marks: set[str]) -> None:
    assert marks_of(props) == marks


@pytest.mark.parametrize(
    ("found", "props", "own"),
    [
        (column("by-hand", OURS), STATE, True),
        (column("by-hand", OURS), {"own_mark": THEIRS}, False),
        (column("by-hand", THEIRS, guid="known"), STATE, False),  # which another stack took over
        (column("by-hand", None, guid="known"), STATE, True),
        (column("by-hand", "crawler-1", guid="known"), STATE, True),
        (column("by-hand", None), STATE, False),
        (column("A", None), STATE, False),
        # A mark of an earlier version may be another resource's: a GUID or a name of events goes with it.
        (column("by-hand", OLD), {**STATE, "own_mark": OLD}, False),
        (column("by-hand", OLD, guid="known"), {**STATE, "own_mark": OLD}, True),
        (column("A", OLD), {**STATE, "own_mark": OLD}, True),
        (column("A", OLD), {"own_mark": OLD}, False),  # without a name there is none of events
        (column("A", None), {}, False),
    ],
)
def test_column_processes_of_the_resource(found: Entity, props: Props, own: bool) -> None:
    assert created_by(found, props) == own
    assert created_by(found, {}, props) == created_by(found, props, {"column_guids": ["z"]}) == own
    assert not created_by(found)


# -- existing entities ---------------------------------------------------------------------------------------


def test_column_processes_show_the_jobs_lineage_or_are_others() -> None:
    mine = [column("m", OURS, guid="1"), column("k", guid="known"), column("A", guid="2")]
    others = [
        column("by-hand", guid="3"),
        column("T1.A", guid="left"),  # the state knows it as others'
        column("S.T1.A", THEIRS, guid="4"),
    ]
    gone = column("B", OURS, guid="5", status="DELETED")
    found = read(*mine, *others, gone, process(*others, *mine, gone))
    assert {each.guid for each in found.columns} == {"1", "known", "2"}
    assert {each.guid for each in found.others} == {"3", "left", "4"}
    taken = read(*mine, *others, process(*others, *mine), taken=[others[2]])
    assert {each.guid for each in taken.columns} == {"1", "known", "2", "4"}


def test_new_columns_of_a_run_show_lineage_that_no_other_shows() -> None:
    was = column("was", guid="1", writes=["T1/B"])
    before = JobLineage([], None, [], [was])
    came = [
        column("odd", guid="2", writes=["T1/B"]),
        column("same", guid="3", writes=["T1/A"]),  # which A shows already
        column("marked", THEIRS, guid="4", writes=["T1/C"]),
        column("left", guid="left", writes=["T1/C"]),
    ]
    there = [was, column("A", guid="5"), *came]
    found = read(*there, process(*there), before=before)
    assert [each.guid for each in found.columns] == ["5", "2"]
    assert [each.guid for each in read(*there, process(*there)).columns] == ["5"]


def test_jobs_have_an_entity_of_each_possible_type() -> None:
    spark, flow = (entity(kind, JOB, guid=kind) for kind in ("SparkJob", "FlowControlOperation"))
    found = read(spark, flow, process(status="DELETED"))
    assert found.jobs == [spark]  # a Spark connection has no other
    assert (found.job, found.of_type("SparkJob"), found.of_type("FlowControlOperation")) == (
        spark,
        spark,
        None,
    )
    assert (found.every, found.live, found.has_process) == ([spark, found.process], [spark], False)
    nothing = read()
    assert (nothing.job, nothing.every, nothing.live, nothing.has_process) == (None, [], [], False)
    assert nothing.processes_of_job() == []
    assert read(process()).has_process


def test_another_type_under_the_name_of_the_process_is_refused() -> None:
    with pytest.raises(ResourceError, match=f"^ColumnProcess '{PROCESS}' has the name of this Process"):
        read(entity("ColumnProcess", PROCESS))


@pytest.mark.parametrize(
    ("kind", "link"),
    [("SparkJob", "process"), ("FlowControlOperation", "flowDataResults"), ("Job", "process")],
)
def test_the_processes_that_a_job_refers_to(kind: str, link: str) -> None:
    stubs = [
        edge(PROCESS, type_name="Process"),
        edge(f"{PROCESS}-2", guid="2", type_name="Process", entityStatus="DELETED"),
        edge(None, guid="3", type_name="Process"),
    ]
    found = JobLineage([entity(kind, JOB, **{link: stubs})], None, [], [])
    assert found.processes_of_job() == [PROCESS]


# -- leftovers -----------------------------------------------------------------------------------------------


def test_column_processes_are_found_without_their_process() -> None:
    moved = entity("ColumnProcess", f"{OL}/elsewhere", guid="known")
    mine, others, gone = column("A", OURS), column("B", THEIRS), column("C", OURS, status="DELETED")
    client: Any = Atlan(mine, others, gone, moved)
    assert stale_columns(client, PROCESS, STATE) == [mine, moved]
    assert stale_columns(client, PROCESS, {"own_mark": OURS}) == [mine]


# -- the declared form ---------------------------------------------------------------------------------------


def declared(**changed: Any) -> Props:
    return {"inputs": [ds(0)], "outputs": [ds(1)], "columns": {"DB.S.T1.A": ["DB.S.T0.ID"]}, **changed}


def test_datasets_and_columns_keep_their_declared_form() -> None:
    edges = {
        "inputs": [edge(field("T0"), type_name="Table")],
        "outputs": [edge(field("T1"), type_name="Table")],
    }
    columns = [
        column("A", reads=["T0/ID", "T0/B"]),
        column("A2", reads=["T0/C"]),  # which writes A as well
        column("B", writes=["T1/B"], reads=["T9/X"]),
    ]
    found = JobLineage([], entity("Process", PROCESS, **edges), columns, [])
    short = declared(columns={"A": ["ID"]})
    assert found.shown(declared())["inputs"] == [ds(0)]
    assert found.shown(declared(inputs=[{"namespace": SNOWFLAKE, "name": "db.s.t0"}]))["inputs"] == [
        {"namespace": SNOWFLAKE, "name": "db.s.t0"}
    ]
    assert found.shown(declared())["columns"] == {
        "DB.S.T1.A": ["DB.S.T0.B", "DB.S.T0.C", "DB.S.T0.ID"],
        "DB.S.T1.B": ["DB.S.T9.X"],
    }
    assert found.mapping(short)["A"] == ["DB.S.T0.B", "DB.S.T0.C", "ID"]
    without = {name: value for name, value in declared().items() if name != "columns"}
    assert found.shown(without).keys() == {"inputs", "outputs"}
    assert found.mapping(without).keys() == {"DB.S.T1.A", "DB.S.T1.B"}
    nothing = JobLineage([], None, [], [])
    assert nothing.shown(declared()) == {"inputs": [], "outputs": [], "columns": {}}


@pytest.mark.parametrize(
    ("seen", "wanted", "text"),
    [
        ([ds(0), ds(2)], [ds(0), ds(1)], "inputs: -DB.S.T1 +DB.S.T2"),
        ([], [ds(1), ds(2)], "inputs: -DB.S.T1 -DB.S.T2"),
        ([ds(1)], [], "inputs: +DB.S.T1"),
        ({"A": ["X"], "B": ["Y"]}, {"A": ["X"], "B": ["Z"], "C": ["X"]}, "inputs: -B -C"),
    ],
)
def test_differences_list_missing_and_surplus_values(seen: Any, wanted: Any, text: str) -> None:
    assert difference("inputs", seen, wanted) == text
