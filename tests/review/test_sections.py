"""The tables of a review, and its summary."""

from __future__ import annotations

import pytest
from review import previews
from review.previews import section
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Impact, Loss, LostSource, Review, parse, review

LOAD = previews.process("load", [0], [1])
X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}


def summary(*events: previews.Event, end: previews.Event | None = None) -> list[str]:
    return previews.review_of(*events, end=end).summary


# -- added ------------------------------------------------------------------------------------------------


def test_a_process_has_its_inputs_and_outputs() -> None:
    made = previews.review_of(previews.create("Process", "load", previews.process("load", [0, 2], [1])))
    assert section(made, "Added") == [("Process load", "DB/S/T0, DB/S/T2 → DB/S/T1")]


def test_mappings_are_below_their_process() -> None:
    made = previews.review_of(previews.create("ProcessSet", "set", previews.process_set({"x": X})))
    flows = ["DB/S/T0 → DB/S/T1", "DB/S/T0/A → DB/S/T1/A", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B"]
    assert section(made, "Added") == [("ProcessSet set: x", "\n".join(flows))]


def test_mappings_added_to_an_existing_process_have_its_name() -> None:
    old = previews.process_set({"x": {**X, "columns": {"A": "A"}}})
    made = previews.review_of(previews.update("ProcessSet", "set", old, previews.process_set({"x": X})))
    assert section(made, "Added") == [("ProcessSet set: x", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B")]
    lineage = previews.create("ColumnLineage", "cols", previews.column_lineage("load", {"A": "A"}))
    assert section(previews.review_of(lineage), "Added") == [("ColumnLineage cols", "DB/S/T0/A → DB/S/T1/A")]


def test_a_connection_has_its_connector_and_name() -> None:
    props = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1795678615"}
    made = previews.review_of(previews.create("Connection", "etl", props))
    assert section(made, "Added") == [("Connection etl", "airflow connection etl")]
    later = previews.review_of(previews.create("Connection", "etl", {**props, "name": previews.UNKNOWN}))
    assert section(later, "Added") == [("Connection etl", "airflow connection (known after apply)")]


def test_unknown_lineage_is_shown_as_known_after_apply() -> None:
    made = previews.review_of(
        previews.create("ProcessSet", "set", previews.process_set({"x": previews.UNKNOWN}))
    )
    assert section(made, "Added") == [("ProcessSet set", "(known after apply)")]
    partly = previews.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": previews.UNKNOWN})
    created = previews.review_of(previews.create("ProcessSet", "set", partly))
    assert section(created, "Added") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1"),
        ("ProcessSet set", "(known after apply)"),
    ]
    assert section(created, "Changed") == []
    updated = previews.review_of(
        previews.update("ProcessSet", "set", previews.process_set({"x": X, "y": X}), partly)
    )
    assert section(updated, "Changed") == [("ProcessSet set", "", "some of its lineage is unknown or secret")]
    assert created.summary == [
        "1 process added, 1 resource partly unknown until deployment.",
        previews.MAY_MERGE,
    ]


def test_two_assets_with_the_same_path_have_their_whole_names() -> None:
    other = "default/redshift/1657025300/DB/S/T0"
    made = previews.review_of(previews.create("Process", "load", previews.process("load", [0, other], [1])))
    assert section(made, "Added") == [("Process load", f"{table_name(0)}, {other} → DB/S/T1")]


def test_a_dataset_has_its_whole_name() -> None:
    props = previews.job(["DB.S.T0"], [])
    props |= {"outputs": [{"namespace": "file", "name": "/a/b/c/d.csv"}]}
    made = previews.review_of(previews.create("OpenLineageJob", "j", props))
    assert section(made, "Added") == [("OpenLineageJob j", "snowflake://abc/DB.S.T0 → file//a/b/c/d.csv")]


def test_only_the_first_of_many_assets_are_shown() -> None:
    many = [f"{WAREHOUSE}/DB/S/X{number:02}" for number in range(30)]
    ((_, flow),) = section(
        previews.review_of(previews.create("Process", "p", previews.process("p", many, [1]))), "Added"
    )
    assert flow.startswith("DB/S/X00, DB/S/X01,")
    assert flow.endswith("DB/S/X09, and 20 more → DB/S/T1")


# -- changed, replaced, removed ---------------------------------------------------------------------------


def test_each_property_is_a_row() -> None:
    new = {**LOAD, "inputs": previews.tables(2), "sql": "a\nb"}
    made = previews.review_of(previews.update("Process", "load", {**LOAD, "sql": "a\nc"}, new))
    assert section(made, "Changed") == [
        ("Process load", "inputs", f"- Table {table_name(0)}\n+ Table {table_name(2)}"),
        ("Process load", "sql", "@@ -1,2 +1,2 @@\n  a\n- c\n+ b"),
    ]


def test_an_update_without_a_visible_change_is_shown() -> None:
    made = previews.review_of(previews.update("Process", "load", LOAD, {**LOAD, "managed_by": "x"}))
    assert section(made, "Changed") == [("Process load", "", "no visible change")]
    assert made.summary == ["No lineage changes.", previews.MAY_MERGE]


def test_an_update_that_only_removes_an_edge_has_no_change_row() -> None:
    y = {"inputs": "T0", "outputs": "T2"}
    before, after = previews.process_set({"x": X, "y": y}), previews.process_set({"x": X})
    made = previews.review_of(previews.update("ProcessSet", "set", before, after))
    assert section(made, "Changed") == []
    assert section(made, "Removed") == [("ProcessSet set: y", "DB/S/T0 → DB/S/T2", "removed")]


def test_a_replacement_has_its_reason_and_the_note_of_the_provider() -> None:
    new = previews.process("load", [0], [1], process_id="b")
    note = previews.message("process_id changed, and with it the identity", previews.urn("Process", "load"))
    made = previews.review_of(
        note, *previews.replace("Process", "load", LOAD, new, "process_id", "qualified_name")
    )
    assert section(made, "Replaced") == [
        ("Process load", 'process_id: "load" → "b"', "process_id changed, and with it the identity")
    ]
    assert section(made, "Notes") == [], "it is shown once"
    assert section(made, "Added") == section(made, "Removed") == section(made, "Changed") == []


def test_a_replacement_without_a_visible_reason_has_the_key_of_the_engine() -> None:
    made = previews.review_of(*previews.replace("Process", "load", LOAD, LOAD, "name", "qualified_name"))
    assert section(made, "Replaced") == [("Process load", "name", "")]


@pytest.mark.parametrize(
    ("about", "props", "becomes"),
    [
        ({}, {}, "removed"),
        ({}, {"delete_type": "SOFT"}, "archived"),
        ({}, {"delete_type": "HARD"}, "removed"),
        ({"retainOnDelete": True}, {"delete_type": "SOFT"}, "stays: retain_on_delete"),
        ({"protect": True}, {}, "refused: it is protected"),
    ],
)
def test_a_removed_entity_has_its_outcome_in_atlan(
    about: previews.Props, props: previews.Props, becomes: str
) -> None:
    made = previews.review_of(previews.delete("Process", "load", {**LOAD, **props}, **about))
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", becomes)]


def test_secret_lineage_of_a_removed_resource_is_shown_as_secret() -> None:
    hidden = previews.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": previews.secret()})
    made = previews.review_of(previews.delete("ProcessSet", "set", hidden))
    assert section(made, "Removed") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1", "removed"),
        ("ProcessSet set", "[secret]", "removed"),
    ]
    assert made.summary == ["1 process removed.", previews.MAY_MERGE], (
        "secret lineage remains unknown after deployment"
    )
    secretly = {**LOAD, "inputs": previews.secret()}
    ((_, flow, _),) = section(previews.review_of(previews.delete("Process", "load", secretly)), "Removed")
    assert flow == "[secret] → DB/S/T1"


WITH_DEPENDENTS = " with all dependents in Atlan (force_destroy)"


STAY = "If a process or column mapping is removed, its assets lose an edge, and stay in Atlan."


def removed_intro(*events: previews.Event) -> str:
    (found,) = (each for each in previews.review_of(*events).sections if each.title == "Removed")
    return found.intro


def test_the_table_of_removals_says_that_assets_stay() -> None:
    """`force_destroy` of a connection may remove assets; removing a connection alone is not about lineage."""
    gone = previews.delete("Process", "load", LOAD)
    etl = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
    assert removed_intro(gone) == STAY
    assert removed_intro(previews.delete("Process", "load", {**LOAD, "force_destroy": True})) == STAY
    assert removed_intro(gone, previews.delete("Connection", "etl", etl)) == STAY
    assert removed_intro(previews.delete("Connection", "etl", etl)) == ""
    assert removed_intro(gone, previews.delete("Connection", "etl", {**etl, "force_destroy": True})) == ""


def test_force_destroy_is_in_the_table_and_the_summary() -> None:
    forced = {"force_destroy": True}
    connection = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1", **forced}
    y = {"inputs": "T0", "outputs": "T2"}
    before, after = (
        previews.process_set(each, **forced) for each in ({"x": X, "y": y}, {"x": {**X, "columns": {}}})
    )
    made = previews.review_of(
        previews.delete("Connection", "etl", connection),
        previews.delete("Process", "load", {**LOAD, **forced, "delete_type": "SOFT"}),
        previews.update("ProcessSet", "set", before, after),
    )
    assert [(name, what) for name, _, what in section(made, "Removed")] == [
        ("Connection etl", f"removed{WITH_DEPENDENTS}"),
        ("Process load", f"archived{WITH_DEPENDENTS}"),
        ("ProcessSet set: y", f"removed{WITH_DEPENDENTS}"),
        ("ProcessSet set: x", "removed"),
    ]
    assert "3 resources delete their dependents in Atlan too (force_destroy)." in made.summary
    one = previews.review_of(previews.delete("Connection", "etl", connection))
    assert "1 resource deletes its dependents in Atlan too (force_destroy)." in one.summary


def test_a_replacement_with_force_destroy_mentions_dependents() -> None:
    new = previews.process("load", [0], [1], process_id="b")
    made = previews.review_of(
        *previews.replace("Process", "load", {**LOAD, "force_destroy": True}, new, "process_id")
    )
    ((_, _, what),) = section(made, "Replaced")
    assert what == "The old one is deleted with all dependents in Atlan (force_destroy)."


def test_removed_protection_is_in_the_table_and_the_summary() -> None:
    about = {"protect": True, "retainOnDelete": True, "after": {"protect": False, "retainOnDelete": False}}
    made = previews.review_of(previews.same("Process", "load", LOAD, **about))
    assert section(made, "Changed") == [
        ("Process load", "protect", "true → false"),
        ("Process load", "retain_on_delete", "true → false"),
    ]
    assert made.summary == ["No lineage changes.", "1 resource loses its protection.", previews.MAY_MERGE]
    two = previews.review_of(*(previews.update("Process", name, LOAD, LOAD, **about) for name in "ab"))
    assert "2 resources lose their protection." in two.summary
    assert all(what != "no visible change" for _, _, what in section(two, "Changed"))


def test_a_secret_that_may_have_changed_is_a_row() -> None:
    old = {**LOAD, "sql": previews.secret()}
    made = previews.review_of(previews.update("Process", "load", old, {**old, "name": "x"}))
    assert section(made, "Changed") == [
        ("Process load", "name", '"Load" → "x"'),
        ("Process load", "sql", "[secret]: may have changed"),
    ]


def test_only_the_cause_of_a_replacement_is_its_reason() -> None:
    new = previews.process("load", [0], [1], process_id="b", sql="select 2")
    made = previews.review_of(*previews.replace("Process", "load", LOAD, new, "process_id", "qualified_name"))
    assert section(made, "Replaced") == [("Process load", 'process_id: "load" → "b"', "")]
    assert section(made, "Changed") == [("Process load", "sql", '(not set) → "select 2"')]
    forced = previews.review_of(*previews.replace("Process", "load", LOAD, {**LOAD, "sql": "x"}, "name"))
    assert section(forced, "Replaced") == [("Process load", "name", "")]
    assert section(forced, "Changed") == [("Process load", "sql", '(not set) → "x"')]


def test_a_key_of_a_mapping_is_the_reason_of_a_replacement() -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5", "a": "b"}}
    new = {**old, "query_preview_config": {"limit": "6", "a": "b"}}
    made = previews.review_of(*previews.replace("Connection", "etl", old, new, "query_preview_config"))
    assert section(made, "Replaced") == [("Connection etl", 'query_preview_config["limit"]: "5" → "6"', "")]
    assert section(made, "Changed") == []


def test_a_job_with_an_unknown_qualified_name_has_its_resource_name() -> None:
    later = previews.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"]}, qualified_name=previews.UNKNOWN)
    made = previews.review_of(previews.create("OpenLineageJob", "j", later))
    assert {name for name, _ in section(made, "Added")} == {"OpenLineageJob j"}
    assert made.summary == ["1 process added, 1 column mapping added.", previews.MAY_MERGE]


def test_unreadable_resources_have_their_operation_and_name() -> None:
    odd, unreadable = previews.process_set({"x": 5}), "cannot be read by this version"
    made = previews.review_of(
        previews.create("ProcessSet", "a", odd),
        previews.delete("ProcessSet", "b", odd),
        previews.update("ProcessSet", "c", odd, odd),
        *previews.replace("ProcessSet", "d", odd, odd, "base"),
        previews.step("import", "ProcessSet", "e", None, odd),
        previews.create("Process", "load", LOAD),
    )
    assert section(made, "Added") == [
        ("Process load", "DB/S/T0 → DB/S/T1"),
        ("ProcessSet a", unreadable),
    ]
    assert section(made, "Removed") == [("ProcessSet b", unreadable, "removed")]
    assert section(made, "Changed") == [("ProcessSet c", "", unreadable), ("ProcessSet d", "", unreadable)]
    assert section(made, "Replaced") == [("ProcessSet d", "base", "")]
    assert section(made, "Imported") == [("ProcessSet e", unreadable)]
    assert made.summary[0] == (
        "1 process added, 1 resource replaced, 1 resource imported, "
        "5 resources cannot be read by this version."
    )


FAKE = "T0\nDB/S/T8 → DB/S/T9"


def test_a_name_of_several_lines_is_on_one_line() -> None:
    made = previews.review_of(
        previews.create("Process", f"p{FAKE}", previews.process("p", [f"{WAREHOUSE}/DB/S/{FAKE}"], [1])),
        previews.create(
            "ProcessSet", "set", previews.process_set({f"x{FAKE}": {"inputs": "T0", "outputs": "T1"}})
        ),
        previews.create("Connection", "etl", {"name": FAKE, "connector": "airflow"}),
        previews.message("hm", previews.urn("Process", f"q{FAKE}"), "warning"),
        previews.violation("r", previews.urn("Process", f"q{FAKE}"), "bad"),
        previews.update("Connection", "c", {"name": "c", FAKE: "1"}, {"name": "c", FAKE: "2"}),
    )
    cells = [cell for each in made.sections for row in each.rows for cell in row]
    assert len(cells) == 3 * 2 + 3 + 4 + 2
    assert not [cell for cell in cells if "\n" in cell]
    assert any(r"T0\nDB/S/T8 → DB/S/T9" in cell for cell in cells)


def test_a_replacement_with_retain_on_delete_is_removed_and_added() -> None:
    new = previews.process("load", [0], [2], process_id="b")
    made = previews.review_of(
        *previews.replace("Process", "load", LOAD, new, "process_id", retainOnDelete=True)
    )
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", "stays: retain_on_delete")]
    assert section(made, "Added") == [("Process load", "DB/S/T0 → DB/S/T2")]


def test_an_imported_resource_is_shown() -> None:
    made = previews.review_of(previews.step("import", "Process", "load", None, LOAD))
    assert section(made, "Imported") == [("Process load", "DB/S/T0 → DB/S/T1")]
    assert made.summary == ["1 resource imported.", previews.MAY_MERGE]


# -- policies and notes -----------------------------------------------------------------------------------


def test_policies_are_sorted_by_level_rule_and_resource() -> None:
    found = [
        previews.violation("b-rule", previews.urn("Process", "z"), "bad"),
        previews.violation("b-rule", previews.urn("Process", "a"), "bad"),
        previews.violation("a-rule", "", "bad"),
        previews.violation("z-rule", previews.STACK, "worse", "mandatory"),
    ]
    made = previews.review_of(*found)
    assert section(made, "Policies") == [
        ("mandatory", "z-rule", "Stack shop/dev", "worse"),
        ("advisory", "a-rule", "", "bad"),
        ("advisory", "b-rule", "Process a", "bad"),
        ("advisory", "b-rule", "Process z", "bad"),
    ]
    assert made.summary[-2] == "Policies: 1 mandatory violation, 3 advisory violations."


def test_the_messages_of_a_rule_on_a_resource_are_one_row() -> None:
    load = previews.urn("Process", "load")
    made = previews.review_of(
        previews.violation("owned", load, "It has an owner.\nowner: nobody"),
        previews.violation("owned", load, "It has an owner.\ndescription: nothing"),
    )
    assert section(made, "Policies") == [
        ("advisory", "owned", "Process load", "description: nothing\nowner: nobody")
    ]
    assert made.summary[-2] == "Policies: 2 advisory violations."


def test_a_rule_without_a_description_loses_no_line() -> None:
    made = previews.review_of(
        previews.violation("rows", previews.urn("Process", "a"), "first\nsecond"),
        previews.violation("rows", previews.urn("Process", "b"), "third\nfourth"),
    )
    assert [row[-1] for row in section(made, "Policies")] == ["first\nsecond", "third\nfourth"]


def test_a_violation_with_only_a_description_is_shown() -> None:
    made = previews.review_of(
        previews.violation("owned", previews.urn("Process", "a"), "It has an owner."),
        previews.violation("owned", previews.urn("Process", "b"), "It has an owner.\nnobody"),
    )
    assert [row[-1] for row in section(made, "Policies")] == ["It has an owner.", "nobody"]


def test_rules_with_the_same_name_have_their_packs() -> None:
    load = previews.urn("Process", "load")
    made = previews.review_of(
        previews.violation("owned", load, "Ours.\nnobody", pack="ours"),
        previews.violation("owned", load, "Theirs.\nno one", pack="theirs"),
    )
    assert section(made, "Policies") == [
        ("advisory", "owned (ours)", "Process load", "nobody"),
        ("advisory", "owned (theirs)", "Process load", "no one"),
    ]


def test_two_remediations_of_one_resource_are_one_resource_changed() -> None:
    load, other = previews.urn("Process", "load"), previews.urn("Process", "other")
    twice = [previews.remediation(rule, load, {"name": "a"}, {"name": rule}) for rule in ("a-rule", "b-rule")]
    assert previews.review_of(*twice).summary[-2] == "Policies: 1 resource changed."
    both = previews.review_of(*twice, previews.remediation("a-rule", other, {}, {"name": "x"}))
    assert both.summary[-2] == "Policies: 2 resources changed."
    assert len(section(both, "Policies")) == 3


# -- unchanged resources ----------------------------------------------------------------------------------

MISSING = "Unchanged resources are not in this form of input"


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        (previews.digest(previews.delete("Process", "load", LOAD)), True),
        (
            previews.digest(
                previews.step("same", previews.STACK.split("::")[2], "s"),
                previews.delete("Process", "a", LOAD),
            ),
            True,
        ),
        (previews.digest(previews.delete("Process", "a", LOAD), previews.same("Process", "b", LOAD)), False),
        (previews.digest(previews.create("Process", "load", LOAD)), False),
        (previews.digest(previews.step("import", "Process", "load", None, LOAD)), False),
        (previews.digest(), False),
        (previews.log(previews.delete("Process", "load", LOAD)), False),
    ],
)
def test_missing_unchanged_resources_are_noted(text: str, noted: bool) -> None:
    made = review(parse(text, "x"))
    assert any(each.intro.startswith(MISSING) for each in made.sections) == noted


