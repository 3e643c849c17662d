"""What is taken from the engine's events, and which events are refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review import told

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review import Message, Violation, parse

LOAD = told.urn("Process", "load")
PROPS = told.process("load", [0], [1])
CREATE = told.create("Process", "load", PROPS)


def refusal(text: str) -> str:
    with pytest.raises(ReviewError) as refused:
        parse(text, "ev.jsonl")
    return str(refused.value)


# -- how it ended -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "result"),
    [(told.ended(), "succeeded"), (told.ended(None), "succeeded"), (told.ended("failed"), "failed")],
)
def test_the_summary_tells_how_it_ended(end: told.Event, result: str) -> None:
    assert told.preview(CREATE, end=end).result == result


def test_an_error_makes_it_failed_where_an_older_engine_does_not_say() -> None:
    assert told.preview(told.said("no", severity="error"), end=told.ended(None)).result == "failed"


def test_without_a_summary_it_is_unfinished() -> None:
    text = told.lines([*told.begun(), CREATE])
    assert parse(text, "x").result == "unfinished"
    assert len(parse(text, "x").steps) == 1


@pytest.mark.parametrize("characters", [1, 30, 200])
def test_a_last_line_that_was_cut_off_is_passed_over(characters: int) -> None:
    text = told.lines([*told.begun(), CREATE, told.delete("Process", "old", PROPS)])
    cut = parse(text[:-characters].rstrip("}"), "x")
    assert cut.result == "unfinished"
    assert [step.op for step in cut.steps] == ["create"]


def test_a_broken_line_in_the_middle_is_refused() -> None:
    whole = told.log(CREATE).splitlines()
    whole[1] = whole[1][:-5]
    assert refusal("\n".join(whole)) == "ev.jsonl: line 2 is not JSON"


# -- what is no preview -----------------------------------------------------------------------------------


def test_the_events_of_a_deployment_are_refused() -> None:
    done = refusal(told.log(CREATE, end=told.ended(is_preview=False)))
    assert done == (
        "ev.jsonl tells of a deployment that was done, not of a preview: give what `pulumi preview` writes"
    )


def test_the_events_of_a_deployment_that_was_cut_off_are_refused() -> None:
    doing = told.create("Process", "load", PROPS, planning=False)
    assert "a deployment that was done" in refusal(told.lines([doing]))


def test_a_refresh_alone_is_refused_and_drift_is_named() -> None:
    events = [told.step("refresh", "Process", "load", PROPS, PROPS), told.ended()]
    assert "`atlan-pulumi drift`" in refusal(told.lines(events))
    digest = told.digest(told.step("refresh", "Process", "load", PROPS, PROPS))
    assert "`atlan-pulumi drift`" in refusal(digest)


def test_a_preview_that_refreshes_first_is_read() -> None:
    refresh = told.step("refresh", "Process", "load", PROPS, PROPS)
    assert [step.op for step in told.preview(refresh, CREATE).steps] == ["refresh", "create"]


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"resourcePreEvent": {}}, "resourcePreEvent.metadata"),
        ({"resourcePreEvent": {"metadata": {"urn": LOAD}}}, "resourcePreEvent.metadata.op"),
        ({"resourcePreEvent": {"metadata": {"op": "create"}}}, "resourcePreEvent.metadata.urn"),
        ({"resourcePreEvent": {"metadata": {"op": "create", "urn": "x"}}}, "resourcePreEvent.metadata.urn"),
        ({"diagnosticEvent": {"severity": "error"}}, "diagnosticEvent.message"),
        ({"policyEvent": {"message": "x"}}, "policyEvent.policyName"),
        ({"summaryEvent": {}}, "summaryEvent.isPreview"),
    ],
)
def test_an_event_of_another_shape_is_refused(event: told.Event, place: str) -> None:
    assert refusal(told.lines([event])) == (
        f"ev.jsonl: line 1 is an event of a shape that this version does not know, at {place}: "
        "upgrade atlan-pulumi"
    )


@pytest.mark.parametrize("line", ["1", "[]", '{"a": 1}', "null"])
def test_a_line_that_is_no_event_is_refused(line: str) -> None:
    assert refusal(f"{told.log(CREATE)}{line}\n{line}").endswith("is not an event of Pulumi's engine")


def test_events_that_no_review_needs_are_passed_over() -> None:
    more: list[Any] = [{"policyLoadEvent": {}}, {"progressEvent": {"type": "x"}}, {"somethingNewEvent": 3}]
    assert told.preview(*more, CREATE) == told.preview(CREATE)


# -- what is kept -----------------------------------------------------------------------------------------


def test_only_steps_on_this_packages_resources_are_kept() -> None:
    other = told.create("aws:s3/bucket:Bucket", "b", {"name": "b"})
    below = told.create("my:mod:Comp$pulumi-python:dynamic/atlan:Process", "child", PROPS)
    assert [step.urn for step in told.preview(other, CREATE, below).steps] == [
        LOAD,
        told.urn("my:mod:Comp$pulumi-python:dynamic/atlan:Process", "child"),
    ]


def test_messages_are_kept_where_they_concern_lineage() -> None:
    made = told.preview(
        told.said("made anew", LOAD),
        told.said("made anew", LOAD),
        told.said("careful", LOAD, "warning"),
        told.said("printed by the program"),
        told.said("printed by the program", told.STACK),
        told.said("careful", told.urn("aws:s3/bucket:Bucket", "b"), "warning"),
        told.said("careful", severity="warning"),
        told.said("trace", LOAD, "debug"),
        told.said("almost there", LOAD, ephemeral=True),
        told.said("bucket is there", told.urn("aws:s3/bucket:Bucket", "b"), "error"),
        end=told.ended("failed"),
    )
    assert made.notes == [Message(LOAD, "careful", "warning"), Message(LOAD, "made anew", "info")]
    assert [error.text for error in made.errors] == ["bucket is there"]


def test_an_internal_error_of_the_engine_is_an_error() -> None:
    made = told.preview({"errorEvent": {"error": "out of\nmemory"}})
    assert made.errors == [Message("", "out of memory", "error")]
    assert made.result == "failed"


def test_what_policies_found_is_kept_once_and_sorted() -> None:
    found = [
        told.violation("no-cycles", told.STACK, "No cycles\nA → B → A\n"),
        told.violation("naming", LOAD, "<{%fg 1%}>Names\nbad | `one`<{%reset%}>\n", "mandatory"),
        told.violation("no-cycles", told.STACK, "No cycles\nA → B → A\n"),
    ]
    assert told.preview(*found).violations == (
        Violation("advisory", "no-cycles", told.STACK, "No cycles\nA → B → A", "atlan"),
        Violation("mandatory", "naming", LOAD, "Names\nbad | `one`", "atlan"),
    )


def test_what_a_policy_mended_is_told_by_property_and_without_values() -> None:
    event = {
        "policyRemediationEvent": {
            "resourceUrn": LOAD,
            "policyName": "owners",
            "policyPackName": "atlan",
            "before": {"a": 1, "sql": "x", "__p": 1},
            "after": {"a": 1, "sql": "hunter2", "owner_users": ["jo"], "__p": 2},
        }
    }
    assert told.preview(event).violations == (
        Violation("remediate", "owners", LOAD, "changes owner_users, sql", "atlan"),
    )


def test_the_configuration_is_not_kept() -> None:
    prelude = {"preludeEvent": {"config": {"atlan:apiKey": "canary"}}}
    assert "canary" not in repr(told.preview(prelude, CREATE))


def test_a_digest_of_another_shape_is_refused() -> None:
    digest = json.loads(told.digest(CREATE))
    del digest["steps"][0]["op"]
    assert refusal(json.dumps(digest)) == (
        "ev.jsonl is a digest of a shape that this version does not know, at steps.0.op: upgrade atlan-pulumi"
    )


def test_a_digests_errors_make_it_failed() -> None:
    bad = {"urn": LOAD, "message": "error: no such table\n", "severity": "error"}
    made = parse(told.digest(CREATE, diagnostics=[bad]), "x")
    assert (made.result, made.errors) == ("failed", [Message(LOAD, "no such table", "error")])


# -- what else may come -----------------------------------------------------------------------------------


def test_a_line_that_is_nested_too_deep_is_refused_with_its_number() -> None:
    deep = '{"cancelEvent":' * 100_000 + "1" + "}" * 100_000
    assert refusal(f"{told.lines([CREATE])}{deep}\n") == "ev.jsonl: line 2 is nested too deep to be read"


def test_an_end_of_another_name_than_success_is_a_failure() -> None:
    assert told.preview(CREATE, end=told.ended("canceled")).result == "failed"


def test_of_two_summaries_the_last_one_counts() -> None:
    first, last = told.ended("failed"), told.ended("succeeded")
    assert told.preview(first, end=last).result == "succeeded"
    assert told.preview(last, end=first).result == "failed"


def test_an_error_that_is_only_for_the_moment_makes_nothing_fail() -> None:
    made = told.preview(told.said("no", severity="error", ephemeral=True))
    assert (made.result, made.errors) == ("succeeded", [])


def test_one_step_that_was_done_makes_it_a_deployment() -> None:
    done = told.create("Process", "other", PROPS, planning=False)
    assert "a deployment that was done" in refusal(told.lines([*told.begun(), CREATE, done]))


def test_what_a_policy_mended_without_a_difference_is_told_so() -> None:
    events = [
        told.mended("same", LOAD, {"sql": "x", "__p": 1}, {"sql": "x", "__p": 2}),
        told.mended("gone", LOAD, {"b": 1, "a": 1}, {}),
        {"policyRemediationEvent": {"policyName": "bare"}},
    ]
    assert [(found.policy, found.urn, found.message) for found in told.preview(*events).violations] == [
        ("bare", "", "changes nothing that is shown"),
        ("gone", LOAD, "changes a, b"),
        ("same", LOAD, "changes nothing that is shown"),
    ]


def test_the_stack_is_named_though_its_own_step_comes_late_or_not_at_all() -> None:
    assert parse(told.lines([CREATE, *told.begun(), told.ended()]), "x").stack == "shop/dev"
    assert parse(told.lines([CREATE, told.ended()]), "x").stack == "shop/dev"
    assert parse(told.lines([told.ended()]), "x").stack == ""


WHOLE = told.lines([*told.begun(), CREATE, told.delete("Process", "old", PROPS)])
ENDS = [match.start() for match in re.finditer("\n", WHOLE)]


@given(st.integers(1, len(WHOLE)) | st.sampled_from([end + by for end in ENDS for by in (-1, 0, 1)]))
def test_wherever_the_log_is_cut_off_it_is_read_as_far_as_it_goes_or_refused(place: int) -> None:
    """Never is a part of it taken for the whole."""
    there = sum(end <= place for end in ENDS)
    if not there:
        with pytest.raises(ReviewError, match=r"^x: line 1 is not JSON"):
            parse(WHOLE[:place], "x")
        return
    cut = parse(WHOLE[:place], "x")
    assert cut.result == "unfinished"
    assert [step.op for step in cut.steps] == ["create", "delete"][: max(there - 2, 0)]
