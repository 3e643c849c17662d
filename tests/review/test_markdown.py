"""The comment: what it holds, how it is cut to fit, and that it is the same for the same preview."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review import reader, told

from atlan_pulumi.review import MARKER, Graph, Impact, Preview, Review, Section, as_markdown
from atlan_pulumi.review._markdown import MOST_CHARACTERS

LOAD = told.process("load", [0], [1])
GITHUB = 65_536


class Told(Review):
    """A review with the sections that a test gives it."""

    given: tuple[Section, ...] = ()

    @property
    def sections(self) -> list[Section]:
        return list(self.given)

    @property
    def summary(self) -> list[str]:
        return ["No lineage changes."]


def with_sections(*given: Section, title: str = "x") -> str:
    made = Told(title, Preview("", "succeeded", (), ()), (), Impact())
    object.__setattr__(made, "given", given)
    return as_markdown(made)


def rows(count: int, text: str = "x") -> list[tuple[str, ...]]:
    return [(f"row {number:05}", text) for number in range(count)]


def titles(markdown: str) -> list[str]:
    return [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]


# -- what it holds ----------------------------------------------------------------------------------------


def test_a_whole_comment() -> None:
    old = {**LOAD, "sql": "select 1"}
    made = told.reviewed(
        told.update("Process", "load", old, {**old, "sql": "select a | b"}),
        told.delete("Process", "gone", told.process("gone", [1], [2])),
        depth=0,
    )
    before, _, after = as_markdown(made).partition("```mermaid\n")
    assert before == (
        "<!-- atlan-pulumi review -->\n\n# Lineage review of shop/dev\n\n"
        "- 1 process changed, 1 process removed.\n- This pull request may be merged.\n\n"
    )
    diagram, _, rest = after.partition("\n```\n")
    assert diagram.startswith("flowchart LR\n")
    assert rest == (
        "\n## Changed\n\n| Resource | Property | Change |\n| --- | --- | --- |\n"
        '| `Process load` | `sql` | `"select 1" → "select a \\| b"` |\n\n'
        "## Removed\n\n| Resource | Lineage | In Atlan |\n| --- | --- | --- |\n"
        "| `Process gone` | `DB/S/T1 → DB/S/T2` | `removed` |\n"
    )


def test_its_first_line_is_the_marker_whatever_its_title() -> None:
    assert as_markdown(told.reviewed()).splitlines()[0] == MARKER
    assert as_markdown(told.reviewed(title=" --> @me\n# x ")).splitlines()[:3] == [
        MARKER,
        "",
        "# \\--\\> @&#8203;me #&#8203; x",
    ]


def test_nothing_that_changes_is_a_short_comment() -> None:
    assert as_markdown(told.reviewed(told.same("Process", "load", LOAD))) == (
        f"{MARKER}\n\n# Lineage review of shop/dev\n\n- No lineage changes.\n- {told.MAY}\n"
    )


def test_errors_come_before_the_diagram() -> None:
    error = told.said("Atlan has no Table 'X'", told.urn("Process", "bad"), "error")
    text = as_markdown(told.reviewed(told.create("Process", "load", LOAD), error, end=told.ended("failed")))
    assert (
        text.index("The preview failed (1 error)")
        < text.index("Atlan has no Table")
        < text.index("```mermaid")
    )
    assert titles(text) == ["Errors", "Added"]


def test_a_section_may_be_its_intro_alone() -> None:
    assert with_sections(Section("T", (), [], "Why *not*.")).endswith("\n\n## T\n\nWhy \\*not\\*.\n")


def test_names_from_outside_stay_in_their_places() -> None:
    odd = "a|b `c` <b>@octocat #1</b> \\| [x](y)\n# h\n```"
    props = {**LOAD, "name": odd, "inputs": told.tables(f"default/x/1/{odd}")}
    events = [
        told.create("Process", "odd", props),
        told.update("Process", "load", {**LOAD, "sql": "x"}, {**LOAD, "sql": odd}),
        told.said(odd, told.urn("Process", "load")),
        told.violation(odd.splitlines()[0], told.urn("Process", "load"), odd),
    ]
    made = told.reviewed(*events)
    text = as_markdown(made)
    assert len(reader.fences(text)) == 1
    assert reader.kinds(text) >= {"code_inline", "html_block"}
    assert not reader.kinds(text) & {"link_open", "image", "strong_open", "em_open"}
    assert [len(table) for table in reader.tables(text)] == [len(each.rows) for each in made.sections]


def test_a_fence_that_the_diagram_holds_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlan_pulumi.review._markdown.mermaid", lambda graph: "a\n````\nb\n")
    ((info, content),) = reader.fences(as_markdown(told.reviewed(told.create("Process", "load", LOAD))))
    assert (info, content) == ("mermaid", "a\n````\nb\n")


# -- how it is cut ----------------------------------------------------------------------------------------


def test_a_short_table_is_whole() -> None:
    text = with_sections(Section("T", ("A", "B"), rows(200)))
    assert len(reader.tables(text)[0]) == 200
    assert "more" not in text


def test_a_long_table_tells_how_many_rows_are_missing() -> None:
    text = with_sections(Section("T", ("A", "B"), rows(340)))
    (table,) = reader.tables(text)
    assert [row[0] for row in table] == [f"row {number:05}" for number in range(200)]
    assert text.endswith("|\n\nand 140 more\n")


def test_tables_share_the_room_and_short_ones_are_whole() -> None:
    given = [
        Section("Long", ("A", "B"), rows(150, "y" * 900)),
        Section("Short", ("A", "B"), rows(5)),
        Section("Longer", ("A", "B"), rows(190, "z" * 1900)),
    ]
    text = with_sections(*given)
    assert MOST_CHARACTERS - 6000 < len(text) < MOST_CHARACTERS
    long, short, longer = reader.tables(text)
    assert len(short) == 5
    assert 20 < len(long) < 40
    assert 10 < len(longer) < 20
    for table, section in ((long, given[0]), (longer, given[2])):
        assert f"\nand {len(section.rows) - len(table)} more\n" in text


def test_a_cell_of_very_many_lines_tells_how_many_are_missing() -> None:
    many = "\n".join(f"line {number}" for number in range(170))
    long = "\n".join("x" * 700 for _ in range(4))
    ((row,),) = reader.tables(with_sections(Section("T", ("A", "B"), [(many, long)])))
    assert row[0].splitlines() == [*(f"line {number}" for number in range(30)), "and 140 more"]
    assert row[1].splitlines() == ["x" * 700, "x" * 700, "and 2 more"]


def test_a_very_long_text_is_cut() -> None:
    ((row,),) = reader.tables(with_sections(Section("T", ("A",), [("`" * 5000,)]), title="t" * 5000))
    assert row == ["`" * 1999 + "…"]
    assert len(with_sections(title="t" * 5000)) < 300


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 3000), st.sampled_from("x`|\\<@\n")),
        min_size=1,
        max_size=8,
    )
)
def test_it_always_fits_and_is_never_torn(shapes: list[tuple[int, int, str]]) -> None:
    given_ = [
        Section(f"S{place}", ("A", "B"), rows(count, letter * length), "Intro.")
        for place, (count, length, letter) in enumerate(shapes)
    ]
    text = with_sections(*given_)
    assert len(text) < MOST_CHARACTERS < GITHUB
    assert titles(text) == [section.title for section in given_]
    shown = iter(reader.tables(text))
    for line, section in zip(text.split("\n## ")[1:], given_, strict=True):
        got = len(next(shown)) if "| --- |" in line else 0
        missing = len(section.rows) - got
        assert (f"and {missing:,} more" in line) == (missing > 0)


def test_thousands_of_changes_fit() -> None:
    many = {f"p{number:04}": {"inputs": "T0", "outputs": f"X{number}"} for number in range(3000)}
    text = as_markdown(told.reviewed(told.create("ProcessSet", "set", told.process_set(many))))
    assert len(text) < MOST_CHARACTERS
    assert "3,000 processes added" in text
    assert "\nand 2,800 more\n" in text
    assert len(reader.fences(text)) == 1


# -- the same preview, the same comment -------------------------------------------------------------------


def shuffled(groups: list[list[told.Event]], seed: int) -> str:
    """The events in another order that the engine may choose: of one resource they keep theirs."""
    chance, waiting, order = random.Random(seed), [list(group) for group in groups], []
    while waiting:
        group = chance.choice(waiting)
        order.append(group.pop(0))
        waiting = [each for each in waiting if each]
    numbered = [{**event, "timestamp": chance.random(), "sequence": chance.random()} for event in order]
    return told.lines([*told.begun(), *numbered, told.ended()])


def groups() -> list[list[told.Event]]:
    x = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}
    load = told.urn("Process", "load")
    moved = told.process("moved", [2], [3], process_id="b")
    return [
        [
            told.said("adopted", load),
            told.said("careful", load, "warning"),
            told.create("Process", "load", LOAD),
        ],
        [told.violation("one", load, "bad")],
        [told.violation("two", told.urn("ProcessSet", "set"), "bad", "mandatory")],
        [told.said("no", severity="error")],
        [told.update("ProcessSet", "set", told.process_set({"x": x}), told.process_set({"y": x}))],
        [told.create("ColumnLineage", "cols", told.column_lineage("load", {"A": "A", "B": "B"}))],
        [told.delete("Process", "gone", told.process("gone", [0], [1]))],
        [told.same("Process", "stays", told.process("stays", [0], [1]))],
        told.replace("Process", "moved", told.process("moved", [2], [3]), moved, "process_id"),
        [told.create("OpenLineageJob", "j", told.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"]}))],
    ]


EXPECTED = as_markdown(told.review(told.parse(shuffled(groups(), 0), "x")))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6))
def test_the_order_of_events_and_their_times_do_not_matter(seed: int) -> None:
    assert as_markdown(told.review(told.parse(shuffled(groups(), seed), "x"))) == EXPECTED


def test_the_comment_of_that_plan_tells_of_all_of_it() -> None:
    assert titles(EXPECTED) == [
        "Errors",
        "Policies",
        "Added",
        "Replaced",
        "Removed",
        "Impact downstream",
        "Notes",
    ]
    assert "1795678615" not in EXPECTED


def test_no_graph_no_diagram() -> None:
    props: dict[str, Any] = {"name": "etl", "connector": "airflow"}
    made = told.reviewed(told.create("Connection", "etl", props))
    assert made.graph == Graph((), ())
    assert "mermaid" not in as_markdown(made)


# -- where exactly it is cut ------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shown"), [(30, 30), (31, 30)])
def test_a_cell_holds_thirty_lines(count: int, shown: int) -> None:
    lines = [f"line {number}" for number in range(count)]
    ((row,),) = reader.tables(with_sections(Section("T", ("A",), [("\n".join(lines),)])))
    more = [f"and {count - shown} more"] if count > shown else []
    assert row[0].splitlines() == [*lines[:shown], *more]


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [((2_000,), [2_000]), ((2_001,), [2_000]), ((1_000, 1_000), [1_000, 1_000]), ((1_000, 1_001), [1_000])],
)
def test_a_cell_holds_two_thousand_characters(lengths: tuple[int, ...], shown: list[int]) -> None:
    text = "\n".join("x" * length for length in lengths)
    ((row,),) = reader.tables(with_sections(Section("T", ("A",), [(text,)])))
    lines = row[0].splitlines()
    more = len(lengths) - len(shown)
    assert [len(line) for line in lines if line != f"and {more} more"] == shown
    assert lines[0].endswith("…") == (lengths == (2_001,))


@pytest.mark.parametrize(("length", "cut"), [(200, False), (201, True)])
def test_a_title_holds_two_hundred_characters(length: int, cut: bool) -> None:
    title = with_sections(title="t" * length).splitlines()[2].removeprefix("# ")
    assert title == ("t" * 199 + "…" if cut else "t" * length)


@pytest.mark.parametrize(("count", "more"), [(200, ""), (201, "and 1 more"), (1_300, "and 1,100 more")])
def test_a_table_holds_two_hundred_rows(count: int, more: str) -> None:
    text = with_sections(Section("T", ("A", "B"), rows(count)))
    assert len(reader.tables(text)[0]) == 200
    assert text.rstrip("\n").endswith(f"|\n\n{more}" if more else "|")


def test_sections_of_the_same_length_share_the_room_alike() -> None:
    given_ = [Section(title, ("A", "B"), rows(100, "y" * 900)) for title in ("One", "Two", "Three")]
    text = with_sections(*given_)
    found = [len(table) for table in reader.tables(text)]
    assert max(found) - min(found) <= 1
    assert len(text) > MOST_CHARACTERS - 3_000, "no room is left unused"


def test_what_a_short_section_leaves_goes_to_the_long_ones() -> None:
    def shown(*given_: Section) -> int:
        return max(map(len, reader.tables(with_sections(*given_))))

    long, short = Section("L", ("A", "B"), rows(190, "y" * 900)), Section("S", ("A", "B"), rows(1))
    assert shown(long) - shown(long, short, replace(short, title="S2")) <= 1


NAME = "😀`|<@" * 40


def test_the_worst_plan_of_all_fits() -> None:
    """Every table is full, each of its names has to be escaped, and the diagram is as large as it gets."""
    many = [f"default/x/1/{number}{NAME}" for number in range(70)]
    chain = [
        told.process(f"{NAME}{number}", [many[number]], many[number + 1 :]) for number in range(0, 60, 2)
    ]
    events = [told.create("Process", props["name"], props) for props in chain]
    for number in range(60):
        of = told.urn("Process", f"{number}{NAME}")
        odd = told.process(f"old{number}", [many[0]], [many[1]], sql=NAME * 20)
        events += [
            told.said(f"{NAME * 20}{number}", of, "error"),
            told.said(f"{NAME * 20}{number}", of, "warning"),
            told.violation(f"{NAME}{number}", of, NAME * 20, "mandatory"),
            told.update("Process", f"u{number}", odd, {**odd, "sql": f"{NAME * 20}\n"}),
            told.delete("Process", f"d{number}", told.process(f"gone{number}", [many[0]], [many[1]])),
        ]
    made = told.reviewed(*events, title=NAME * 20, end=told.ended("failed"))
    text = as_markdown(made)
    assert MOST_CHARACTERS - 10_000 < len(text) < MOST_CHARACTERS
    assert titles(text) == ["Errors", "Policies", "Added", "Changed", "Removed", "Impact downstream", "Notes"]
    assert len(reader.fences(text)) == 1
    assert not reader.kinds(text) & {"link_open", "image", "strong_open", "em_open"}
