"""The SVG picture: well-formed, self-contained, and readable without colors and in both themes."""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import combinations
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from review.warehouse import CHANGES, MINUS, SNOWFLAKE, graph, graphs, link, node, shop, state_of, warehouse

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._looks import (
    DARK,
    LIGHT,
    LOOKS,
    NODE_LOOKS,
    cluster_titles,
    display_width,
    ellipsize,
    single_line,
)
from atlan_pulumi.review.picture._svg import SIZES, png, svg

XML = "{http://www.w3.org/2000/svg}"
LETTER = 0.6023  # width by height of DejaVu Sans Mono and Menlo; the picture assumes more


def parse(drawn):
    return ElementTree.fromstring(svg(drawn))


def groups(root, kind):
    return [each for each in root.iter(f"{XML}g") if kind in each.get("class", "").split()]


def texts(root, kind):
    return [each.text for each in root.iter(f"{XML}text") if each.get("class") == kind]


def tooltip(group):
    return group.findtext(f"{XML}title")


def every_change():
    hub, others = node("HUB"), [node(f"OUT_{change}", f"{SNOWFLAKE}/MARTS/CORE") for change in CHANGES]
    links = [link(hub, each, change, "A → B") for each, change in zip(others, CHANGES, strict=True)]
    return graph(*links, nodes=(hub, *others))


def luminance(color):
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def contrast(one, other):
    pair = sorted((luminance(one), luminance(other)))
    return pair[1] / pair[0]


def test_a_small_shop_shows_names_types_and_clusters():
    root = parse(shop()[0])
    assert sorted(texts(root, "name")) == ["CUSTOMER_VALUE", "ORDERS", "STG_ORDERS"]
    assert texts(root, "kind") == ["View"]
    assert sorted(texts(root, "title")) == ["ANALYTICS/MARTS", "RAW/SHOP", "STAGING/SHOP"]


def test_full_names_are_in_the_tooltips():
    root = parse(shop()[0])
    assert f"Table {SNOWFLAKE}/RAW/SHOP/ORDERS: 1 edge changed" in [
        tooltip(each) for each in groups(root, "node")
    ]
    assert f"{SNOWFLAKE}/RAW/SHOP" in [tooltip(each) for each in groups(root, "area")]


def test_column_mappings_are_in_the_tooltip_and_counted():
    root = parse(shop()[0])
    tooltips = [tooltip(each) for each in groups(root, "link")]
    assert (
        f"ORDERS → STG_ORDERS: changed\nstage orders\n+ AMOUNT, DISCOUNT → NET\n{MINUS} TOTAL → TOTAL"
        in tooltips
    )
    assert sorted(each.findtext(f"{XML}text") for each in groups(root, "count")) == ["+1", "~2"]


def test_a_long_tooltip_says_how_many_more_mappings_there_are():
    source, target = node("A"), node("B")
    drawn = graph(
        link(source, target, "added", *(f"+ C{i} → D{i}" for i in range(1_200))), nodes=(source, target)
    )
    lines = tooltip(groups(parse(drawn), "link")[0]).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "and 1,191 more"
    assert groups(parse(drawn), "count")[0].findtext(f"{XML}text") == "+1,200"


def test_unchanged_links_have_no_number():
    root = parse(every_change())
    assert sorted(each.findtext(f"{XML}text") for each in groups(root, "count")) == ["+1", "~1", f"{MINUS}1"]


def test_signs_and_dashes_distinguish_changes_without_colors():
    assert texts(parse(every_change()), "sign") == ["!", "!", "!"], "the hub, the removed, and the legend"
    lines = [(look.sign, look.dash, look.width) for look in LOOKS.values()]
    assert len({(dash, width) for _, dash, width in lines}) == 4
    assert len({sign for sign, _, _ in lines}) == 4
    sheet = parse(every_change()).findtext(f"{XML}style")
    for change, look in LOOKS.items():
        rule = next(line for line in sheet.splitlines() if line.startswith(f".lineage .{change} .way "))
        assert (f"stroke-dasharray: {look.dash};" in rule) == bool(look.dash)


def test_the_legend_has_the_changes_of_the_graph():
    def legend(drawn):
        root = parse(drawn)
        return [each.text for group in groups(root, "legend") for each in group.iter(f"{XML}text")]

    assert legend(every_change()) == [
        "+ added",
        f"{MINUS} removed",
        "~ changed",
        "same",
        "!",
        "loses an edge",
        "number: column mappings",
    ]
    assert legend(shop()[0]) == ["+ added", "~ changed", "number: column mappings"]
    assert legend(graph()) == []


