"""What the tables of a review tell, and the lines that sum it up."""

from __future__ import annotations

import pytest
from review import told
from review.told import section
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Impact, Loss, Review, parse, review

LOAD = told.process("load", [0], [1])
X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}


def summary(*events: told.Event, end: told.Event | None = None) -> list[str]:
    return told.reviewed(*events, end=end).summary


# -- added ------------------------------------------------------------------------------------------------


def test_a_process_is_told_by_what_it_reads_and_writes() -> None:
    made = told.reviewed(told.create("Process", "load", told.process("load", [0, 2], [1])))
    assert section(made, "Added") == [("Process load", "DB/S/T0, DB/S/T2 → DB/S/T1")]


def test_mappings_stand_below_their_process() -> None:
    made = told.reviewed(told.create("ProcessSet", "set", told.process_set({"x": X})))
    flows = ["DB/S/T0 → DB/S/T1", "DB/S/T0/A → DB/S/T1/A", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B"]
    assert section(made, "Added") == [("ProcessSet set: x", "\n".join(flows))]


def test_mappings_that_come_to_a_process_that_is_there_are_told_with_its_name() -> None:
    old = told.process_set({"x": {**X, "columns": {"A": "A"}}})
    made = told.reviewed(told.update("ProcessSet", "set", old, told.process_set({"x": X})))
    assert section(made, "Added") == [("ProcessSet set: x", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B")]
    lineage = told.create("ColumnLineage", "cols", told.column_lineage("load", {"A": "A"}))
    assert section(told.reviewed(lineage), "Added") == [("ColumnLineage cols", "DB/S/T0/A → DB/S/T1/A")]


def test_a_connection_is_told_by_its_connector_and_name() -> None:
    props = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1795678615"}
    made = told.reviewed(told.create("Connection", "etl", props))
    assert section(made, "Added") == [("Connection etl", "airflow connection etl")]
    later = told.reviewed(told.create("Connection", "etl", {**props, "name": told.UNKNOWN}))
    assert section(later, "Added") == [("Connection etl", "airflow connection (known after apply)")]


def test_what_is_not_known_yet_is_told_as_such() -> None:
    made = told.reviewed(told.create("ProcessSet", "set", told.process_set({"x": told.UNKNOWN})))
    assert section(made, "Added") == [("ProcessSet set", "(known after apply)")]
    partly = told.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": told.UNKNOWN})
    created = told.reviewed(told.create("ProcessSet", "set", partly))
    assert section(created, "Added") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1"),
        ("ProcessSet set", "(known after apply)"),
    ]
    assert section(created, "Changed") == []
    updated = told.reviewed(told.update("ProcessSet", "set", told.process_set({"x": X, "y": X}), partly))
    assert section(updated, "Changed") == [
        ("ProcessSet set", "", "some of its lineage is not known yet, or secret")
    ]
    assert created.summary == [
        "1 process added, 1 resource not known as a whole before it is applied.",
        told.MAY,
    ]


def test_two_assets_of_one_path_are_told_by_their_whole_names() -> None:
    other = "default/redshift/1657025300/DB/S/T0"
    made = told.reviewed(told.create("Process", "load", told.process("load", [0, other], [1])))
    assert section(made, "Added") == [("Process load", f"{table_name(0)}, {other} → DB/S/T1")]


def test_a_dataset_is_told_by_its_whole_name() -> None:
    props = told.job(["DB.S.T0"], [])
    props |= {"outputs": [{"namespace": "file", "name": "/a/b/c/d.csv"}]}
    made = told.reviewed(told.create("OpenLineageJob", "j", props))
    assert section(made, "Added") == [("OpenLineageJob j", "snowflake://abc/DB.S.T0 → file//a/b/c/d.csv")]


def test_of_very_many_assets_the_first_few_are_told() -> None:
    many = [f"{WAREHOUSE}/DB/S/X{number:02}" for number in range(30)]
    ((_, flow),) = section(told.reviewed(told.create("Process", "p", told.process("p", many, [1]))), "Added")
    assert flow.startswith("DB/S/X00, DB/S/X01,")
    assert flow.endswith("DB/S/X09, and 20 more → DB/S/T1")


# -- changed, replaced, removed ---------------------------------------------------------------------------


def test_each_property_is_a_row() -> None:
    new = {**LOAD, "inputs": told.tables(2), "sql": "a\nb"}
    made = told.reviewed(told.update("Process", "load", {**LOAD, "sql": "a\nc"}, new))
    assert section(made, "Changed") == [
        ("Process load", "inputs", f"- Table {table_name(0)}\n+ Table {table_name(2)}"),
        ("Process load", "sql", "@@ -1,2 +1,2 @@\n  a\n- c\n+ b"),
    ]


def test_an_update_that_shows_nothing_is_told() -> None:
    made = told.reviewed(told.update("Process", "load", LOAD, {**LOAD, "managed_by": "x"}))
    assert section(made, "Changed") == [("Process load", "", "nothing that is shown here")]
    assert made.summary == ["No lineage changes.", told.MAY]


def test_an_update_that_only_removes_an_edge_has_no_row_of_its_own() -> None:
    y = {"inputs": "T0", "outputs": "T2"}
    before, after = told.process_set({"x": X, "y": y}), told.process_set({"x": X})
    made = told.reviewed(told.update("ProcessSet", "set", before, after))
    assert section(made, "Changed") == []
    assert section(made, "Removed") == [("ProcessSet set: y", "DB/S/T0 → DB/S/T2", "removed")]


def test_a_replacement_is_told_with_its_reason_and_with_what_the_provider_says() -> None:
    new = told.process("load", [0], [1], process_id="b")
    note = told.said("process_id changed, and with it the identity", told.urn("Process", "load"))
    made = told.reviewed(note, *told.replace("Process", "load", LOAD, new, "process_id", "qualified_name"))
    assert section(made, "Replaced") == [
        ("Process load", 'process_id: "load" → "b"', "process_id changed, and with it the identity")
    ]
    assert section(made, "Notes") == [], "it is told once"
    assert section(made, "Added") == section(made, "Removed") == section(made, "Changed") == []


def test_a_replacement_whose_reason_cannot_be_seen_is_told_by_the_engines_word() -> None:
    made = told.reviewed(*told.replace("Process", "load", LOAD, LOAD, "name", "qualified_name"))
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
def test_what_is_removed_is_told_with_what_becomes_of_it(
    about: told.Props, props: told.Props, becomes: str
) -> None:
    made = told.reviewed(told.delete("Process", "load", {**LOAD, **props}, **about))
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", becomes)]


def test_what_is_removed_and_secret_is_told_as_such() -> None:
    hidden = told.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": told.secret()})
    made = told.reviewed(told.delete("ProcessSet", "set", hidden))
    assert section(made, "Removed") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1", "removed"),
        ("ProcessSet set", "[secret]", "removed"),
    ]
    assert made.summary == ["1 process removed.", told.MAY], (
        "what is secret is not known after it is applied, either"
    )
    secretly = {**LOAD, "inputs": told.secret()}
    ((_, flow, _),) = section(told.reviewed(told.delete("Process", "load", secretly)), "Removed")
    assert flow == "[secret] → DB/S/T1"


ALONG = ", with all that hangs on it in Atlan (force_destroy)"


def test_what_goes_by_force_is_told_with_what_hangs_on_it() -> None:
    forced = {"force_destroy": True}
    connection = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1", **forced}
    y = {"inputs": "T0", "outputs": "T2"}
    before, after = (
        told.process_set(each, **forced) for each in ({"x": X, "y": y}, {"x": {**X, "columns": {}}})
    )
    made = told.reviewed(
        told.delete("Connection", "etl", connection),
        told.delete("Process", "load", {**LOAD, **forced, "delete_type": "SOFT"}),
        told.update("ProcessSet", "set", before, after),
    )
    assert [(name, what) for name, _, what in section(made, "Removed")] == [
        ("Connection etl", f"removed{ALONG}"),
        ("Process load", f"archived{ALONG}"),
        ("ProcessSet set: y", f"removed{ALONG}"),
        ("ProcessSet set: x", "removed"),
    ]
    told_ = "3 resources take along all that hangs on them in Atlan (force_destroy)."
    assert told_ in made.summary
    one = told.reviewed(told.delete("Connection", "etl", connection))
    assert "1 resource takes along all that hangs on it in Atlan (force_destroy)." in one.summary


def test_a_replacement_by_force_is_told_with_what_hangs_on_the_old_one() -> None:
    new = told.process("load", [0], [1], process_id="b")
    made = told.reviewed(*told.replace("Process", "load", {**LOAD, "force_destroy": True}, new, "process_id"))
    ((_, _, what),) = section(made, "Replaced")
    assert what == "The old one goes with all that hangs on it in Atlan (force_destroy)."


def test_protection_that_goes_is_a_row_and_a_line_of_the_summary() -> None:
    about = {"protect": True, "retainOnDelete": True, "after": {"protect": False, "retainOnDelete": False}}
    made = told.reviewed(told.same("Process", "load", LOAD, **about))
    assert section(made, "Changed") == [
        ("Process load", "protect", "true → false"),
        ("Process load", "retain_on_delete", "true → false"),
    ]
    assert made.summary == ["No lineage changes.", "1 resource loses its protection.", told.MAY]
    two = told.reviewed(*(told.update("Process", name, LOAD, LOAD, **about) for name in "ab"))
    assert "2 resources lose their protection." in two.summary
    assert all(what != "nothing that is shown here" for _, _, what in section(two, "Changed"))


def test_a_secret_that_may_have_changed_is_told_so() -> None:
    old = {**LOAD, "sql": told.secret()}
    made = told.reviewed(told.update("Process", "load", old, {**old, "name": "x"}))
    assert section(made, "Changed") == [
        ("Process load", "name", '"Load" → "x"'),
        ("Process load", "sql", "[secret]: may have changed"),
    ]


def test_only_what_causes_a_replacement_is_told_as_its_reason() -> None:
    new = told.process("load", [0], [1], process_id="b", sql="select 2")
    made = told.reviewed(*told.replace("Process", "load", LOAD, new, "process_id", "qualified_name"))
    assert section(made, "Replaced") == [("Process load", 'process_id: "load" → "b"', "")]
    assert section(made, "Changed") == [("Process load", "sql", '(not set) → "select 2"')]
    forced = told.reviewed(*told.replace("Process", "load", LOAD, {**LOAD, "sql": "x"}, "name"))
    assert section(forced, "Replaced") == [("Process load", "name", "")]
    assert section(forced, "Changed") == [("Process load", "sql", '(not set) → "x"')]


def test_a_key_of_a_mapping_is_the_reason_where_the_mapping_is() -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5", "a": "b"}}
    new = {**old, "query_preview_config": {"limit": "6", "a": "b"}}
    made = told.reviewed(*told.replace("Connection", "etl", old, new, "query_preview_config"))
    assert section(made, "Replaced") == [("Connection etl", 'query_preview_config["limit"]: "5" → "6"', "")]
    assert section(made, "Changed") == []


def test_a_job_whose_name_in_atlan_is_not_known_yet_goes_by_its_own() -> None:
    later = told.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"]}, qualified_name=told.UNKNOWN)
    made = told.reviewed(told.create("OpenLineageJob", "j", later))
    assert {name for name, _ in section(made, "Added")} == {"OpenLineageJob j"}
    assert made.summary == ["1 process added, 1 column mapping added.", told.MAY]


def test_what_cannot_be_read_is_told_by_operation_and_name() -> None:
    odd, told_ = told.process_set({"x": 5}), "cannot be read by this version"
    made = told.reviewed(
        told.create("ProcessSet", "a", odd),
        told.delete("ProcessSet", "b", odd),
        told.update("ProcessSet", "c", odd, odd),
        *told.replace("ProcessSet", "d", odd, odd, "base"),
        told.step("import", "ProcessSet", "e", None, odd),
        told.create("Process", "load", LOAD),
    )
    assert section(made, "Added") == [
        ("Process load", "DB/S/T0 → DB/S/T1"),
        ("ProcessSet a", told_),
    ]
    assert section(made, "Removed") == [("ProcessSet b", told_, "removed")]
    assert section(made, "Changed") == [("ProcessSet c", "", told_), ("ProcessSet d", "", told_)]
    assert section(made, "Replaced") == [("ProcessSet d", "base", "")]
    assert section(made, "Imported") == [("ProcessSet e", told_)]
    assert made.summary[0] == (
        "1 process added, 1 resource replaced, 1 resource imported, "
        "5 resources cannot be read by this version."
    )


FAKE = "T0\nDB/S/T8 → DB/S/T9"


def test_a_name_of_several_lines_makes_no_second_flow() -> None:
    made = told.reviewed(
        told.create("Process", f"p{FAKE}", told.process("p", [f"{WAREHOUSE}/DB/S/{FAKE}"], [1])),
        told.create("ProcessSet", "set", told.process_set({f"x{FAKE}": {"inputs": "T0", "outputs": "T1"}})),
        told.create("Connection", "etl", {"name": FAKE, "connector": "airflow"}),
        told.said("hm", told.urn("Process", f"q{FAKE}"), "warning"),
        told.violation("r", told.urn("Process", f"q{FAKE}"), "bad"),
        told.update("Connection", "c", {"name": "c", FAKE: "1"}, {"name": "c", FAKE: "2"}),
    )
    cells = [cell for each in made.sections for row in each.rows for cell in row]
    assert len(cells) == 3 * 2 + 3 + 4 + 2
    assert not [cell for cell in cells if "\n" in cell]
    assert any(r"T0\nDB/S/T8 → DB/S/T9" in cell for cell in cells)


def test_where_the_old_one_stays_a_replacement_is_told_as_both() -> None:
    new = told.process("load", [0], [2], process_id="b")
    made = told.reviewed(*told.replace("Process", "load", LOAD, new, "process_id", retainOnDelete=True))
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", "stays: retain_on_delete")]
    assert section(made, "Added") == [("Process load", "DB/S/T0 → DB/S/T2")]


def test_what_is_imported_is_told() -> None:
    made = told.reviewed(told.step("import", "Process", "load", None, LOAD))
    assert section(made, "Imported") == [("Process load", "DB/S/T0 → DB/S/T1")]
    assert made.summary == ["1 resource imported.", told.MAY]


# -- policies and notes -----------------------------------------------------------------------------------


def test_policies_are_told_by_level_rule_and_resource() -> None:
    found = [
        told.violation("b-rule", told.urn("Process", "z"), "bad"),
        told.violation("b-rule", told.urn("Process", "a"), "bad"),
        told.violation("a-rule", "", "bad"),
        told.violation("z-rule", told.STACK, "worse", "mandatory"),
    ]
    made = told.reviewed(*found)
    assert section(made, "Policies") == [
        ("mandatory", "z-rule", "Stack shop/dev", "worse"),
        ("advisory", "a-rule", "", "bad"),
        ("advisory", "b-rule", "Process a", "bad"),
        ("advisory", "b-rule", "Process z", "bad"),
    ]
    assert made.summary[-2] == "Policies: 1 mandatory violation, 3 advisory violations."


def test_what_a_rule_says_of_a_resource_is_one_row_without_its_description() -> None:
    load = told.urn("Process", "load")
    made = told.reviewed(
        told.violation("owned", load, "It has an owner.\nowner: nobody"),
        told.violation("owned", load, "It has an owner.\ndescription: nothing"),
    )
    assert section(made, "Policies") == [
        ("advisory", "owned", "Process load", "description: nothing\nowner: nobody")
    ]
    assert made.summary[-2] == "Policies: 2 advisory violations."


def test_a_rule_without_a_description_loses_no_line() -> None:
    made = told.reviewed(
        told.violation("rows", told.urn("Process", "a"), "first\nsecond"),
        told.violation("rows", told.urn("Process", "b"), "third\nfourth"),
    )
    assert [row[-1] for row in section(made, "Policies")] == ["first\nsecond", "third\nfourth"]


def test_a_description_alone_is_told() -> None:
    made = told.reviewed(
        told.violation("owned", told.urn("Process", "a"), "It has an owner."),
        told.violation("owned", told.urn("Process", "b"), "It has an owner.\nnobody"),
    )
    assert [row[-1] for row in section(made, "Policies")] == ["It has an owner.", "nobody"]


def test_rules_of_one_name_from_two_packs_are_two_rows_with_their_packs() -> None:
    load = told.urn("Process", "load")
    made = told.reviewed(
        told.violation("owned", load, "Ours.\nnobody", pack="ours"),
        told.violation("owned", load, "Theirs.\nno one", pack="theirs"),
    )
    assert section(made, "Policies") == [
        ("advisory", "owned (ours)", "Process load", "nobody"),
        ("advisory", "owned (theirs)", "Process load", "no one"),
    ]


def test_two_remediations_of_one_resource_are_one_resource_changed() -> None:
    load, other = told.urn("Process", "load"), told.urn("Process", "other")
    twice = [told.mended(rule, load, {"name": "a"}, {"name": rule}) for rule in ("a-rule", "b-rule")]
    assert told.reviewed(*twice).summary[-2] == "Policies: 1 resource changed."
    both = told.reviewed(*twice, told.mended("a-rule", other, {}, {"name": "x"}))
    assert both.summary[-2] == "Policies: 2 resources changed."
    assert len(section(both, "Policies")) == 3


# -- unchanged resources ----------------------------------------------------------------------------------

NOT_THERE = "Unchanged resources are not in this form of input"


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        (told.digest(told.delete("Process", "load", LOAD)), True),
        (
            told.digest(told.step("same", told.STACK.split("::")[2], "s"), told.delete("Process", "a", LOAD)),
            True,
        ),
        (told.digest(told.delete("Process", "a", LOAD), told.same("Process", "b", LOAD)), False),
        (told.digest(told.create("Process", "load", LOAD)), False),
        (told.digest(told.step("import", "Process", "load", None, LOAD)), False),
        (told.digest(), False),
        (told.log(told.delete("Process", "load", LOAD)), False),
    ],
)
def test_where_unchanged_resources_are_not_told_that_is_said(text: str, told_: bool) -> None:
    made = review(parse(text, "x"))
    assert any(each.intro.startswith(NOT_THERE) for each in made.sections) == told_


