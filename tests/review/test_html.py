"""The HTML page: one file, complete without its script, that runs only its own script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review.pages import Page
from review.warehouse import CHANGES, MINUS, SNOWFLAKE, graph, graphs, link, node, shop, state_of, warehouse

from atlan_pulumi.review._graph import Link
from atlan_pulumi.review._html import html
from atlan_pulumi.review._sections import Section
from atlan_pulumi.text import printable

PROCESSES = Section(
    "Processes", ("Change", "Process"), [("added", "build value"), ("changed", "stage orders")]
)
QUIET = Section("Drift", (), [], "Nothing has drifted.")
HOSTILE = "</style></script><script>document.title='hacked'</script><img src=x onerror=alert(1)>\"'&"


def report(
    drawn=None, sections=(PROCESSES, QUIET), summary=("1 added, 1 changed.",), title="Review of shop/prod"
):
    return html(title, list(summary), shop()[0] if drawn is None else drawn, list(sections))


def page(*arguments, **keywords):
    return Page(report(*arguments, **keywords))


def rows(read):
    return [(a, t) for a, t in read.all("details") if "link-row" in a["class"]]


def test_the_page_has_summary_picture_and_sections_in_this_order():
    text = report()
    order = [
        text.index(part) for part in ("<h1>", 'class="summary"', 'id="frame"', 'id="links"', 'id="section-0"')
    ]
    assert order == sorted(order)
    read = Page(text)
    assert read.text("h1") == ["Review of shop/prod"]
    assert read.text("title")[0] == "Review of shop/prod"
    assert [each.strip() for each in read.text("ul", class_="summary")] == ["1 added, 1 changed."]
    assert read.text("h2") == ["Lineage", "Processes 2", "Drift"]


def test_errors_and_policies_come_before_the_picture():
    found = [Section("Errors", ("A",), [("no",)]), PROCESSES, Section("Policies", ("A",), [("bad",)])]
    read = page(sections=found)
    assert read.text("h2") == ["Errors 1", "Policies 1", "Lineage", "Processes 2"]
    unknown = Section("Policies", (), [], "This form of input has no policy results.")
    assert page(sections=[PROCESSES, unknown]).text("h2") == ["Lineage", "Processes 2", "Policies"]


def test_sections_are_tables_with_column_heads():
    read = page()
    assert read.text("th", scope="col") == ["Change", "Process"]
    assert read.text("td") == ["added", "build value", "changed", "stage orders"]
    assert len(read.all("table")) == 1


def test_a_section_without_heads_has_only_an_intro():
    read = page(sections=[QUIET])
    assert "Nothing has drifted." in read.text("p")
    assert read.all("table") == []
    assert read.all("nav") == []


def test_a_cell_keeps_its_line_breaks():
    assert page(sections=[Section("S", ("A",), [("one\ntwo",)])]).text("td") == ["one\ntwo"]


def test_the_contents_lead_to_the_sections():
    read = page()
    assert [attributes["href"] for attributes, _ in read.all("a")] == ["#section-0", "#section-1"]
    ids = {attributes["id"] for _, attributes, _ in read.elements if "id" in attributes}
    assert {"section-0", "section-1"} <= ids


def test_ids_are_unique_and_references_resolve():
    read = page(warehouse(60))
    ids = [attributes["id"] for _, attributes, _ in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "data-source", "data-target"):
        used = {attributes[name] for _, attributes, _ in read.elements if name in attributes}
        assert used
        assert used <= set(ids)


def test_each_link_has_its_change_process_ends_and_columns():
    changed = next(text for attributes, text in rows(page()) if "changed" in attributes["class"].split())
    assert [each.strip() for each in changed.splitlines() if each.strip()] == [
        "~ORDERS → STG_ORDERS2 columns",
        "Changed: stage orders",
        f"from Table {SNOWFLAKE}/RAW/SHOP/ORDERS",
        f"to View {SNOWFLAKE}/STAGING/SHOP/STG_ORDERS",
        "+ AMOUNT, DISCOUNT → NET",
        f"{MINUS} TOTAL → TOTAL",
    ]


def test_tables_of_the_same_name_have_their_schemas():
    raw, mart = node("ORDERS"), node("ORDERS", f"{SNOWFLAKE}/MART/CORE")
    ends = [text for a, text in page(graph(link(raw, mart), nodes=(raw, mart))).all("span", class_="ends")]
    assert ends == ["RAW/SHOP/ORDERS → MART/CORE/ORDERS"]


def test_folded_assets_have_their_schemas():
    ends = page(warehouse(1_000)).text("span", class_="ends")
    assert any(re.search(r"and \d+ more in STAGING/SHOP$", each) for each in ends)
    assert not any(re.search(r"more$", each) for each in ends)


def test_links_are_sorted_by_change_and_unchanged_ones_need_columns():
    hub, ends = node("HUB"), [node(f"T{index}") for index in range(5)]
    links = [link(hub, each, change) for each, change in zip(ends, CHANGES, strict=False)]
    read = page(graph(*links, link(hub, ends[4], "same", "A → B"), nodes=(hub, *ends)))
    assert [attributes["class"] for attributes, _ in rows(read)] == [
        f"link-row {change}" for change in CHANGES
    ]
    assert "T4" in rows(read)[-1][1]


def test_the_legend_counts_the_links_of_each_change():
    buttons = [(a["data-change"], text) for a, text in page().all("button") if "data-change" in a]
    assert buttons == [("added", "+ added 1"), ("changed", "~ changed 1")]


def test_without_the_script_all_controls_are_disabled():
    for attributes, text in page().all("button"):
        hidden = attributes.get("class") == "scripted" or attributes.get("id") in ("smaller", "larger", "fit")
        assert hidden or "disabled" in attributes, text
    assert '<div class="zoom scripted"' in report()
    assert '<label class="search scripted"' in report()
    assert "html:not(.has-script) .scripted { display: none; }" in report()


def test_the_number_of_folded_assets_is_shown():
    assert any(
        re.fullmatch(r"1,\d\d\d assets are folded .*", text) for text in page(warehouse(2_000)).text("p")
    )
    assert "folded into" not in report()


def test_a_page_without_changes_says_so():
    read = page(graph())
    assert "No lineage changes." in read.text("p")
    assert read.all("section", id="lineage")[0][0]["class"] == "is-empty"


def test_the_page_loads_nothing():
    read = page(warehouse(60))
    for tag, attributes, _ in read.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "srcset", "action", "background", "poster", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert re.findall(r"https?://[^\s\"']+", report()) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in report()
    assert re.findall(r"url\((?!#)", report()) == []


def test_the_content_security_policy_allows_only_this_script_and_these_styles():
    read = page(warehouse(30))
    policy = dict(
        part.split(" ", 1)
        for part in read.all("meta", http_equiv="Content-Security-Policy")[0][0]["content"].split("; ")
    )

    def hashes(tag):
        digests = (hashlib.sha256(text.encode()).digest() for text in read.text(tag))
        return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"].split() == hashes("script")
    assert policy["style-src"].split() == hashes("style")
    assert (len(hashes("script")), len(hashes("style"))) == (1, 2)


@pytest.mark.parametrize("name", [HOSTILE, "$title ${policy} $", "&lt;b&gt;", "\x00", "\u202e", "a\nb"])
def test_a_hostile_name_remains_text(name):
    source = node(name, f"db/{name}", name)
    drawn = graph(link(source, node("T"), "added", name, process=name), nodes=(source, node("T")))
    section = Section(name, (name, name), [(name, name)], name)
    read = page(drawn, [section], [name], name)
    assert read.wrong == []
    assert len(read.all("script")) == 1
    assert read.all("img") == []
    shown = "\n".join(
        " ".join("�" if each in "\x00\u202e" else each for each in line).replace(" ", "")
        for line in name.splitlines()
    )
    assert read.text("h1")[0].replace(" ", "") == shown.replace(" ", "")


@given(graphs(most=8), st.text(max_size=20))
def test_the_page_is_well_formed_with_any_names(drawn, text):
    read = page(drawn, [Section(text, (text,), [(text,)], text)], [text], text)
    assert read.wrong == []
    assert read.open == []
    assert len(read.all("script")) == 1


def test_the_page_is_deterministic():
    assert report(warehouse(60)) == report(warehouse(60))


def test_scrollable_regions_are_reachable_by_keyboard():
    for attributes, _ in (
        *page().all("div", class_="table"),
        *page().all("div", id="frame"),
        *page().all("div", id="list"),
    ):
        assert attributes["tabindex"] == "0"
        assert attributes["role"] == "region"
        assert "aria-label" in attributes or "aria-labelledby" in attributes


def test_the_page_has_a_language_and_a_viewport():
    read = page()
    assert read.all("html")[0][0]["lang"] == "en"
    assert read.all("meta", name="viewport")[0][0]["content"] == "width=device-width, initial-scale=1"
    assert read.all("svg", role="group")[0][0]["aria-label"] == "Lineage that changes"


def test_a_page_with_very_many_links_stays_small():
    sources, targets = ([node(f"{side}{index:03}", side) for index in range(120)] for side in "AB")
    links = [
        link(a, b, "added", f"{a.label} → {b.label}", process=f"{a.label} {b.label}")
        for a in sources
        for b in targets
    ]
    text = report(graph(*links, nodes=(*sources, *targets)))
    assert len(text) < 1_000_000
    listed = rows(Page(text))
    assert 10 < len(listed) <= 300
    folded = max((each for _, each in listed), key=len)
    assert len(re.findall(r"and [\d,]+ more$", folded, re.MULTILINE)) >= 2, "of processes and of columns"


def test_a_long_list_of_links_says_how_many_more_there_are():
    hub, ends = node("HUB"), [node(f"T{index:03}", f"db/{index % 3}") for index in range(180)]
    links = [link(hub, each) for each in ends] + [link(each, hub) for each in ends]
    read = page(graph(*links, nodes=(hub, *ends)))
    assert len(rows(read)) == 300
    assert "and 60 more" in read.text("p")


def test_blanks_in_a_cell_are_kept_and_invisible_characters_escaped():
    cell = '"a  b" → "a b"\n+ \tx\u00a0\u202e '
    assert page(sections=[Section("S", ("A",), [(cell,)])]).text("td") == [
        '"a  b" → "a b"\n+ \\tx\\xa0\\u202e '
    ]
    assert "white-space: pre-wrap" in report()


def test_a_section_without_rows_has_only_an_intro():
    read = page(sections=[Section("Impact", ("A", "B"), [], "No asset loses lineage.")])
    assert "No asset loses lineage." in read.text("p")
    assert read.all("table") == []


@given(graphs(most=12))
def test_the_list_and_the_picture_have_the_same_links(drawn):
    read = page(drawn, [])
    ids = {each.id: f"n{index}" for index, each in enumerate(drawn.nodes)}
    nodes = [attributes for attributes, _ in read.all("g") if "node" in attributes.get("class", "").split()]
    assert [(each["id"], each["class"].split()[1]) for each in nodes] == [
        (ids[each.id], state_of(drawn, each)) for each in drawn.nodes
    ]
    found = Counter((a["class"].split()[1], a["data-source"], a["data-target"]) for a, _ in rows(read))
    expected = [each for each in drawn.links if each.change != "same" or each.columns]
    assert found == Counter((each.change, ids[each.source], ids[each.target]) for each in expected)
    chips = {a["data-change"]: int(text.split()[-1]) for a, text in read.all("button") if "data-change" in a}
    assert chips == Counter(each.change for each in drawn.links)


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=4))
def test_cells_show_each_text_unchanged(cells):
    read = page(sections=[Section("S", ("A", "B"), cells)])
    assert read.text("td") == [
        "\n".join(printable(line) for line in cell.split("\n")) for row in cells for cell in row
    ]


@pytest.mark.parametrize(("count", "shown"), [(20, 20), (21, 21), (22, 20)])
def test_a_list_of_processes_is_not_cut_for_a_single_one(count, shown):
    ends = node("A"), node("B")
    names = tuple(f"p{number:02}" for number in range(count))
    drawn = graph(Link(ends[0].id, ends[1].id, "removed", names), nodes=ends)
    (first, *_) = page(drawn).text("ul", class_="details")[0].strip().splitlines()
    more = [f"and {count - shown} more"] if count > shown else []
    assert first == f"Removed: {', '.join([*names[:shown], *more])}"


@pytest.mark.parametrize(("count", "shown"), [(300, 300), (301, 301), (302, 300)])
def test_a_list_of_mappings_is_not_cut_for_a_single_one(count, shown):
    ends = node("A"), node("B")
    lines = [f"+ C{number:03}" for number in range(count)]
    read = page(graph(link(*ends, "added", *lines), nodes=ends))
    more = [f"and {count - shown} more"] if count > shown else []
    assert read.text("ul", class_="columns")[0].strip().splitlines() == [*lines[:shown], *more]
    assert f"{count} columns" in rows(read)[0][1]


def test_an_unchanged_link_without_a_process_is_shown():
    ends = node("A"), node("B")
    read = page(graph(Link(ends[0].id, ends[1].id, "same", (), ("A → B",)), nodes=ends))
    ((_, sign),) = read.all("span", class_="sign")
    assert sign == "="
    assert read.all("span", class_="sign")[0][0]["title"] == "same"
    assert read.text("ul", class_="details")[0].strip().splitlines()[0] == "Same"
    assert rows(read)[0][1].splitlines()[0] == "=A → B1 column"


def test_the_number_of_rows_is_in_the_heading():
    many = Section("Added", ("A",), [("x",)] * 1_200)
    read = page(sections=[many, QUIET])
    assert read.text("h2") == ["Lineage", "Added 1,200", "Drift"]
    assert [each.strip() for each in read.text("nav")] == ["Added 1,200\nDrift"]


def test_the_list_is_sorted_by_change_and_replaces_the_legend():
    hub, ends = node("HUB"), [node(f"T{index}") for index in range(8)]
    links = [
        link(hub, each, change, "A → B") for each, change in zip(ends, [*CHANGES[::-1]] * 2, strict=True)
    ]
    read = page(graph(*links, nodes=(hub, *ends)))
    assert [(a["class"].split()[1], text.split()[2][:2]) for a, text in rows(read)] == [
        ("added", "T3"),
        ("added", "T7"),
        ("removed", "T2"),
        ("removed", "T6"),
        ("changed", "T1"),
        ("changed", "T5"),
        ("same", "T0"),
        ("same", "T4"),
    ]
    kinds = [attributes.get("class") for attributes, _ in read.all("g")]
    assert "nodes" in kinds
    assert read.all("text", class_="note") == [], "the chips are the legend"
