"""Whatever a name holds, it is shown as it is: no syntax, no HTML, no mention, no link."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from review import reader

from atlan_pulumi.review._markdown import cell, code, prose
from atlan_pulumi.text import printable

#: Texts of what may be syntax, of letters, and of anything.
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
def test_a_cell_shows_its_lines_as_they_are(lines: list[str], other: str) -> None:
    shown = reader.tables(table(cell("\n".join(lines)), cell(other)))
    ((first, second),) = shown[0]
    assert first == "\n".join(map(printable, lines))
    assert second == printable(other)


@given(LINES.filter(bool))
def test_a_code_span_is_all_that_there_is(line: str) -> None:
    assert reader.kinds(f"a {code(line)} b") == {
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
def test_prose_is_nothing_but_text(text: str) -> None:
    expected = printable(" ".join(text.split()))
    for block in ("{}", "# {}", "- {}"):
        shown = reader.prose(block.format(prose(text)))
        assert shown.replace("\u200b", "") == expected.strip()


@given(LINES)
def test_prose_holds_no_mention_and_no_link_to_an_issue(text: str) -> None:
    shown = reader.prose(f"a {prose(text)}")
    assert not re.search(r"[@#]\w|\bGH-\d", shown, re.IGNORECASE)


@pytest.mark.parametrize("text", ["@octocat", "#12", "GH-12", "owner/repo#3", "@org/team", "me@example.com"])
def test_what_github_would_make_a_link_of(text: str) -> None:
    assert "&#8203;" in prose(text)
    assert code(text) == f"`{text}`", "it looks for none in code"


def test_what_needs_no_escape_has_none() -> None:
    assert prose("3 processes added, 1 removed (2 errors): see --help.") == (
        "3 processes added, 1 removed (2 errors): see --help."
    )


def test_what_cannot_be_printed_shows_as_an_escape() -> None:
    assert code("a\x1b[31m\u202eb\x00") == r"`a\x1b[31m\u202eb\x00`"
    assert cell("a\r\nb") == r"`a\r`<br>`b`"


@pytest.mark.parametrize("empty", ["", "\n", "\n\n"])
def test_an_empty_cell_is_empty(empty: str) -> None:
    assert cell(empty) == ""