def test_the_legend_has_the_number_of_folded_assets():
    root = parse(warehouse(1_000))
    assert len(groups(root, "node")) == SIZES[0]
    folded = groups(root, "folded")
    assert len(folded) == 11
    counts = [int(re.search(r"and ([\d,]+) more", tooltip(each))[1].replace(",", "")) for each in folded]
    assert f"{sum(counts)} assets are folded" in [each.text for each in root.iter(f"{XML}text")]


def test_every_end_of_a_link_is_a_node():
    root = parse(warehouse(60))
    ids = {each.get("id") for each in groups(root, "node")}
    ends = {each.get(f"data-{end}") for each in groups(root, "link") for end in ("source", "target")}
    assert ends <= ids
    assert len(groups(root, "link")) == len(warehouse(60).links)


def test_changed_links_are_drawn_above_unchanged_ones():
    kinds = [each.get("class").split()[1] == "same" for each in groups(parse(warehouse(60)), "link")]
    assert kinds == sorted(kinds, reverse=True)


def test_long_names_are_shortened_in_the_middle():
    root = parse(graph(nodes=(node("STAGING_" + "X" * 60 + "_SNAPSHOT"),)))
    assert texts(root, "name") == ["STAGING_XXXXXX…XXXX_SNAPSHOT"]
    assert "X" * 60 in tooltip(groups(root, "node")[0])


def check_texts(root):
    """Check that no name or title leaves its rectangle, with the width of a common font."""
    for group in (*groups(root, "node"), *groups(root, "area")):
        box = group.find(f"{XML}rect")
        right = float(box.get("x")) + float(box.get("width"))
        start = {each.get("class"): float(each.get("x")) for each in group.iter(f"{XML}text")}
        for each in group.iter(f"{XML}text"):
            if each.get("class") in ("name", "title"):
                size = 12 if each.get("class") == "name" else 11.5
                small = group.findtext(f"{XML}text[@class='kind']")
                end = start["kind"] - display_width(small) * 10 * LETTER if small else right
                assert float(each.get("x")) + display_width(each.text) * size * LETTER <= end


@given(graphs())
def test_the_picture_is_well_formed_and_text_fits_with_any_names(drawn):
    root = parse(drawn)
    assert len(groups(root, "node")) == len(drawn.nodes)
    check_texts(root)


def test_wide_characters_fit():
    check_texts(
        parse(graph(nodes=(node("顧客テーブル" * 9, "顧客/データ" * 9, "ビュー" * 9), node("e\u0301" * 80))))
    )


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a & b", '"x"', "]]>", "\x00\x08", "a\nb", "\ud800"]
)
def test_a_hostile_name_remains_text(name):
    drawn = graph(
        link(node(name, name, name), node("B"), "added", name, process=name),
        nodes=(node(name, name, name), node("B")),
    )
    text = svg(drawn)
    root = ElementTree.fromstring(text.encode())
    assert {each.tag.removeprefix(XML) for each in root.iter()} == {
        "svg", "style", "defs", "marker", "path", "rect", "g", "title", "text",
    }  # fmt: skip


