"""Checks of a bulk resource's children at preview: only changed ones are looked up."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name
from support.many import ABOVE, DAG, OTHER_STACK, STACK, Life, World, column, reasons, server, world

from atlan_pulumi.lifecycle import DeclaredResources, EntityKey, ManyLifecycle, mark
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings, check_children
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["server", "world"]

Props = dict[str, Any]


@pytest.fixture
def life(world: World) -> Life:
    return Life(world.client, ColumnLineageLifecycle)


@pytest.fixture
def many(world: World) -> Life:
    return Life(world.client, ProcessSetLifecycle)


def edges(columns: Props | None = None, **more: Any) -> Props:
    given = {"A": "A", "B": ["A", "B"]} if columns is None else columns
    tables = {"input_tables": [table_name(0)], "output_tables": [table_name(1)]}
    return {"process": ABOVE, "columns": given, **tables, **more}


def load(**changed: Any) -> Props:
    return {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}, **changed}


def processes(**given: Props) -> Props:
    return {"connection": WAREHOUSE, "base": f"{WAREHOUSE}/DB/S", "processes": given}


# -- missing assets ---------------------------------------------------------------------------------------


def test_missing_columns_are_reported_with_near_names(life: Life) -> None:
    reported = life.preview(**edges({"A": "a", "NO": "NO"}))
    assert {problem.property for problem in reported.problems} == {"columns"}
    first, second, third = sorted(reasons(reported.problems))
    assert first == f"Atlan has no Column '{column('T0/NO')}'"
    assert (
        second == f"Atlan has no Column '{column('T0/a')}'; names are case-sensitive: use '{column('T0/A')}'"
    )
    assert third == f"Atlan has no Column '{column('T1/NO')}'"


def test_unknown_owners_of_a_process_are_reported_once(many: Life) -> None:
    owned = {"columns": {}, "owner_users": ["nobody"]}
    reported = many.preview(**processes(load=load(**owned), other=load(outputs="T2", **owned)))
    assert reasons(reported.problems) == [
        "'load': owner_users: Atlan has no user 'nobody' (use the user name)"
    ]


def test_missing_tables_and_connections_are_reported(many: Life) -> None:
    elsewhere = "default/api/1657025300/T"
    reported = many.preview(**processes(load=load(inputs=["t0", elsewhere], columns={})))
    connection, table = sorted(reasons(reported.problems))
    assert connection == (
        f"'load': inputs: Atlan has no Connection 'default/api/1657025300'; Table '{elsewhere}' is below it"
    )
    assert table == (
        f"'load': inputs: Atlan has no Table '{WAREHOUSE}/DB/S/t0'; "
        f"names are case-sensitive: use '{table_name(0)}'"
    )


def test_tables_in_a_connection_that_the_program_creates_first_become_placeholders(many: Life) -> None:
    new, table = ["default/api/1657025300"], "default/api/1657025300/T"
    given = processes(load=load(inputs=[table], columns={}))
    reported = many.preview(new_connections=new, missing_assets="partial", **given)
    assert reported.problems == []
    line = f"1 table is not in Atlan yet: a placeholder will be created ({table})"
    assert f"{line}; a crawl makes it a full asset" in reported.notes
    advice = "the program creates its connection: set missing_assets='partial', which creates a placeholder"
    assert reasons(many.preview(new_connections=new, **given).problems) == [
        f"'load': inputs: Atlan has no Table '{table}'; {advice}"
    ]


def test_the_process_and_the_output_column_are_named(world: World, many: Life) -> None:
    """An author must be able to find one wrong process among many."""
    both = load(inputs=["T0", "T2"], outputs=["T1", "T3"], columns={"T1/A": "T0/NO", "T3/A": "T2/A"})
    given = processes(**{"load": load(), "load/all": both})
    (problem,) = many.preview(**given).problems
    assert problem == ("processes", f"'load/all': columns: 'T1/A': Atlan has no Column '{column('T0/NO')}'")
    world.others.remove("Column", column("T2/A"), how="SOFT")
    archived = next(each for each in reasons(many.preview(**given).problems) if "archived" in each)
    assert archived.startswith(f"'load/all': columns: 'T3/A': Column '{column('T2/A')}' is archived in Atlan")


def test_only_the_first_missing_columns_are_reported(life: Life) -> None:
    reported = life.preview(**edges({f"X{n}": "A" for n in range(40)}))
    assert len(reported.problems) == 6
    assert reported.problems[-1].reason == "… and 35 more like it"


def test_columns_missing_in_several_edges_are_reported_once(life: Life) -> None:
    assert len(life.preview(**edges({"A": "NO", "B": "NO"})).problems) == 1


def test_archived_columns_are_reported(world: World, life: Life) -> None:
    world.others.remove("Column", column("T0/A"), how="SOFT")
    (problem,) = life.preview(**edges()).problems
    assert problem.reason.startswith(f"Column '{column('T0/A')}' is archived in Atlan (last written by alice")
    assert problem.reason.endswith("restore it, leave it out, or set missing_assets to 'partial' or 'wait'")


def test_missing_columns_that_others_may_create_are_notes(world: World, life: Life) -> None:
    reported = life.preview(lenient=True, **edges({"A": "NO"}))
    assert reported.problems == []
    (note,) = reported.notes
    assert note.startswith(f"Atlan has no Column '{column('T0/NO')}'")
    assert note.endswith("; it must exist when this is deployed")


def test_taken_names_are_refused_with_dependencies_of_others_too(world: World, life: Life) -> None:
    world.others.make_edge(f"{DAG}/column/A")
    (problem,) = life.preview(lenient=True, **edges()).problems
    assert "exists in Atlan already" in problem.reason


def test_views_declared_as_tables_are_reported(world: World, many: Life) -> None:
    world.others.write("View", f"{WAREHOUSE}/DB/S/V", name="V")
    (problem,) = many.preview(**processes(load=load(inputs="V", columns={}))).problems
    assert "there is a View of that name: refer to it as asset('View', …)" in problem.reason


# -- names that are taken ---------------------------------------------------------------------------------


def test_only_the_first_taken_names_are_reported(world: World, many: Life) -> None:
    taken = [f"p{n}" for n in range(9)]
    for name in taken:
        world.others.make_process(f"{WAREHOUSE}/{name}")
    reported = many.preview(**processes(**{name: load(columns={}) for name in taken}))
    assert len(reported.problems) == 6
    assert all("exists in Atlan already" in reason for reason in reasons(reported.problems[:5]))
    assert reported.problems[-1].reason == "… and 4 more like it"


def test_entities_of_this_stack_are_no_conflict(world: World, life: Life) -> None:
    Life(world.client, ColumnLineageLifecycle).up(**edges())  # and no state contains it
    reported = life.preview(**edges())
    assert reported.problems == []
    taken = [note for note in reported.notes if "will be taken over (last written by service-account" in note]
    assert len(taken) == 2


def test_takeovers_by_another_stack_are_refused_only_for_changed_children(world: World, life: Life) -> None:
    life.up(**edges())
    Life(world.client, ColumnLineageLifecycle, stack="other/dev").up(**edges({"A": "A"}, adopt=True))
    assert life.preview(**edges({"A": "A", "B": "B"})).problems == []
    (problem,) = life.preview(**edges({"A": "ID", "B": "B"})).problems
    assert f"ColumnProcess '{DAG}/column/A' belongs to the stack 'other/dev' now" in problem.reason


@pytest.mark.parametrize("adopt", [False, True])
def test_a_renamed_resource_names_the_children_that_another_stack_has_now(
    world: World, many: Life, adopt: bool
) -> None:
    """All children are written, since their mark changes, though none is declared differently."""
    given = processes(load=load(columns={}), other=load(columns={}))
    many.up(**given)
    world.others.mark("Process", f"{WAREHOUSE}/load", OTHER_STACK)
    many.mark = mark(STACK, "renamed", "atlan:ProcessSet")
    reported = many.preview(**given, **({"adopt": True} if adopt else {}))
    theirs = f"Process '{WAREHOUSE}/load' "
    if adopt:
        assert reported.problems == []
        assert [note for note in reported.notes if note.startswith(f"{theirs}will be taken over (it belongs")]
        assert not any(f"'{WAREHOUSE}/other'" in note for note in reported.notes), "it is ours"
    else:
        (problem,) = reported.problems
        assert problem.reason.startswith(theirs)
        assert "'other/dev'" in problem.reason


def test_a_renamed_resource_checks_no_asset_that_its_unchanged_children_refer_to(
    world: World, many: Life
) -> None:
    given = processes(load=load(columns={}))
    many.up(**given)
    world.others.remove("Table", table_name(0), how="SOFT")
    many.mark = mark(STACK, "renamed", "atlan:ProcessSet")
    reported = many.preview(**given)
    assert (reported.problems, reported.notes) == ([], ["the ownership mark of all 1 entities changes"])


def test_an_adoption_that_changes_nothing_says_so(world: World, life: Life) -> None:
    theirs = Life(world.client, ColumnLineageLifecycle, stack=None)
    theirs.up(**edges())
    reported = life.preview(**edges(adopt=True))
    assert reported.problems == []
    assert [note.rpartition(": ")[2] for note in reported.notes] == ["nothing in it changes"] * 2


def test_entities_without_a_mark_are_matched_by_the_state(world: World, life: Life) -> None:
    life.up(**edges({"A": "A"}))
    world.others.mark("ColumnProcess", f"{DAG}/column/A", None)
    assert life.preview(**edges({"A": "ID"})).problems == []
    life.up(**edges({"A": "ID"}))
    assert world.others.mark_on("ColumnProcess", f"{DAG}/column/A") == life.mark


# -- lookups ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ColumnLineageLifecycle, ProcessSetLifecycle])
def test_nothing_is_read_if_nothing_changes(world: World, kind: type[ManyLifecycle]) -> None:
    life = Life(world.client, kind)
    program = edges() if kind is ColumnLineageLifecycle else processes(load=load(), more=load())
    life.up(**program)
    before = len(world.requests())
    assert life.preview(**program) == ([], [])
    assert len(world.requests()) == before


def test_only_changed_children_are_looked_up(world: World, many: Life) -> None:
    given = {f"p{n}": load() for n in range(30)}
    many.up(**processes(**given))
    before = len(world.requests())
    assert many.preview(**processes(**{**given, "p7": load(columns={"A": "B"})})).problems == []
    asked = world.requests()[before:]
    # The edges that change and go, and columns; what else has the mark, and the process with its edges.
    assert len(asked) == 5
    assert "p7" in str(asked)
    assert "p8" not in str(asked)


def test_invalid_inputs_are_reported_without_lookups(world: World, life: Life) -> None:
    before = len(world.requests())
    assert len(life.preview(**edges({"A": "A"}, sql={"B": "x"})).problems) == 1
    assert len(world.requests()) == before


def test_missing_names_are_looked_up_again_after_a_refresh(world: World, life: Life) -> None:
    life.up(**edges())
    world.others.remove("ColumnProcess", f"{DAG}/column/A")
    world.others.remove("Column", column("T0/A"))
    life.refresh()
    (problem,) = life.preview(**edges()).problems
    assert problem.reason.startswith(f"Atlan has no Column '{column('T0/A')}'")


def test_removals_are_previewed_only_without_problems(world: World, life: Life) -> None:
    life.up(**edges())
    before = life.inputs, life.outputs
    life.up(**edges({"A": "A", "B": ["A", "B"], "ID": "ID"}))
    life.inputs, life.outputs = before  # as after an interrupted run
    wanted = edges({"A": "ID", "B": ["A", "B"]})
    assert [note for note in life.preview(**wanted).notes if f"'{DAG}/column/ID' will be removed" in note]
    reported = life.preview(**edges({"A": "NO", "B": ["A", "B"]}))
    assert len(reported.problems) == 1
    assert not [note for note in reported.notes if f"'{DAG}/column/ID'" in note]
    core, findings = ColumnLineageLifecycle(), Findings(deploys=True)
    asked = len(world.requests())
    stays = check_children(core, life.inputs, life.check(wanted), findings, lambda: world.client)
    assert (stays, findings) == (frozenset(), Findings(deploys=True))
    assert len(world.requests()) == asked + 1  # whether the columns are there


@pytest.mark.parametrize("stay", [1, 6, 7, 9])
def test_former_children_that_stay_are_listed_as_such(world: World, many: Life, stay: int) -> None:
    names = [f"p{number}" for number in range(stay)]
    many.up(**processes(**{name: load(columns={}) for name in ["kept", *names]}))
    for name in names:
        world.others.mark("Process", f"{WAREHOUSE}/{name}", OTHER_STACK)
    left = "was left in Atlan: it is 'theirs' of the stack 'other/dev' now"
    expected = [f"Process '{WAREHOUSE}/{name}' {left}" for name in names]
    reported = many.preview(**processes(kept=load(columns={})))
    cut = [*expected[:5], f"… and {stay - 5} more like it"]
    assert reported == ([], expected if stay < 7 else cut)


# -- change lines -----------------------------------------------------------------------------------------


def test_each_changed_edge_is_one_line(life: Life) -> None:
    life.up(**edges({"A": "A", "B": "B"}, sql={"A": "x"}))
    changed, new, removed = life.preview(**edges({"A": ["A", "B"], "ID": "ID"}, sql={"A": "y"})).notes
    assert changed == (
        f"ColumnProcess 'dag/column/A': name: 'A -> A' -> 'A, B -> A'; inputs: +{column('T0/B')!r}; "
        "sql: 'x' -> 'y'"
    )
    assert new == "ColumnProcess 'dag/column/ID' is new"
    assert removed == "ColumnProcess 'dag/column/B' will be removed"


def test_new_resources_have_no_change_lines(life: Life, many: Life) -> None:
    assert life.preview(**edges()).notes == []
    assert many.preview(**processes(load=load())).notes == []


def test_drifted_children_are_listed_as_changes(world: World, life: Life) -> None:
    life.up(**edges())
    world.others.write("ColumnProcess", f"{DAG}/column/A", name="Theirs")
    life.refresh()
    assert life.preview(**edges()).notes == ["ColumnProcess 'dag/column/A': as it was declared"]


def test_unknown_values_are_described_as_unknown(many: Life) -> None:
    many.up(**processes(load=load(column_sql={"A": "1"})))
    reported = many.preview(**processes(load=load(column_sql={"A": UNKNOWN})))
    assert reported == ([], ["ColumnProcess 'load/column/A': sql: not known yet"])


def test_a_changed_mark_of_all_children_is_one_line(world: World, many: Life) -> None:
    many.up(**processes(load=load()))
    many.mark = Life(world.client, ProcessSetLifecycle, "other").mark
    reported = many.preview(**processes(load=load()))
    assert reported == ([], ["the ownership mark of all 2 entities changes"])


def test_only_the_first_changes_are_listed(many: Life) -> None:
    many.up(**processes(**{f"p{n:02}": load() for n in range(20)}))
    notes = many.preview(**processes(**{f"p{n:02}": load() for n in range(2)}, new=load())).notes
    assert notes[:2] == ["Process 'new' is new", "ColumnProcess 'new/column/A' is new"]
    assert notes[-1] == "… and 33 more like it"


def test_marks_alone_are_no_change_line(world: World) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack=None)
    life.up(**edges())
    life.mark = Life(world.client, ColumnLineageLifecycle).mark
    assert life.preview(**edges()) == ([], [])


def test_values_that_may_be_secret_are_not_shown(world: World, life: Life) -> None:
    guid = world.others.make_edge(f"{DAG}/column/A", sql="theirs")
    assert guid
    hidden = life.preview(**edges({"A": "A"}, sql={"A": "canary"}, adopt=True), secret=["sql"]).notes
    assert "this changes name; inputs; outputs; sql" in hidden[0]
    life.up(**edges({"A": "A"}, sql={"A": "canary"}, adopt=True))
    hidden += life.preview(**edges({"A": "B"}, sql={"A": "another"}, adopt=True), secret=["sql"]).notes
    assert hidden[1] == "ColumnProcess 'dag/column/A': name; inputs; sql"
    assert "canary" not in str(hidden)


def test_names_of_columns_that_may_be_secret_are_not_shown(life: Life) -> None:
    life.up(**edges({"A": "A", "B": "B"}))
    assert life.preview(**edges({"A": "B", "ID": "A"}), secret=["columns"]).notes == [
        "a ColumnProcess of 'dag': name; inputs",
        "a ColumnProcess of 'dag' is new",
        "a ColumnProcess of 'dag' will be removed",
    ]
    (note,) = life.preview(lenient=True, secret=["columns"], **edges({"A": "NO", "B": "NONE"})).notes[-1:]
    assert note == "an asset is missing; it must exist when this is deployed"


def test_refused_resources_name_no_takeover(world: World, many: Life) -> None:
    """One name belongs to another stack, another was left by an interrupted run of this one."""
    for id_, mark_ in (("a", OTHER_STACK), ("b", many.mark)):
        world.others.make_process(f"{WAREHOUSE}/{id_}")
        world.others.mark("Process", f"{WAREHOUSE}/{id_}", mark_)
    reported = many.preview(**processes(a=load(columns={}), b=load(columns={})))
    assert len(reported.problems) == 1
    assert not any("will be taken over" in note for note in reported.notes)
    only = many.preview(**processes(b=load(columns={})))
    assert only.problems == []
    assert any("will be taken over" in note for note in only.notes)


# -- assets that may be missing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handling", "then"),
    [
        ("partial", "a placeholder will be created ({}); a crawl makes it a full asset"),
        ("wait", "the deployment waits up to 30 seconds for it ({})"),
    ],
)
def test_a_missing_column_that_may_be_missing_is_one_line(life: Life, handling: str, then: str) -> None:
    reported = life.preview(**edges({"A": "NEW"}, missing_assets=handling, wait_seconds=30))
    assert reported.problems == []
    hint = f"check the spelling of {column('T0/NEW')}, since the table is crawled already"
    assert reported.notes == [f"1 column is not in Atlan yet: {then.format(column('T0/NEW'))}; {hint}"]


def test_an_archived_column_that_may_be_missing_names_its_user(world: World, life: Life) -> None:
    world.others.remove("Column", column("T0/A"), how="SOFT")
    reported = life.preview(**edges({"A": "A"}, missing_assets="partial"))
    assert reported.problems == []
    assert reported.notes == [
        (
            f"1 column is archived in Atlan ({column('T0/A')}): "
            "writing the inputs or outputs of 'edges' restores it"
        )
    ]


def test_a_new_mark_beside_a_change_is_no_line_if_the_state_has_none(world: World) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack=None)
    life.up(**edges({"A": "A"}))
    life.mark = Life(world.client, ColumnLineageLifecycle).mark
    notes = life.preview(**edges()).notes
    assert "ColumnProcess 'dag/column/B' is new" in notes
    assert not any("ownership mark" in note for note in notes)


@pytest.mark.parametrize("handling", ["error", "partial"])
def test_columns_that_the_program_declares_are_not_missing(world: World, handling: str) -> None:
    declared = DeclaredResources()
    declared.add(mark(STACK, "new", "atlan:Column"), lambda: [EntityKey("Column", column("T0/NEW"))])
    life = Life(world.client, ColumnLineageLifecycle, declared=declared)
    reported = life.preview(**edges({"A": "NEW"}, missing_assets=handling))
    assert reported == ([], [])
