"""Messages are made short: without what the engine says around them."""

from __future__ import annotations

import pytest
from review import told

from atlan_pulumi.review import parse

LOAD = told.urn("Process", "load")


def shown(text: str, of: str = LOAD) -> list[str]:
    return [error.text for error in told.preview(told.said(text, of, "error")).errors]


def test_a_providers_objection_is_told_by_its_property_and_without_the_value() -> None:
    text = (
        "pulumi-python:dynamic/atlan:Process resource 'load': property inputs value "
        "{[{map[qualified_name:{default/x/1/T} type_name:{Table}]}]} has a problem: Atlan has no Table 'T'"
    )
    assert shown(text) == ["inputs: Atlan has no Table 'T'"]


def test_an_objection_without_the_value_is_told_alike() -> None:
    text = "t:Process resource 'load' has a problem: property inputs[0]: a Column cannot stand here"
    assert shown(text) == ["inputs[0]: a Column cannot stand here"]


def test_an_objection_to_the_whole_is_told_by_its_reason() -> None:
    text = (
        "pulumi-python:dynamic/atlan:Process resource 'load' has a problem: not written, since 'x' is refused"
    )
    assert shown(text) == ["not written, since 'x' is refused"]


def test_a_secret_value_within_an_objection_is_not_shown() -> None:
    text = "t:Process resource 'load': property sql value {&{{hunter2}}} has a problem: must not be blank"
    assert shown(text) == ["sql: must not be blank"]


def test_of_a_traceback_the_last_line_is_told() -> None:
    text = "Program failed:\nTraceback (most recent call last):\n F\nValueError: no"
    assert shown(text, "") == ["ValueError: no"]


@pytest.mark.parametrize("echo", ["preview failed", "error: preview failed", "\x1b[31mupdate failed\x1b[0m"])
def test_what_only_repeats_that_it_failed_is_passed_over(echo: str) -> None:
    assert shown(echo, "") == []


def test_colours_and_line_ends_go() -> None:
    assert shown("error: <{%fg 1%}>one<{%reset%}>\n  two\n") == ["one two"]


def test_the_same_message_on_two_resources_is_told_for_both() -> None:
    events = [told.said("no", told.urn("Process", name), "error") for name in "ba"]
    made = told.reviewed(*events, end=told.ended("failed"))
    assert told.section(made, "Errors") == [("Process a", "no"), ("Process b", "no")]


def test_an_error_without_a_resource_or_of_the_stack_is_told() -> None:
    made = told.reviewed(told.said("a", severity="error"), told.said("b", told.STACK, "error"))
    assert told.section(made, "Errors") == [("", "a"), ("Stack shop/dev", "b")]


def test_another_packages_resource_is_told_with_its_type() -> None:
    made = told.reviewed(told.said("no", told.urn("aws:s3/bucket:Bucket", "b"), "error"))
    assert told.section(made, "Errors") == [("aws:s3/bucket:Bucket b", "no")]


@pytest.mark.parametrize("odd", ["urn:odd", "urn:pulumi:dev::shop::atlan"])
def test_what_names_no_resource_is_told_as_it_is(odd: str) -> None:
    made = told.reviewed(told.violation("r", odd, "bad"))
    assert told.section(made, "Policies") == [("advisory", "r", odd, "bad")]


@pytest.mark.parametrize(
    "after",
    [
        "error: Resource monitor has terminated, shutting down",
        "Failed:\nTraceback (most recent call last)\nE: Resource monitor has terminated, shutting down",
        "rpc error: resource monitor shut down while waiting on step's done channel",
    ],
)
def test_what_a_program_says_when_the_engine_stops_it_is_no_error_of_its_own(after: str) -> None:
    """Pulumi 3.274 closes the resource monitor when a check fails."""
    cause = told.said("Atlan has no Table 'T'", LOAD, "error")
    events = [cause, told.said(after, told.STACK, "error")]
    made = told.reviewed(*events, end=told.ended("failed"))
    assert told.section(made, "Errors") == [("Process load", "Atlan has no Table 'T'")]
    assert made.summary[0].startswith("The preview failed (1 error)")
    assert made.summary[-1] == "This pull request must not be merged: 1 error."
    digest = told.digest(
        diagnostics=[
            {"urn": LOAD, "severity": "error", "message": "no"},
            {"severity": "error", "message": after},
        ]
    )
    assert [each.text for each in parse(digest, "x").errors] == ["no"]
    alone = told.reviewed(told.said(after, told.STACK, "error"), end=told.ended("failed"))
    assert len(told.section(alone, "Errors")) == 1, "where nothing else says why, it does"