def test_the_picture_is_self_contained():
    text = svg(warehouse(60))
    assert "<script" not in text
    assert re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?([^\"')]+)", text) != []
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {f"#tip-{change}" for change in CHANGES}
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\son\w+=|@import|javascript:", text)


def test_the_picture_has_a_size_a_name_and_a_background():
    root = parse(shop()[0])
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert (root.get("role"), root.get("aria-label")) == ("img", "Lineage that changes")
    ground = root.find(f"{XML}rect")
    assert (ground.get("width"), ground.get("height")) == (root.get("width"), root.get("height"))


def test_the_picture_is_deterministic():
    assert svg(warehouse(60)) == svg(warehouse(60))


def test_every_color_exists_for_both_themes():
    light, dark = parse(shop()[0]).findtext(f"{XML}style").split("@media (prefers-color-scheme: dark)")
    for change, look in LOOKS.items():
        assert f".lineage .{change} .way {{ stroke: {look.light.line}; }}" in light
        assert f".lineage .{change} .way {{ stroke: {look.dark.line}; }}" in dark
    assert LIGHT.ground in light
    assert DARK.ground in dark


@pytest.mark.parametrize("change", CHANGES)
def test_text_and_lines_have_contrast_in_both_themes(change):
    for page, colors, sign in (
        (LIGHT, LOOKS[change].light, "#ffffff"),
        (DARK, LOOKS[change].dark, DARK.ground),
    ):
        assert contrast(colors.ink, colors.ground) >= 4.5
        assert contrast(page.ink, page.box) >= 4.5
        assert contrast(page.muted, page.box) >= 4.5
        assert contrast(page.muted, colors.ground) >= 4.5, "the type of an asset"
        assert contrast(colors.line, page.ground) >= 3
        assert contrast(colors.line, page.box) >= 3
        assert change == "same" or contrast(sign, colors.line) >= 4.5
        loses = NODE_LOOKS["loses"].light if page is LIGHT else NODE_LOOKS["loses"].dark
        assert contrast(loses.ink, loses.ground) >= 4.5
        assert contrast(page.muted, loses.ground) >= 4.5
        assert contrast(sign, loses.line) >= 4.5
        assert min(contrast(loses.line, page.box), contrast(loses.line, page.ground)) >= 3
    for ground in ("#ffffff", "#0d1117"):
        assert contrast(LOOKS[change].between, ground) >= 3
        assert contrast(NODE_LOOKS["loses"].between, ground) >= 3


def test_cluster_titles_are_the_last_two_segments():
    assert cluster_titles({"default/snowflake/1/RAW/SHOP", "default/snowflake/1/RAW/CRM"}) == {
        "default/snowflake/1/RAW/CRM": "RAW/CRM",
        "default/snowflake/1/RAW/SHOP": "RAW/SHOP",
    }


def test_clusters_with_the_same_end_have_longer_titles():
    names = {"a/1/RAW/SHOP", "a/2/RAW/SHOP", "RAW/SHOP"}
    assert cluster_titles(names) == {
        "a/1/RAW/SHOP": "1/RAW/SHOP",
        "a/2/RAW/SHOP": "2/RAW/SHOP",
        "RAW/SHOP": "RAW/SHOP",
    }


def test_a_bucket_keeps_its_scheme():
    assert cluster_titles({"s3://landing"}) == {"s3://landing": "s3://landing"}


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("ORDERS", 6, "ORDERS"),
        ("ORDERS", 5, "OR…RS"),
        ("ORDERS", 4, "OR…S"),
        ("顧客顧客", 6, "顧…客"),
        ("e\u0301te\u0301", 3, "e\u0301te\u0301"),
        ("", 9, "(unnamed)"),
        ("a\n b\t\tc", 9, "a b c"),
        ("a\u202eb", 9, "a�b"),
    ],
)
def test_a_name_is_shortened_to_the_available_width(text, most, short):
    assert ellipsize(text, most) == short


def test_png_without_the_renderer_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(
        ReviewError,
        match=r"^cannot draw the picture as PNG: .* run `pip install 'atlan-pulumi\[picture\]'`, or ask",
    ):
        png(svg(shop()[0]))


@pytest.mark.parametrize(("drawn", "zoom"), [(shop()[0], 2), (warehouse(200), 1)])
def test_a_small_picture_is_drawn_at_twice_its_size(monkeypatch, drawn, zoom):
    asked = {}
    drawer = SimpleNamespace(svg_to_bytes=lambda **arguments: asked.update(arguments) or [80, 78, 71])
    monkeypatch.setitem(sys.modules, "resvg_py", drawer)
    assert png(svg(drawn)) == b"PNG"
    assert asked == {"svg_string": svg(drawn), "zoom": zoom}


def test_png_is_a_png():
    pytest.importorskip("resvg_py")
    assert png(svg(shop()[0])).startswith(b"\x89PNG\r\n")


def test_a_dense_graph_is_folded():
    sources, targets = ([node(f"{side}{index:03}", side) for index in range(120)] for side in "AB")
    drawn = graph(*(link(a, b) for a in sources for b in targets), nodes=(*sources, *targets))
    text = svg(drawn)
    assert 10 < len(groups(ElementTree.fromstring(text), "link")) <= 600
    assert len(text) < 400_000


