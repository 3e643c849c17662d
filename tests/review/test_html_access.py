"""The page for readers with a keyboard or a screen reader: names, roles, headings, and contrast."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from review.pages import Page
from review.test_html import page
from review.test_svg import contrast
from review.warehouse import graph, graphs, warehouse

from atlan_pulumi.review import Graph, Section, _html
from atlan_pulumi.review._looks import DARK, LIGHT

SHEET = Path(_html.__file__).with_name("page.css").read_text(encoding="utf-8")
POLICIES = Section(
    "Policies",
    ("Level", "Rule", "Resource", "Message"),
    [("mandatory", "layer-order", "Process load", "reads 'raw'"), ("advisory", "sql", "Process a", "no sql")],
)
NOTES = Section("Notes", ("Resource", "Note"), [("Process load", "adopted")])


def variables(theme: str) -> dict[str, str]:
    """Return the colors of the page in a theme."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    found = re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6});", light)
    return dict(found) | (dict(re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6});", dark)) if theme == "dark" else {})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_controls_of_the_page_have_contrast(theme: str) -> None:
    colors = variables(theme)
    assert {"ground", "surface", "sunken", "ink", "muted", "line", "edge", "accent"} <= {*colors}
    for ground in ("ground", "surface", "sunken"):
        for text in ("ink", "muted", "accent"):
            assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
    for ground in ("ground", "surface"):
        assert contrast(colors["edge"], colors[ground]) >= 3, "the border of a button or field"
        assert contrast(colors["accent"], colors[ground]) >= 3, "the outline of the focus"
    assert colors["ground"] == (LIGHT if theme == "light" else DARK).ground


def test_the_page_uses_only_colors_with_tested_contrast() -> None:
    """Text has no other colors than those of the palette, and nothing makes it transparent but tracing."""
    rules = re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", rules) == []
    assert set(re.findall(r"(?<![-\w])color: ([^;]+);", rules)) <= {
        *("inherit", "var(--ink)", "var(--muted)", "var(--accent)")
    }
    faint = re.findall(r"([^{}]+)\{ opacity: 0[^}]*\}", rules)
    assert all("is-tracing" in each or "is-off" in each for each in faint)
    assert "::placeholder { color: var(--muted); opacity: 1; }" in rules


def test_the_focus_is_visible_everywhere() -> None:
    assert ":focus-visible { outline: 2px solid var(--accent)" in SHEET
    without = re.findall(r"([^{}]+)\{[^}]*outline: none[^}]*\}", SHEET)
    assert [each.strip().splitlines()[-1] for each in without] == [
        '.node[role="button"], .has-script .link, .has-script .count'
    ]
    assert "#frame .node:focus-visible .face { stroke: var(--accent); stroke-width: 3.5; }" in SHEET


def test_every_control_has_a_name() -> None:
    read = page(warehouse(30))
    for attributes, text in read.all("button"):
        assert attributes.get("aria-label") or re.search(r"\w", text)
    labels = [text for _, text in read.all("label")]
    assert [each.strip() for each in labels] == ["Find an asset"]
    assert len(read.all("input")) == len(labels)
    for tag, attributes, texts in read.elements:
        if "tabindex" in attributes:
            named = "aria-label" in attributes or "aria-labelledby" in attributes or "".join(texts).strip()
            assert named, tag


def test_headings_have_no_gaps() -> None:
    read = page(warehouse(30), sections=[POLICIES, NOTES])
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@given(graphs(most=6))
def test_every_picture_has_a_name_or_is_hidden(drawn: Graph) -> None:
    read = page(drawn)
    for attributes, _ in read.all("svg"):
        assert attributes.get("aria-hidden") == "true" or (attributes["role"] and attributes["aria-label"])
    nodes = [texts for tag, a, texts in read.elements if tag == "g" and a.get("class", "").startswith("node")]
    assert all("".join(texts).strip() for texts in nodes)
    for attributes, _ in read.all("span"):
        if attributes.get("class") == "sign":
            assert (attributes["role"], attributes["aria-label"]) == ("img", attributes["title"])


def test_tables_have_heads_with_a_scope_and_roles_that_stacking_keeps() -> None:
    read = page(sections=[POLICIES, NOTES])
    assert {attributes["scope"] for attributes, _ in read.all("th")} == {"col"}
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader"}
    for tag, role in {**roles, "td": "cell"}.items():
        assert {attributes.get("role") for attributes, _ in read.all(tag)} == {role}
    ids = {attributes["id"] for _, attributes, _ in read.elements if "id" in attributes}
    assert all(attributes["aria-labelledby"] in ids for attributes, _ in read.all("table"))


def test_each_cell_has_its_head_and_messages_come_first_in_a_stacked_row() -> None:
    read = page(sections=[POLICIES, NOTES])
    cells = [(attributes["data-head"], attributes.get("class")) for attributes, _ in read.all("td")]
    assert cells == [
        *[("Level", None), ("Rule", None), ("Resource", None), ("Message", "top")] * 2,
        ("Resource", None),
        ("Note", "top"),
    ]
    narrow = re.search(r"@media \(max-width: 760px\) \{(.*?)\n\}", SHEET, re.DOTALL)
    assert narrow
    assert "td.top { order: -1; }" in narrow[1]
    assert "content: attr(data-head)" in narrow[1]


def test_an_empty_page_has_no_legend() -> None:
    read: Page = page(graph())
    assert read.all("ul", class_="marks") == []
    assert read.all("p", class_="hint key") == []
