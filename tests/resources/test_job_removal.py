"""The removal of a declared job, by mark, GUID, and the writes of this run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from resources.openlineage import JOB, PROCESS

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, DeclaredResources, EntityKey, mark, mark_of
from atlan_pulumi.resources import _job_removal
from atlan_pulumi.resources._job_removal import JobRemoval, dependents_of
from atlan_pulumi.resources.job_lineage import JobLineage

Props = dict[str, Any]
OURS = mark("shop/prod", "nightly", "atlan:OpenLineageJob")
SIBLING = mark("shop/prod", "sibling", "atlan:ColumnLineage")
THEIRS = mark("other/dev", "x", "atlan:OpenLineageJob")
CRAWLER = "crawler-1"
WRITTEN = "last written by alice at 1970-01-01 00:01 UTC"
GUID = {"Process": "p", "SparkJob": "j"}
NAME = {"Process": PROCESS, "SparkJob": JOB}
JUST_WRITTEN = f"SparkJob '{JOB}' was left in Atlan: this deployment has just written it"


def entity(type_name: str, mark_: str | None = OURS, *, guid: str | None = None, **more: Any) -> Entity:
    attributes = {"qualifiedName": more.pop("name", NAME.get(type_name)), OWNERSHIP_ATTRIBUTE: mark_}
    about: dict[str, Any] = {"status": "ACTIVE", "updated_by": "alice", "update_time": 60_000, **more}
    return Entity(type_name=type_name, guid=guid or GUID[type_name], attributes=attributes, **about)


def column(id_: str, mark_: str | None = OURS, *, writes: str | None = None) -> Entity:
    """Return a column process with this name and GUID; events name it after its column."""
    output = {"guid": f"o{id_}", "typeName": "Column", "relationshipStatus": "ACTIVE"}
    output["uniqueAttributes"] = {"qualifiedName": f"default/x/1/DB/S/T1/{writes or id_}"}  # type: ignore[assignment]
    found = entity("ColumnProcess", mark_, guid=id_, name=f"{PROCESS}/column/{id_}")
    return found.model_copy(update={"relationship_attributes": {"outputs": [output]}})


def lineage(
    *,
    job: Entity | None,
    process: Entity | None,
    columns: Iterable[Entity] = (),
    others: Iterable[Entity] = (),
) -> JobLineage:
    return JobLineage([job] if job else [], process, list(columns), list(others))


class Atlan:
    """A tenant with the job's entities, which records deletions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, found: JobLineage, stale: Iterable[Entity] = ()):
        self.entities = self
        self.deleted: list[tuple[list[str], str]] = []

        def read(client: Any, name: str, props: Props) -> JobLineage:
            assert (client, name, props["qualified_name"]) == (self, PROCESS, PROCESS)
            return found

        def left(client: Any, name: str, props: Props) -> list[Entity]:
            assert (client, name, props["qualified_name"]) == (self, PROCESS, PROCESS)
            return list(stale)

        monkeypatch.setattr(_job_removal, "read_lineage", read)
        monkeypatch.setattr(_job_removal, "stale_columns", left)

    def delete(self, guids: Iterable[str], how: str) -> None:
        self.deleted.append((list(guids), how))


def state(**changed: Any) -> Props:
    known = {"guid": "p", "job_guid": "j", "column_guids": ["A"], "own_mark": OURS, "managed_by": OURS}
    return {"qualified_name": PROCESS, **known, **changed}