def test_notes_on_resources_that_are_not_replaced_are_shown() -> None:
    made = previews.review_of(
        previews.message("adopted", previews.urn("Process", "load")), previews.create("Process", "load", LOAD)
    )
    assert section(made, "Notes") == [("Process load", "adopted")]


def test_empty_sections_are_left_out() -> None:
    made = previews.review_of(previews.create("Process", "load", LOAD))
    assert [each.title for each in made.sections] == ["Added"]


# -- the summary ------------------------------------------------------------------------------------------


def test_the_summary_counts_processes_mappings_connections_and_resources() -> None:
    small = {**X, "columns": {"A": "B"}}
    events = [
        previews.create("Process", "new", LOAD),
        previews.create(
            "ProcessSet", "set", previews.process_set({"x": X, "y": {"inputs": "T0", "outputs": "T2"}})
        ),
        previews.update(
            "ProcessSet", "old", previews.process_set({"z": X}), previews.process_set({"z": small})
        ),
        previews.delete("Process", "gone", previews.process("gone", [0], [1])),
        previews.delete("Process", "kept", previews.process("kept", [0], [1]), retainOnDelete=True),
        *previews.replace(
            "Process", "moved", previews.process("a", [0], [1]), previews.process("b", [0], [1]), "process_id"
        ),
        previews.create("Connection", "etl", {"name": "etl", "connector": "airflow"}),
        previews.delete("OpenLineageConnection", "ol", {"name": "ol", "connector": "spark"}),
    ]
    assert summary(*events)[0] == (
        "3 processes added, 1 process changed, 1 process removed, 2 column mappings added, "
        "1 column mapping changed, 1 column mapping removed, 1 connection added, 1 connection removed, "
        "1 resource replaced, 1 resource left in Atlan."
    )


