"""Read events from every form of file, and refuse unreadable files with one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage.validate import read_events

VALUES = st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none(), max_size=4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.ndjson"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(VALUES, min_size=1, max_size=5), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_one_event_per_line_with_any_characters(file: Path, events: list[object], end: str) -> None:
    """Includes characters that `splitlines` splits at, such as U+0085 and U+2028."""
    file.write_text(
        "".join(json.dumps(each, ensure_ascii=False) + end for each in events), "utf-8", newline=""
    )
    assert read_events(file) == events


@pytest.mark.parametrize("strange", ["\x85", "\u2028", "\u2029"])
def test_unicode_line_separators_do_not_split_events(file: Path, strange: str) -> None:
    events = [{"name": f"a{strange}b"}, {"name": "c"}]
    file.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in events), "utf-8")
    assert read_events(file) == events


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_events_and_a_single_event(file: Path, indent: int | None) -> None:
    file.write_text(json.dumps([{"a": 1}, {"b": 2}], indent=indent), "utf-8")
    assert read_events(file) == [{"a": 1}, {"b": 2}]
    file.write_text(json.dumps({"a": 1}, indent=indent), "utf-8")
    assert read_events(file) == [{"a": 1}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no events"),
        ("\n \n", "no events"),
        ("[]", "no events"),
        ('{"a": 1}\n{"a": \n', "line 2: invalid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1}\n' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_an_invalid_file_is_refused_with_one_line(file: Path, text: str, reason: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(OpenLineageError, match=reason) as refused:
        read_events(file)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_binary_file_are_refused(file: Path) -> None:
    with pytest.raises(OpenLineageError, match="No such file"):
        read_events(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OpenLineageError, match="not UTF-8"):
        read_events(file)
