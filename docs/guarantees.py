"""Write the page of guarantees: every known mistake, drift, and fault, with the test that covers it.

Mistakes, drift, and bulk resources are listed here, and the rest in `guaranteed_*.py`. Faults are the rows of
`tests/faults/table.py`. A test checks that each test named here exists.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from guaranteed_assets import ASSETS
from guaranteed_commands import COMMANDS
from guaranteed_files import FILES
from guaranteed_policies import POLICIES
from guaranteed_row import Row
from guaranteed_sql import SQL

TESTS = Path(__file__).parents[1] / "tests"


_SEEN = "resources/test_seen_at_preview.py::test_invalid_references_are_refused_at_preview"
_PROCESS = "resources/test_process.py::test_all_mistakes_are_in_one_preview_and_nothing_is_written"
_CONNECTION = "resources/test_connection.py::test_a_mistake_is_one_line_at_preview"
_SETTING = "resources/test_configuration.py::test_a_wrong_setting_is_one_line_at_preview"
_JOB = "resources/test_openlineage_job.py::test_mistakes"
_STRAY = "resources/test_seen_at_preview.py::test_stray_columns_are_a_warning_an_error_or_nothing"
_REFUSED = "refused"
_NEAREST = "refused, with the nearest names that exist"

MISTAKES = {
    "References": [
        Row("an input, output, or parent that does not exist in Atlan", _NEAREST, _SEEN),
        Row(
            "the same, in a deployment without a preview",
            "refused; nothing of the program is written",
            "resources/test_seen_at_preview.py::test_a_deployment_without_a_preview_writes_nothing_either",
        ),
        Row(
            "an archived asset",
            "refused, with its last writer",
            "preflight/test_reference_checks.py::test_archived_assets_are_refused",
        ),
        Row("a reference by qualifiedName with the wrong type", "refused, with the right type", _SEEN),
        Row(
            "a reference by GUID with the wrong type (Atlan would accept it)",
            "refused, with the right type",
            "preflight/test_reference_checks.py::test_guids_of_another_type_are_refused",
        ),
        Row(
            "an unknown GUID", _REFUSED, "preflight/test_reference_checks.py::test_unknown_guids_are_refused"
        ),
        Row("an unknown type", "refused, with the nearest type", _PROCESS),
        Row("a Process as an input; a Column in a Process; a Table in a ColumnProcess", _REFUSED, _PROCESS),
        Row("a malformed qualifiedName or GUID; both, or neither", _REFUSED, _PROCESS),
        Row(
            "an asset in a connection that does not exist",
            "refused; the message names the connection",
            "preflight/test_reference_checks.py::test_an_asset_in_a_connection_that_does_not_exist",
        ),
        Row("a process in a connection that does not exist", _NEAREST, _SEEN),
        Row(
            "the name of an entity that the program declares, without a dependency on it",
            "refused: refer to the resource",
            _SEEN,
        ),
        Row(
            "a missing asset that resources of other packages may create",
            "a warning",
            "preflight/test_reference_checks.py::test_assets_that_other_packages_may_create_are_warnings",
        ),
        Row(
            "a value that is unknown in the preview",
            "not checked",
            "resources/test_seen_at_preview.py::test_unknown_inputs_are_skipped",
        ),
    ],
    "Lineage": [
        Row("no inputs, or no outputs", _REFUSED, _PROCESS),
        Row("an input that is also an output", _REFUSED, _PROCESS),
        Row(
            "the same, one by GUID and one by qualifiedName",
            _REFUSED,
            "preflight/test_lineage_checks.py::test_an_input_that_is_an_output_by_another_form",
        ),
        Row(
            "two resources with the same inputs, outputs, and code",
            "refused (`atlan:repeatedLineage`)",
            _SEEN,
        ),
        Row("columns of tables that the parent does not link", "a warning (`atlan:strayColumns`)", _STRAY),
        Row(
            "a parent by GUID without a connection",
            _REFUSED,
            "resources/test_column_process.py::test_a_process_by_guid_needs_a_connection",
        ),
    ],
    "Names and ownership": [
        Row("a qualifiedName that is declared twice", _REFUSED, _SEEN),
        Row("a name that another writer uses in Atlan", "refused, with the last writer", _SEEN),
        Row(
            "a name that another stack uses",
            "refused, with the name of that stack",
            "resources/test_ownership.py::test_stacks_do_not_take_entities_from_each_other",
        ),
        Row(
            "a Process with the name of an existing ColumnProcess (Atlan would overwrite it)",
            _REFUSED,
            "preflight/test_ownership_checks.py::test_column_processes_with_the_name_of_a_process_are_refused",
        ),
        Row(
            "an archived entity with the same name",
            "named, and restored",
            "resources/test_seen_at_preview.py::test_notes_name_restorations_adoptions_and_replacements",
        ),
        Row(
            "`adopt=True`",
            "the preview shows what changes",
            "preflight/test_ownership_checks.py::test_adoption_lists_its_changes",
        ),
        Row(
            "a leftover of an interrupted run of the same stack",
            "named with its last writer, and taken over",
            "resources/test_ownership.py"
            "::test_entities_have_the_mark_of_their_stack_and_crashed_runs_converge",
        ),
        Row(
            "a name changed and changed back, each deployment interrupted before the deletion",
            "what the resource has again stays",
            "resources/test_ownership.py::test_a_former_resource_does_not_take_what_the_resource_has_again",
        ),
        Row(
            "a renamed bulk resource of which another stack has taken over a part",
            "refused; with `adopt`, the preview names each part with its owner",
            "preflight/test_child_checks.py"
            "::test_a_renamed_resource_names_the_children_that_another_stack_has_now",
        ),
        Row(
            "a leftover that the program no longer declares",
            "listed by `atlan-pulumi orphans`",
            "drift/test_orphans.py::test_entities_of_a_crash_that_are_no_longer_declared_are_orphans",
        ),
        Row(
            "two resources with the same name below components of different types",
            "each keeps its entity",
            "resources/test_ownership.py::test_resources_of_one_name_below_two_components_are_two",
        ),
        Row(
            "two bulk resources with the same name below components of different types, or in two backends",
            "neither removes what the other declares",
            "resources/test_ownership.py::test_bulk_resources_keep_entities_of_other_components_and_backends",
        ),
        Row(
            "two stacks with the same name in two backends, or with the same ownership text",
            "each is refused the entities of the other",
            "lifecycle/test_leftovers.py"
            "::test_first_deployments_with_another_stacks_ownership_text_remove_nothing",
        ),
        Row(
            "a stack that reuses the old name of a renamed stack",
            "refused the entities of the renamed stack",
            "resources/test_ownership.py::test_a_name_that_a_rename_left_free_is_another_stack",
        ),
        Row(
            "an archived entity of another stack",
            "refused, since that stack would restore it",
            "properties/test_ownership.py::test_no_stack_loses_lineage_to_another",
        ),
        Row(
            "a leftover of a bulk resource",
            "named by the preview and the deployment before it is removed",
            "lifecycle/test_leftovers.py::test_leftovers_are_named_before_they_are_removed",
        ),
        Row(
            "a process that moves to another ProcessSet of the program",
            "keeps its entity",
            "lifecycle/test_leftovers.py::test_a_process_that_moves_to_another_set_keeps_its_entity",
        ),
        Row(
            "OpenLineage jobs in several stacks: takeovers, interrupted runs, columns of other writers",
            "no entity of another owner is removed or overwritten; each takeover is named first",
            "properties/test_ownership.py::test_no_stack_loses_lineage_to_another",
        ),
        Row(
            "a column process that another writer created below a job's Process",
            "stays the other writer's, with any name",
            "resources/test_openlineage_others.py::test_a_column_process_of_others_stays_theirs_whatever_its_name",
        ),
        Row(
            "the adoption of a job",
            "the job entity and its Process are named, with their owners",
            "resources/test_openlineage_others.py::test_an_adoption_names_the_job_and_the_process_with_their_owner",
        ),
        Row(
            "the removal of a job after an interrupted run",
            "entities that are not in the state are named before they are removed",
            "resources/test_openlineage_others.py::test_a_removal_names_what_an_interrupted_run_left",
        ),
        Row(
            "a second resource with an id that an alias keeps, in either order",
            _REFUSED,
            "dynamic/test_declared_already.py::test_a_second_resource_with_an_id_that_an_alias_keeps_is_refused",
        ),
        Row(
            "an update of an entity that another stack has marked in the meantime",
            "named, then written completely",
            "lifecycle/test_entity_changes.py::test_entities_marked_by_another_resource_are_written_as_a_whole",
        ),
        Row(
            "the release of entities with marks of other owners",
            "those marks stay",
            "drift/test_release.py::test_marks_of_others_stay",
        ),
        Row(
            "an interrupted release",
            "can be repeated, since marks are removed before the state is changed",
            "drift/test_release.py::test_a_release_is_repeatable_if_the_state_cannot_be_replaced",
        ),
        Row(
            "an id that an alias keeps, and a bulk resource that declares it",
            _REFUSED,
            "dynamic/test_declared_already.py::test_a_child_and_a_single_resource_with_one_entity_are_refused",
        ),
        Row(
            "an entity that moves to a resource that depends on its former owner",
            "keeps its GUID",
            "dynamic/test_declared_later.py::test_entities_declared_later_are_not_removed",
        ),
        Row(
            "a column that moves from a job to a ColumnLineage",
            "keeps its GUID",
            "resources/test_openlineage_others.py"
            "::test_a_column_that_moves_from_a_job_of_the_program_keeps_its_guid",
        ),
        Row(
            "`--skip-preview` with one resource that has invalid inputs",
            "no resource of its batch is written",
            "dynamic/test_refused_beside.py::test_resources_with_invalid_inputs_hold_back_the_batch",
        ),
        Row(
            "`adopt=True` after another stack's takeover and a refresh",
            "named in the preview and the deployment before it is taken back",
            "properties/test_ownership.py::test_a_takeover_by_another_stack_is_named_before_adopt_reverts_it",
        ),
        Row(
            "the import of another stack's entities",
            "the first preview names each takeover",
            "properties/test_ownership_of_imports.py"
            "::test_the_import_of_another_stacks_entities_names_each_takeover",
        ),
        Row(
            "`force_destroy` of an entity with dependents that the program declares",
            "refused, with the resource's name",
            "lifecycle/test_dependents.py"
            "::test_force_destroy_keeps_dependents_declared_elsewhere_in_the_program",
        ),
        Row(
            "the replacement of an entity that other owners' entities depend on",
            "refused before anything is written",
            "preflight/test_replacement_checks.py"
            "::test_replacements_with_dependents_are_refused_and_the_advice_works",
        ),
        Row(
            "backends that differ in endpoint, prefix, or account",
            "different origins",
            "test_stack_origin.py::test_parameters_that_locate_the_backend_count",
        ),
        Row(
            "an inline program in a second backend with the same stack name",
            "refused",
            "dynamic/test_inline.py::test_two_backends_are_two_stacks",
        ),
        Row(
            "a release after the state was lost",
            "removes only marks with the origin of the project",
            "drift/test_release.py::test_after_the_state_is_lost_the_origin_of_the_project_decides",
        ),
        Row(
            "the release of a bulk resource",
            "its connection and process keep their marks",
            "drift/test_release.py::test_containers_of_bulk_resources_keep_their_marks",
        ),
        Row(
            "look-ups in a background thread",
            "know the stack, so that `--exclude` works",
            "dynamic/test_batch_queue.py::test_a_background_thread_knows_the_stack",
        ),
        Row(
            "an ownership text that contains `#`",
            _REFUSED,
            "resources/test_ownership.py::test_an_ownership_text_with_a_hash_is_refused",
        ),
        Row(
            "random programs, stacks, backends, renames, and interrupted runs",
            "no stack loses lineage to another; each takeover and removal is named first",
            "properties/test_ownership.py::test_no_stack_loses_lineage_to_another",
        ),
        Row(
            "states and marks of earlier versions",
            "stay valid: the preview is empty, and update and destroy work",
            "upgrade/test_states_of_earlier_versions.py::test_a_recorded_state_is_refreshed_updated_and_destroyed",
        ),
        Row(
            "a release",
            "the entity stays in Atlan without a mark; previewed and reversible",
            "cli/test_release.py::test_release_of_one_resource_and_of_the_whole_stack",
        ),
        Row(
            "a rename with an alias and the default id",
            "the entity stays",
            "resources/test_ownership.py::test_an_alias_keeps_the_entity_whose_id_is_the_resources_name",
        ),
        Row(
            "a rename with an explicit id",
            "the entity stays",
            "resources/test_ownership.py::test_renamed_resources_keep_their_entity",
        ),
        Row(
            "a forced replacement with the same qualifiedName",
            "the new entity stays",
            "resources/test_ownership.py::test_a_forced_replacement_does_not_remove_what_it_wrote",
        ),
        Row(
            "a change of the id or the connection",
            "the preview explains the replacement",
            "preflight/test_report.py::test_a_replacement_is_explained",
        ),
        Row(
            "`adopt=True` on a new connection without `qualified_name`",
            "refused: it would create a second connection",
            "resources/test_reserved_names.py::test_a_new_connection_without_a_name_adopts_nothing_and_is_refused",
        ),
    ],
    "Connections": [
        Row(
            "an unknown connector",
            "refused, with the nearest connector and the resulting qualifiedName",
            _CONNECTION,
        ),
        Row("a connector that differs from the qualifiedName", _REFUSED, _CONNECTION),
        Row("no admin", _REFUSED, _CONNECTION),
        Row("an unknown role, group, or user", _REFUSED, _CONNECTION),
        Row("an unknown category; a port out of range", _REFUSED, _CONNECTION),
        Row(
            "two connections that are created in the same second",
            "each gets its own qualifiedName",
            "resources/test_connection.py::test_connections_created_in_one_second_do_not_collide",
        ),
    ],
    "OpenLineage": [
        Row("no inputs, or no outputs; a dataset that is both", _REFUSED, _JOB),
        Row("a dataset name that is invalid in its system", "refused, with the right form", _JOB),
        Row("a column that is in no declared dataset, or is ambiguous", _REFUSED, _JOB),
        Row("an unknown terminal state", "refused, with the nearest state", _JOB),
        Row("an invalid or misspelled facet", "refused, with the problem", _JOB),
        Row(
            "a connection that does not accept events (Atlan would drop them)",
            _REFUSED,
            "resources/test_openlineage_job.py"
            "::test_connections_without_events_are_refused_before_anything_is_sent",
        ),
        Row(
            "an unknown dataset with `partial_assets=False`",
            _REFUSED,
            "resources/test_openlineage_job.py::test_unknown_datasets_are_refused_before_anything_is_sent",
        ),
        Row(
            "a job that another writer created",
            "refused, with the last writer",
            "resources/test_openlineage_job.py::test_entities_of_others_are_taken_over_only_with_adopt",
        ),
        Row(
            "events in a file that Atlan would silently drop",
            "refused, with the reason",
            "cli/test_openlineage.py::test_events_that_atlan_would_drop_are_refused",
        ),
        Row(
            "a run that was interrupted before, between, or after its events",
            "the next run continues",
            "resources/test_openlineage_job.py::test_interrupted_runs_are_continued",
        ),
        Row(
            "events that Atlan does not process in time",
            "the run fails, and says what is missing",
            "resources/test_openlineage_job.py::test_waits_are_bounded_and_say_what_is_missing",
        ),
        Row(
            "a connection that Atlan refuses after its credential was created",
            "the credential is removed",
            "resources/test_openlineage_connection.py"
            "::test_credentials_are_deleted_if_the_connection_is_refused",
        ),
        Row(
            "a repeated request for a credential",
            "one credential exists",
            "resources/test_openlineage_connection.py"
            "::test_duplicate_credentials_of_repeated_requests_are_deleted",
        ),
        Row(
            "a job column that does not exist in Atlan",
            "refused at preview, with the nearest name",
            "resources/test_openlineage_absent.py::test_previews_refuse_absent_columns_in_every_connection",
        ),
        Row(
            "the same, in a deployment without a preview",
            "refused before a write",
            "resources/test_openlineage_absent.py::test_a_deployment_without_a_preview_refuses_it_before_anything_is_written",
        ),
    ],
    "Attributes and settings": [
        Row("a blank name; a value that is not in its list; a text that is too long", _REFUSED, _PROCESS),
        Row("a message without the property that it belongs to", _REFUSED, _PROCESS),
        Row("no URL, no key, a wrong key, plain http, an invalid rate, no server", _REFUSED, _SETTING),
    ],
    "Removal": [
        Row(
            "a process with column processes that other writers created",
            "refused, with a list; `force_destroy=True` removes them",
            "resources/test_process.py::test_a_process_does_not_leave_column_processes_behind",
        ),
        Row(
            "a connection with assets",
            "refused, with a list; `force_destroy=True` removes them",
            "resources/test_connection.py::test_a_connection_does_not_leave_its_assets_behind",
        ),
        Row(
            "an entity that another stack has taken over",
            "stays",
            "resources/test_ownership.py::test_stacks_do_not_take_entities_from_each_other",
        ),
        Row(
            "a process with an input or output that no longer exists",
            "can be removed",
            "resources/test_seen_at_preview.py::test_assets_removed_later_do_not_block_unchanged_resources",
        ),
        Row(
            '`delete_type="SOFT"`',
            "archived, and restored by the next deployment",
            "resources/test_ownership.py::test_archived_entities_keep_their_name",
        ),
        Row(
            "a job that failed halfway",
            "in the state; a destroy removes everything",
            "resources/test_partly_created.py::test_a_failed_job_is_in_the_state_and_is_destroyed",
        ),
        Row(
            "a bulk resource that Atlan refuses in part at creation",
            "the created entities are in the state",
            "resources/test_partly_created.py::test_entities_of_a_bulk_resource_that_failed_are_in_the_state",
        ),
        Row(
            "an entity that others recreated, after a refresh",
            "stays",
            "dynamic/test_hidden_mark.py::test_recreated_entities_are_not_removed_after_a_refresh",
        ),
        Row(
            "orphans of a run with pending creates",
            "the command clears the pending creates first, then removes each orphan",
            "cli/test_orphans.py::test_advice_to_clear_pending_operations",
        ),
    ],
}

_EACH = "resources/test_every_attribute.py::test_every_attribute_is_set_changed_and_cleared"
DRIFTS = [
    Row(
        "an attribute or an edge that was changed in Atlan",
        "shown by name, with the last writer; the next `up` restores it",
        "resources/test_process.py::test_drift_is_reported_by_field_and_corrected",
    ),
    Row(
        "the parent of a column process",
        "the same",
        "resources/test_column_process.py::test_drift_of_process_and_edges_is_reported_and_corrected",
    ),
    Row(
        "the admins of a connection", "the same", "resources/test_connection.py::test_another_admin_is_drift"
    ),
    Row(
        "an entity that was archived or purged",
        "shown; created again, with or without a refresh",
        "resources/test_process.py::test_purged_processes_are_recreated",
    ),
    Row(
        "an entity that another writer has purged and recreated",
        "an update is refused until a refresh has shown it; then restored",
        "resources/test_ownership.py::test_recreated_entities_are_reported_before_they_are_corrected",
    ),
    Row(
        "an entity that another stack has taken over",
        "shown; not overwritten, even after a refresh, and not removed",
        "resources/test_ownership.py::test_stacks_do_not_take_entities_from_each_other",
    ),
    Row(
        "the edges or the columns of a job, changed by a run of another sender",
        "shown; restored by a new run",
        "resources/test_openlineage_job.py::test_drift_is_reported_and_corrected",
    ),
    Row(
        "the credential of an OpenLineage connection, removed or changed",
        "shown; restored",
        "resources/test_openlineage_connection.py::test_drift_of_the_credential_is_reported_and_corrected",
    ),
    Row("each attribute of each resource, changed in Atlan", "shown by name; restored", _EACH),
    Row("each attribute, set, changed, and cleared by the program", "never drift afterwards", _EACH),
    Row(
        "order and duplicates of inputs and outputs",
        "never drift",
        "resources/test_process.py::test_order_and_duplicates_are_no_difference",
    ),
    Row(
        "the user of the API key among the admins",
        "never drift",
        "resources/test_connection.py::test_the_user_of_the_key_among_the_admins_is_no_drift",
    ),
    Row(
        "a property that was never declared",
        "never drift",
        "lifecycle/test_entity.py::test_undeclared_properties_are_not_read",
    ),
]

_LINEAGE = "resources/test_column_lineage_lifecycle.py::test_"
_SET = "resources/test_process_set_lifecycle.py::test_"
_MANY = "lifecycle/test_many.py::test_"
_CHILDREN = "preflight/test_child_checks.py::test_"

MANY = [
    Row(
        "the same mapping in another form",
        "no change",
        f"{_LINEAGE}equivalent_declarations_are_no_change",
    ),
    Row(
        "one changed mapping of many",
        "only that one is shown and written",
        f"{_LINEAGE}only_changes_are_written",
    ),
    Row("no change", "no edge is read", f"{_CHILDREN}nothing_is_read_if_nothing_changes"),
    Row(
        "a column that does not exist in Atlan",
        _NEAREST,
        f"{_CHILDREN}missing_columns_are_reported_with_near_names",
    ),
    Row(
        "an edge that another writer created",
        "refused by name; nothing is written",
        f"{_LINEAGE}edges_of_others_are_refused_and_nothing_is_written",
    ),
    Row(
        "an edge of another stack",
        "refused by name; it stays when the resource is removed",
        f"{_LINEAGE}edges_of_another_stack_are_refused_with_its_name",
    ),
    Row(
        "an edge that another stack has taken over",
        "not taken back, and not removed",
        f"{_LINEAGE}edges_taken_over_by_another_stack_are_left_alone",
    ),
    Row(
        "`adopt=True`",
        "the preview shows what changes",
        f"{_LINEAGE}adoptions_show_their_changes_in_the_preview",
    ),
    Row(
        "another source, name, parent, or output of an edge; a missing edge",
        "shown by edge, and restored",
        f"{_LINEAGE}drift_outside_the_mapping_is_reported_and_corrected",
    ),
    Row(
        "two output columns with the same name, one of which is removed",
        "no entity is left behind",
        f"{_LINEAGE}removals_are_complete_if_a_namesake_is_missing",
    ),
    Row(
        "one of many entities that Atlan refuses",
        "the others are written; the next run continues",
        f"{_MANY}children_are_written_although_one_is_refused",
    ),
    Row(
        "an interrupted run, after which the program declares less",
        "the next run continues, and leaves no entity behind",
        f"{_MANY}interrupted_runs_are_continued_by_a_run_that_declares_less",
    ),
    Row(
        "`kill -9` of the engine or the provider during the write of a thousand edges",
        "the next run converges",
        "stacks/test_wide.py::test_a_killed_run_converges_with_the_next",
    ),
    Row(
        "a 429, a 503 after a completed write, or a lost response during the write of a thousand edges",
        "retried, with the same result",
        "stacks/test_wide.py::test_a_429_a_503_and_a_lost_response_are_retried",
    ),
    Row(
        "a removed process with column processes of other writers",
        "refused, or removed with `force_destroy`",
        f"{_SET}dependents_of_a_process_are_not_orphaned",
    ),
    Row(
        "a missing process with existing column processes",
        "shown, and restored with its column processes",
        f"{_SET}missing_processes_with_live_columns_are_reported",
    ),
    Row(
        "a process that moves between sets",
        "exists once",
        f"{_SET}a_process_moves_from_one_set_to_another",
    ),
    Row(
        "several `pulumi` processes on one tenant",
        "together stay below the rate limit",
        "client/test_rate_limit_processes.py::test_several_processes_are_never_refused_within_minutes",
    ),
    Row(
        "150 single processes that the rate limit holds back",
        "look-ups, writes, and removals share requests: at most half as many as resources in each operation",
        "resources/test_joined_requests.py::test_single_resources_share_requests",
    ),
    Row(
        "a request with look-ups of several resources that fails because of one of them",
        "each look-up is sent again separately; only the faulty one fails",
        "client/test_coalescer.py::test_a_failed_shared_request_is_sent_again_per_caller",
    ),
    Row(
        "a request with writes of several resources that fails because of one of them",
        "each write is sent again separately; only the faulty one fails",
        "client/test_joinable_writes.py::test_a_failed_shared_request_is_sent_again_per_caller",
    ),
    Row(
        "random mappings, changes in Atlan, and failures",
        "after each update Atlan matches the program, without leftovers",
        "properties/test_bulk_lifecycle.py::test_random_process_sets",
    ),
]

_FAULT = "faults/test_faults.py::test_each_fault_has_its_expected_result"


def page() -> str:
    """Return the page as Markdown."""
    parts = ["# Guarantees and the tests behind them", _ALL_SAY, "## Mistakes", _MISTAKES_SAY]
    for heading, rows in MISTAKES.items():
        parts += [f"### {heading}", _table(rows)]
    parts += ["## Drift", _DRIFTS_SAY, _table(DRIFTS)]
    parts += ["## Bulk resources", _MANY_SAY, _table(MANY)]
    parts += ["## Policies and reviews", _POLICIES_SAY, _table(POLICIES)]
    for heading, rows in {**COMMANDS, **ASSETS, **SQL, **FILES}.items():
        parts += [f"## {heading}", _table(rows)]
    parts += ["## Faults", _FAULTS_SAY, _table(_faults(), heads=("fault", "command", "test"))]
    return "\n\n".join(parts) + "\n"


_ALL_SAY = (
    "This page lists every known mistake, drift, and fault, with its result and the test that covers it. The "
    "tests use the HTTP client with a local Atlan that behaves like Atlan, and most of them run Pulumi's "
    "engine. Test names are relative to `tests/`."
)
_MISTAKES_SAY = (
    "`pulumi preview` reports each of these in one line on the resource, before anything is written. "
    "[Preview checks](preview-checks.md) explains how."
)
_DRIFTS_SAY = (
    "`pulumi refresh`, `pulumi preview --refresh`, and [`atlan-pulumi drift`](drift.md) show each of these."
)
_MANY_SAY = (
    "Every guarantee for a single `ColumnProcess` applies to each edge of a `ColumnLineage`, a `ProcessSet`, "
    "and a `LineageMap`. [Bulk lineage](bulk.md) explains how."
)
_POLICIES_SAY = (
    "The [policy reference](reference/policies/README.md) has an example that passes and one that fails for "
    "each policy, which tests run."
)
_FAULTS_SAY = (
    "Each fault is injected into a real command, which either survives or fails with one line on the "
    "resource. In both cases nothing is lost, nothing exists twice, nothing of other owners changes, and "
    "after the next `pulumi up` Atlan matches the program. In addition, tests kill the engine and the "
    "provider between requests (`tests/faults/test_kill.py`), and change and remove random stacks "
    "(`tests/properties`)."
)


def _faults() -> Iterable[Row]:
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from faults.table import FAULTS  # noqa: PLC0415 - found through the line above

    for fault in FAULTS:
        what = f"{fault.name} (`pulumi {fault.operation}`)" if fault.operation != "up" else fault.name
        yield Row(what, fault.expect, f"{_FAULT}[{fault.slug}]")


def _table(rows: Iterable[Row], heads: tuple[str, str, str] = ("case", "result", "test")) -> str:
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
    lines += [f"| {row.what} | {row.outcome} | `{row.test}` |" for row in rows]
    return "\n".join(lines)
