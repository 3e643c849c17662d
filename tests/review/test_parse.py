"""Each form of Pulumi's output is read; everything else is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from review import previews

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review import as_markdown, parse, read_preview, review

LOAD = previews.process("load", [0], [1])
STEPS = [
    previews.create("Process", "load", LOAD),
    *previews.replace("Process", "x", LOAD, LOAD, "process_id"),
]


def refusal(text: str) -> str:
    with pytest.raises(ReviewError) as refused:
        parse(text, "ev.jsonl")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_text(previews.log(*STEPS))
    assert read_preview(path) == read_preview(str(path)) == parse(path.read_text(), "x")


def test_a_text_is_read_directly() -> None:
    assert read_preview(previews.log(*STEPS)).stack == "shop/dev"
    assert read_preview("\n " + previews.digest(*STEPS)).stack == "shop/dev"


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + previews.log(*STEPS).encode())
    assert read_preview(path).stack == "shop/dev"


def test_windows_line_ends_and_empty_lines_are_accepted() -> None:
    text = previews.log(*STEPS)
    assert parse(text.replace("\n", "\r\n\r\n"), "x") == parse(text, "x")


def test_a_unicode_line_separator_in_a_name_does_not_end_a_line() -> None:
    event = previews.create("Process", "a\x85b\u2028c", LOAD)
    text = (
        previews.lines([event, previews.summary()])
        .encode()
        .decode("unicode_escape")
        .encode("utf-8", "surrogatepass")
    )
    (step,) = parse(text.decode(), "x").steps
    assert step.urn.endswith("::a\x85b\u2028c")


def test_a_digest_equals_the_events_except_for_policies() -> None:
    events, digest = parse(previews.log(*STEPS), "x"), parse(previews.digest(*STEPS), "x")
    assert (events.has_policies, digest.has_policies) == (True, False)
    assert review(events).changes == review(digest).changes
    assert review(events).graph == review(digest).graph
    assert "This form of input has no policy results" in as_markdown(review(digest))
    assert "no policy results" not in as_markdown(review(events))


@pytest.mark.parametrize(
    "around", ["{}", '{{"changeSummary": {}}}', '{{"summaryEvent": {}}}\n{{"cancelEvent": 1}}']
)
def test_deep_nesting_is_refused_in_one_line(around: str) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    with pytest.raises(ReviewError, match="is nested too deeply") as refused:
        parse(around.format(deep), "x")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_digest_without_steps_changes_nothing() -> None:
    made = review(parse('{"duration": 1, "changeSummary": {}}', "x"))
    assert made.title == "Lineage review"
    assert made.summary == ["No lineage changes.", previews.MAY_MERGE_UNLESS]


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text).startswith("ev.jsonl is empty: use the file of `PULUMI_DEBUG_COMMANDS=true pulumi")


def test_a_saved_plan_is_refused_with_advice() -> None:
    message = refusal(json.dumps({"manifest": {}, "resourcePlans": {}}))
    assert message.startswith("ev.jsonl is a saved plan (`--save-plan`), which contains neither")
    assert "pulumi preview --event-log FILE" in message
    assert "`pulumi preview --json`" in message


@pytest.mark.parametrize("name", ["deployment", "checkpoint"])
def test_a_state_is_refused(name: str) -> None:
    assert "is the state of a stack, not a preview" in refusal(json.dumps({"version": 3, name: {}}))


@pytest.mark.parametrize("text", ["{}", '{"a": 1}', '{\n"steps": []\n}'])
def test_another_json_object_is_refused(text: str) -> None:
    assert refusal(text).startswith("ev.jsonl is not the output of a preview: use the file")


@pytest.mark.parametrize("text", ["hello", "hello\nworld", "[1]\n[2]\n", "{\n  'steps': "])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    assert refusal(text).startswith("ev.jsonl: line 1 is not")


def test_warnings_before_the_json_are_refused_with_advice() -> None:
    message = refusal("warning: a new version is there\n" + previews.digest(*STEPS))
    assert message.endswith("or the output of `pulumi preview --json` alone")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"no\.jsonl cannot be read: no such file or directory$"):
        read_preview(tmp_path / "no.jsonl")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="cannot be read: is a directory"):
        read_preview(tmp_path)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ev.jsonl"
    path.write_bytes(previews.log(*STEPS).encode("utf-16"))
    with pytest.raises(ReviewError, match="is not UTF-8 text"):
        read_preview(path)


def test_a_text_that_is_not_json_is_a_path() -> None:
    with pytest.raises(ReviewError, match="cannot be read"):
        read_preview("x" * 5000)
    with pytest.raises(ReviewError, match="cannot be read"):
        read_preview("a\0b")