@pytest.mark.parametrize("events", [[], [previews.same("Process", "load", LOAD)]])
def test_a_review_without_changes_has_no_sections(events: list[previews.Event]) -> None:
    made = previews.review_of(*events)
    assert (made.summary, made.sections) == (["No lineage changes.", previews.MAY_MERGE], [])


def ending(made: Review) -> str:
    return made.summary[0]


def test_a_failure_comes_first_with_its_consequences() -> None:
    create = previews.create("Process", "load", LOAD)
    error = previews.message("no", severity="error")
    failed = previews.review_of(create, error, end=previews.summary("failed"))
    assert ending(failed) == ("The preview failed (1 error): some changes and all removals may be missing.")
    assert failed.sections[0].title == "Errors"
    gone = previews.delete("Process", "gone", LOAD)
    assert (
        ending(previews.review_of(gone, error, end=previews.summary("failed")))
        == "The preview failed (1 error)."
    )


def test_a_failure_without_an_error_mentions_policies() -> None:
    found = previews.violation("r", "", "bad", "mandatory")
    assert ending(previews.review_of(found, end=previews.summary("failed"))).startswith(
        "The preview failed (a policy forbids it):"
    )
    assert ending(previews.review_of(end=previews.summary("failed"))).startswith("The preview failed:")