def test_notes_on_what_is_not_replaced_are_told() -> None:
    made = told.reviewed(
        told.said("adopted", told.urn("Process", "load")), told.create("Process", "load", LOAD)
    )
    assert section(made, "Notes") == [("Process load", "adopted")]


def test_sections_with_nothing_to_tell_are_left_out() -> None:
    made = told.reviewed(told.create("Process", "load", LOAD))
    assert [each.title for each in made.sections] == ["Added"]


# -- the summary ------------------------------------------------------------------------------------------


def test_the_summary_counts_processes_mappings_connections_and_resources() -> None:
    small = {**X, "columns": {"A": "B"}}
    events = [
        told.create("Process", "new", LOAD),
        told.create("ProcessSet", "set", told.process_set({"x": X, "y": {"inputs": "T0", "outputs": "T2"}})),
        told.update("ProcessSet", "old", told.process_set({"z": X}), told.process_set({"z": small})),
        told.delete("Process", "gone", told.process("gone", [0], [1])),
        told.delete("Process", "kept", told.process("kept", [0], [1]), retainOnDelete=True),
        *told.replace(
            "Process", "moved", told.process("a", [0], [1]), told.process("b", [0], [1]), "process_id"
        ),
        told.create("Connection", "etl", {"name": "etl", "connector": "airflow"}),
        told.delete("OpenLineageConnection", "ol", {"name": "ol", "connector": "spark"}),
    ]
    assert summary(*events)[0] == (
        "3 processes added, 1 process changed, 1 process removed, 2 column mappings added, "
        "1 column mapping changed, 1 column mapping removed, 1 connection added, 1 connection removed, "
        "1 resource replaced, 1 resource left in Atlan."
    )


