"""Names are shown unchanged, without syntax, HTML, mentions, or links."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from review import reader

from atlan_pulumi.review._markdown import code_span, escape_text, table_cell
from atlan_pulumi.text import printable

#: Texts of possible syntax, letters, and any characters.
TEXTS = st.text(
    st.sampled_from("`|\\*_<>[]()#@!&;:/.~$-+=0aB \"'") | st.characters(codec="utf-8"), max_size=60
)
LINES = TEXTS.map(lambda text: text.replace("\n", " "))


def table(*cells: str) -> str:
    heads = "|".join(["x"] * len(cells))
    return f"| {heads} |\n|{' --- |' * len(cells)}\n| {' | '.join(cells)} |\n"


@settings(max_examples=300)
@given(st.lists(LINES.filter(str.strip), min_size=1, max_size=3), LINES)
@example(["a|b", "``", "` a `"], "x")
@example(["\\|", "\\\\|", "a\\"], "|")
@example([" a ", " `"], "  ")
@example(["<!-- x -->", "<script>alert(1)</script>", "</td>"], "@me #1")
def test_a_table_cell_shows_its_lines_unchanged(lines: list[str], other: str) -> None:
    shown = reader.tables(table(table_cell("\n".join(lines)), table_cell(other)))
    ((first, second),) = shown[0]
    assert first == "\n".join(map(printable, lines))
    assert second == printable(other)


@given(LINES.filter(bool))
def test_a_code_span_contains_no_other_syntax(line: str) -> None:
    assert reader.kinds(f"a {code_span(line)} b") == {
        "paragraph_open",
        "inline",
        "text",
        "code_inline",
        "paragraph_close",
    }


@settings(max_examples=300)
@given(LINES.filter(str.strip))
@example("# a")
@example("- a")
@example("1. a")
@example("10) a")
@example("=== ")
@example("<b>a</b> &amp; [a](b) ![c](d) https://a.b www.a.b")
def test_escaped_text_contains_no_syntax(text: str) -> None:
    expected = printable(" ".join(text.split()))
    for block in ("{}", "# {}", "- {}"):
        shown = reader.prose(block.format(escape_text(text)))
        assert shown.replace("\u200b", "") == expected.strip()


@given(LINES)
def test_escaped_text_contains_no_mention_and_no_issue_link(text: str) -> None:
    shown = reader.prose(f"a {escape_text(text)}")
    assert not re.search(r"[@#]\w|\bGH-\d", shown, re.IGNORECASE)


@pytest.mark.parametrize("text", ["@octocat", "#12", "GH-12", "owner/repo#3", "@org/team", "me@example.com"])
def test_text_that_github_would_link_is_escaped(text: str) -> None:
    assert "&#8203;" in escape_text(text)
    assert code_span(text) == f"`{text}`", "GitHub does not link text in code"


def test_plain_text_is_not_escaped() -> None:
    assert escape_text("3 processes added, 1 removed (2 errors): see --help.") == (
        "3 processes added, 1 removed (2 errors): see --help."
    )


def test_unprintable_characters_are_escaped() -> None:
    assert code_span("a\x1b[31m\u202eb\x00") == r"`a\x1b[31m\u202eb\x00`"
    assert table_cell("a\r\nb") == r"`a\r`<br>`b`"


@pytest.mark.parametrize("empty", ["", "\n", "\n\n"])
def test_an_empty_cell_is_empty(empty: str) -> None:
    assert table_cell(empty) == ""
