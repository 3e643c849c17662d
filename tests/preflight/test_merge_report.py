"""Findings about an existing entity, for resources that are new, in the state, or replaced."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name
from support.declarations import process, tables

from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    Checked,
    EntityKey,
    InputProblem,
    Props,
    ResourceLifecycle,
    mark,
)
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings, merge_report
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

LIFECYCLE = ProcessLifecycle()
OURS, RENAMED, THEIRS = mark("shop/prod", "load"), mark("shop/prod", "before"), mark("other/dev", "x")
NAME = f"Process '{WAREHOUSE}/load'"
WRONG = InputProblem("name", "wrong")
SAME = {**process(sql="1").inputs, "managed_by": OURS}
CHANGED = {**SAME, "sql": "2"}


def existing(mark_: str | None = None, status: str = "ACTIVE") -> Props:
    attributes = {"qualifiedName": f"{WAREHOUSE}/load", OWNERSHIP_ATTRIBUTE: mark_}
    about = {"typeName": "Process", "guid": "g", "updatedBy": "alice", "updateTime": 60_000}
    return {**about, "status": status, "attributes": attributes}


def notes(olds: Props, news: Props, problems: list[InputProblem] | None = None, **found: Any) -> list[str]:
    return merge_report(LIFECYCLE, olds, Checked(news, problems or []), Findings(**found))[1]


def test_new_resources_name_adopted_entities_and_their_changes() -> None:
    found = Findings(existing=existing(THEIRS), adoption="this changes sql")
    shown = merge_report(LIFECYCLE, {}, Checked({**SAME, "adopt": True}, []), found)
    owner = "it belongs to the stack 'other/dev', last written by alice at 1970-01-01 00:01 UTC"
    assert shown == ([], [f"{NAME} will be taken over ({owner}): this changes sql"])
    assert found.named == ["g"]


def test_archived_entities_are_named_without_changes() -> None:
    (note,) = notes({}, SAME, existing=existing(None, "DELETED"))
    written = "last written by alice at 1970-01-01 00:01 UTC"
    assert note == f"{NAME} is archived in Atlan ({written}): it will be restored"


@pytest.mark.parametrize("mark_", [OURS, RENAMED])
def test_entities_of_this_stack_are_named_without_changes(mark_: str) -> None:
    (note,) = notes({}, SAME, existing=existing(mark_), adoption="this changes sql")
    assert note.startswith(f"{NAME} will be taken over ")
    assert "this changes" not in note


@pytest.mark.parametrize(
    ("olds", "news", "found"),
    [
        pytest.param({}, SAME, {"existing": {}}, id="there is none"),
        pytest.param({}, SAME, {"problems": [WRONG]}, id="it is refused"),
        pytest.param({}, SAME, {"problems_if_new": [WRONG]}, id="it is refused as it is new"),
        pytest.param({}, {**SAME, "qualified_name": UNKNOWN}, {}, id="its name is not known"),
        pytest.param(SAME, CHANGED, {"existing": existing(OURS)}, id="it is the one in the state"),
        pytest.param(SAME, SAME, {"existing": existing(THEIRS)}, id="nothing is written"),
        pytest.param({**SAME, "guid": "g"}, CHANGED, {"existing": existing()}, id="its mark is gone"),
    ],
)
def test_entities_that_do_not_change_hands_are_not_named(
    olds: Props, news: Props, found: dict[str, Any]
) -> None:
    findings = Findings(**{"existing": existing(), **found})
    assert merge_report(LIFECYCLE, olds, Checked(news, []), findings)[1] == []
    assert findings.named == []


def test_failed_checks_name_nothing() -> None:
    assert notes({}, SAME, [WRONG], existing=existing()) == []
    assert notes(SAME, CHANGED, [WRONG], existing=existing(THEIRS)) == []


@pytest.mark.parametrize(
    ("olds", "found", "what"),
    [
        (SAME, existing(OURS, "DELETED"), "is archived in Atlan (last written by alice"),
        (SAME, existing(RENAMED), "will be taken over from the resource 'before' (last written by alice"),
        (SAME, existing(THEIRS), "will be taken over (it belongs to the stack 'other/dev', last written by"),
        ({**SAME, "guid": "h"}, existing(OURS), "will be taken over (last written by alice"),
    ],
)
def test_existing_resources_name_entities_that_are_not_in_the_state(
    olds: Props, found: Props, what: str
) -> None:
    (note,) = notes(olds, {**CHANGED, "adopt": True}, existing=found)
    assert note.startswith(f"{NAME} {what}")
    # A problem that holds for new ones alone does not hide it.
    assert notes(olds, CHANGED, existing=found, problems_if_new=[WRONG]) == [note]


def test_notes_are_ordered_and_some_are_for_new_resources_only() -> None:
    found: dict[str, Any] = {"notes": ["always"], "notes_if_new": ["if new"], "existing": existing()}
    first, second, third = notes({}, SAME, **found)
    assert (first, third) == ("if new", "always")
    assert second.startswith(f"{NAME} will be taken over")
    assert notes(SAME, SAME, **found) == ["always"]
    *before, last = notes(process("old").inputs, SAME, **found)
    assert before == [first, second, third]
    assert last.startswith("process_id changed, and with it the identity: ")


def test_replacements_name_every_changed_part_of_the_identity() -> None:
    elsewhere = "default/api/1657025300"
    moved = process(connection=elsewhere, inputs=tables(0), outputs=tables(1)).inputs
    assert notes(SAME, moved)[0].startswith(
        f"connection changed, and with it the identity: Process '{elsewhere}/load' will be made, and then "
        f"'{WAREHOUSE}/load' removed"
    )
    both = process("other", connection=elsewhere).inputs
    assert notes(SAME, both)[0].startswith("connection and process_id changed, and with it")


@pytest.mark.parametrize("known", [THEIRS, None])
def test_takeovers_by_another_stack_are_a_problem_until_a_refresh(known: str | None) -> None:
    lost = {THEIRS: InputProblem("process_id", "another's")}
    olds = {**SAME, **({"managed_by": known} if known else {})}
    found = Findings(problems_if_changed=lost, existing=existing(THEIRS))
    problems, shown = merge_report(LIFECYCLE, olds, Checked(CHANGED, []), found)
    assert problems == ([] if known else list(lost.values()))
    assert not (problems and shown), "what is refused does not change hands"
    several = {**lost, RENAMED: WRONG}
    problems, _ = merge_report(LIFECYCLE, olds, Checked(CHANGED, []), Findings(problems_if_changed=several))
    assert problems == ([WRONG] if known else list(several.values()))


# -- a replacement of many entities names these --------------------------------------------------------------

EDGES = mark("shop/prod", "edges", "atlan:ColumnLineage")


def edges(process_: str, *columns: str) -> Props:
    """Return the inputs of a `ColumnLineage` from table 0 to table 1."""
    below = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/{process_}"}
    mapping = {f"{table_name(1)}/{each}": f"{table_name(0)}/{each}" for each in columns}
    checked = ColumnLineageLifecycle().check({}, {"process": below, "columns": mapping, "managed_by": EDGES})
    assert checked.problems == []
    return {**checked.inputs, "managed_by": EDGES}


def replaced(olds: Props, news: Props, lifecycle: ResourceLifecycle | None = None) -> str:
    return merge_report(lifecycle or ColumnLineageLifecycle(), olds, Checked(news, []), Findings())[1][-1]


def test_a_replaced_mapping_names_its_column_processes() -> None:
    """The entity `…/column` does not exist; it is only the prefix of their names."""
    assert replaced(edges("load", "A"), edges("other", "A", "B")) == (
        "process changed, and with it the identity: "
        f"ColumnProcess '{WAREHOUSE}/other/column/A' and ColumnProcess '{WAREHOUSE}/other/column/B' will be "
        f"made, and then '{WAREHOUSE}/load/column/A' removed, unless another resource or stack has it by then"
    )


def test_only_the_first_column_processes_are_named() -> None:
    note = replaced(edges("load", *"ABCDE"), edges("other", *"ABCD"))
    assert f"ColumnProcess '{WAREHOUSE}/other/column/C' and ColumnProcess" in note
    assert note.endswith(
        f"'{WAREHOUSE}/load/column/A', '{WAREHOUSE}/load/column/B', '{WAREHOUSE}/load/column/C' and 2 more "
        "removed, unless another resource or stack has them by then"
    )


def test_the_column_processes_that_another_resource_declares_stay() -> None:
    lifecycle = ColumnLineageLifecycle()
    kept = EntityKey("ColumnProcess", f"{WAREHOUSE}/load/column/B")
    lifecycle.declared.add(mark("shop/prod", "single", "atlan:ColumnProcess"), lambda: [kept])
    note = replaced(edges("load", "A", "B"), edges("other", "A"), lifecycle)
    assert note.endswith(
        f"and then '{WAREHOUSE}/load/column/A' removed, unless another resource or stack has it by then; "
        f"'{WAREHOUSE}/load/column/B' stays: now declared by 'single'"
    )


def test_unknown_replaced_mappings_name_the_known_part() -> None:
    news = {**edges("other", "A"), "columns": UNKNOWN}
    assert "the identity: lineage that is not known yet will be made, and then" in replaced(
        edges("load", "A"), news
    )


def test_a_replaced_map_names_its_processes() -> None:
    lifecycle, elsewhere = ProcessSetLifecycle(), "default/api/1657025300"
    short = {"load": {"inputs": table_name(0), "outputs": table_name(1), "columns": {"A": "A"}}}
    olds, news = (
        lifecycle.check({}, {"connection": connection, "processes": short}).inputs
        for connection in (WAREHOUSE, elsewhere)
    )
    note = replaced(olds, news, lifecycle)
    assert note.startswith(
        f"connection changed, and with it the identity: Process '{elsewhere}/load' and "
        f"ColumnProcess '{elsewhere}/load/column/A' will be made, and then '{WAREHOUSE}/load' and "
    )


IF_WRITTEN = InputProblem("inputs", "Table 'x' is archived in Atlan")
OTHER_INPUTS = {**SAME, "inputs": tables(2)}


@pytest.mark.parametrize(
    ("olds", "news"),
    [({}, SAME), (SAME, OTHER_INPUTS), (SAME, {**SAME, "qualified_name": f"{WAREHOUSE}/other"})],
    ids=["new", "changed", "replaced"],
)
def test_what_is_written_must_not_refer_to_archived_assets(olds: Props, news: Props) -> None:
    found = Findings(problems_if_written=[IF_WRITTEN], missing={"inputs": 2})
    problems, said = merge_report(LIFECYCLE, olds, Checked(news, []), found)
    assert problems == [IF_WRITTEN]
    assert not [note for note in said if "written" in note]


@pytest.mark.parametrize("news", [SAME, CHANGED], ids=["unchanged", "another property"])
@pytest.mark.parametrize("secret", [[], ["inputs"]])
def test_unchanged_inputs_may_be_archived(secret: list[str], news: Props) -> None:
    found = Findings(problems_if_written=[IF_WRITTEN], secret=secret)
    reason = "an asset is archived in Atlan" if secret else IF_WRITTEN.reason
    note = f"inputs: {reason}; nothing is written, since inputs did not change"
    assert merge_report(LIFECYCLE, SAME, Checked(news, []), found) == ([], [note])


@pytest.mark.parametrize(("count", "what"), [(1, "the missing asset is"), (2, "the 2 missing assets are")])
def test_unchanged_inputs_write_no_placeholders(count: int, what: str) -> None:
    missing = {"inputs": count}
    said = f"inputs: {what} not written, since inputs did not change: run `pulumi up --refresh`"
    assert notes(SAME, SAME, missing=missing) == [said]
    assert notes(SAME, {**SAME, "outputs": tables(3)}, missing=missing) == [said]
    assert notes(SAME, OTHER_INPUTS, missing=missing) == []