def test_an_unfinished_preview_comes_first() -> None:
    text = previews.lines([*previews.prelude(), previews.create("Process", "load", LOAD)])
    made = review(parse(text, "x"))
    assert ending(made) == "The preview did not finish: this review is incomplete."
    assert made.summary[1] == "1 process added."


MUST_NOT = "This pull request must not be merged: {}."
CREATE = previews.create("Process", "load", LOAD)
ERROR = previews.message("no", severity="error")
FORBIDDEN = previews.violation("r", "", "bad", "mandatory")
ADVICE = previews.violation("r", "", "bad")
EXCEPTED = previews.violation(
    "r", "", "bad", "mandatory", exceptions=[{"id": "EXC-42", "reason": "until May"}]
)
LOOK = "This pull request may be merged; look first at {}."
FAILED = previews.summary("failed")


def graded(*severities: str) -> list[previews.Event]:
    """Violations of an advisory rule, one for each severity; an empty one is not stated."""
    return [
        previews.violation("r", "", f"bad {number}", **({"severity": each} if each else {}))
        for number, each in enumerate(severities)
    ]


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (previews.review_of(CREATE), previews.MAY_MERGE),
        (previews.review_of(), previews.MAY_MERGE),
        (
            previews.review_of(CREATE, ADVICE, previews.remediation("r", "", {}, {"name": "x"})),
            previews.MAY_MERGE,
        ),
        (previews.review_of(previews.delete("Process", "gone", LOAD)), previews.MAY_MERGE),
        (previews.review_of(*graded("medium", "low", "")), previews.MAY_MERGE),
        (previews.review_of(*graded("critical")), LOOK.format("1 critical advisory violation")),
        (previews.review_of(*graded("high", "low", "high")), LOOK.format("2 high advisory violations")),
        (
            previews.review_of(*graded("high", "critical", "critical")),
            LOOK.format("2 critical and 1 high advisory violations"),
        ),
        (
            previews.review_of(*graded("critical"), FORBIDDEN, end=FAILED),
            MUST_NOT.format("1 mandatory violation"),
        ),
        (previews.review_of(EXCEPTED), previews.MAY_MERGE),
        (previews.review_of(EXCEPTED, FORBIDDEN, end=FAILED), MUST_NOT.format("1 mandatory violation")),
        (previews.review_of(FORBIDDEN, end=FAILED), MUST_NOT.format("1 mandatory violation")),
        (previews.review_of(FORBIDDEN), MUST_NOT.format("1 mandatory violation")),
        (
            previews.review_of(
                FORBIDDEN, previews.violation("s", "", "bad", "mandatory"), ERROR, ADVICE, end=FAILED
            ),
            MUST_NOT.format("2 mandatory violations, 1 error"),
        ),
        (previews.review_of(ERROR, end=FAILED), MUST_NOT.format("1 error")),
        (previews.review_of(end=FAILED), MUST_NOT.format("the preview failed")),
        (
            review(parse(previews.lines([*previews.prelude(), CREATE]), "x")),
            MUST_NOT.format("the preview did not finish"),
        ),
        (review(parse(previews.digest(CREATE), "x")), previews.MAY_MERGE_UNLESS),
        (
            review(parse(previews.digest(diagnostics=[{"severity": "error", "message": "no"}]), "x")),
            MUST_NOT.format("1 error"),
        ),
    ],
)
def test_the_last_line_says_whether_to_merge(made: Review, verdict: str) -> None:
    assert made.summary[-1] == verdict
    assert sum("may be merged" in line or "must not be merged" in line for line in made.summary) == 1


