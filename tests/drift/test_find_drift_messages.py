"""read_error, one_line, failed: errors as one line."""

from __future__ import annotations

import pytest

from atlan_pulumi.drift._find_drift import RefreshEvents, read_error
from atlan_pulumi.engine._event_log import failed, one_line

LOAD = "urn:pulumi:test::project::pulumi-python:dynamic/atlan:Process::load"
OTHER = "urn:pulumi:test::project::pulumi-python:dynamic/atlan:Process::other"
BUCKET = "urn:pulumi:test::project::aws:s3/bucket:Bucket::logs"
TRACEBACK = """Preview failed: Traceback (most recent call last):
  File "x.py", line 1, in <module>
ModuleNotFoundError: No module named 'atlan_pulumi'
"""


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Preview failed: Failed: GET /x: 401\n\n", "GET /x: 401"),
        ("error: no stack selected;\n  choose one\n", "no stack selected; choose one"),
        ("<{%fg 1%}>error: <{%reset%}>no\x1b[0m", "no"),
        (TRACEBACK, "ModuleNotFoundError: No module named 'atlan_pulumi'"),
    ],
)
def test_a_message_is_one_line(message: str, line: str) -> None:
    assert one_line(message) == line


def test_the_first_resource_of_this_package_is_named_and_others_counted() -> None:
    reading = RefreshEvents(
        errors=[
            (None, "preview failed"),
            (BUCKET, "no credentials"),
            (LOAD, "Preview failed: Failed: 401"),
            (OTHER, "401"),
            (OTHER, "401 again"),
        ]
    )
    assert str(read_error(reading)) == "could not read Process 'load' and 2 more: 401"


def test_other_resources_are_named_if_only_they_failed() -> None:
    assert (
        str(read_error(RefreshEvents(errors=[(BUCKET, "no credentials")])))
        == "could not read Bucket 'logs': no credentials"
    )


def test_errors_without_a_resource() -> None:
    reading = RefreshEvents(errors=[(None, "preview failed\n"), (None, "the plugin is missing")])
    assert str(read_error(reading)) == "`pulumi refresh --preview-only` failed: the plugin is missing"
    assert read_error(RefreshEvents()) is None
    assert read_error(RefreshEvents(errors=[(None, "preview failed\n")])) is None


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("Previewing…\n\nerror: the stack is locked\n  by bob\n", "the stack is locked by bob"),
        ("exec format\nproblem\n", "exec format problem"),
        ("", "it printed no reason"),
    ],
)
def test_the_output_of_a_failed_command(output: str, why: str) -> None:
    assert str(failed("stack export", output)) == f"`pulumi stack export` failed: {why}"