@pytest.mark.parametrize("events", [[], [told.same("Process", "load", LOAD)]])
def test_nothing_that_changes(events: list[told.Event]) -> None:
    made = told.reviewed(*events)
    assert (made.summary, made.sections) == (["No lineage changes.", told.MAY], [])


def ending(made: Review) -> str:
    return made.summary[0]


def test_a_failure_is_told_first_and_what_it_leaves_open() -> None:
    create = told.create("Process", "load", LOAD)
    error = told.said("no", severity="error")
    failed = told.reviewed(create, error, end=told.ended("failed"))
    assert ending(failed) == (
        "The preview failed (1 error): it may not tell of all changes, and of no removals."
    )
    assert failed.sections[0].title == "Errors"
    gone = told.delete("Process", "gone", LOAD)
    assert ending(told.reviewed(gone, error, end=told.ended("failed"))) == "The preview failed (1 error)."


def test_a_failure_without_an_error_is_told_with_its_policies() -> None:
    found = told.violation("r", "", "bad", "mandatory")
    assert ending(told.reviewed(found, end=told.ended("failed"))).startswith(
        "The preview failed (a policy forbids it):"
    )
    assert ending(told.reviewed(end=told.ended("failed"))).startswith("The preview failed:")


def test_a_preview_that_was_cut_off_is_told_first() -> None:
    text = told.lines([*told.begun(), told.create("Process", "load", LOAD)])
    made = review(parse(text, "x"))
    assert ending(made) == "The preview did not come to its end: what follows is not all of it."
    assert made.summary[1] == "1 process added."


