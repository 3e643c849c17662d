"""The comment: its content, its length, and that it is deterministic."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review import previews, reader

from atlan_pulumi.review import MARKER, Graph, Impact, Preview, Review, Section, as_markdown
from atlan_pulumi.review._markdown import MOST_CHARACTERS

LOAD = previews.process("load", [0], [1])
GITHUB = 65_536


class FakeReview(Review):
    """A review with given sections."""

    given: tuple[Section, ...] = ()

    @property
    def sections(self) -> list[Section]:
        return list(self.given)

    @property
    def summary(self) -> list[str]:
        return ["No lineage changes."]


def with_sections(*given: Section, title: str = "x") -> str:
    made = FakeReview(title, Preview("", "succeeded", (), ()), (), Impact())
    object.__setattr__(made, "given", given)
    return as_markdown(made)


def rows(count: int, text: str = "x") -> list[tuple[str, ...]]:
    return [(f"row {number:05}", text) for number in range(count)]


def titles(markdown: str) -> list[str]:
    return [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]


# -- content ----------------------------------------------------------------------------------------------


def test_a_complete_comment() -> None:
    old = {**LOAD, "sql": "select 1"}
    made = previews.review_of(
        previews.update("Process", "load", old, {**old, "sql": "select a | b"}),
        previews.delete("Process", "gone", previews.process("gone", [1], [2])),
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
        "## Removed\n\n"
        "If a process or column mapping is removed, its assets lose an edge, and stay in Atlan.\n\n"
        "| Resource | Lineage | In Atlan |\n| --- | --- | --- |\n"
        "| `Process gone` | `DB/S/T1 → DB/S/T2` | `removed` |\n"
    )


def test_the_first_line_is_the_marker_with_any_title() -> None:
    assert as_markdown(previews.review_of()).splitlines()[0] == MARKER
    assert as_markdown(previews.review_of(title=" --> @me\n# x ")).splitlines()[:3] == [
        MARKER,
        "",
        "# \\--\\> @&#8203;me #&#8203; x",
    ]


def test_a_comment_without_changes_is_short() -> None:
    assert as_markdown(previews.review_of(previews.same("Process", "load", LOAD))) == (
        f"{MARKER}\n\n# Lineage review of shop/dev\n\n- No lineage changes.\n- {previews.MAY_MERGE}\n"
    )


def test_errors_come_before_the_diagram() -> None:
    error = previews.message("Atlan has no Table 'X'", previews.urn("Process", "bad"), "error")
    text = as_markdown(
        previews.review_of(previews.create("Process", "load", LOAD), error, end=previews.summary("failed"))
    )
    assert (
        text.index("The preview failed (1 error)")
        < text.index("Atlan has no Table")
        < text.index("```mermaid")
    )
    assert titles(text) == ["Errors", "Added"]


def test_a_section_may_have_only_an_intro() -> None:
    assert with_sections(Section("T", (), [], "Why *not*.")).endswith("\n\n## T\n\nWhy \\*not\\*.\n")


def test_hostile_names_do_not_break_the_markdown() -> None:
    odd = "a|b `c` <b>@octocat #1</b> \\| [x](y)\n# h\n```"
    props = {**LOAD, "name": odd, "inputs": previews.tables(f"default/x/1/{odd}")}
    events = [
        previews.create("Process", "odd", props),
        previews.update("Process", "load", {**LOAD, "sql": "x"}, {**LOAD, "sql": odd}),
        previews.message(odd, previews.urn("Process", "load")),
        previews.violation(odd.splitlines()[0], previews.urn("Process", "load"), odd),
    ]
    made = previews.review_of(*events)
    text = as_markdown(made)
    assert len(reader.fences(text)) == 1
    assert reader.kinds(text) >= {"code_inline", "html_block"}
    assert not reader.kinds(text) & {"link_open", "image", "strong_open", "em_open"}
    assert [len(table) for table in reader.tables(text)] == [len(each.rows) for each in made.sections]


def test_a_fence_in_the_diagram_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlan_pulumi.review._markdown.mermaid", lambda graph: "a\n````\nb\n")
    ((info, content),) = reader.fences(
        as_markdown(previews.review_of(previews.create("Process", "load", LOAD)))
    )
    assert (info, content) == ("mermaid", "a\n````\nb\n")


# -- length -----------------------------------------------------------------------------------------------


def test_a_short_table_is_complete() -> None:
    text = with_sections(Section("T", ("A", "B"), rows(200)))
    assert len(reader.tables(text)[0]) == 200
    assert "more" not in text


def test_a_long_table_says_how_many_rows_are_missing() -> None:
    text = with_sections(Section("T", ("A", "B"), rows(340)))
    (table,) = reader.tables(text)
    assert [row[0] for row in table] == [f"row {number:05}" for number in range(200)]
    assert text.endswith("|\n\nand 140 more\n")


def test_tables_share_the_room_and_short_ones_are_complete() -> None:
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


def test_a_long_cell_says_how_many_lines_are_missing() -> None:
    many = "\n".join(f"line {number}" for number in range(170))
    long = "\n".join("x" * 700 for _ in range(4))
    ((row,),) = reader.tables(with_sections(Section("T", ("A", "B"), [(many, long)])))
    assert row[0].splitlines() == [*(f"line {number}" for number in range(30)), "and 140 more"]
    assert row[1].splitlines() == ["x" * 700, "x" * 700, "and 2 more"]


def test_a_very_long_text_is_truncated() -> None:
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
def test_the_comment_always_fits_with_complete_rows(shapes: list[tuple[int, int, str]]) -> None:
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
    text = as_markdown(previews.review_of(previews.create("ProcessSet", "set", previews.process_set(many))))
    assert len(text) < MOST_CHARACTERS
    assert "3,000 processes added" in text
    assert "\nand 2,800 more\n" in text
    assert len(reader.fences(text)) == 1


# -- determinism ------------------------------------------------------------------------------------------


def shuffled(groups: list[list[previews.Event]], seed: int) -> str:
    """Return the events in another valid order. The events of a resource keep their order."""
    chance, waiting, order = random.Random(seed), [list(group) for group in groups], []
    while waiting:
        group = chance.choice(waiting)
        order.append(group.pop(0))
        waiting = [each for each in waiting if each]
    numbered = [{**event, "timestamp": chance.random(), "sequence": chance.random()} for event in order]
    return previews.lines([*previews.prelude(), *numbered, previews.summary()])


def groups() -> list[list[previews.Event]]:
    x = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}
    load = previews.urn("Process", "load")
    moved = previews.process("moved", [2], [3], process_id="b")
    return [
        [
            previews.message("adopted", load),
            previews.message("careful", load, "warning"),
            previews.create("Process", "load", LOAD),
        ],
        [previews.violation("one", load, "bad")],
        [previews.violation("two", previews.urn("ProcessSet", "set"), "bad", "mandatory")],
        [previews.message("no", severity="error")],
        [
            previews.update(
                "ProcessSet", "set", previews.process_set({"x": x}), previews.process_set({"y": x})
            )
        ],
        [previews.create("ColumnLineage", "cols", previews.column_lineage("load", {"A": "A", "B": "B"}))],
        [previews.delete("Process", "gone", previews.process("gone", [0], [1]))],
        [previews.same("Process", "stays", previews.process("stays", [0], [1]))],
        previews.replace("Process", "moved", previews.process("moved", [2], [3]), moved, "process_id"),
        [previews.create("OpenLineageJob", "j", previews.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"]}))],
    ]


EXPECTED = as_markdown(previews.review(previews.parse(shuffled(groups(), 0), "x")))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6))
def test_the_order_and_times_of_events_do_not_change_the_comment(seed: int) -> None:
    assert as_markdown(previews.review(previews.parse(shuffled(groups(), seed), "x"))) == EXPECTED


def test_the_comment_has_all_sections() -> None:
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


def test_without_a_graph_there_is_no_diagram() -> None:
    props: dict[str, Any] = {"name": "etl", "connector": "airflow"}
    made = previews.review_of(previews.create("Connection", "etl", props))
    assert made.graph == Graph((), ())
    assert "mermaid" not in as_markdown(made)


# -- exact limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shown"), [(30, 30), (31, 30)])
def test_a_cell_has_thirty_lines_at_most(count: int, shown: int) -> None:
    lines = [f"line {number}" for number in range(count)]
    ((row,),) = reader.tables(with_sections(Section("T", ("A",), [("\n".join(lines),)])))
    more = [f"and {count - shown} more"] if count > shown else []
    assert row[0].splitlines() == [*lines[:shown], *more]


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [((2_000,), [2_000]), ((2_001,), [2_000]), ((1_000, 1_000), [1_000, 1_000]), ((1_000, 1_001), [1_000])],
)
def test_a_cell_has_two_thousand_characters_at_most(lengths: tuple[int, ...], shown: list[int]) -> None:
    text = "\n".join("x" * length for length in lengths)
    ((row,),) = reader.tables(with_sections(Section("T", ("A",), [(text,)])))
    lines = row[0].splitlines()
    more = len(lengths) - len(shown)
    assert [len(line) for line in lines if line != f"and {more} more"] == shown
    assert lines[0].endswith("…") == (lengths == (2_001,))


@pytest.mark.parametrize(("length", "cut"), [(200, False), (201, True)])
def test_a_title_has_two_hundred_characters_at_most(length: int, cut: bool) -> None:
    title = with_sections(title="t" * length).splitlines()[2].removeprefix("# ")
    assert title == ("t" * 199 + "…" if cut else "t" * length)


@pytest.mark.parametrize(("count", "more"), [(200, ""), (201, "and 1 more"), (1_300, "and 1,100 more")])
def test_a_table_has_two_hundred_rows_at_most(count: int, more: str) -> None:
    text = with_sections(Section("T", ("A", "B"), rows(count)))
    assert len(reader.tables(text)[0]) == 200
    assert text.rstrip("\n").endswith(f"|\n\n{more}" if more else "|")


def test_sections_of_the_same_length_get_the_same_room() -> None:
    given_ = [Section(title, ("A", "B"), rows(100, "y" * 900)) for title in ("One", "Two", "Three")]
    text = with_sections(*given_)
    found = [len(table) for table in reader.tables(text)]
    assert max(found) - min(found) <= 1
    assert len(text) > MOST_CHARACTERS - 3_000, "all room is used"


def test_long_sections_use_the_room_that_short_ones_leave() -> None:
    def shown(*given_: Section) -> int:
        return max(map(len, reader.tables(with_sections(*given_))))

    long, short = Section("L", ("A", "B"), rows(190, "y" * 900)), Section("S", ("A", "B"), rows(1))
    assert shown(long) - shown(long, short, replace(short, title="S2")) <= 1


NAME = "😀`|<@" * 40


def test_the_largest_possible_comment_fits() -> None:
    """Every table is full, each of its names must be escaped, and the diagram has its maximum size."""
    many = [f"default/x/1/{number}{NAME}" for number in range(70)]
    chain = [
        previews.process(f"{NAME}{number}", [many[number]], many[number + 1 :]) for number in range(0, 60, 2)
    ]
    events = [previews.create("Process", props["name"], props) for props in chain]
    for number in range(60):
        of = previews.urn("Process", f"{number}{NAME}")
        odd = previews.process(f"old{number}", [many[0]], [many[1]], sql=NAME * 20)
        events += [
            previews.message(f"{NAME * 20}{number}", of, "error"),
            previews.message(f"{NAME * 20}{number}", of, "warning"),
            previews.violation(f"{NAME}{number}", of, NAME * 20, "mandatory"),
            previews.update("Process", f"u{number}", odd, {**odd, "sql": f"{NAME * 20}\n"}),
            previews.delete("Process", f"d{number}", previews.process(f"gone{number}", [many[0]], [many[1]])),
        ]
    made = previews.review_of(*events, title=NAME * 20, end=previews.summary("failed"))
    text = as_markdown(made)
    assert MOST_CHARACTERS - 10_000 < len(text) < MOST_CHARACTERS
    assert titles(text) == ["Errors", "Policies", "Added", "Changed", "Removed", "Impact downstream", "Notes"]
    assert len(reader.fences(text)) == 1
    assert not reader.kinds(text) & {"link_open", "image", "strong_open", "em_open"}