def test_policies_come_before_changes() -> None:
    made = previews.review_of(CREATE, ADVICE, ERROR, end=FAILED)
    assert [each.title for each in made.sections] == ["Errors", "Policies", "Added"]


# -- special cases ----------------------------------------------------------------------------------------


def with_losses(*losses: Loss) -> Review:
    return Review("x", previews.preview(), (), Impact(len(losses), losses, asked=True))


def test_each_table_has_its_heads() -> None:
    moved = previews.process("moved", [0], [1], process_id="b")
    made = previews.review_of(
        previews.create("Process", "new", LOAD),
        previews.update("Process", "old", LOAD, {**LOAD, "sql": "x"}),
        *previews.replace("Process", "moved", LOAD, moved, "process_id"),
        previews.delete("Process", "gone", previews.process("gone", [0], [1])),
        previews.delete("Process", "renamed", LOAD),
        previews.step("import", "Process", "found", None, LOAD),
        previews.violation("r", "", "bad"),
        previews.message("adopted", previews.urn("Process", "new")),
        previews.message("no", severity="error"),
    )
    assert {each.title: each.heads for each in made.sections if each.title != "Impact downstream"} == {
        "Errors": ("Resource", "Message"),
        "Added": ("Resource", "Lineage"),
        "Changed": ("Resource", "Property", "Change"),
        "Replaced": ("Resource", "Because of", "What happens"),
        "Removed": ("Resource", "Lineage", "In Atlan"),
        "Moved": ("Resource", "Lineage", "In Atlan"),
        "Imported": ("Resource", "Lineage"),
        "Policies": ("Level", "Rule", "Resource", "Message"),
        "Notes": ("Resource", "Note"),
    }
    (impact,) = with_losses(Loss("Process a", ("t",))).sections
    assert impact.heads == ("Removed or changed", "Effect downstream", "Assets")
    assert all(len(row) == len(each.heads) for each in made.sections for row in each.rows)


