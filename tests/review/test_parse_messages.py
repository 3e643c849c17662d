"""Messages are shortened: the text that the engine adds is removed."""

from __future__ import annotations

import pytest
from review import previews

from atlan_pulumi.review import parse

LOAD = previews.urn("Process", "load")


def shown(text: str, of: str = LOAD) -> list[str]:
    return [error.text for error in previews.preview(previews.message(text, of, "error")).errors]


def test_a_problem_of_a_provider_has_its_property_and_not_the_value() -> None:
    text = (
        "pulumi-python:dynamic/atlan:Process resource 'load': property inputs value "
        "{[{map[qualified_name:{default/x/1/T} type_name:{Table}]}]} has a problem: Atlan has no Table 'T'"
    )
    assert shown(text) == ["inputs: Atlan has no Table 'T'"]


def test_a_problem_without_a_value_has_its_property() -> None:
    text = "t:Process resource 'load' has a problem: property inputs[0]: a Column is not allowed here"
    assert shown(text) == ["inputs[0]: a Column is not allowed here"]


def test_a_problem_without_a_property_has_only_the_reason() -> None:
    text = (
        "pulumi-python:dynamic/atlan:Process resource 'load' has a problem: not written, since 'x' is refused"
    )
    assert shown(text) == ["not written, since 'x' is refused"]


def test_a_secret_value_in_a_problem_is_not_shown() -> None:
    text = "t:Process resource 'load': property sql value {&{{hunter2}}} has a problem: must not be blank"
    assert shown(text) == ["sql: must not be blank"]


def test_a_traceback_is_shortened_to_its_last_line() -> None:
    text = "Program failed:\nTraceback (most recent call last):\n F\nValueError: no"
    assert shown(text, "") == ["ValueError: no"]


@pytest.mark.parametrize("echo", ["preview failed", "error: preview failed", "\x1b[31mupdate failed\x1b[0m"])
def test_messages_that_only_repeat_the_failure_are_left_out(echo: str) -> None:
    assert shown(echo, "") == []


def test_color_codes_and_line_ends_are_removed() -> None:
    assert shown("error: <{%fg 1%}>one<{%reset%}>\n  two\n") == ["one two"]


def test_the_same_message_on_two_resources_is_kept_for_both() -> None:
    events = [previews.message("no", previews.urn("Process", name), "error") for name in "ba"]
    made = previews.review_of(*events, end=previews.summary("failed"))
    assert previews.section(made, "Errors") == [("Process a", "no"), ("Process b", "no")]


def test_errors_of_the_stack_and_without_a_resource_are_kept() -> None:
    made = previews.review_of(
        previews.message("a", severity="error"), previews.message("b", previews.STACK, "error")
    )
    assert previews.section(made, "Errors") == [("", "a"), ("Stack shop/dev", "b")]


def test_a_resource_of_another_package_has_its_type() -> None:
    made = previews.review_of(previews.message("no", previews.urn("aws:s3/bucket:Bucket", "b"), "error"))
    assert previews.section(made, "Errors") == [("aws:s3/bucket:Bucket b", "no")]


@pytest.mark.parametrize("odd", ["urn:odd", "urn:pulumi:dev::shop::atlan"])
def test_an_unusual_urn_is_shown_unchanged(odd: str) -> None:
    made = previews.review_of(previews.violation("r", odd, "bad"))
    assert previews.section(made, "Policies") == [("advisory", "r", odd, "bad")]


@pytest.mark.parametrize(
    "after",
    [
        "error: Resource monitor has terminated, shutting down",
        "Failed:\nTraceback (most recent call last)\nE: Resource monitor has terminated, shutting down",
        "rpc error: resource monitor shut down while waiting on step's done channel",
    ],
)
def test_the_error_of_a_program_that_the_engine_stops_is_left_out(after: str) -> None:
    """Pulumi 3.274 closes the resource monitor when a check fails."""
    cause = previews.message("Atlan has no Table 'T'", LOAD, "error")
    events = [cause, previews.message(after, previews.STACK, "error")]
    made = previews.review_of(*events, end=previews.summary("failed"))
    assert previews.section(made, "Errors") == [("Process load", "Atlan has no Table 'T'")]
    assert made.summary[0].startswith("The preview failed (1 error)")
    assert made.summary[-1] == "This pull request must not be merged: 1 error."
    digest = previews.digest(
        diagnostics=[
            {"urn": LOAD, "severity": "error", "message": "no"},
            {"severity": "error", "message": after},
        ]
    )
    assert [each.text for each in parse(digest, "x").errors] == ["no"]
    alone = previews.review_of(
        previews.message(after, previews.STACK, "error"), end=previews.summary("failed")
    )
    assert len(previews.section(alone, "Errors")) == 1, "it is kept if it is the only error"
