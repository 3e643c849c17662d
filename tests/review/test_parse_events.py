"""Which of the engine's events are read, and which are refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review import previews

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.lifecycle import EntityKey, stale_line
from atlan_pulumi.preflight._unready_assets import Situation, unready_line
from atlan_pulumi.review import Message, Violation, parse

LOAD = previews.urn("Process", "load")
PROPS = previews.process("load", [0], [1])
TABLE, OTHER = (EntityKey("Table", f"default/snowflake/1/DB/S/{name}") for name in "AB")
CREATE = previews.create("Process", "load", PROPS)


def refusal(text: str) -> str:
    with pytest.raises(ReviewError) as refused:
        parse(text, "ev.jsonl")
    return str(refused.value)


# -- results ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "result"),
    [
        (previews.summary(), "succeeded"),
        (previews.summary(None), "succeeded"),
        (previews.summary("failed"), "failed"),
    ],
)
def test_the_result_comes_from_the_summary_event(end: previews.Event, result: str) -> None:
    assert previews.preview(CREATE, end=end).result == result


def test_an_error_means_failed_with_an_older_engine() -> None:
    assert (
        previews.preview(previews.message("no", severity="error"), end=previews.summary(None)).result
        == "failed"
    )


def test_without_a_summary_event_the_preview_is_unfinished() -> None:
    text = previews.lines([*previews.prelude(), CREATE])
    assert parse(text, "x").result == "unfinished"
    assert len(parse(text, "x").steps) == 1


@pytest.mark.parametrize("characters", [1, 30, 200])
def test_an_incomplete_last_line_is_ignored(characters: int) -> None:
    text = previews.lines([*previews.prelude(), CREATE, previews.delete("Process", "old", PROPS)])
    cut = parse(text[:-characters].rstrip("}"), "x")
    assert cut.result == "unfinished"
    assert [step.op for step in cut.steps] == ["create"]


def test_a_broken_line_in_the_middle_is_refused() -> None:
    whole = previews.log(CREATE).splitlines()
    whole[1] = whole[1][:-5]
    assert refusal("\n".join(whole)) == "ev.jsonl: line 2 is not JSON"


# -- refused input ----------------------------------------------------------------------------------------


def test_the_events_of_a_deployment_are_refused() -> None:
    done = refusal(previews.log(CREATE, end=previews.summary(is_preview=False)))
    assert done == (
        "ev.jsonl is the log of a deployment, not of a preview: use the output of `pulumi preview`"
    )


def test_the_incomplete_events_of_a_deployment_are_refused() -> None:
    doing = previews.create("Process", "load", PROPS, planning=False)
    assert "is the log of a deployment" in refusal(previews.lines([doing]))


def test_a_refresh_is_refused_and_drift_is_suggested() -> None:
    events = [previews.step("refresh", "Process", "load", PROPS, PROPS), previews.summary()]
    assert "`atlan-pulumi drift`" in refusal(previews.lines(events))
    digest = previews.digest(previews.step("refresh", "Process", "load", PROPS, PROPS))
    assert "`atlan-pulumi drift`" in refusal(digest)


def test_a_preview_that_refreshes_first_is_read() -> None:
    refresh = previews.step("refresh", "Process", "load", PROPS, PROPS)
    assert [step.op for step in previews.preview(refresh, CREATE).steps] == ["refresh", "create"]


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
def test_an_event_of_an_unknown_format_is_refused(event: previews.Event, place: str) -> None:
    assert refusal(previews.lines([event])) == (
        f"ev.jsonl: line 1: unknown format of an event, at {place}: upgrade atlan-pulumi"
    )


@pytest.mark.parametrize("line", ["1", "[]", '{"a": 1}', "null"])
def test_a_line_that_is_not_an_event_is_refused(line: str) -> None:
    assert refusal(f"{previews.log(CREATE)}{line}\n{line}").endswith("is not an event of Pulumi's engine")


def test_other_events_are_ignored() -> None:
    more: list[Any] = [{"policyLoadEvent": {}}, {"progressEvent": {"type": "x"}}, {"somethingNewEvent": 3}]
    assert previews.preview(*more, CREATE) == previews.preview(CREATE)


# -- relevant events --------------------------------------------------------------------------------------


def test_only_steps_on_resources_of_this_package_are_kept() -> None:
    other = previews.create("aws:s3/bucket:Bucket", "b", {"name": "b"})
    below = previews.create("my:mod:Comp$pulumi-python:dynamic/atlan:Process", "child", PROPS)
    assert [step.urn for step in previews.preview(other, CREATE, below).steps] == [
        LOAD,
        previews.urn("my:mod:Comp$pulumi-python:dynamic/atlan:Process", "child"),
    ]


def test_only_messages_about_lineage_are_kept() -> None:
    made = previews.preview(
        previews.message("recreated", LOAD),
        previews.message("recreated", LOAD),
        previews.message("careful", LOAD, "warning"),
        previews.message("printed by the program"),
        previews.message("printed by the program", previews.STACK),
        previews.message("careful", previews.urn("aws:s3/bucket:Bucket", "b"), "warning"),
        previews.message("careful", severity="warning"),
        previews.message("trace", LOAD, "debug"),
        previews.message("almost there", LOAD, ephemeral=True),
        previews.message("bucket is there", previews.urn("aws:s3/bucket:Bucket", "b"), "error"),
        end=previews.summary("failed"),
    )
    assert made.notes == [Message(LOAD, "careful", "warning"), Message(LOAD, "recreated", "info")]
    assert [error.text for error in made.errors] == ["bucket is there"]


@pytest.mark.parametrize(
    "line",
    [
        unready_line(Situation("partial", 1, archived=False), [TABLE], ["load"]),
        unready_line(Situation("wait", 1, archived=False), [TABLE, OTHER], ["load"]),
        unready_line(Situation("wait", 1, archived=True), [TABLE], ["load"]),
        stale_line("Table 'a'", 1, 9),
        stale_line("Table 'a' and Table 'b'", 2, 9),
    ],
)
def test_lines_of_preflight_on_the_whole_program_are_notes(line: str) -> None:
    made = previews.preview(previews.message(line, previews.STACK), previews.message("other", previews.STACK))
    assert made.notes == [Message(previews.STACK, line, "info")]


def test_an_internal_error_of_the_engine_is_an_error() -> None:
    made = previews.preview({"errorEvent": {"error": "out of\nmemory"}})
    assert made.errors == [Message("", "out of memory", "error")]
    assert made.result == "failed"


def test_policy_violations_are_kept_once_and_sorted() -> None:
    found = [
        previews.violation("no-cycles", previews.STACK, "No cycles\nA → B → A\n"),
        previews.violation("naming", LOAD, "<{%fg 1%}>Names\nbad | `one`<{%reset%}>\n", "mandatory"),
        previews.violation("no-cycles", previews.STACK, "No cycles\nA → B → A\n"),
    ]
    assert previews.preview(*found).violations == (
        Violation("advisory", "no-cycles", previews.STACK, "No cycles\nA → B → A", "atlan"),
        Violation("mandatory", "naming", LOAD, "Names\nbad | `one`", "atlan"),
    )


def test_a_remediation_has_the_properties_and_not_the_values() -> None:
    event = {
        "policyRemediationEvent": {
            "resourceUrn": LOAD,
            "policyName": "owners",
            "policyPackName": "atlan",
            "before": {"a": 1, "sql": "x", "__p": 1},
            "after": {"a": 1, "sql": "hunter2", "owner_users": ["jo"], "__p": 2},
        }
    }
    assert previews.preview(event).violations == (
        Violation("remediate", "owners", LOAD, "changes owner_users, sql", "atlan"),
    )


def test_the_configuration_is_not_kept() -> None:
    prelude = {"preludeEvent": {"config": {"atlan:apiKey": "canary"}}}
    assert "canary" not in repr(previews.preview(prelude, CREATE))


def test_a_digest_of_an_unknown_format_is_refused() -> None:
    digest = json.loads(previews.digest(CREATE))
    del digest["steps"][0]["op"]
    assert refusal(json.dumps(digest)) == (
        "ev.jsonl: unknown format of a digest, at steps.0.op: upgrade atlan-pulumi"
    )


def test_errors_in_a_digest_mean_failed() -> None:
    bad = {"urn": LOAD, "message": "error: no such table\n", "severity": "error"}
    made = parse(previews.digest(CREATE, diagnostics=[bad]), "x")
    assert (made.result, made.errors) == ("failed", [Message(LOAD, "no such table", "error")])


# -- special cases ----------------------------------------------------------------------------------------


def test_a_deeply_nested_line_is_refused_with_its_number() -> None:
    deep = '{"cancelEvent":' * 100_000 + "1" + "}" * 100_000
    assert refusal(f"{previews.lines([CREATE])}{deep}\n") == "ev.jsonl: line 2 is nested too deeply"


def test_any_result_except_succeeded_is_a_failure() -> None:
    assert previews.preview(CREATE, end=previews.summary("canceled")).result == "failed"


def test_the_last_summary_event_counts() -> None:
    first, last = previews.summary("failed"), previews.summary("succeeded")
    assert previews.preview(first, end=last).result == "succeeded"
    assert previews.preview(last, end=first).result == "failed"


def test_an_ephemeral_error_is_ignored() -> None:
    made = previews.preview(previews.message("no", severity="error", ephemeral=True))
    assert (made.result, made.errors) == ("succeeded", [])


def test_one_executed_step_means_a_deployment() -> None:
    done = previews.create("Process", "other", PROPS, planning=False)
    assert "is the log of a deployment" in refusal(previews.lines([*previews.prelude(), CREATE, done]))


def test_a_remediation_without_a_visible_change_says_so() -> None:
    events = [
        previews.remediation("same", LOAD, {"sql": "x", "__p": 1}, {"sql": "x", "__p": 2}),
        previews.remediation("gone", LOAD, {"b": 1, "a": 1}, {}),
        {"policyRemediationEvent": {"policyName": "bare"}},
    ]
    assert [(found.policy, found.urn, found.message) for found in previews.preview(*events).violations] == [
        ("bare", "", "no visible change"),
        ("gone", LOAD, "changes a, b"),
        ("same", LOAD, "no visible change"),
    ]


def test_the_name_of_the_stack_does_not_need_its_own_step() -> None:
    assert parse(previews.lines([CREATE, *previews.prelude(), previews.summary()]), "x").stack == "shop/dev"
    assert parse(previews.lines([CREATE, previews.summary()]), "x").stack == "shop/dev"
    assert parse(previews.lines([previews.summary()]), "x").stack == ""


WHOLE = previews.lines([*previews.prelude(), CREATE, previews.delete("Process", "old", PROPS)])
ENDS = [match.start() for match in re.finditer("\n", WHOLE)]


@given(st.integers(1, len(WHOLE)) | st.sampled_from([end + by for end in ENDS for by in (-1, 0, 1)]))
def test_an_incomplete_log_is_read_as_unfinished_or_refused(place: int) -> None:
    """A part of a log is never taken for all of it."""
    there = sum(end <= place for end in ENDS)
    if not there:
        with pytest.raises(ReviewError, match=r"^x: line 1 is not JSON"):
            parse(WHOLE[:place], "x")
        return
    cut = parse(WHOLE[:place], "x")
    assert cut.result == "unfinished"
    assert [step.op for step in cut.steps] == ["create", "delete"][: max(there - 2, 0)]