MUST_NOT = "This pull request must not be merged: {}."
CREATE = told.create("Process", "load", LOAD)
ERROR = told.said("no", severity="error")
FORBIDDEN = told.violation("r", "", "bad", "mandatory")
ADVICE = told.violation("r", "", "bad")
EXCEPTED = told.violation("r", "", "bad", "mandatory", exceptions=[{"id": "EXC-42", "reason": "until May"}])
LOOK = "This pull request may be merged; look first at {}."
FAILED = told.ended("failed")


def graded(*severities: str) -> list[told.Event]:
    """Violations of an advisory rule, one for each severity; an empty one is not stated."""
    return [
        told.violation("r", "", f"bad {number}", **({"severity": each} if each else {}))
        for number, each in enumerate(severities)
    ]


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (told.reviewed(CREATE), told.MAY),
        (told.reviewed(), told.MAY),
        (told.reviewed(CREATE, ADVICE, told.mended("r", "", {}, {"name": "x"})), told.MAY),
        (told.reviewed(told.delete("Process", "gone", LOAD)), told.MAY),
        (told.reviewed(*graded("medium", "low", "")), told.MAY),
        (told.reviewed(*graded("critical")), LOOK.format("1 critical advisory violation")),
        (told.reviewed(*graded("high", "low", "high")), LOOK.format("2 high advisory violations")),
        (
            told.reviewed(*graded("high", "critical", "critical")),
            LOOK.format("2 critical and 1 high advisory violations"),
        ),
        (
            told.reviewed(*graded("critical"), FORBIDDEN, end=FAILED),
            MUST_NOT.format("1 mandatory violation"),
        ),
        (told.reviewed(EXCEPTED), told.MAY),
        (told.reviewed(EXCEPTED, FORBIDDEN, end=FAILED), MUST_NOT.format("1 mandatory violation")),
        (told.reviewed(FORBIDDEN, end=FAILED), MUST_NOT.format("1 mandatory violation")),
        (told.reviewed(FORBIDDEN), MUST_NOT.format("1 mandatory violation")),
        (
            told.reviewed(FORBIDDEN, told.violation("s", "", "bad", "mandatory"), ERROR, ADVICE, end=FAILED),
            MUST_NOT.format("2 mandatory violations, 1 error"),
        ),
        (told.reviewed(ERROR, end=FAILED), MUST_NOT.format("1 error")),
        (told.reviewed(end=FAILED), MUST_NOT.format("the preview failed")),
        (
            review(parse(told.lines([*told.begun(), CREATE]), "x")),
            MUST_NOT.format("the preview did not come to its end"),
        ),
        (review(parse(told.digest(CREATE), "x")), told.MAY_UNLESS),
        (
            review(parse(told.digest(diagnostics=[{"severity": "error", "message": "no"}]), "x")),
            MUST_NOT.format("1 error"),
        ),
    ],
)
def test_the_last_line_says_whether_it_may_be_merged(made: Review, verdict: str) -> None:
    assert made.summary[-1] == verdict
    assert sum("may be merged" in line or "must not be merged" in line for line in made.summary) == 1