@pytest.mark.parametrize(("count", "listed"), [(1, 1), (10, 10), (11, 11), (12, 10), (400, 10)])
def test_a_list_is_not_cut_for_a_single_asset(count: int, listed: int) -> None:
    """The replacement for one asset would be as long as the asset."""
    assets = [f"{WAREHOUSE}/DB/S/X{number:03}" for number in range(count)]
    shown = [f"DB/S/X{number:03}" for number in range(listed)]
    more = f"and {count - listed} more" if count > listed else ""

    ((_, effect, names),) = section(with_losses(Loss("Process a", tuple(assets))), "Impact downstream")
    assert effect == f"{count} asset{'s lose their' if count > 1 else ' loses its'} lineage"
    assert names == "\n".join([*shown, *filter(None, [more])])

    made = previews.review_of(previews.create("Process", "p", previews.process("p", [1], assets)))
    ((_, flow),) = section(made, "Added")
    assert flow == f"DB/S/T1 → {', '.join([*shown, *filter(None, [more])])}"


def test_thousands_of_assets_have_a_comma() -> None:
    ((_, effect, names),) = section(with_losses(Loss("a", ("t",) * 1_300)), "Impact downstream")
    assert (effect, names.splitlines()[-1]) == ("1,300 assets lose their lineage", "and 1,290 more")
    made = previews.review_of(
        previews.create("Process", "p", previews.process("p", map(str, range(1_300)), [1]))
    )
    ((_, flow),) = section(made, "Added")
    assert ", and 1,290 more → " in flow


def test_an_asset_that_several_edges_affect_is_counted_once() -> None:
    one = with_losses(Loss("Process a", ("t",)))
    assert one.summary[-2] == "1 asset downstream loses lineage."
    assert one.sections[0].intro == "1 asset loses lineage, based on Atlan's current lineage to a depth of 3."
    several = with_losses(Loss("Process a", ("t", "u")), Loss("Process b", ("t",)))
    assert several.summary[-2] == "2 assets downstream lose lineage."
    assert several.sections[0].intro.startswith("2 assets lose lineage")
    assert [row[1] for row in several.sections[0].rows] == [
        "2 assets lose their lineage",
        "1 asset loses its lineage",
    ]