def remove(
    monkeypatch: pytest.MonkeyPatch,
    found: JobLineage,
    *,
    stale: Iterable[Entity] = (),
    written: Iterable[str] = (),
    declared: DeclaredResources | None = None,
    **changed: Any,
) -> tuple[list[str], list[str], list[str]]:
    """Remove the job, and return the deletions, the notes before them, and the notes on what was left."""
    client, reported = Atlan(monkeypatch, found, stale), list[str]()
    removal = JobRemoval(client, state(**changed), set(written), declared or DeclaredResources())  # type: ignore[arg-type]
    assert client.deleted == []
    notes = removal.run(lambda note: reported.append(f"{note}; deleted {len(client.deleted)}"))
    assert all(note.endswith("; deleted 0") for note in reported), "it is named before it goes"
    ((guids, how),) = client.deleted
    assert how == changed.get("delete_type", "PURGE")
    return guids, [note.removesuffix("; deleted 0") for note in reported], notes


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_the_columns_go_before_the_process_and_the_job_last(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    found = lineage(job=entity("SparkJob"), process=entity("Process"), columns=[column("A")])
    assert remove(monkeypatch, found, delete_type=how) == (["A", "p", "j"], [], [])


@pytest.mark.parametrize(
    ("job", "process", "goes", "note"),
    [
        (OURS, OURS, ["A", "B", "p", "j"], None),
        (None, OURS, ["A", "B", "p", "j"], None),
        (CRAWLER, None, ["A", "B", "p", "j"], None),
        (THEIRS, OURS, ["A", "B", "p"], f"SparkJob '{JOB}' was left in Atlan: it is 'x' of"),
        # The owner of the Process owns its column processes. The job deletes only its own.
        (OURS, THEIRS, ["A", "B", "j"], f"Process '{PROCESS}' was left in Atlan: it is 'x' of"),
        # Of a job that another stack has, what has no mark may be what that stack's run writes.
        (THEIRS, THEIRS, ["A"], f"Process '{PROCESS}' was left in Atlan: it is 'x' of"),
    ],
)
def test_entities_of_another_stack_stay(
    monkeypatch: pytest.MonkeyPatch, job: str | None, process: str | None, goes: list[str], note: str | None
) -> None:
    columns = [column("A"), column("B", None), column("C", THEIRS)]
    found = lineage(job=entity("SparkJob", job), process=entity("Process", process), columns=columns)
    if process != THEIRS:  # then a column process of another stack depends on what goes
        with pytest.raises(ResourceError, match="column/C' still depend on it"):
            remove(monkeypatch, found, column_guids=["A", "B"])
        found = lineage(job=found.job, process=found.process, columns=columns[:2])
    deleted, reported, notes = remove(monkeypatch, found, column_guids=["A", "B"])
    assert (deleted, reported) == (goes, [])
    assert [each[: len(note or "")] for each in notes] == ([note] if note else [])


def test_a_mark_of_an_earlier_version_is_no_proof_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process and a job of one name had the same mark."""
    old = "pulumi:shop/prod#nightly"
    state_of = {"own_mark": old, "managed_by": old}
    found = lineage(job=entity("SparkJob", old), process=entity("Process", old, **NEW_PROCESS))
    deleted, _, (note,) = remove(monkeypatch, found, **state_of)
    assert deleted == ["j"]
    assert note.startswith(f"Process '{PROCESS}' was left in Atlan: ")


def test_entities_written_by_this_run_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lineage(job=entity("SparkJob"), process=entity("Process"), columns=[column("A"), column("B")])
    written = remove(monkeypatch, found, written=["j", "B"])
    assert written == (["A", "p"], [], [JUST_WRITTEN])
    process_too = remove(monkeypatch, found, written=["j", "p", "B"])
    why = f"Process '{PROCESS}' was left in Atlan: this deployment has just written it"
    assert process_too == (["A"], [], [why])  # one note is enough
    stale = [column("G"), column("B")]
    gone = lineage(job=entity("SparkJob"), process=None)
    assert remove(monkeypatch, gone, stale=stale, written=["B"])[0] == ["G", "j"]


@pytest.mark.parametrize("process", [None, entity("Process", status="DELETED")])
def test_leftovers_of_a_missing_process_are_removed(
    monkeypatch: pytest.MonkeyPatch, process: Entity | None
) -> None:
    found = lineage(job=entity("SparkJob"), process=process)
    deleted, reported, notes = remove(monkeypatch, found, stale=[column("A"), column("G")])
    assert (deleted, notes) == (["A", "G", "j"], [])
    mine = "it has the ownership mark of this resource, but neither the state nor the program contains it"
    assert reported == [f"ColumnProcess '{PROCESS}/column/G' will be removed ({WRITTEN}): {mine}"]


NEW_JOB, NEW_PROCESS = {"guid": "new-j"}, {"guid": "new-p"}


@pytest.mark.parametrize(
    ("job", "process", "goes"),
    [
        (entity("SparkJob"), entity("Process", None, **NEW_PROCESS), ["new-p", "j"]),
        (entity("SparkJob", None), entity("Process", None, **NEW_PROCESS), ["new-p", "j"]),
        (entity("SparkJob", **NEW_JOB), entity("Process", None, **NEW_PROCESS), ["new-p", "new-j"]),
        (entity("SparkJob", **NEW_JOB), entity("Process", CRAWLER, **NEW_PROCESS), ["new-p", "new-j"]),
        (entity("SparkJob", **NEW_JOB), entity("Process", **NEW_PROCESS), ["new-p", "new-j"]),
        (None, entity("Process", **NEW_PROCESS), ["new-p"]),
        (entity("SparkJob", None, **NEW_JOB), entity("Process", None, **NEW_PROCESS), []),
        (entity("SparkJob", THEIRS, **NEW_JOB), entity("Process", THEIRS, **NEW_PROCESS), []),
        (entity("SparkJob"), entity("Process", THEIRS, **NEW_PROCESS), ["j"]),
        (None, entity("Process", None, **NEW_PROCESS), []),
    ],
)
def test_recreated_processes_are_removed_with_their_own_job(
    monkeypatch: pytest.MonkeyPatch, job: Entity | None, process: Entity, goes: list[str]
) -> None:
    deleted, reported, notes = remove(monkeypatch, lineage(job=job, process=process))
    assert deleted == goes
    of_process = f"Process '{PROCESS}' will be removed "
    how = f"({WRITTEN}): it has the own" if mark_of(process) == OURS else f"with its job ({WRITTEN})"
    assert any(each.startswith(f"{of_process}{how}") for each in reported) == ("new-p" in goes)
    mine = f"SparkJob '{JOB}' will be removed ({WRITTEN}): it has the ownership mark of this resource"
    assert any(each.startswith(mine) for each in reported) == ("new-j" in goes)
    recreated = f"Process '{PROCESS}' was left in Atlan: others recreated it ({WRITTEN})"
    assert notes == ([] if "new-p" in goes else [recreated])


# -- column processes of others ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("process", "unmarked", "own", "goes"),
    [
        (None, column("by", None, writes="by"), OURS, True),  # an interrupted run leaves both without a mark
        (CRAWLER, column("by", CRAWLER, writes="by"), OURS, True),
        (OURS, column("by", None, writes="by"), OURS, False),
        (None, column("by", THEIRS, writes="by"), OURS, False),
        (None, column("by", None, writes="other"), OURS, False),  # no event names it so
        (None, column("left", None, writes="left"), OURS, False),  # the state knows it as others'
        (None, column("by", None, writes="by"), None, False),  # without marks, having none proves nothing
    ],
)
def test_entities_of_an_interrupted_run_are_removed_without_force_destroy(
    monkeypatch: pytest.MonkeyPatch, process: str | None, unmarked: Entity, own: str | None, goes: bool
) -> None:
    found = lineage(job=entity("SparkJob"), process=entity("Process", process), others=[unmarked])
    about = {"own_mark": own, "managed_by": own, "left_guids": ["left"]}
    if not goes:
        with pytest.raises(ResourceError, match=f"'{unmarked.qualified_name}' still depend on it"):
            remove(monkeypatch, found, **about)
    else:
        deleted, reported, _ = remove(monkeypatch, found, **about)
        assert deleted == ["by", "p", "j"]
        name = f"{PROCESS}/column/by"
        assert reported == [f"ColumnProcess '{name}' will be removed with its job ({WRITTEN})"]


def test_force_destroy_removes_and_names_entities_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [column("by-hand", None), column("theirs", THEIRS)]
    found = lineage(job=entity("SparkJob"), process=entity("Process"), columns=[column("A")], others=others)
    deleted, reported, notes = remove(monkeypatch, found, force_destroy=True)
    assert (deleted, notes) == (["A", "by-hand", "theirs", "p", "j"], [])
    goes = [f"ColumnProcess '{PROCESS}/column/{id_}' will be removed with" for id_ in ("by-hand", "theirs")]
    whose = f"(it belongs to the stack 'other/dev', {WRITTEN})"
    assert reported == [
        f"{goes[0]} Process '{PROCESS}' ({WRITTEN})",
        f"{goes[1]} Process '{PROCESS}' {whose}",
    ]


def test_first_removals_of_each_owner_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [column(f"by-hand-{number:02}", None) for number in range(14)] + [column("theirs", THEIRS)]
    found = lineage(job=entity("SparkJob"), process=entity("Process"), others=others)
    _, reported, _ = remove(monkeypatch, found, force_destroy=True)
    assert (len(reported), reported[10]) == (12, "… and 4 more")
    assert f"ColumnProcess '{PROCESS}/column/theirs' will be removed with" in reported[11]


def test_force_destroy_keeps_entities_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    other = column("B", SIBLING)
    found = lineage(job=entity("SparkJob"), process=entity("Process"), others=[other])
    declared = DeclaredResources()
    declared.add(SIBLING, lambda: [EntityKey("ColumnProcess", other.qualified_name)])
    with pytest.raises(ResourceError, match=r"column/B' \('sibling'\) still depend on it"):
        remove(monkeypatch, found, declared=declared, force_destroy=True)


# -- dependents ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("process", "depends"),
    [
        (entity("Process"), True),
        (entity("Process", None), True),
        (entity("Process", THEIRS), False),  # it would stay
        (entity("Process", status="DELETED"), False),
        (None, False),
    ],
)
def test_dependents_of_a_job(monkeypatch: pytest.MonkeyPatch, process: Entity | None, depends: bool) -> None:
    other = column("B", None)
    found = lineage(job=entity("SparkJob"), process=process, columns=[column("A")], others=[other])
    client: Any = Atlan(monkeypatch, found)
    assert dependents_of(client, state()) == ([(other, process)] if depends else [])
