"""Guarantees of lineage from files that people already have."""

from __future__ import annotations

from guaranteed_row import Row

_ENGINE = "resources/test_file_lineage.py::test_"
_STATES = "openlineage/test_job_states.py::test_"
_EVENTS = "openlineage/test_processes.py::test_"
_BUILDER = "lineage_data/test_builder.py::test_"

FILES = {
    "Lineage from files": [
        Row(
            "a log of OpenLineage events",
            "each job is a process with its columns, previewed, deployed, and updated with the log",
            f"{_ENGINE}events_become_processes_with_columns",
        ),
        Row(
            "events of OpenLineage's own client, with any names",
            "exactly their edges are read",
            f"{_EVENTS}what_the_client_writes_is_read_back",
        ),
        Row(
            "events that Spark wrote",
            "the lineage of the job that succeeded; the others are listed",
            f"{_EVENTS}recorded_events_of_spark",
        ),
        Row(
            "several runs of a job, in any order",
            "the latest that did not fail counts",
            f"{_STATES}the_order_of_the_events_does_not_matter",
        ),
        Row(
            "a run that has just begun",
            "the lineage of the former run stays",
            f"{_STATES}a_run_that_has_just_begun_does_not_hide_the_former_one",
        ),
        Row(
            "a job without lineage",
            "left out, with the reason, in the result and in the preview",
            f"{_EVENTS}what_is_left_out_has_a_reason",
        ),
        Row(
            "a namespace without a connection",
            "refused in one line that lists all of them",
            f"{_ENGINE}a_namespace_without_a_connection_is_refused_in_one_line",
        ),
        Row(
            "a connection that the same program creates",
            "the names of the datasets follow it",
            f"{_ENGINE}a_connection_of_the_same_program",
        ),
        Row(
            "an invalid file or event",
            "refused in one line, with the file and the line",
            "openlineage/test_events.py::test_any_change_is_an_event_or_one_line",
        ),
        Row(
            "a CSV file of Atlan's Lineage Builder as `processes`",
            "connections are looked up by name; rows of a process are one process, with its columns",
            f"{_ENGINE}a_file_of_the_lineage_builder",
        ),
        Row(
            "a row of such a file that is incomplete, repeated, or contradicts another",
            "refused in one line, with the line and the column",
            f"{_BUILDER}an_invalid_file_is_one_line",
        ),
    ],
}
