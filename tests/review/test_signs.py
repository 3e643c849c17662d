"""The signs of the pictures: each is in the legend, and the legend has no others."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from review import plans, previews
from review.pages import Page
from review.warehouse import MINUS, graph, graphs, link, node, warehouse

from atlan_pulumi.review import Graph, html, mermaid, svg
from atlan_pulumi.review._graph import fold

XML = "{http://www.w3.org/2000/svg}"
EVERY = {"+", MINUS, "~", "=", "!"}
LOAD = previews.process("load", [0, 1], [2])
LESS = {**LOAD, "inputs": previews.tables(1)}


def of_mermaid(drawn: Graph) -> tuple[set[str], set[str]]:
    """Return the signs of nodes and links, and those of the legend."""
    text = mermaid(drawn)
    nodes, legend = (re.findall(rf'^ +{each}\w+\(?\["(.*)"\]\)?$', text, re.MULTILINE) for each in ("n", "l"))
    arrows = re.findall(r'^  n\d+ [=.-]+>\|"(.*)"\| n\d+$', text, re.MULTILINE)
    shown = {_sign(each) for each in nodes if "#160;" in each} | {*map(_sign, arrows)} & EVERY
    return shown, {_sign(each) for each in legend} & EVERY


def _sign(label: str) -> str:
    """Return what is before the first no-break space, which names do not have."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label.partition("#160;")[0])


def of_svg(drawn: Graph) -> tuple[set[str], set[str]]:
    root = ElementTree.fromstring(svg(drawn))
    (legend,) = (each for each in root.iter(f"{XML}g") if each.get("class") == "legend")
    entries = {each.text or "" for each in legend.iter(f"{XML}text")}
    for each in list(root):
        if each is legend:
            root.remove(each)
    lines = {str(each.get("class")).split()[1] for each in root.iter(f"{XML}g") if _is(each, "link")}
    shown = {"added": "+", "removed": MINUS, "changed": "~"}
    assert {each for each in entries if each in ("same", *_words())} == {
        f"{shown.get(line, '')} {line}".strip() for line in lines
    }
    assert ("number: column mappings" in entries) == any(_is(each, "count") for each in root.iter(f"{XML}g"))
    return _drawn(root) | {shown[line] for line in lines & {*shown}}, {each[0] for each in entries} & EVERY


def _words() -> list[str]:
    return ["+ added", f"{MINUS} removed", "~ changed"]


def _is(group: ElementTree.Element, kind: str) -> bool:
    return str(group.get("class")).split()[0] == kind


def _drawn(root: ElementTree.Element) -> set[str]:
    """Return the signs on nodes, and those of numbers on links."""
    signs = {each.text or "" for each in root.iter(f"{XML}text") if each.get("class") == "sign"}
    counts = (each.findtext(f"{XML}text") or "" for each in root.iter(f"{XML}g") if _is(each, "count"))
    return signs | {each[0] for each in counts}


def of_html(drawn: Graph) -> tuple[set[str], set[str]]:
    """Return the signs of the picture and of the list, each as a set and with its place."""
    read = Page(html("T", [], drawn, []))
    chips = {text.split()[0] for a, text in read.all("button") if "data-change" in a and "same" not in text}
    marks = {line[0] for line in _marks(read)} & EVERY
    lines = {a["class"].split()[1] for a, _ in read.all("g") if a.get("class", "").startswith("link ")}
    picture = {{"added": "+", "removed": MINUS, "changed": "~"}[line] for line in lines - {"same"}}
    picture |= {*read.text("text", class_="sign")}
    picture |= {text[0] for a, text in read.all("g") if a.get("class", "").startswith("count ")}
    rows = {*read.text("span", class_="sign")} | {
        line[0] for each in read.text("ul", class_="columns") for line in each.split("\n") if line[1:2] == " "
    } & EVERY
    key = {each.split()[0] for text in read.text("p", class_="hint key") for each in text.split(", ")}
    numbers = "number: column mappings" in _marks(read)
    assert numbers == any(a.get("class", "").startswith("count ") for a, _ in read.all("g"))
    return (
        {f"picture {each}" for each in picture} | {f"list {each}" for each in rows},
        {f"picture {each}" for each in chips | marks} | {f"list {each}" for each in key},
    )


