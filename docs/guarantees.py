"""The page of guarantees: every problem, drift and fault that is known of, with the test that holds it.

Mistakes and drifts are listed here, what holds of policies beside; the faults are the rows of
`tests/faults/table.py`. A test checks that each test named here exists.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from guaranteed_commands import COMMANDS
from guaranteed_policies import POLICIES
from guaranteed_row import Row

TESTS = Path(__file__).parents[1] / "tests"


_SEEN = "resources/test_seen_at_preview.py::test_it_is_refused"
_PROCESS = "resources/test_process.py::test_a_mistake_is_one_line_at_preview_and_nothing_is_written"
_CONNECTION = "resources/test_connection.py::test_a_mistake_is_one_line_at_preview"
_SETTING = "resources/test_configuration.py::test_a_wrong_setting_is_one_line_at_preview"
_JOB = "resources/test_openlineage_job.py::test_mistakes"
_STRAY = "resources/test_seen_at_preview.py::test_stray_columns_are_a_warning_an_error_or_nothing"
_REFUSED = "refused"
_NEAREST = "refused, with the nearest names that exist"

MISTAKES = {
    "References": [
        Row("an input, output or parent that Atlan does not have", _NEAREST, _SEEN),
        Row(
            "the same, in a deployment without a preview",
            "refused, and nothing else of the program is written",
            "resources/test_seen_at_preview.py::test_a_deployment_without_a_preview_writes_nothing_either",
        ),
        Row(
            "an asset that was archived",
            "refused, with its last writer",
            "preflight/test_references.py::test_an_archived_asset_is_not_there",
        ),
        Row("another type than the asset has, by qualifiedName", "refused, with the type it has", _SEEN),
        Row(
            "another type than the asset has, by GUID (Atlan would take it)",
            "refused, with the type it has",
            "preflight/test_references.py::test_a_guid_of_another_type_is_told_for_atlan_would_take_it",
        ),
        Row("a GUID that nobody has", _REFUSED, "preflight/test_references.py::test_a_guid_that_nobody_has"),
        Row("a type that Atlan does not know", "refused, with the nearest", _PROCESS),
        Row("a Process as an input; a Column in a Process; a Table in a ColumnProcess", _REFUSED, _PROCESS),
        Row("a malformed qualifiedName or GUID; both or neither of them", _REFUSED, _PROCESS),
        Row(
            "an asset in a connection that does not exist",
            "refused, and told so",
            "preflight/test_references.py::test_an_asset_in_a_connection_that_does_not_exist",
        ),
        Row("a process in a connection that does not exist", _NEAREST, _SEEN),
        Row("the name of something that the program makes, but not before", "refused: refer to it", _SEEN),
        Row(
            "an asset that resources of other kinds may still bring about",
            "a warning",
            "preflight/test_references.py::test_what_others_may_bring_about_is_only_doubted",
        ),
        Row(
            "a value that a preview does not know",
            "passed over",
            "resources/test_seen_at_preview.py::test_what_is_not_known_is_passed_over",
        ),
    ],
    "Lineage": [
        Row("no inputs, or no outputs", _REFUSED, _PROCESS),
        Row("an input that is also an output", _REFUSED, _PROCESS),
        Row(
            "the same, one by GUID and one by qualifiedName",
            _REFUSED,
            "preflight/test_lineage.py::test_an_input_that_is_an_output_by_another_form",
        ),
        Row(
            "two resources with the same inputs, outputs and code", "refused (`atlan:repeatedLineage`)", _SEEN
        ),
        Row("columns of tables that the parent does not link", "a warning (`atlan:strayColumns`)", _STRAY),
        Row(
            "a parent by GUID, and no connection",
            _REFUSED,
            "resources/test_column_process.py::test_a_process_by_guid_needs_a_connection",
        ),
    ],
    "Names and owners": [
        Row("one qualifiedName declared twice", _REFUSED, _SEEN),
        Row("a name that is another's in Atlan", "refused, with its last writer", _SEEN),
        Row(
            "a name that belongs to another stack",
            "refused, with that stack",
            "resources/test_ownership.py::test_two_stacks_do_not_take_from_one_another",
        ),
        Row(
            "a Process that would get the name of a ColumnProcess (Atlan would overwrite that)",
            _REFUSED,
            "preflight/test_names.py::test_a_column_process_that_holds_the_name_of_a_process",
        ),
        Row(
            "an archived namesake",
            "told, and restored",
            "resources/test_seen_at_preview.py"
            "::test_notes_tell_of_a_restoration_an_adoption_and_a_replacement",
        ),
        Row(
            "`adopt=True`",
            "what it changes is told",
            "preflight/test_names.py::test_adoption_tells_what_it_changes",
        ),
        Row(
            "what an interrupted run of the same stack left",
            "named with its last writer, and taken over",
            "resources/test_ownership.py"
            "::test_each_entity_bears_the_mark_of_its_stack_and_a_crashed_run_converges",
        ),
        Row(
            "the same, where the program declares it no more",
            "listed by `atlan-pulumi orphans`",
            "orphans/test_find_orphans.py::test_what_a_crash_left_and_the_program_declares_no_more",
        ),
        Row(
            "two resources of one name, below components of two types",
            "each keeps its own entity",
            "resources/test_ownership.py::test_resources_of_one_name_below_two_components_are_two",
        ),
        Row(
            "two bulk resources of one name, below components of two types or in two backends",
            "neither removes what the other declares",
            "resources/test_ownership.py"
            "::test_bulk_resources_leave_what_other_components_and_backends_declare",
        ),
        Row(
            "two stacks of one name in two backends, or with one ownership text",
            "each is refused what the other has",
            "lifecycle/test_leftovers.py"
            "::test_a_first_deployment_with_the_same_text_as_another_stack_removes_nothing",
        ),
        Row(
            "a stack that gets the name which a rename left free",
            "refused what the renamed stack has",
            "resources/test_ownership.py::test_a_name_that_a_rename_left_free_is_another_stack",
        ),
        Row(
            "an archived entity of another stack",
            "refused: that stack would restore it",
            "properties/test_owners.py::test_nobody_loses_lineage_to_another",
        ),
        Row(
            "a leftover of a bulk resource",
            "named by the preview and by the deployment before it goes",
            "lifecycle/test_leftovers.py::test_what_an_interrupted_run_left_is_named_before_it_goes",
        ),
        Row(
            "a process that moves to another ProcessSet of the program",
            "keeps its entity",
            "lifecycle/test_leftovers.py::test_a_process_that_moves_to_another_set_keeps_its_entity",
        ),
        Row(
            "OpenLineage jobs in several stacks: takeovers, interrupted runs, columns of others",
            "nothing of another is removed or overwritten; what changes hands is named first, with its owner",
            "properties/test_owners.py::test_nobody_loses_lineage_to_another",
        ),
        Row(
            "a column process that others made below a job's Process",
            "stays theirs, whatever its name",
            "resources/test_openlineage_others.py::test_a_column_process_of_others_stays_theirs_whatever_its_name",
        ),
        Row(
            "the adoption of a job",
            "the job entity and its Process are named, with their owner",
            "resources/test_openlineage_others.py::test_an_adoption_names_the_job_and_the_process_with_their_owner",
        ),
        Row(
            "a removal of a job after an interrupted run",
            "what is in no state is named before it goes",
            "resources/test_openlineage_others.py::test_a_removal_names_what_an_interrupted_run_left",
        ),
        Row(
            "a second resource beside an id that an alias keeps, in either order",
            _REFUSED,
            "dynamic/test_declared_already.py::test_a_second_resource_with_an_id_that_an_alias_keeps_is_refused",
        ),
        Row(
            "an update of an entity that another stack has marked in the meantime",
            "named, then written as a whole",
            "lifecycle/test_entity_changes.py::test_what_another_one_marked_meanwhile_is_taken_back_as_a_whole",
        ),
        Row(
            "a release where entities have other marks",
            "those stay",
            "release/test_find_release.py::test_the_mark_of_anyone_else_stays",
        ),
        Row(
            "a release that is interrupted",
            "marks go before the state, so that it can be repeated",
            "release/test_find_release.py::test_where_the_state_cannot_be_replaced_it_is_repeated",
        ),
        Row(
            "an id that an alias keeps, and a bulk resource",
            _REFUSED,
            "dynamic/test_declared_already.py::test_one_of_many_and_a_single_are_refused",
        ),
        Row(
            "a part moves to a resource that waits for its former owner",
            "it keeps its GUID",
            "dynamic/test_declared_later.py::test_what_is_declared_later_is_not_removed",
        ),
        Row(
            "a column moves from a job to a ColumnLineage",
            "it keeps its GUID",
            "resources/test_openlineage_others.py"
            "::test_a_column_that_moves_from_a_job_of_the_program_keeps_its_guid",
        ),
        Row(
            "`--skip-preview`, one resource with invalid inputs",
            "nothing of its batch is written",
            "dynamic/test_refused_beside.py::test_one_whose_inputs_are_wrong_counts",
        ),
        Row(
            "another stack's takeover, a refresh, and `adopt=True`",
            "named in preview and deployment before it is taken back",
            "properties/test_owners.py::test_what_another_stack_took_is_named_before_adopt_takes_it_back",
        ),
        Row(
            "an import of another stack's entities",
            "the first preview names each takeover",
            "properties/test_imported_owners.py"
            "::test_what_is_imported_from_another_stack_is_named_before_it_is_taken_over",
        ),
        Row(
            "`force_destroy` above what the program declares",
            "refused, with the resource's name",
            "lifecycle/test_dependents.py"
            "::test_force_destroy_leaves_what_another_resource_of_the_program_declares",
        ),
        Row(
            "a replacement that others depend on",
            "refused before anything is written",
            "preflight/test_replacements.py"
            "::test_a_replacement_that_others_depend_on_is_refused_and_the_advice_works",
        ),
        Row(
            "backends that differ in endpoint, prefix, or account",
            "two origins",
            "dynamic/test_origin.py::test_a_parameter_that_says_where_the_backend_is_counts",
        ),
        Row(
            "an inline program in a second backend, same stack name",
            "refused",
            "dynamic/test_inline.py::test_two_backends_are_two_stacks",
        ),
        Row(
            "a release after the state was lost",
            "only marks of the project's own origin go",
            "release/test_find_release.py"
            "::test_after_the_state_is_lost_the_origin_of_the_project_says_whose_a_mark_is",
        ),
        Row(
            "a release of a bulk resource",
            "its connection and process keep their marks",
            "release/test_find_release.py"
            "::test_the_connection_and_the_process_of_bulk_resources_keep_their_marks",
        ),
        Row(
            "lookups beside the event loop",
            "know the stack, so that `--exclude` works",
            "dynamic/test_preflight_queue.py::test_a_background_thread_knows_the_stack",
        ),
        Row(
            "an ownership text that contains `#`",
            _REFUSED,
            "resources/test_ownership.py::test_an_ownership_text_with_a_hash_is_refused",
        ),
        Row(
            "random programs, stacks, backends, renames, and interrupted runs",
            "no stack loses lineage to another; all that changes hands or goes is named first",
            "properties/test_owners.py::test_nobody_loses_lineage_to_another",
        ),
        Row(
            "states and marks of earlier versions",
            "stay valid: no change in a preview, then updated and destroyed",
            "upgrade/test_states_of_earlier_versions.py::test_a_recorded_state_goes_on",
        ),
        Row(
            "lineage that a stack is to stop managing",
            "released: it stays in Atlan without a mark; previewed and reversible",
            "release/test_release.py::test_one_resource_and_then_the_whole_stack",
        ),
        Row(
            "a resource that an alias gives another name, with the default id",
            "its entity stays",
            "resources/test_ownership.py::test_an_alias_keeps_the_entity_whose_id_is_the_resources_name",
        ),
        Row(
            "a resource with an explicit id that gets another name in the program",
            "its entity stays",
            "resources/test_ownership.py::test_a_resource_that_gets_another_name_keeps_its_entity",
        ),
        Row(
            "a forced replacement under the same name",
            "what was just written stays",
            "resources/test_ownership.py::test_a_forced_replacement_does_not_remove_what_it_wrote",
        ),
        Row(
            "another id or connection",
            "the replacement is explained",
            "preflight/test_parts.py::test_a_replacement_is_explained",
        ),
    ],
    "Connections": [
        Row(
            "a connector that Atlan does not know",
            "refused, with the nearest and what it would look like",
            _CONNECTION,
        ),
        Row("a connector other than the name says", _REFUSED, _CONNECTION),
        Row("no administrator at all", _REFUSED, _CONNECTION),
        Row("a role, group or user that Atlan does not have", _REFUSED, _CONNECTION),
        Row("an unknown category; a port out of range", _REFUSED, _CONNECTION),
        Row(
            "two connections in one second",
            "each gets a name of its own",
            "resources/test_connection.py::test_two_that_are_made_in_one_second_do_not_collide",
        ),
    ],
    "OpenLineage": [
        Row("no inputs, or no outputs; a dataset that is both", _REFUSED, _JOB),
        Row("a dataset's name that the system cannot have", "refused, with the form it has", _JOB),
        Row("a column of none of the declared datasets, or of one of several", _REFUSED, _JOB),
        Row("a terminal state that there is not", "refused, with the nearest", _JOB),
        Row("a facet that does not validate, or is misspelt", "refused, with what is wrong in it", _JOB),
        Row(
            "a connection that takes no events (Atlan would drop them)",
            _REFUSED,
            "resources/test_openlineage_job.py"
            "::test_a_connection_that_takes_no_events_is_told_before_anything_is_sent",
        ),
        Row(
            "a dataset that Atlan does not know, where it makes no partial assets",
            _REFUSED,
            "resources/test_openlineage_job.py::test_an_unknown_dataset_is_told_before_anything_is_sent",
        ),
        Row(
            "a job that others made",
            "refused, with its last writer",
            "resources/test_openlineage_job.py::test_what_others_made_is_not_taken_unless_adopted",
        ),
        Row(
            "events of a file that Atlan would drop without a word",
            "refused, with the reason",
            "cli/test_openlineage_command.py::test_what_atlan_would_drop_is_refused",
        ),
        Row(
            "a run that was cut off before, between or after its events",
            "taken up again",
            "resources/test_openlineage_job.py::test_a_run_that_was_cut_off_is_taken_up",
        ),
        Row(
            "events that are not worked in while they are waited for",
            "the run fails, and says what is lacking",
            "resources/test_openlineage_job.py"
            "::test_the_wait_is_bounded_shows_progress_and_says_what_is_lacking",
        ),
        Row(
            "a connection that Atlan refuses after its credential was made",
            "the credential goes again",
            "resources/test_openlineage_connection.py"
            "::test_where_atlan_refuses_the_connection_the_credential_goes_again",
        ),
        Row(
            "a request for a credential that was repeated",
            "there is one",
            "resources/test_openlineage_connection.py"
            "::test_a_credential_that_was_made_twice_by_a_repeated_request_is_there_once",
        ),
    ],
    "Attributes and settings": [
        Row("a blank name, a value outside its list, a text too long", _REFUSED, _PROCESS),
        Row("a message without what it belongs to", _REFUSED, _PROCESS),
        Row("no address, no key, a wrong key, plain http, a bad rate, no server", _REFUSED, _SETTING),
    ],
    "Removal": [
        Row(
            "a process with column processes that others made",
            "refused, listing them; `force_destroy=True` removes them",
            "resources/test_process.py::test_a_process_does_not_leave_column_processes_behind",
        ),
        Row(
            "a connection with assets in it",
            "refused, listing them; `force_destroy=True` removes them",
            "resources/test_connection.py::test_a_connection_does_not_leave_its_assets_behind",
        ),
        Row(
            "an entity that is another stack's by now",
            "left where it is",
            "resources/test_ownership.py::test_two_stacks_do_not_take_from_one_another",
        ),
        Row(
            "an input or output that is gone",
            "the process can be removed",
            "resources/test_seen_at_preview.py"
            "::test_an_asset_that_goes_later_does_not_stop_what_needs_no_look_up",
        ),
        Row(
            '`delete_type="SOFT"`',
            "archived, and restored by the next deployment",
            "resources/test_ownership.py::test_what_is_left_archived_keeps_its_name",
        ),
    ],
}

_EACH = "resources/test_every_attribute.py::test_it_is_set_changed_and_cleared_and_each_time_settled"
DRIFTS = [
    Row(
        "an attribute or an edge that somebody changed",
        "shown by its name, with the last writer; mended by the next `up`",
        "resources/test_process.py::test_drift_is_shown_by_field_and_mended",
    ),
    Row(
        "the parent of a column process",
        "the same",
        "resources/test_column_process.py::test_drift_of_the_process_and_of_the_edges_is_shown_and_mended",
    ),
    Row("an administrator", "the same", "resources/test_connection.py::test_another_admin_is_drift"),
    Row(
        "archived or purged by somebody",
        "shown, and made again, with or without a refresh",
        "resources/test_process.py::test_what_was_purged_is_made_again",
    ),
    Row(
        "purged, and made anew by others",
        "an update refuses until a refresh has shown it; then mended",
        "resources/test_ownership.py::test_what_others_made_anew_is_seen_before_it_is_mended",
    ),
    Row(
        "taken over by another stack",
        "shown; neither overwritten, not even after a refresh, nor removed",
        "resources/test_ownership.py::test_two_stacks_do_not_take_from_one_another",
    ),
    Row(
        "the edges or the columns of a job, by whoever sends a run of it",
        "shown; mended by a new run",
        "resources/test_openlineage_job.py::test_drift_is_shown_and_mended",
    ),
    Row(
        "the credential of an OpenLineage connection, removed or changed",
        "shown; mended",
        "resources/test_openlineage_connection.py::test_drift_of_the_credential_is_shown_and_mended",
    ),
    Row("each attribute of each resource, changed by somebody", "shown by its name; mended", _EACH),
    Row("each attribute, set, changed and cleared by the program", "never drift afterwards", _EACH),
    Row(
        "order and repeats",
        "never drift",
        "resources/test_process.py::test_order_and_repeats_are_no_difference",
    ),
    Row(
        "the key's user among the administrators",
        "never drift",
        "resources/test_connection.py::test_the_user_of_the_key_among_the_admins_is_no_drift",
    ),
    Row(
        "what was never declared",
        "never drift",
        "lifecycle/test_entity.py::test_what_was_never_declared_is_not_read",
    ),
]

_LINEAGE = "resources/test_column_lineage_lifecycle.py::test_"
_SET = "resources/test_process_set_lifecycle.py::test_"
_MANY = "lifecycle/test_many.py::test_"
_PARTS = "preflight/test_parts_at_preview.py::test_"

MANY = [
    Row(
        "the same mapping, written otherwise",
        "no change",
        f"{_LINEAGE}the_same_written_otherwise_is_no_change",
    ),
    Row(
        "one mapping of many changes",
        "that one is shown, and written alone",
        f"{_LINEAGE}what_changed_is_written_and_nothing_else",
    ),
    Row("nothing changes", "nothing is read for it", f"{_PARTS}where_nothing_changes_nothing_is_read"),
    Row(
        "a column that Atlan does not have",
        _NEAREST,
        f"{_PARTS}a_column_that_is_not_there_is_told_with_what_is_near",
    ),
    Row(
        "an edge of that name that others made",
        "refused by name, and nothing is written",
        f"{_LINEAGE}what_others_made_is_refused_and_nothing_is_written",
    ),
    Row(
        "an edge of another stack's",
        "refused by name; it stays theirs when ours goes",
        f"{_LINEAGE}what_another_stack_has_is_refused_by_its_name",
    ),
    Row(
        "an edge that another stack took over",
        "neither taken back nor removed",
        f"{_LINEAGE}what_another_stack_took_over_is_neither_taken_back_nor_removed",
    ),
    Row(
        "adopt=True",
        "the preview tells what it changes",
        f"{_LINEAGE}adopt_takes_it_over_and_the_preview_tells_what_that_changes",
    ),
    Row(
        "another source, name, parent or output of an edge; an edge that is gone",
        "told by edge, and mended",
        f"{_LINEAGE}what_the_mapping_does_not_tell_is_told_as_drifted_and_mended",
    ),
    Row(
        "two output columns of one name, of which one vanishes",
        "no ghost is left",
        f"{_LINEAGE}where_one_of_them_vanishes_a_removal_leaves_no_ghost",
    ),
    Row(
        "Atlan refuses one of many",
        "the others are written, and the next run goes on",
        f"{_MANY}one_that_atlan_refuses_does_not_keep_the_others_from_being_written",
    ),
    Row(
        "a run is cut off, and the program declares less afterwards",
        "the next run takes it up, and leaves no ghost",
        f"{_MANY}a_run_that_is_cut_off_is_taken_up_by_the_next_which_may_declare_less",
    ),
    Row(
        "`kill -9` of the engine or the provider in the middle of a thousand edges",
        "the next run comes to the same end",
        "stacks/test_wide.py::test_killed_in_the_middle",
    ),
    Row(
        "a 429, a 503 after the write was done, a lost answer in the middle of a thousand edges",
        "waited out and repeated, to the same end",
        "stacks/test_wide.py::test_a_block_a_failure_and_a_lost_answer_on_the_way",
    ),
    Row(
        "others' column processes below a process that goes",
        "refused, or removed with force_destroy",
        f"{_SET}what_hangs_on_a_process_is_not_left_behind_unseen",
    ),
    Row(
        "a process that is gone while its columns live",
        "told, mended, and its columns are no ghosts",
        f"{_SET}a_process_that_is_gone_while_its_columns_live_is_told",
    ),
    Row(
        "a process that moves from one set to another",
        "it is there afterwards, once",
        f"{_SET}a_process_moves_from_one_set_to_another",
    ),
    Row(
        "several `pulumi` processes on one tenant",
        "together they stay below its rate",
        "client/test_shared_pace.py::test_over_minutes_no_request_of_several_processes_is_refused",
    ),
    Row(
        "a request in which several resources' writes left together, refused or lost because of one of them",
        "each goes again by itself; only the one at fault fails",
        "client/test_gathering.py::test_nobody_suffers_for_company",
    ),
    Row(
        "random mappings, meddling and failures",
        "after each update Atlan shows the program, and nothing else of ours",
        "properties/test_lives_of_many.py::test_processes_with_their_columns",
    ),
]

_FAULT = "faults/test_faults.py::test_what_comes_of_it"


def page() -> str:
    """The page, as Markdown."""
    parts = ["# Guarantees and the tests behind them", _ALL_SAY, "## Mistakes", _MISTAKES_SAY]
    for heading, rows in MISTAKES.items():
        parts += [f"### {heading}", _table(rows)]
    parts += ["## Drift", _DRIFTS_SAY, _table(DRIFTS)]
    parts += ["## Many edges as one resource", _MANY_SAY, _table(MANY)]
    parts += ["## Policies and reviews", _POLICIES_SAY, _table(POLICIES)]
    for heading, rows in COMMANDS.items():
        parts += [f"## {heading}", _table(rows)]
    parts += ["## Faults", _FAULTS_SAY, _table(_faults(), heads=("fault", "the run", "test"))]
    return "\n\n".join(parts) + "\n"


_ALL_SAY = (
    "Each line is held by a test that runs the real thing: the HTTP client against a local Atlan that "
    "behaves as the real one does, and nearly always Pulumi's engine. Tests are named by their place under "
    "`tests/`."
)
_MISTAKES_SAY = "Told by `pulumi preview`, in one line on the resource, before anything is written."
_DRIFTS_SAY = (
    "Shown by `pulumi refresh`, `pulumi preview --refresh` and [`atlan-pulumi drift`](drift.md), without "
    "being asked what to look for."
)
_MANY_SAY = (
    "What holds for a single `ColumnProcess` holds for each edge of a `ColumnLineage`, a `ProcessSet` and a "
    "`LineageMap`."
)
_POLICIES_SAY = (
    "What holds for each single rule is told by its [reference page](reference/policies/README.md)."
)
_FAULTS_SAY = (
    "Each is thrown at a real command. Whatever the run comes to, nothing is lost, nothing is there twice, "
    "nothing of others is touched, and after the next `pulumi up` Atlan holds what the program says. Where "
    "a run fails, it says why in one line on the resource. Besides, the engine and the provider are killed "
    "at the boundaries of requests (`tests/faults/test_kill.py`), and random stacks are edited, meddled "
    "with and removed (`tests/properties`)."
)


def _faults() -> Iterable[Row]:
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from faults.table import FAULTS  # noqa: PLC0415 - found through the line above

    for fault in FAULTS:
        what = f"{fault.name} (`pulumi {fault.operation}`)" if fault.operation != "up" else fault.name
        yield Row(what, fault.expect, f"{_FAULT}[{fault.slug}]")


def _table(rows: Iterable[Row], heads: tuple[str, str, str] = ("what", "comes to", "test")) -> str:
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
    lines += [f"| {row.what} | {row.outcome} | `{row.test}` |" for row in rows]
    return "\n".join(lines)
