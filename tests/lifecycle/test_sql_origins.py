"""The note on where derived columns come from: written by a preview, read by a review."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle import origin_note, read_origin_note

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)


@given(st.dictionaries(NAMES, st.integers(1, 10_000), min_size=1), st.integers(0, 3))
def test_a_note_reads_back_as_places(lines: dict[str, int], more: int) -> None:
    found = read_origin_note(origin_note("sql/a: b.sql", lines, more))
    assert found == {column: f"sql/a: b.sql:{line}" for column, line in lines.items()}


def test_a_process_has_its_line_in_words() -> None:
    note = origin_note("Process 'load' sql", {"DB/S/T/ID": 3})
    assert note == "derived from Process 'load' sql: \"DB/S/T/ID\" in line 3"
    assert read_origin_note(note) == {"DB/S/T/ID": "Process 'load' sql, line 3"}


@pytest.mark.parametrize(
    "note",
    ["ColumnProcess 'x' is new", "derived from x", 'derived from x: "a" in line', 'derived from x: "a"'],
)
def test_other_notes_have_no_places(note: str) -> None:
    assert read_origin_note(note) == {}
