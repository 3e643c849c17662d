"""What is taken from the engine's events, and which events are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from review import told

from atlan_pulumi.review import Message, ReviewError, Violation, parse

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
