"""Guarantees of programs, messages, OpenLineage, imports, reviews, and the local Atlan."""

from __future__ import annotations

from guaranteed_row import Row

COMMANDS = {
    "Tables and lineage in one deployment": [
        Row(
            "a missing input or output with `missing_assets='partial'`",
            "one line in the preview; a placeholder with the resource's mark",
            "resources/test_missing_assets.py::test_a_placeholder_is_created_promoted_and_left_to_the_crawler",
        ),
        Row(
            "a connection and lineage between tables in it, in one program",
            "one line in the first preview; placeholders after the connection; nothing is left on destroy",
            "resources/test_new_connection.py::test_a_connection_and_lineage_in_it_are_deployed_together",
        ),
        Row(
            "an asset in a new connection, in a resource that may be deployed before it",
            "refused; the message names the connection's resource",
            "preflight/test_unready_assets.py::"
            "test_only_resources_after_the_new_connection_get_placeholders_in_it",
        ),
        Row(
            "the crawl of a placeholder",
            "a full asset with the same GUID and lineage; a note, no drift; never removed",
            "resources/test_missing_assets.py::test_a_placeholder_is_created_promoted_and_left_to_the_crawler",
        ),
        Row(
            "a crawl between the look-up and the write of a placeholder",
            "the asset stays full",
            "lifecycle/test_missing_assets.py::test_what_is_published_at_the_same_moment_stays_full",
        ),
        Row(
            "a placeholder that no crawl has made full for a week",
            "a line in the preview, the refresh, drift, and the review, with the days",
            "lifecycle/test_placeholders.py::"
            "test_a_refresh_names_placeholders_that_no_crawl_has_made_full_for_days",
        ),
        Row(
            "Snowflake's, BigQuery's, Databricks', and Glue's SDKs in programs of the kind their users write",
            "the names and types that their crawlers publish, under Pulumi's mocks",
            "sdks/test_sdks.py::test_snowflake",
        ),
        Row(
            "5,100 placeholders with a 429, a 503 after a write, and a lost response, or killed among them",
            "the next run converges; a crawl makes all full; destroy leaves none",
            "stacks/test_wide_placeholders.py::test_thousands_of_placeholders_survive_faults_and_become_full",
        ),
        Row(
            "a placeholder that several processes use",
            "removed with the last one",
            "resources/test_missing_assets.py::test_the_last_process_that_uses_a_placeholder_removes_it",
        ),
        Row(
            "a placeholder that two stacks use",
            "removed by the last one, whichever wrote it",
            "resources/test_missing_assets.py::test_the_last_stack_that_uses_a_placeholder_removes_it",
        ),
        Row(
            "a full asset, or a partial one without a mark",
            "never removed",
            "lifecycle/test_placeholder_removal.py::test_a_full_asset_is_never_removed",
        ),
        Row(
            "a deployment that ended after its placeholders were written",
            "continued by the next one",
            "resources/test_missing_assets.py::test_an_up_that_failed_after_its_placeholders_is_continued",
        ),
        Row(
            "an archived input or output of an unchanged resource",
            "a note that names the resource; the preview goes on, and nothing is written",
            "resources/test_missing_assets.py::test_a_dropped_table_does_not_stop_the_preview",
        ),
        Row(
            "an archived input or output with `missing_assets='partial'`",
            "named with the resources that use it; restored as it was",
            "lifecycle/test_missing_assets.py::test_an_archived_full_asset_is_restored_as_it_was",
        ),
        Row(
            "an asset of another type with the same name",
            "refused; never written to",
            "lifecycle/test_missing_assets.py::test_a_live_asset_of_another_type_is_refused_and_not_written_to",
        ),
        Row(
            "two resources that remove a shared placeholder at the same time",
            "it is removed once, and not created again",
            "lifecycle/test_placeholder_removal.py::"
            "test_a_placeholder_that_its_user_removes_at_the_same_time_stays_removed",
        ),
        Row(
            "secret names",
            "neither in the state's list of placeholders nor in a line",
            "lifecycle/test_placeholders.py::test_the_state_contains_no_name",
        ),
        Row(
            "a placeholder that a crawl archived",
            "reported by a refresh; written again by the next `up`",
            "resources/test_missing_assets.py::test_an_archived_placeholder_is_reported_and_written_again",
        ),
        Row(
            "missing tables and columns of bulk lineage",
            "one line; placeholders for all of them",
            "resources/test_missing_assets.py::test_the_stack_setting_applies_to_bulk_lineage_too",
        ),
        Row(
            "5,000 placeholders",
            "written in a few requests",
            "lifecycle/test_missing_assets.py::test_many_placeholders_take_few_requests",
        ),
        Row(
            "10,000 edges whose outputs are all missing",
            "at most 1.2 times the requests of the same edges between existing tables",
            "resources/test_missing_assets.py::"
            "test_ten_thousand_edges_with_missing_outputs_take_few_more_requests",
        ),
        Row(
            "random processes of two stacks, crawls, and archived assets",
            "no full asset is removed, no placeholder is left",
            "properties/test_placeholders.py::test_placeholders_come_and_go_with_their_processes",
        ),
        Row(
            "`missing_assets='wait'`",
            "waits with progress until the crawler has come",
            "resources/test_missing_assets.py::test_a_resource_waits_for_the_crawler",
        ),
        Row(
            "many waits without a crawler",
            "end after one `wait_seconds`",
            "lifecycle/test_missing_assets.py::test_several_waits_in_vain_take_as_long_as_one",
        ),
        Row(
            "a wait without a crawler",
            "one line after `wait_seconds`; nothing is written",
            "resources/test_missing_assets.py::test_a_wait_ends_with_one_line_and_nothing_written",
        ),
        Row(
            "`table_of` a resource of the program",
            "its lineage is deployed with it",
            "resources/test_missing_assets.py::test_a_table_of_the_program_and_its_lineage_are_deployed_together",
        ),
        Row(
            "a typo beside `table_of`",
            "refused, whatever `missing_assets` is",
            "resources/test_missing_assets.py::test_a_typo_beside_a_table_of_the_program_is_refused",
        ),
        Row(
            "a PostgreSQL warehouse and its lineage in one program",
            "placeholders, a crawl of its catalog, a renamed column, a dropped view: no diff is left",
            "stacks/test_warehouse.py::"
            "test_the_warehouse_and_its_lineage_are_deployed_together_and_crawled_later",
        ),
        Row(
            "what others write while a resource waits",
            "neither overwritten nor ignored",
            "lifecycle/test_waiting.py::test_a_process_that_others_create_meanwhile_is_not_overwritten",
        ),
        Row(
            "a placeholder that others have described, certified, or published",
            "left, with a line and without a mark",
            "lifecycle/test_placeholder_removal.py::"
            "test_a_placeholder_to_which_others_have_added_metadata_is_left_and_named",
        ),
        Row(
            "a `CrawlerRun` between a table and its lineage",
            "deployed in one go, without a placeholder",
            "resources/test_crawler_run.py::test_lineage_is_deployed_after_the_crawl_without_a_placeholder",
        ),
        Row(
            "a crawler that runs already",
            "joined; it runs again if it failed or misses an asset",
            "resources/test_workflow_runs.py::"
            "test_an_active_run_is_joined_and_another_follows_if_it_was_not_enough",
        ),
        Row(
            "a run that fails",
            "one line with its id; the next `up` runs it again",
            "resources/test_workflow_runs.py::test_a_failed_run_is_one_line_with_its_id",
        ),
        Row(
            "a run that hangs",
            "one line after `timeout`; the next `up` joins it",
            "resources/test_workflow_runs.py::"
            "test_a_run_that_hangs_ends_with_the_timeout_and_is_joined_later",
        ),
        Row(
            "a 500 to the start of a run",
            "never repeated; a run that started is followed",
            "resources/test_workflow_runs.py::"
            "test_a_run_that_started_although_the_request_failed_is_followed",
        ),
        Row(
            "placeholders in the state",
            "no orphans; those that the state lost are",
            "drift/test_orphans_known_to_state.py::test_a_complete_state_has_no_orphans",
        ),
    ],
    "Assets of other resources": [
        Row(
            "`table_of` a resource of another package",
            "named by its outputs; the process is deployed after it",
            "resources/test_resource_assets.py::test_the_reference_depends_on_the_resource",
        ),
        Row(
            "a resource whose asset is not known",
            "one line with the way out",
            "resources/test_resource_assets.py::test_an_unknown_kind_says_the_way_out",
        ),
        Row(
            "`get_connection` and `find_asset` with no or several matches",
            "one line with the candidates",
            "resources/test_lookups.py::test_no_or_several_connections_are_one_line_with_the_candidates",
        ),
    ],
    "Programs and engines": [
        Row(
            "every complete example of the documentation",
            "deploys, settles, and is destroyed on one sample catalog",
            "docs/test_examples.py::test_a_program_deploys_settles_and_is_destroyed",
        ),
        Row(
            "the README's first deployment in an empty folder",
            "needs nothing else",
            "project/test_walk.py::test_the_first_deployment_of_the_readme_needs_nothing_else",
        ),
        Row(
            "the stacks of this repository",
            "satisfy the policies at their defaults",
            "stacks/test_policies.py::test_a_stack_satisfies_the_policies",
        ),
        Row(
            "a value outside a closed set",
            "refused by a type checker",
            "docs/test_typed.py::test_the_examples_pass_strict_type_checks_and_wrong_values_do_not",
        ),
        Row(
            "a refused resource that `--target` or `--exclude` leaves out",
            "blocks nothing",
            "resources/test_seen_at_preview.py::test_untargeted_resources_do_not_block_others",
        ),
        Row(
            "a targeted child whose parent does not exist and is not targeted",
            "refused in one line, with the `--target` to add",
            "dynamic/test_targets.py::test_what_a_deployment_lacks",
        ),
        Row(
            "a component in `depends_on`",
            "stands for everything below it",
            "dynamic/test_depends_on.py::test_dependencies_are_created_before",
        ),
        Row(
            "a coroutine, a Future, or a Task as an input, at any depth",
            "accepted, and awaited once",
            "dynamic/test_awaitables.py::test_awaitables_are_registered_as_their_values",
        ),
        Row(
            "a transform that repairs or breaks an input",
            "the registered inputs are checked",
            "resources/test_registered_inputs.py::test_transformed_inputs_are_checked",
        ),
        Row(
            "`ignore_changes` on an invalid property",
            "not refused; a ColumnLineage uses the registered tables of its Process",
            "resources/test_registered_inputs.py"
            "::test_ignored_changes_are_not_refused_and_column_lineage_follows",
        ),
        Row(
            "a refused preview on the oldest and the newest engine",
            "one error per mistake, and no other error",
            "resources/test_seen_at_preview.py"
            "::test_a_refusal_is_the_only_error_also_among_resources_of_others",
        ),
        Row(
            "the requested version of the engine",
            "that version is used",
            "engine/test_find.py::test_only_the_requested_version_is_used",
        ),
        Row(
            "a refused resource in a component",
            "found by its URN, so that `--exclude` leaves it out",
            "dynamic/test_refused_beside.py::test_refused_resources_in_components_have_their_urn",
        ),
        Row(
            "several engines in the cache",
            "the newest supported one is used",
            "engine/test_find.py::test_the_newest_supported_engine_in_the_cache_is_used",
        ),
        Row(
            "the extra `policy` alone",
            "enough for the policy pack",
            "test_package.py::test_policies_do_not_need_the_packages_of_the_command_line",
        ),
    ],
    "Messages and secrets": [
        Row(
            "a resource that only the provider refuses",
            "reports the problems of the others too",
            "dynamic/test_refused_beside.py::test_in_a_preview_a_valid_resource_gets_them_too",
        ),
        Row(
            "every message of the package",
            "on the troubleshooting page, with cause and fix",
            "docs/test_messages.py::test_every_message_of_the_code_is_listed",
        ),
        Row(
            "an empty value for any optional property, including nested ones",
            "no diff, no drift, no note",
            "properties/test_empty_values.py::test_empty_values_cause_no_diff",
        ),
        Row(
            "an Output in a text, in any property at any depth",
            "refused: use `Output.concat` or `apply`",
            "lifecycle/test_not_text.py::test_outputs_in_texts_are_refused_in_every_property",
        ),
        Row(
            "a text or a resource instead of a reference",
            "refused, with the function to use",
            "lifecycle/test_not_text.py::test_values_that_are_no_references_are_refused_with_the_function_to_use",
        ),
        Row(
            "an owner that Atlan does not know, or with a blank at either end",
            "refused",
            "lifecycle/test_principals.py::test_a_blank_at_either_end_is_the_reason",
        ),
        Row(
            "a setting with a typo, an API key in plain text, a base URL with a path",
            "a warning with the right name or command",
            "test_settings.py::test_every_misspelled_name_is_a_warning_that_names_the_right_one",
        ),
        Row(
            "the import of an entity of another stack",
            "no warning; the next preview names the takeover",
            "dynamic/test_hidden_mark.py"
            "::test_an_import_accepts_the_hidden_mark_of_the_entity_of_another_stack",
        ),
        Row(
            "several refused resources",
            "all in one preview, one line per cause",
            "dynamic/test_refused_beside_reports.py::test_every_refused_resource_is_named_once_per_cause",
        ),
        Row(
            "a missing connection with many assets below it",
            "one error, with their number",
            "preflight/test_missing_assets.py::test_a_missing_connection_is_one_problem_for_all_assets_below_it",
        ),
        Row(
            "a forward proxy with a password, and a private certificate authority",
            "requests pass; the proxy sees neither the key nor the request",
            "client/test_transport_tls_and_proxies.py"
            "::test_requests_pass_a_forward_proxy_to_a_server_of_a_private_authority",
        ),
        Row(
            "a web page with 403 or 502 instead of a response",
            "said to be a proxy's or a firewall's, with whom to ask",
            "client/test_responses_refusals.py::test_a_page_is_the_response_of_a_proxy",
        ),
        Row(
            "a name that differs only in case",
            "the only suggestion",
            "preflight/test_missing_assets.py::test_a_name_that_differs_only_in_case_is_the_only_suggestion",
        ),
        Row(
            "an invalid value that is not a short scalar",
            "one line, without the value",
            "resources/test_one_line.py::test_every_problem_is_one_line",
        ),
        Row(
            "`delete_before_replace=True` for a process with column processes",
            "refused, with what to do",
            "dynamic/test_failures.py::test_replaced_processes_with_children_get_advice",
        ),
        Row(
            "a process that reads its own output",
            "refused; with `reads_own_output=True` accepted, without a diff",
            "properties/test_own_output.py::test_reading_own_output_is_refused_unless_declared",
        ),
        Row(
            "a missing name that is not similar to an existing one",
            "no suggestion",
            "test_text_nearest.py::test_a_different_name_is_not_a_typo",
        ),
        Row(
            "`atlan-pulumi orphans` after a destroy",
            "works without `--mark`",
            "drift/test_orphans.py::test_entities_of_a_crash_that_are_no_longer_declared_are_orphans",
        ),
        Row(
            "drift of an archived entity, or of an entity that another stack has taken over",
            "advice that works",
            "drift/test_report_advice.py::test_advice_for_entities_of_another_stack",
        ),
        Row(
            "a rotated key in the stack's configuration",
            "`refresh` and `destroy` advise `--run-program`; `drift` uses the new key",
            "drift/test_key_rotation.py::test_commands_with_a_revoked_key",
        ),
        Row(
            "a server that returns the key in any encoding",
            "no message contains the key",
            "client/test_responses_scrubber.py::test_the_key_is_redacted_in_every_encoding",
        ),
        Row(
            "a batch that fails with a 503 or a dropped connection",
            "retried as a whole",
            "client/test_bulk_refusals.py::test_transient_failures_are_retried_without_a_split",
        ),
        Row(
            "two long texts that differ",
            "shown at the difference, never alike",
            "preflight/test_change_of.py::test_two_texts_that_differ_are_never_shown_alike",
        ),
        Row(
            "secrets of a resource that was created in part",
            "encrypted in the state",
            "resources/test_partly_created.py::test_a_failed_job_is_in_the_state_and_is_destroyed",
        ),
    ],
    "OpenLineage by connector": [
        Row(
            "a job in a connection of an unsupported connector",
            "refused in one line, with what to do",
            "resources/test_openlineage_connectors.py"
            "::test_a_connector_whose_jobs_cannot_be_known_is_refused_in_one_line",
        ),
        Row(
            "a job in a `generic-openlineage` connection",
            "creates a FlowControlOperation, its Process, and its column processes",
            "resources/test_openlineage_connectors.py::test_a_generic_job_is_a_flow_control_operation",
        ),
        Row(
            "a job that replaces a Process with column processes",
            "takes them over without a wait, and names each first",
            "resources/test_openlineage_takeover.py"
            "::test_a_job_takes_over_the_column_processes_of_its_stack_and_names_them_first",
        ),
        Row(
            "a Process that replaces a job",
            "no job is left behind; no column process is lost",
            "resources/test_openlineage_takeover.py::test_processes_replace_jobs_without_losing_columns",
        ),
        Row(
            "column processes that a changed mapping removes",
            "named first; only those that the job created",
            "resources/test_openlineage_takeover.py"
            "::test_changed_mappings_name_and_remove_only_former_columns",
        ),
    ],
    "New repositories": [
        Row(
            "the printed commands of `atlan-pulumi init --local`",
            "deploy the example; the policies pass, the next preview is empty, and destroy leaves nothing",
            "scaffold/test_generated_stacks.py::test_the_local_repository_works_as_printed",
        ),
        Row(
            "a repository of a tenant without the tables of the example",
            "the first preview is clean",
            "scaffold/test_generated_stacks.py::test_a_repository_of_another_tenant_previews_cleanly",
        ),
        Row(
            "`atlan-pulumi init --from-sql`",
            "the lineage of the SQL is deployed; a change of the SQL fails `ci/derive.sh --check`",
            "scaffold/test_generated_stacks.py::test_the_lineage_of_sql_files_is_deployed_and_compared",
        ),
        Row(
            "a file that exists where `atlan-pulumi init` would write",
            "all are named before a question is asked; nothing is written",
            "cli/test_init.py::test_existing_files_are_listed_before_anything_is_asked_or_written",
        ),
        Row(
            "an API key in the environment of `atlan-pulumi init`",
            "is in no file",
            "cli/test_init.py::test_the_key_is_in_no_file",
        ),
        Row(
            "`atlan-pulumi init` without a terminal",
            "one line names the options that are missing",
            "cli/test_init.py::test_without_a_terminal_a_missing_answer_is_one_line",
        ),
        Row(
            "the CI files of a new repository",
            "those of the example that [Review lineage in CI](ci.md) explains, byte for byte",
            "scaffold/test_repository.py::test_a_template_is_the_file_of_the_documented_example",
        ),
    ],
    "Import": [
        Row(
            "a lost state",
            "recovered by the commands in `docs/recovery.md`; the program's preview is empty",
            "importer/test_recovery_page.py::test_the_commands_on_the_page_recover_a_lost_state",
        ),
        Row(
            "the columns of a process",
            "one ColumnLineage, if a mapping can express them",
            "importer/test_shape.py::test_the_columns_of_a_process_become_one_mapping",
        ),
        Row(
            "entities of bulk resources and jobs in the state",
            "never listed as orphans",
            "drift/test_orphans_known_to_state.py::test_a_complete_state_has_no_orphans",
        ),
    ],
    "Pull-request review": [
        Row(
            "an asset that stays and loses an edge",
            "never drawn as removed",
            "review/test_signs.py::test_an_asset_that_loses_edges_is_never_drawn_as_removed",
        ),
        Row(
            "the pictures of any plan",
            "the legend has exactly the signs that are drawn",
            "review/test_signs.py::test_the_legend_has_the_signs_of_any_plan_and_no_others",
        ),
        Row(
            "an asset that loses one of several sources",
            "listed with those that remain",
            "review/test_impact_sources.py::test_a_source_that_is_not_downstream_of_the_edge_remains",
        ),
        Row(
            "the page of a review at 400 px",
            "stacked rows, message first; contrast of at least 4.5:1",
            "review/test_html_browser.py::test_on_a_narrow_screen_cells_are_stacked_and_the_message_comes_first",
        ),
        Row(
            "an entity that another resource of the program declares",
            "shown as moved, not as removed",
            "review/test_moved.py::test_a_declared_entity_is_never_removed_or_added",
        ),
        Row(
            "an entity that another stack has taken over",
            "shown as moved, not as removed",
            "review/test_moved_to_stacks.py::test_an_entity_that_another_stack_took_over_stays",
        ),
        Row(
            "a detectable secret anywhere in a preview",
            "in no output of the review",
            "review/test_redact.py::test_a_secret_in_any_place_is_in_no_output",
        ),
        Row(
            "the last line of the summary",
            "says whether the pull request may be merged",
            "review/test_sections.py::test_the_last_line_says_whether_to_merge",
        ),
        Row(
            "an edge with unknown inputs or outputs",
            "no crash, and no false loss",
            "review/test_impact.py::test_a_changed_edge_with_an_unknown_side_keeps_its_assets_there",
        ),
        Row(
            "critical and high advisory violations",
            "counted in the last line",
            "review/test_sections.py::test_the_last_line_says_whether_to_merge",
        ),
    ],
    "Local Atlan": [
        Row(
            "a simulated crawl of a partial asset",
            "a full asset with the same GUID and lineage",
            "local/test_crawl.py::test_a_partial_asset_becomes_full_and_keeps_its_guid_and_lineage",
        ),
        Row(
            "an entity with an ownership mark",
            "its page and `/_local/graph` name the stack and the resource",
            "local/web/test_admin.py::test_the_graph_contains_the_owner",
        ),
        Row(
            "lineage that is wider than the page",
            "labels of at least 11 px at 400 and 1280 px",
            "local/page/test_view.py::test_labels_have_a_minimum_size_and_stay_on_their_cards",
        ),
        Row(
            "the page without a mouse",
            "every control is reached, and the focus is visible",
            "local/page/test_keyboard.py::test_tab_reaches_every_control_and_the_focus_is_visible",
        ),
        Row(
            "a reference by name to an entity of the same request",
            "404 ATLAS-404-00-00A; nothing is written",
            "local/graph/test_references.py::test_names_of_entities_of_the_same_request_are_unknown",
        ),
        Row(
            "an archived process",
            "ends a lineage list",
            "local/lineage/test_list.py::test_archived_processes_are_not_traversed",
        ),
        Row(
            "a restored process, and a restored asset",
            "the process regains all of its edges; the asset none of its processes",
            "local/graph/test_delete.py::test_a_restored_process_regains_all_of_its_edges",
        ),
        Row(
            "an unknown tag type",
            "404 ATLAS-404-00-008",
            "local/web/test_types.py::test_unknown_tags_are_refused",
        ),
        Row(
            "DELETE of an unknown GUID or name",
            "200 and an empty response",
            "local/graph/test_delete.py::test_deletes_by_guid_and_by_name_ignore_unknown_entities",
        ),
        Row(
            "a dangling reference in any relationship",
            "404; nothing is written",
            "local/graph/test_links.py::test_dangling_references_are_refused",
        ),
    ],
}
