"""Guarantees of declared assets."""

from __future__ import annotations

from guaranteed_row import Row

_LIFE = "resources/test_asset_lifecycle.py::test_"

ASSETS = {
    "Declared assets": [
        Row(
            "files, their bucket, and their lineage in one program",
            "deployed in one go; no diff; drift is shown and corrected; destroyed in order",
            "resources/test_asset.py::test_lineage_and_the_files_that_it_begins_with_are_one_deployment",
        ),
        Row(
            "an asset of any common type",
            "the qualifiedName, container, and attributes of Atlan's own SDK",
            f"{_LIFE}an_asset_is_what_the_sdk_creates",
        ),
        Row(
            "an attribute that is no longer declared",
            "cleared",
            f"{_LIFE}an_attribute_changes_and_is_cleared_when_it_is_no_longer_declared",
        ),
        Row(
            "an existing asset of the same name",
            "refused; taken over with `adopt`, and named",
            f"{_LIFE}an_existing_asset_is_not_overwritten_unless_adopted",
        ),
        Row(
            "a placeholder of the same stack",
            "becomes the asset, with its GUID and lineage",
            f"{_LIFE}a_placeholder_of_this_stack_becomes_the_asset_and_keeps_its_guid",
        ),
        Row(
            "a crawler that finds a declared asset",
            "the crawler owns it: a change is refused, and `pulumi destroy` leaves it, with a line",
            f"{_LIFE}a_crawled_asset_is_not_taken_back_unless_adopted",
        ),
        Row(
            "a new asset in a connection with a crawler",
            "one warning for each connection",
            "preflight/test_crawled_connections.py::test_a_connection_with_a_crawler_is_one_warning",
        ),
        Row(
            "the removal of an asset that a process of others reads",
            "refused, or removed with `force_destroy`",
            f"{_LIFE}an_asset_that_a_process_reads_is_not_removed",
        ),
        Row(
            "an existing asset of a subtype with the same name",
            "refused at preview: Atlan would overwrite it",
            "preflight/test_ownership_checks.py::"
            "test_assets_of_a_subtype_with_the_name_of_an_asset_are_refused",
        ),
        Row(
            "a lost state with declared assets",
            "imported with their containers and lineage; the preview is empty",
            "importer/test_importing_assets.py::test_a_lost_state_with_assets_is_recovered",
        ),
        Row(
            "the removal of a table with columns of others",
            "refused, or removed with `force_destroy`",
            f"{_LIFE}a_table_with_columns_is_not_removed",
        ),
        Row(
            "an asset of another type with the same name",
            "its contents are not removed with this one",
            f"{_LIFE}an_asset_of_another_type_with_the_same_name_contains_nothing_of_this_one",
        ),
        Row(
            "the forced removal of an asset that contains others",
            "with all that is in it, and the processes of any of them; each is named",
            f"{_LIFE}a_forced_removal_includes_the_processes_of_all_that_is_inside",
        ),
        Row(
            "a mistake in an attribute, a parent, or a type",
            "one line on its property, with the nearest name",
            f"{_LIFE}a_mistake_is_one_line_on_its_property",
        ),
        Row(
            "a declared asset in a review",
            "listed and counted; followed if it moves to another resource",
            "review/test_sections.py::test_a_declared_asset_is_a_row_and_counted",
        ),
    ],
}
