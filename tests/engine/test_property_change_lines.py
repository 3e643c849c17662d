"""Formatting of changes as lines of a report."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.engine._property_changes import SecretChange, SetChange, ValueChange, lines
from atlan_pulumi.text import printable

NAME = "default/snowflake/1/DB/S/T"
TEN = [f"line {number}" for number in range(10)]


def shown(old: Any, new: Any) -> list[str]:
    return lines(ValueChange("p", old, new))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("x", "y", '"x" → "y"'),
        ("x", None, '"x" → (not set)'),
        (None, "", '(not set) → ""'),
        (True, False, "true → false"),
        (1, 2, "1 → 2"),
        ("a", "ä→", '"a" → "ä→"'),
        ({"type_name": "Process", "qualified_name": "a/b/1/x"}, None, "Process a/b/1/x → (not set)"),
        ({"type_name": "Table", "guid": "g"}, {"type_name": "View", "guid": "g"}, "Table g → View g"),
    ],
)
def test_short_values_are_on_one_line(old: Any, new: Any, line: str) -> None:
    assert shown(old, new) == [line]


def test_longer_values_are_on_two_lines() -> None:
    assert shown("x" * 50, "y" * 50) == [f'- "{"x" * 50}"', f'+ "{"y" * 50}"']


def test_multiline_texts_are_a_unified_diff_with_one_context_line() -> None:
    new = [*TEN[:4], "another", *TEN[5:]]
    assert shown("\n".join(TEN), "\n".join(new)) == [
        "@@ -4,3 +4,3 @@",
        "  line 3",
        "- line 4",
        "+ another",
        "  line 5",
    ]


def test_a_long_line_is_shown_around_its_first_difference() -> None:
    old, new = (f"select {'a, ' * 1000}{last} from t" for last in ("b", "c"))
    minus, plus = shown(old, new)
    assert minus.endswith('b from t"')
    assert plus.endswith('c from t"')
    assert minus.startswith("- …")
    assert max(len(minus), len(plus)) < 60


def test_a_difference_at_the_end_of_a_long_line_is_visible() -> None:
    minus, plus = shown("x" * 500, "x" * 501)
    assert minus != plus


@pytest.mark.parametrize("new", ["a\nb\n", "a\r\nb", "a\nb\u2028"])
def test_differences_in_line_endings_are_visible(new: str) -> None:
    (line,) = shown("a\nb", new)
    assert line.startswith('"a\\nb" → "')


def test_items_of_a_set_are_separate_lines() -> None:
    table = {"type_name": "Table", "qualified_name": NAME}
    assert lines(SetChange("p", (table, "x"), ("y",))) == [f"- Table {NAME}", '- "x"', '+ "y"']


def test_many_items_are_abbreviated() -> None:
    found = lines(SetChange("p", tuple(range(500)), ()))
    assert found[:2] == ["- 0", "- 1"]
    assert found[-1] == "… 480 more lines"
    assert len(found) == 21
    assert len(lines(SetChange("p", tuple(range(21)), ()))) == 21, "one extra line is not abbreviated"


def test_secrets_are_hidden() -> None:
    assert lines(SecretChange("p")) == ["[secret] → [secret]"]


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x9b", "\u202e", "\r", "\u2028"])
def test_control_characters_are_escaped(character: str) -> None:
    for found in (
        *shown("a", f"b{character}[31mred"),
        *shown("a\nb", f"a\nc{character}[31m"),
        *lines(SetChange("p", (), (character,))),
    ):
        assert character not in found
        assert found.isprintable()
    assert printable(f"a{character}b").startswith("a\\")
