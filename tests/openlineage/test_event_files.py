"""Find event files in folders, and say in which line an event begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage._event_files import event_files, events_in

ON_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
EVENTS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), min_size=1, max_size=5
)


def lines_of(path: Path) -> list[int]:
    return [each.line for each in events_in(path)]


def error_of(path: Path) -> str:
    with pytest.raises(OpenLineageError) as refused:
        events_in(path)
    text = str(refused.value)
    assert text.isprintable()
    start, _, reason = text.partition(f"{path}: ")
    assert start == "cannot read events from "
    return reason


def test_the_files_of_a_folder_and_of_those_in_it_by_name(tmp_path: Path) -> None:
    (tmp_path / "05").mkdir()
    for name in ("b.json", "a.NDJSON", "05/c.jsonl", "notes.txt", "events.log"):
        (tmp_path / name).write_text("{}")
    alone = tmp_path / "events.log"
    found = [each.relative_to(tmp_path).as_posix() for each in event_files([alone, tmp_path])]
    assert found == ["events.log", "05/c.jsonl", "a.NDJSON", "b.json"]


def test_a_folder_without_event_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpenLineageError, match=r"the folder has no file that ends in \.json, \.jsonl"):
        list(event_files([tmp_path]))


@ON_FILES
@given(events=EVENTS, indent=st.sampled_from([None, 0, 2]), before=st.sampled_from(["", "\n", " \n\n"]))
def test_each_event_of_a_list_has_the_line_in_which_it_begins(
    tmp_path: Path, events: list[dict[str, str]], indent: int | None, before: str
) -> None:
    path = tmp_path / "events.json"
    marked = [{"number": number, **each} for number, each in enumerate(events)]
    text = before + json.dumps(marked, indent=indent)
    path.write_text(text, "utf-8")
    found = events_in(path)
    assert [each.data for each in found] == marked
    lines = text.split("\n")
    for each in found:
        rest = "\n".join(lines[each.line - 1 :])
        assert "{" in lines[each.line - 1]
        assert f'"number": {each.data["number"]}' in rest


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"a": 1}\n\n{"a": 2}\n', [1, 3]),
        ('\n{\n  "a": 1\n}\n', [2]),
        ('[\n  {"a": 1},\n  {\n    "a": 2\n  }\n]', [2, 3]),
        ('\ufeff{"a": 1}\r\n{"a": 2}\r\n', [1, 2]),
    ],
)
def test_lines(tmp_path: Path, text: str, lines: list[int]) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(text.encode())
    assert lines_of(path) == lines


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{\n  "a": 1,\n  "b" 2\n}', "line 3: invalid JSON: Expecting ':' delimiter"),
        ('[\n{"a": 1},\n{"b": }]', "line 3: invalid JSON: Expecting value"),
        ('{"a": 1}\n{"b": \n', "line 2: invalid JSON: Expecting value"),
        ("oops", "line 1: invalid JSON: Expecting value"),
        (b"\xff", "not UTF-8 text"),
        (" \n", "no events"),
        ("[ ]", "no events"),
        ("9" * 5000, "line 1: invalid JSON: Exceeds the limit"),
    ],
)
def test_an_unreadable_file_is_one_line(tmp_path: Path, content: str | bytes, reason: str) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert error_of(path).startswith(reason)


def test_a_missing_file_and_a_name_with_control_characters(tmp_path: Path) -> None:
    assert error_of(tmp_path / "none.json") == "No such file or directory"
    with pytest.raises(OpenLineageError, match=r"cannot read events from a\\x1b\[31m"):
        events_in(Path("a\x1b[31m"))


@ON_FILES
@given(text=st.text(alphabet='{}[],:"a1 \n\r\ufeff', max_size=30))
def test_any_text_is_events_or_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(text.encode())
    try:
        found: list[Any] = events_in(path)
    except OpenLineageError as error:
        found, message = [], str(error)
    else:
        message = "read"
    assert message.isprintable()
    assert all(1 <= each.line <= text.count("\n") + 1 for each in found)
