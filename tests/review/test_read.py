"""Each form in which Pulumi tells of a preview is read; what is something else is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from review import told

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review import as_markdown, parse, read_preview, review

LOAD = told.process("load", [0], [1])
STEPS = [told.create("Process", "load", LOAD), *told.replace("Process", "x", LOAD, LOAD, "process_id")]


def refusal(text: str) -> str:
    with pytest.raises(ReviewError) as refused:
        parse(text, "ev.jsonl")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_text(told.log(*STEPS))
    assert read_preview(path) == read_preview(str(path)) == parse(path.read_text(), "x")


def test_a_text_is_read_as_it_is() -> None:
    assert read_preview(told.log(*STEPS)).stack == "shop/dev"
    assert read_preview("\n " + told.digest(*STEPS)).stack == "shop/dev"


def test_a_mark_of_byte_order_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + told.log(*STEPS).encode())
    assert read_preview(path).stack == "shop/dev"


def test_lines_may_end_as_on_windows_and_be_empty() -> None:
    text = told.log(*STEPS)
    assert parse(text.replace("\n", "\r\n\r\n"), "x") == parse(text, "x")


def test_a_line_separator_within_a_name_does_not_end_a_line() -> None:
    event = told.create("Process", "a\x85b\u2028c", LOAD)
    text = (
        told.lines([event, told.ended()]).encode().decode("unicode_escape").encode("utf-8", "surrogatepass")
    )
    (step,) = parse(text.decode(), "x").steps
    assert step.urn.endswith("::a\x85b\u2028c")


def test_the_digest_tells_the_same_as_the_events_but_for_policies() -> None:
    events, digest = parse(told.log(*STEPS), "x"), parse(told.digest(*STEPS), "x")
    assert (events.tells_policies, digest.tells_policies) == (True, False)
    assert review(events).changes == review(digest).changes
    assert review(events).graph == review(digest).graph
    assert "What policies found is not in this form of input" in as_markdown(review(digest))
    assert "What policies found" not in as_markdown(review(events))


@pytest.mark.parametrize(
    "around", ["{}", '{{"changeSummary": {}}}', '{{"summaryEvent": {}}}\n{{"cancelEvent": 1}}']
)
def test_what_is_nested_too_deep_is_one_line(around: str) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    with pytest.raises(ReviewError, match="is nested too deep to be read") as refused:
        parse(around.format(deep), "x")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_digest_without_steps_changes_nothing() -> None:
    made = review(parse('{"duration": 1, "changeSummary": {}}', "x"))
    assert made.title == "Lineage review"
    assert made.summary == ["No lineage changes.", told.MAY_UNLESS]


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text).startswith(
        "ev.jsonl is empty: give the file that `PULUMI_DEBUG_COMMANDS=true pulumi"
    )


def test_a_saved_plan_is_refused_with_what_to_give_instead() -> None:
    told_ = refusal(json.dumps({"manifest": {}, "resourcePlans": {}}))
    assert told_.startswith("ev.jsonl is a saved plan (`--save-plan`), which does not tell what is there now")
    assert "pulumi preview --event-log FILE" in told_
    assert "`pulumi preview --json`" in told_


@pytest.mark.parametrize("name", ["deployment", "checkpoint"])
def test_a_state_is_refused(name: str) -> None:
    assert "is the state of a stack, not a preview" in refusal(json.dumps({"version": 3, name: {}}))


@pytest.mark.parametrize("text", ["{}", '{"a": 1}', '{\n"steps": []\n}'])
def test_another_json_object_is_refused(text: str) -> None:
    assert refusal(text).startswith("ev.jsonl is not what a preview tells: give the file")


@pytest.mark.parametrize("text", ["hello", "hello\nworld", "[1]\n[2]\n", "{\n  'steps': "])
def test_what_is_no_json_is_refused(text: str) -> None:
    assert refusal(text).startswith("ev.jsonl: line 1 is not")


def test_warnings_before_the_json_are_refused_with_the_remedy() -> None:
    told_ = refusal("warning: a new version is there\n" + told.digest(*STEPS))
    assert told_.endswith("or the output of `pulumi preview --json` alone")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"no\.jsonl cannot be read: no such file or directory$"):
        read_preview(tmp_path / "no.jsonl")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="cannot be read: is a directory"):
        read_preview(tmp_path)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_bytes(told.log(*STEPS).encode("utf-16"))
    with pytest.raises(ReviewError, match="is not UTF-8 text"):
        read_preview(path)


def test_a_text_that_is_no_json_is_taken_for_a_path() -> None:
    with pytest.raises(ReviewError, match="cannot be read"):
        read_preview("x" * 5000)
    with pytest.raises(ReviewError, match="cannot be read"):
        read_preview("a\0b")
