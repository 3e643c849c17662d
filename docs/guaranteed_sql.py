"""Guarantees of lineage that is derived from SQL."""

from __future__ import annotations

from guaranteed_row import Row

_ENGINE = "resources/test_sql_lineage.py::test_"
_DERIVED = "derivation/test_derive.py::test_"
_QUICKSTART = "derivation/test_quickstart.py::test_"
_STACK = "stacks/test_dbt_project.py::test_"
_JOB = "resources/test_job_sql.py::test_"
_FILES = "sql/test_files.py::test_a_"
_STATEMENTS = "sql/test_derive_lineage.py::test_"
_ORACLE = "sql/test_oracle.py::test_"

SQL = {
    "Lineage from SQL": [
        Row(
            "a process with SQL and nothing else",
            "tables and columns are derived, previewed as inputs, deployed, and follow the SQL",
            f"{_ENGINE}everything_comes_from_the_sql",
        ),
        Row(
            "inputs or outputs that are set",
            "deployed as set; each difference to the SQL is a warning",
            f"{_ENGINE}what_is_passed_wins_and_differences_are_warnings",
        ),
        Row(
            "SQL that cannot be parsed, only selects, or reads no table",
            "refused in one line, with its place in the SQL",
            f"{_ENGINE}sql_without_lineage_is_one_line_each",
        ),
        Row(
            "a name without a database",
            "refused, with the tables of that name in Atlan",
            f"{_ENGINE}an_incomplete_name_lists_the_tables_of_that_name",
        ),
        Row(
            "a column that cannot be decided",
            "a warning, and no edge",
            f"{_ENGINE}undecided_columns_are_warnings",
        ),
        Row(
            "SQL that a preview does not know",
            "said so, and derived during the deployment",
            f"{_ENGINE}unknown_sql_is_derived_during_the_deployment",
        ),
        Row(
            "a SELECT whose output is not known before the deployment",
            "said so, and derived during the deployment",
            "resources/test_passed_tables.py::test_outputs_that_are_not_known_yet_are_left_to_the_deployment",
        ),
        Row(
            "inputs or outputs that are set by GUID",
            "looked up, and compared with the SQL like names",
            "resources/test_passed_tables.py::test_tables_that_are_passed_by_guid_are_those_of_the_sql",
        ),
        Row(
            "SQL that is nested thousands of levels deep",
            "one problem, within seconds",
            f"{_STATEMENTS}all_kinds_of_deep_nesting_end_in_a_problem",
        ),
        Row(
            "`*` of a table with a million columns",
            "one problem, within seconds",
            f"{_STATEMENTS}a_table_of_a_million_columns_is_a_problem",
        ),
        Row(
            "SQL that is a secret",
            "never quoted in a message",
            f"{_ENGINE}secret_sql_is_not_in_a_message",
        ),
        Row(
            "columns of SQL that is a secret",
            "not named in the notes on changes",
            "preflight/test_child_checks.py::test_names_of_columns_that_may_be_secret_are_not_shown",
        ),
        Row(
            "derived edges that are new or changed",
            "listed with their file and line; SQL that only moves is no change",
            f"{_ENGINE}a_preview_says_where_changed_edges_come_from",
        ),
        Row(
            "derived edges in a review",
            "shown with their file and line",
            "review/test_origins.py::test_added_mappings_have_their_places",
        ),
        Row(
            "columns of tables that a deployment waits for",
            "derived once Atlan has the tables; the preview says so",
            f"{_ENGINE}columns_of_awaited_tables_are_derived_once_they_are_there",
        ),
        Row(
            "a view that lists its columns",
            "they name the columns of its query, by position",
            "resources/test_lineage_of.py::test_a_view_that_lists_its_columns_names_them_by_position",
        ),
        Row(
            "SQL that reads tables which the program creates",
            "their columns are known before a crawl; the process is created after them",
            f"{_ENGINE}tables_that_the_program_creates_are_known_before_a_crawl",
        ),
        Row(
            "names in another case than in Atlan",
            "found where the dialect ignores case, and refused where it does not",
            f"{_DERIVED}names_follow_the_rules_of_the_dialect_for_case",
        ),
        Row(
            "`*` of a table that is only a placeholder",
            "a warning: a placeholder may lack columns",
            f"{_DERIVED}placeholders_do_not_hide_columns",
        ),
        Row(
            "a job with SQL and without columns",
            "its events have the derived columns, with OpenLineage's transformation types",
            f"{_JOB}atlan_gets_and_shows_what_is_derived",
        ),
        Row(
            "a job without `sql`, or with columns of its own",
            "nothing is derived, and the events are as they were",
            f"{_JOB}nothing_is_derived_where_nothing_is_asked_for",
        ),
        Row(
            "SQL that reads or writes files, such as those of a stage",
            "a problem that says what is not read",
            f"{_FILES}stage_is_no_table",
        ),
        Row(
            "hundreds of scripts",
            "their tables are looked up together, some hundred per request",
            f"{_DERIVED}many_scripts_share_their_lookups",
        ),
        Row(
            "the pipeline of the quickstart: 19 SQL files",
            "the derived lineage is the one that was read from the SQL by hand",
            f"{_QUICKSTART}the_derived_lineage_is_the_one_by_hand",
        ),
        Row(
            "the stack of the quickstart, which declares no mapping",
            "the 19 processes and 121 column processes of the lineage that was read by hand",
            "stacks/test_quickstart_deployed.py::test_the_deployed_lineage_is_the_one_by_hand",
        ),
        Row(
            "random queries, compared with what DuckDB computes",
            "no column changes unless one of its sources, or of the columns that filter or join, does",
            f"{_ORACLE}random_queries_lose_no_source",
        ),
        Row(
            "the 22 queries of TPC-H and the 99 of TPC-DS, on generated data",
            "every column is resolved, and none loses a source",
            f"{_ORACLE}tpc_h_loses_no_source",
        ),
        Row(
            "a committed file of derived lineage",
            "`atlan-pulumi derive --check` exits with 2 if it is not current, and shows the difference",
            "cli/test_derive.py::test_check_shows_what_differs",
        ),
        Row(
            "a view of PostgreSQL and its lineage in one program",
            "derived from the view's query, deployed with it, and unchanged by the crawl",
            "stacks/test_warehouse.py::test_the_warehouse_and_its_lineage_are_deployed_together_and_crawled_later",
        ),
    ],
    "Lineage of a dbt project": [
        Row(
            "models, snapshots, seeds, sources, and ephemeral models",
            "processes and columns are deployed, and follow a changed model",
            f"{_STACK}the_project_is_deployed_and_follows_a_changed_model",
        ),
        Row(
            "the same models in the quickstart, whose columns the tests list by hand",
            "the same columns",
            f"{_STACK}the_same_models_have_the_same_columns_as_in_the_quickstart",
        ),
        Row(
            "selection by name, path, tag, configuration, source, `+`, and `@`",
            "the nodes that `dbt ls` lists",
            "dbt/test_selection.py::test_dbt_itself_selects_the_same",
        ),
        Row(
            "artifacts of dbt 1.0 to 1.12, and of newer versions",
            "read; fields that dbt has added do not matter",
            "dbt/test_artifacts.py::test_a_newer_manifest_is_read_as_the_newest_that_is_known",
        ),
        Row(
            "a model whose SQL cannot be read, or was not compiled",
            "lineage of tables from the project, and a warning",
            "dbt/test_lineage.py::test_sql_that_cannot_be_read_leaves_the_tables_of_the_project",
        ),
        Row(
            "no `catalog.json`",
            "lineage of tables only, and a warning that says how to get columns",
            "resources/test_lineage_from_dbt.py::test_without_a_catalog_only_tables_have_lineage",
        ),
    ],
}