def test_tables_and_columns_that_lose_lineage_are_counted_separately() -> None:
    types = {"a": "Table", "b": "Table", "v": "View", "x": "Column", "y": "Column", "z": "TableauDashboard"}
    of_all = Loss("Process a", ("a", "b", "v", "x", "y", "z"))
    made = Review("x", previews.preview(), (), Impact(1, (of_all,), asked=True, types=types))
    counts = "2 tables, 1 view, 1 other asset, 2 columns"
    assert made.summary[-2] == f"{counts} downstream lose lineage."
    assert made.sections[0].intro.startswith(f"{counts} lose lineage, based on")
    assert made.sections[0].rows == [
        ("Process a", "2 tables lose their lineage", "a\nb"),
        ("Process a", "1 view loses its lineage", "v"),
        ("Process a", "1 asset loses its lineage", "z"),
        ("Process a", "2 columns lose their lineage", "x\ny"),
    ]


def test_an_asset_that_loses_a_source_is_not_said_to_lose_its_lineage() -> None:
    types = {"a": "Table", "b": "Table", "x": "Column"}
    some = (LostSource("b", ("s",), ("t", "u")), LostSource("x", ("y",), ("z",)))
    loss = Loss("Process a", ("a",), some)
    made = Review("x", previews.preview(), (), Impact(1, (loss,), asked=True, types=types))
    assert made.summary[-3:-1] == [
        "1 table downstream loses lineage.",
        "1 table, 1 column downstream lose a source but have others.",
    ]
    assert made.sections[0].rows == [
        ("Process a", "1 table loses its lineage", "a"),
        ("Process a", "1 table loses a source but has others", "b: loses s; has t, u"),
        ("Process a", "1 column loses a source but has others", "x: loses y; has z"),
    ]
    assert made.sections[0].intro.startswith(
        "1 table loses lineage; 1 table, 1 column lose a source but have others, based on"
    )


def test_changes_of_a_process_of_a_set_have_its_id() -> None:
    old, new = ({"x": {**X, "sql": sql}} for sql in ("a\nb", "a\nc"))
    made = previews.review_of(
        previews.update("ProcessSet", "set", previews.process_set(old), previews.process_set(new))
    )
    assert section(made, "Changed") == [("ProcessSet set: x", "sql", "@@ -1,2 +1,2 @@\n  a\n- b\n+ c")]
    other = {"x": {**X, "columns": {**X["columns"], "A": ["A", "B"]}}}  # type: ignore[dict-item]
    made = previews.review_of(
        previews.update("ProcessSet", "set", previews.process_set({"x": X}), previews.process_set(other))
    )
    assert section(made, "Changed") == [
        ("ProcessSet set: x/column/A", "inputs", f"+ Column {WAREHOUSE}/DB/S/T0/B")
    ]


def test_mappings_removed_from_two_processes_of_a_set_are_two_rows() -> None:
    before = {"x-1": X, "x": {**X, "columns": {"A": "A"}}}
    after = {name: {**X, "columns": {}} for name in before}
    made = previews.review_of(
        previews.update("ProcessSet", "set", previews.process_set(before), previews.process_set(after))
    )
    assert section(made, "Removed") == [
        ("ProcessSet set: x", "DB/S/T0/A → DB/S/T1/A", "removed"),
        ("ProcessSet set: x-1", "DB/S/T0/A → DB/S/T1/A\nDB/S/T0/A, DB/S/T0/B → DB/S/T1/B", "removed"),
    ]


def test_only_changed_connections_are_counted() -> None:
    old = {"name": "etl", "connector": "airflow"}
    events = [previews.update("Connection", name, old, {**old, "name": "elt"}) for name in "ab"]
    stays = previews.same("Connection", "c", old)
    comes = previews.step("import", "Connection", "d", None, old)
    assert summary(*events, stays, comes) == [
        "2 connections changed, 1 resource imported.",
        previews.MAY_MERGE,
    ]


def test_unchanged_and_imported_resources_are_not_partly_unknown() -> None:
    hidden = previews.process_set(previews.secret())
    assert summary(previews.same("ProcessSet", "set", hidden)) == ["No lineage changes.", previews.MAY_MERGE]
    assert summary(previews.step("import", "ProcessSet", "set", None, hidden)) == [
        "1 resource imported.",
        previews.MAY_MERGE,
    ]


def test_levels_are_sorted_by_importance_with_unknown_ones_last() -> None:
    load = previews.urn("Process", "load")
    levels = ["abrupt", "zealous", "mandatory", "advisory"]
    found = [previews.violation("same-rule", load, f"Rule.\n{level}", level) for level in levels]
    made = previews.review_of(*found, previews.remediation("same-rule", load, {}, {"name": "x"}))
    assert [(row[0], row[3]) for row in section(made, "Policies")] == [
        ("mandatory", "mandatory"),
        ("remediate", "changes name"),
        ("advisory", "advisory"),
        ("abrupt", "abrupt"),
        ("zealous", "zealous"),
    ]
    assert made.summary[-2] == "Policies: 1 mandatory violation, 1 advisory violation, 1 resource changed."