def _marks(read: Page) -> list[str]:
    """Return the entries of the legend that are not about links."""
    return "".join(read.text("ul", class_="marks")).strip().splitlines()


FORMS = {"mermaid": of_mermaid, "svg": of_svg, "html": of_html}


def check(drawn: Graph) -> None:
    for form, signs in FORMS.items():
        shown, explained = signs(drawn)
        assert shown == explained, form


@settings(max_examples=40, deadline=None)
@given(plans.plans())
def test_the_legend_has_the_signs_of_any_plan_and_no_others(plan: list[plans.Resource]) -> None:
    check(previews.review_of(*plans.events_of(plan), depth=0).graph)


@settings(max_examples=40, deadline=None)
@given(graphs(most=10))
@example(warehouse(30))
@example(warehouse(300))
@example(fold(warehouse(60), 12))
def test_the_legend_has_the_signs_of_any_graph_and_no_others(drawn: Graph) -> None:
    check(drawn)


def test_an_asset_with_an_added_and_a_removed_edge_is_not_changed() -> None:
    """No edge is changed, so neither an asset nor the legend says so."""
    moved = {**LOAD, "inputs": previews.tables(1, 3)}
    drawn = previews.review_of(previews.update("Process", "load", LOAD, moved), depth=0).graph
    assert {each.change for each in drawn.links} == {"added", "removed", "same"}
    for form, signs in FORMS.items():
        shown, explained = signs(drawn)
        assert shown == explained, form
        assert not any("~" in each for each in shown), form
        assert any("!" in each for each in shown), form


@pytest.mark.parametrize(
    "event",
    [
        previews.delete("Process", "load", LOAD),
        previews.update("Process", "load", LOAD, LESS),
        previews.delete("ProcessSet", "set", previews.process_set({"x": {"inputs": "T0", "outputs": "T1"}})),
    ],
)
def test_an_asset_that_loses_edges_is_never_drawn_as_removed(event: Any) -> None:
    """Neither its label nor its colors are those of a removal; only its edges have these."""
    drawn = previews.review_of(event, depth=0).graph
    losing = [each for each in drawn.nodes if drawn.loses_edge(each)]
    assert losing
    text = mermaid(drawn)
    assert not re.findall(rf'^ +n\d+\["(?:#8722;|{MINUS})', text, re.MULTILINE)
    removed = re.findall(r"^  class (.*) removed$", text, re.MULTILINE)
    assert removed == ["lremoved"], "the legend's sample alone has the colors of a removal"
    root = ElementTree.fromstring(svg(drawn))
    nodes = [each for each in root.iter(f"{XML}g") if _is(each, "node")]
    assert {str(each.get("class")) for each in nodes} <= {"node loses", "node asset"}
    assert sum(each.get("class") == "node loses" for each in nodes) == len(losing)
    assert "loses an edge" in _marks(Page(html("T", [], drawn, [])))[0]


def test_a_folded_edge_still_marks_the_asset_that_loses_it() -> None:
    """Merged with an unchanged edge, the removed one is drawn as changed."""
    target, sources = node("OUT", "db/MART"), [node(f"T{number}") for number in range(4)]
    loops = [link(each, each, "same") for each in sources]
    links = [
        link(each, target, change) for each, change in zip(sources, ("removed", "same") * 2, strict=True)
    ]
    small = fold(graph(*links, *loops, nodes=(*sources, target)), 2)
    assert {each.change for each in small.links} == {"changed", "same"}
    assert all(map(small.loses_edge, small.nodes))
    check(small)