def test_what_policies_found_comes_before_what_changes() -> None:
    made = told.reviewed(CREATE, ADVICE, ERROR, end=FAILED)
    assert [each.title for each in made.sections] == ["Errors", "Policies", "Added"]


# -- what stands at the edges -----------------------------------------------------------------------------


def with_losses(*losses: Loss) -> Review:
    return Review("x", told.preview(), (), Impact(len(losses), losses, asked=True))


def test_each_table_has_heads_that_tell_what_its_cells_are() -> None:
    moved = told.process("moved", [0], [1], process_id="b")
    made = told.reviewed(
        told.create("Process", "new", LOAD),
        told.update("Process", "old", LOAD, {**LOAD, "sql": "x"}),
        *told.replace("Process", "moved", LOAD, moved, "process_id"),
        told.delete("Process", "gone", told.process("gone", [0], [1])),
        told.delete("Process", "renamed", LOAD),
        told.step("import", "Process", "found", None, LOAD),
        told.violation("r", "", "bad"),
        told.said("adopted", told.urn("Process", "new")),
        told.said("no", severity="error"),
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
    assert impact.heads == ("Lineage that goes", "Assets", "Which lose it")
    assert all(len(row) == len(each.heads) for each in made.sections for row in each.rows)


@pytest.mark.parametrize(("count", "told_"), [(1, 1), (10, 10), (11, 11), (12, 10), (400, 10)])
def test_no_list_is_cut_for_a_single_asset(count: int, told_: int) -> None:
    """What would stand for one is as long as that one."""
    assets = [f"{WAREHOUSE}/DB/S/X{number:03}" for number in range(count)]
    shown = [f"DB/S/X{number:03}" for number in range(told_)]
    more = f"and {count - told_} more" if count > told_ else ""

    ((_, number, names),) = section(with_losses(Loss("Process a", tuple(assets))), "Impact downstream")
    assert (number, names) == (str(count), "\n".join([*shown, *filter(None, [more])]))

    made = told.reviewed(told.create("Process", "p", told.process("p", [1], assets)))
    ((_, flow),) = section(made, "Added")
    assert flow == f"DB/S/T1 → {', '.join([*shown, *filter(None, [more])])}"


def test_thousands_of_assets_are_told_with_a_comma() -> None:
    ((_, number, names),) = section(with_losses(Loss("a", ("t",) * 1_300)), "Impact downstream")
    assert (number, names.splitlines()[-1]) == ("1,300", "and 1,290 more")
    made = told.reviewed(told.create("Process", "p", told.process("p", map(str, range(1_300)), [1])))
    ((_, flow),) = section(made, "Added")
    assert ", and 1,290 more → " in flow


def test_an_asset_that_several_edges_cost_is_counted_once() -> None:
    one = with_losses(Loss("Process a", ("t",)))
    assert one.summary[-2] == "1 asset downstream loses lineage."
    assert one.sections[0].intro == "1 asset loses lineage, as Atlan has it now, to a depth of 3."
    several = with_losses(Loss("Process a", ("t", "u")), Loss("Process b", ("t",)))
    assert several.summary[-2] == "2 assets downstream lose lineage."
    assert several.sections[0].intro.startswith("2 assets lose lineage")
    assert [row[1] for row in several.sections[0].rows] == ["2", "1"]


def test_what_changes_in_a_process_of_a_set_is_told_with_its_id() -> None:
    old, new = ({"x": {**X, "sql": sql}} for sql in ("a\nb", "a\nc"))
    made = told.reviewed(told.update("ProcessSet", "set", told.process_set(old), told.process_set(new)))
    assert section(made, "Changed") == [("ProcessSet set: x", "sql", "@@ -1,2 +1,2 @@\n  a\n- b\n+ c")]
    other = {"x": {**X, "columns": {**X["columns"], "A": ["A", "B"]}}}  # type: ignore[dict-item]
    made = told.reviewed(
        told.update("ProcessSet", "set", told.process_set({"x": X}), told.process_set(other))
    )
    assert section(made, "Changed") == [
        ("ProcessSet set: x/column/A", "inputs", f"+ Column {WAREHOUSE}/DB/S/T0/B")
    ]


def test_mappings_that_go_from_two_processes_of_a_set_are_two_rows() -> None:
    before = {"x-1": X, "x": {**X, "columns": {"A": "A"}}}
    after = {name: {**X, "columns": {}} for name in before}
    made = told.reviewed(told.update("ProcessSet", "set", told.process_set(before), told.process_set(after)))
    assert section(made, "Removed") == [
        ("ProcessSet set: x", "DB/S/T0/A → DB/S/T1/A", "removed"),
        ("ProcessSet set: x-1", "DB/S/T0/A → DB/S/T1/A\nDB/S/T0/A, DB/S/T0/B → DB/S/T1/B", "removed"),
    ]


def test_connections_that_change_are_counted_and_those_that_stay_are_not() -> None:
    old = {"name": "etl", "connector": "airflow"}
    events = [told.update("Connection", name, old, {**old, "name": "elt"}) for name in "ab"]
    stays = told.same("Connection", "c", old)
    comes = told.step("import", "Connection", "d", None, old)
    assert summary(*events, stays, comes) == ["2 connections changed, 1 resource imported.", told.MAY]


def test_what_stays_or_is_imported_is_not_counted_as_open() -> None:
    hidden = told.process_set(told.secret())
    assert summary(told.same("ProcessSet", "set", hidden)) == ["No lineage changes.", told.MAY]
    assert summary(told.step("import", "ProcessSet", "set", None, hidden)) == [
        "1 resource imported.",
        told.MAY,
    ]


def test_levels_are_told_by_their_weight_and_new_ones_last() -> None:
    load = told.urn("Process", "load")
    levels = ["abrupt", "zealous", "mandatory", "advisory"]
    found = [told.violation("same-rule", load, f"Rule.\n{level}", level) for level in levels]
    made = told.reviewed(*found, told.mended("same-rule", load, {}, {"name": "x"}))
    assert [(row[0], row[3]) for row in section(made, "Policies")] == [
        ("mandatory", "mandatory"),
        ("remediate", "changes name"),
        ("advisory", "advisory"),
        ("abrupt", "abrupt"),
        ("zealous", "zealous"),
    ]
    assert made.summary[-2] == "Policies: 1 mandatory violation, 1 advisory violation, 1 resource changed."


def test_each_violation_shows_its_severity_and_grave_ones_come_first() -> None:
    of = told.urn("Process", "load")
    made = told.reviewed(
        told.violation("low-rule", of, "bad", severity="low"),
        told.violation("plain-rule", of, "bad"),
        told.violation("strict-rule", of, "bad", "mandatory", severity="medium"),
        told.violation("worst-rule", of, "bad", severity="critical"),
        told.violation("high-rule", of, "bad", severity="high"),
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


def test_a_violation_that_an_exception_allows_is_shown_with_the_exception_and_forbids_nothing() -> None:
    made = told.reviewed(EXCEPTED)
    assert section(made, "Policies") == [("mandatory (excepted by EXC-42)", "r", "", "bad")]
    assert made.summary == [
        "No lineage changes.",
        "Policies: 1 violation allowed by an exception.",
        told.MAY,
    ]


def test_the_digest_says_what_of_the_preview_it_does_not_tell() -> None:
    missing = (
        f"{NOT_THERE}: where one of them links the same assets, a link that is shown as removed or changed "
        "stays. Add --show-sames to the preview, or give the file of --event-log."
    )
    made = review(parse(told.digest(told.delete("Process", "load", LOAD)), "x"), depth=0)
    assert [(each.title, each.intro) for each in made.sections if each.intro] == [
        ("Policies", "What policies found is not in this form of input: give the file of --event-log."),
        ("Notes", missing),
    ]


def test_an_error_tells_more_of_a_failure_than_the_policy_that_forbids_it() -> None:
    forbidden = told.violation("r", "", "bad", "mandatory")
    advised = told.violation("r", "", "bad")
    error = told.said("no", severity="error")
    end = told.ended("failed")
    assert ending(told.reviewed(forbidden, error, end=end)).startswith("The preview failed (1 error):")
    assert ending(told.reviewed(advised, end=end)).startswith("The preview failed: it may not tell")


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
    text = told.log() if stack else told.lines([told.ended()])
    assert review(parse(text, "x"), title=title).title == shown