def test_violations_have_their_severity_and_severe_ones_come_first() -> None:
    of = previews.urn("Process", "load")
    made = previews.review_of(
        previews.violation("low-rule", of, "bad", severity="low"),
        previews.violation("plain-rule", of, "bad"),
        previews.violation("strict-rule", of, "bad", "mandatory", severity="medium"),
        previews.violation("worst-rule", of, "bad", severity="critical"),
        previews.violation("high-rule", of, "bad", severity="high"),
    )
    policies = next(each for each in made.sections if each.title == "Policies")
    assert policies.heads == ("Level", "Severity", "Rule", "Resource", "Message")
    assert [row[:3] for row in policies.rows] == [
        ("mandatory", "medium", "strict-rule"),
        ("advisory", "critical", "worst-rule"),
        ("advisory", "high", "high-rule"),
        ("advisory", "low", "low-rule"),
        ("advisory", "", "plain-rule"),
    ]
    assert made.summary[-2] == "Policies: 1 mandatory violation, 4 advisory violations (1 critical, 1 high)."


def test_an_excepted_violation_is_shown_and_forbids_nothing() -> None:
    made = previews.review_of(EXCEPTED)
    assert section(made, "Policies") == [("mandatory (excepted by EXC-42)", "r", "", "bad")]
    assert made.summary == [
        "No lineage changes.",
        "Policies: 1 violation allowed by an exception.",
        previews.MAY_MERGE,
    ]


def test_a_digest_says_which_parts_of_the_preview_are_missing() -> None:
    missing = (
        f"{MISSING}: if one of them links the same assets, a link that is shown as removed or changed "
        "stays. Add --show-sames to the preview, or use the file of --event-log."
    )
    made = review(parse(previews.digest(previews.delete("Process", "load", LOAD)), "x"), depth=0)
    assert [(each.title, each.intro) for each in made.sections if each.intro] == [
        ("Removed", STAY),
        ("Policies", "This form of input has no policy results: use the file of --event-log."),
        ("Notes", missing),
    ]


def test_an_error_takes_precedence_over_a_policy_in_the_summary() -> None:
    forbidden = previews.violation("r", "", "bad", "mandatory")
    advised = previews.violation("r", "", "bad")
    error = previews.message("no", severity="error")
    end = previews.summary("failed")
    assert ending(previews.review_of(forbidden, error, end=end)).startswith("The preview failed (1 error):")
    assert ending(previews.review_of(advised, end=end)).startswith("The preview failed: some changes")


@pytest.mark.parametrize(
    ("title", "stack", "shown"),
    [
        ("", True, "Lineage review of shop/dev"),
        (" \n", True, "Lineage review of shop/dev"),
        (" PR 7 ", True, "PR 7"),
        ("", False, "Lineage review"),
    ],
)
def test_a_review_without_a_title_is_named_after_its_stack(title: str, stack: bool, shown: str) -> None:
    text = previews.log() if stack else previews.lines([previews.summary()])
    assert review(parse(text, "x"), title=title).title == shown


# -- declared assets --------------------------------------------------------------------------------------

FILE = {"name": "orders.csv", "qualified_name": "default/s3/1657025300/landing/orders.csv"}


@pytest.mark.parametrize(
    ("event", "count", "title", "row"),
    [
        (previews.create("File", "f", FILE), "1 asset added.", "Added", ("File f", "landing/orders.csv")),
        (
            previews.create("S3Object", "f", {**FILE, "qualified_name": previews.UNKNOWN}),
            "1 asset added.",
            "Added",
            ("S3Object f", "(known after apply)"),
        ),
        (
            previews.update("File", "f", FILE, {**FILE, "attributes": {"fileType": "csv"}}),
            "1 asset changed.",
            "Changed",
            ("File f", 'attributes["fileType"]', '(not set) → "csv"'),
        ),
        (
            previews.delete("File", "f", FILE),
            "1 asset removed.",
            "Removed",
            ("File f", "landing/orders.csv", "removed"),
        ),
    ],
    ids=["added", "not known yet", "changed", "removed"],
)
def test_a_declared_asset_is_a_row_and_counted(
    event: previews.Event, count: str, title: str, row: tuple[str, ...]
) -> None:
    made = previews.review_of(event)
    assert count in made.summary
    (found,) = section(made, title)
    assert found == row


def test_an_asset_that_another_resource_declares_now_stays() -> None:
    made = previews.review_of(previews.delete("File", "old", FILE), previews.create("File", "new", FILE))
    assert made.summary[0] == "1 asset moved to another resource."
    assert section(made, "Moved") == [("File old", "landing/orders.csv", "stays: now declared by File new")]
    other = previews.review_of(previews.delete("File", "old", FILE), previews.create("S3Object", "new", FILE))
    assert "1 asset removed" in other.summary[0], "the name of another type is another asset"