def box_of(group):
    """Return the rectangle of a group: left, top, right, and bottom."""
    drawn = group.find(f"{XML}rect")
    left, top, width, height = (float(drawn.get(name)) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def meet(one, other):
    """Return whether two rectangles overlap by more than rounding errors."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0.25
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.25
    )


def check_boxes(root):
    """Check that every rectangle is in the picture, and that none overlaps another one except its area."""
    nodes, areas, counts = (
        [box_of(each) for each in groups(root, kind)] for kind in ("node", "area", "count")
    )
    wide, high = (float(root.get(name)) for name in ("width", "height"))
    for left, top, right, bottom in (*nodes, *areas, *counts):
        assert 0 <= left < right <= wide + 0.25
        assert 0 <= top < bottom <= high + 0.25
    for boxes in (nodes, areas, counts):
        assert not [pair for pair in combinations(boxes, 2) if meet(*pair)]
    assert not [(count, node) for count in counts for node in nodes if meet(count, node)]


@settings(max_examples=50)
@given(graphs(most=16))
def test_boxes_are_in_the_picture_and_do_not_overlap(drawn):
    check_boxes(parse(drawn))


@pytest.mark.parametrize("size", [30, 120])
def test_boxes_and_numbers_of_a_warehouse_do_not_overlap(size):
    root = parse(warehouse(size))
    check_boxes(root)
    assert len(groups(root, "count")) > size / 4


def described(drawn, asset):
    """Return the expected tooltip of an asset."""
    ends = [each.change for each in drawn.links if asset.id in (each.source, each.target)]
    counts = [f"{ends.count(change)} edge{'s' * (ends.count(change) > 1)} {change}" for change in CHANGES]
    shown = [each for each in counts if not each.startswith("0 ") and not each.endswith(" same")]
    if asset.id in drawn.assets:
        shown.insert(0, {"created": "asset added", "deleted": "asset removed"}[drawn.assets[asset.id]])
    return ": ".join([asset.full_name, *filter(None, [", ".join(shown)])])


@settings(max_examples=50)
@given(graphs(most=12))
def test_each_node_and_link_is_in_the_picture_once(drawn):
    root = parse(drawn)
    nodes = groups(root, "node")
    assert [each.get("id") for each in nodes] == [f"n{index}" for index in range(len(drawn.nodes))]
    assert [tooltip(each) for each in nodes] == [single_line(described(drawn, each)) for each in drawn.nodes]
    assert [each.get("class") for each in nodes] == [f"node {state_of(drawn, each)}" for each in drawn.nodes]
    ids = {each.id: f"n{index}" for index, each in enumerate(drawn.nodes)}
    found = Counter(
        (each.get("class"), each.get("data-source"), each.get("data-target")) for each in groups(root, "link")
    )
    assert found == Counter(
        (f"link {each.change}", ids[each.source], ids[each.target]) for each in drawn.links
    )
    arrows = [
        each.get("marker-end") for group in groups(root, "link") for each in group if each.get("marker-end")
    ]
    assert Counter(arrows) == Counter(f"url(#tip-{each.change})" for each in drawn.links)


@settings(max_examples=40)
@given(graphs(most=6))
def test_the_legend_is_below_everything_and_in_the_picture(drawn):
    root = parse(drawn)
    wide, high = (float(root.get(name)) for name in ("width", "height"))
    lowest = max(box_of(each)[3] for each in (*groups(root, "node"), *groups(root, "area")))
    (legend,) = groups(root, "legend")
    rights = [0.0]
    for entry in legend:
        *signs, text = entry.iter(f"{XML}text")
        state = {"loses": "!", "created": "+", "deleted": MINUS}.get(str(entry.get("class")), "")
        assert [each.text for each in signs] == [*state]
        assert float(text.get("x")) >= rights[-1], "two entries overlap"
        assert lowest < float(text.get("y")) < high
        rights.append(float(text.get("x")) + display_width(text.text) * 12 * LETTER)
    assert rights[-1] <= wide


@pytest.mark.parametrize(("lines", "shown"), [(12, 12), (13, 12), (14, 12)])
def test_a_tooltip_has_twelve_lines_at_most(lines, shown):
    ends = node("A"), node("B")
    columns = [f"+ C{number:02}" for number in range(lines - 2)]
    lines_shown = tooltip(
        groups(parse(graph(link(*ends, "added", *columns), nodes=ends)), "link")[0]
    ).splitlines()
    assert lines_shown[:2] == ["A → B: added", "load"]
    assert len(lines_shown) == shown
    assert lines_shown[-1] == (columns[-1] if lines == shown else f"and {lines - shown + 1} more")


def test_a_number_without_room_is_left_out():
    sources, targets = ([node(f"{side}{index}", side) for index in range(9)] for side in "AB")
    links = [link(a, b, "added", "+ A → B") for a in sources for b in targets]
    root = parse(graph(*links, nodes=(*sources, *targets)))
    assert 9 < len(groups(root, "count")) < 81
    check_boxes(root)


def test_each_change_has_an_arrow_and_a_sample_of_its_line_in_the_legend():
    root = parse(every_change())
    heads = {each.get("id"): each.findall(f"{XML}path") for each in root.iter(f"{XML}marker")}
    assert {name: [path.get("class") for path in paths] for name, paths in heads.items()} == {
        f"tip-{change}": [f"tip-{change}"] for change in LOOKS
    }
    (legend,) = groups(root, "legend")
    samples = {
        each.get("class"): [path.get("marker-end") for path in each.iter(f"{XML}path")] for each in legend
    }
    assert samples == {change: [f"url(#tip-{change})"] for change in LOOKS} | {"loses": [], "note": []}


def test_a_number_is_on_its_link():
    root = parse(shop()[0])
    heights = {
        float(each.get("d").split("C")[0].split()[1])
        for each in root.iter(f"{XML}path")
        if each.get("class") == "hit"
    }
    boxes = [box_of(each) for each in groups(root, "count")]
    (height,) = heights
    assert [(top + bottom) / 2 for _, top, _, bottom in boxes] == pytest.approx([height] * 2, abs=0.1)
