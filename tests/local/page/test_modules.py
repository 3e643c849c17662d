"""The functions of the page, called in the browser."""

from __future__ import annotations

import itertools
import random

import pytest

pytestmark = pytest.mark.browser

MODEL = "(await import('/_local/static/lineage/model.js')).buildModel(a[0])"


@pytest.fixture
def call(page):
    """Calls functions of a page that is loaded once, since they have no side effects."""
    if not page.driver.current_url.startswith(page.base_url):
        page.open()
    return page.module


def node(guid, type_name="Table", parent=None, **attributes):
    return {
        "guid": guid,
        "typeName": type_name,
        "name": guid,
        "qualifiedName": f"default/x/1/{guid}",
        "isProcess": type_name.endswith("Process"),
        "parent": parent,
        "attributes": attributes,
    }


def apart(one, other, start, length):
    return one[start] + one[length] <= other[start] or other[start] + other[length] <= one[start]


def graph(nodes, *edges):
    pairs = [edge.split(">") for edge in edges]
    return {"base": nodes[0]["guid"], "nodes": nodes, "edges": [{"from": a, "to": b} for a, b in pairs]}


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("", {"guid": None, "level": "table", "depth": 10}),
        ("#/", {"guid": None, "level": "table", "depth": 10}),
        ("#/asset/a-1", {"guid": "a-1", "level": "table", "depth": 10}),
        ("#/asset/a-1/", {"guid": "a-1", "level": "table", "depth": 10}),
        ("#/asset/a%2Fb?level=column&depth=2", {"guid": "a/b", "level": "column", "depth": 2}),
        ("#/asset/a?depth=9999&level=other", {"guid": "a", "level": "table", "depth": 10}),
        ("#/asset/%E0%A4%A", {"guid": "%E0%A4%A", "level": "table", "depth": 10}),
        ("#/elsewhere", {"guid": None, "level": "table", "depth": 10}),
    ],
)
def test_addresses_are_parsed(call, address, route):
    assert call("core/route.js", "m.parse(a[0])", address) == route


@pytest.mark.parametrize("address", ["#/", "#/asset/a-1", "#/asset/a%2Fb?level=column&depth=2"])
def test_formatted_addresses_parse_to_the_same_route(call, address):
    assert call("core/route.js", "m.format(m.parse(a[0]))", address) == address


@pytest.mark.parametrize(
    ("type_name", "kind"),
    [
        ("Table", "table"),
        ("MaterialisedView", "view"),
        ("Column", "column"),
        ("ColumnProcess", "process"),
        ("BIProcess", "process"),
        ("Schema", "container"),
        ("SparkJob", "job"),
        ("AirflowTask", "job"),
        ("TableauDashboard", "dashboard"),
        ("S3Object", "file"),
        ("SomethingNew", "other"),
    ],
)
def test_types_have_a_kind_with_icon_and_label(call, type_name, kind):
    assert call("core/kinds.js", "m.kindOf(a[0])", type_name) == kind
    assert call("core/kinds.js", "Boolean(m.iconPath(a[0]) && m.kindLabel(a[0]))", kind)


def test_types_with_lineage_come_first(call):
    types = ["Column", "Schema", "Table", "Connection", "S3Object", "ColumnProcess", "Process", "BIProcess"]
    expected = [
        "Process",
        "Table",
        "BIProcess",
        "S3Object",
        "ColumnProcess",
        "Column",
        "Schema",
        "Connection",
    ]
    assert call("core/kinds.js", "a[0].sort(m.byInterest)", types) == expected


@pytest.mark.parametrize(
    ("name", "qualified_name", "place"),
    [
        ("T", "default/snowflake/1/DB/S/T", "DB / S"),
        ("load", "default/snowflake/1/load", ""),
        ("Load", "default/snowflake/1/load", "load"),
        ("w", "default/snowflake/1", ""),
        ("x.csv", "arn:aws:s3:::lake/x.csv", "arn:aws:s3:::lake"),
    ],
)
def test_the_location_omits_connection_and_name(call, name, qualified_name, place):
    asset = {"name": name, "qualifiedName": qualified_name}
    assert call("core/names.js", "m.place(a[0])", asset) == place


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("select 1", ["keyword", "plain", "number"]),
        ("-- select\nx", ["comment", "plain"]),
        ("/* a\nb */'it''s from'", ["comment", "string"]),
        ("selected fromage t1", ["plain"]),
        ("", []),
        ("'open", ["plain"]),
    ],
)
def test_sql_tokens_preserve_the_text(call, sql, kinds):
    tokens = call("panes/sql.js", "m.tokens(a[0])", sql)
    assert [token["kind"] for token in tokens] == kinds
    assert "".join(token["text"] for token in tokens) == sql


def test_every_value_has_a_text(call):
    values = [None, "", 0, False, ["a", None, "b"], {"k": 1}, "t"]
    assert call("panes/details.js", "a[0].map(m.text)", values) == [
        "",
        "",
        "0",
        "false",
        "a, b",
        '{"k":1}',
        "t",
    ]


def test_a_column_without_a_loaded_table_has_a_card(call):
    column = {**node("c", "Column", "t"), "qualifiedName": "default/x/1/DB/S/ORDERS/ID"}
    cards = call("lineage/model.js", "m.buildModel(a[0]).cards", graph([column]))
    assert [(card["title"], card["kind"], card["node"]) for card in cards] == [("ORDERS", "table", None)]


def test_rows_follow_the_column_order(call):
    rows = [
        node(name, "Column", "t", order=order) for name, order in [("z", 1), ("y", 2), ("b", None), ("a", 0)]
    ]
    cards = call("lineage/model.js", "m.buildModel(a[0]).cards", graph([node("t"), *rows]))
    assert [row["guid"] for row in cards[0]["rows"]] == ["z", "y", "a", "b"]


def test_links_to_missing_nodes_are_omitted(call):
    one = graph([node("a"), node("p", "Process")], "a>p", "p>lost")
    assert call("lineage/model.js", "m.buildModel(a[0]).links", one) == [{"from": "a", "to": "p"}]


def test_the_layout_does_not_depend_on_the_response_order(call):
    nodes = [node("a"), node("b"), node("p", "Process"), node("c")]
    ways = [graph(nodes, "a>p", "b>p", "p>c"), {**graph(nodes[::-1], "p>c", "b>p", "a>p"), "base": "a"}]
    one, other = (call("lineage/layout.js", f"m.layOut({MODEL}).lines", way) for way in ways)
    assert one == other


def test_cycles_can_be_drawn_and_traversed(call):
    circle = graph(
        [node("a"), node("p", "Process"), node("q", "Process"), node("b")], "a>p", "p>b", "b>q", "q>a"
    )
    lines = call("lineage/layout.js", f"m.layOut({MODEL}).lines", circle)
    assert len(lines) == 4
    assert not [line for line in lines if "NaN" in line["path"]]
    path = call("lineage/model.js", "[...m.pathThrough(m.buildModel(a[0]), 'p')].sort()", circle)
    assert path == ["a", "b", "p", "q"]


def test_self_loops_can_be_drawn(call):
    lines = call("lineage/layout.js", f"m.layOut({MODEL}).lines", graph([node("a")], "a>a"))
    assert len(lines) == 1
    assert "NaN" not in lines[0]["path"]


def test_long_names_are_truncated_to_the_width(call):
    short = call("lineage/text-width.js", "m.truncateText('A_VERY_LONG_TABLE_NAME_INDEED', '600 13px', 100)")
    assert short.startswith("A_VERY")
    assert short.endswith("…")
    assert call("lineage/text-width.js", "m.textWidth(a[0], '600 13px')", short) <= 100
    assert call("lineage/text-width.js", "m.truncateText('SHORT', '600 13px', 100)") == "SHORT"


def test_thirty_tables_and_fifteen_processes_do_not_overlap(call):
    tables = [node(f"T{number:02d}") for number in range(30)]
    processes = [node(f"P{number:02d}", "Process") for number in range(15)]
    edges = [f"T{2 * n:02d}>P{n:02d}" for n in range(15)] + [f"P{n:02d}>T{2 * n + 1:02d}" for n in range(15)]
    edges += [f"T{2 * n + 1:02d}>P{n + 5:02d}" for n in range(10)]
    lineage = graph([*tables, *processes], *edges)
    places = call("lineage/layout.js", f"[...m.layOut({MODEL}).places.values()]", lineage)
    assert len(places) == 45
    for one, other in itertools.combinations(places, 2):
        assert apart(one, other, "x", "width") or apart(one, other, "y", "height")


# The boxes of the cards, and the links whose path touches a card other than its own.
FOLDED = f"""await (async () => {{
    const model = {MODEL};
    const {{places, lines, width, height}} = m.layOut(model, a[1]);
    const boxes = model.cards.map((card) => ({{id: card.id, ...places.get(card.id)}}));
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    const touching = lines.filter((line) => {{
        path.setAttribute('d', line.path);
        const others = boxes.filter(({{id}}) => id !== line.from && id !== line.to);
        const at = (part) => path.getPointAtLength(path.getTotalLength() * part);
        const points = Array.from({{length: 200}}, (_, n) => at(n / 199));
        return points.some(({{x, y}}) => others.some((box) =>
            box.x < x && x < box.x + box.width && box.y < y && y < box.y + box.height));
    }});
    return {{boxes, touching, width, height, bands: new Set(boxes.map((box) => box.band)).size}};
}})()"""
ROOM = {"width": 700, "height": 500}


def test_wide_lineage_is_folded_without_overlap(call):
    """Random lineage of 24 ranks: every line passes between the cards of others, also between two bands."""
    bands = set()
    for seed in range(8):
        lineage = random_lineage(random.Random(seed))
        found = call("lineage/layout.js", FOLDED, lineage, ROOM)
        for one, other in itertools.combinations(found["boxes"], 2):
            assert apart(one, other, "x", "width") or apart(one, other, "y", "height"), seed
        assert found["touching"] == [], seed
        assert found["bands"] == 1 or found["width"] <= ROOM["width"], seed
        bands.add(found["bands"])
    assert max(bands) > 4


def random_lineage(source):
    """Return a chain with side branches and links that skip up to three ranks."""
    names = [f"n{rank:02d}{branch}" for rank in range(24) for branch in range(source.choice([1, 1, 2]))]
    ranks = {name: int(name[1:3]) for name in names}
    edges = {(f"n{rank:02d}0", f"n{rank + 1:02d}0") for rank in range(23)}
    for name in names:
        later = [each for each in names if 0 < ranks[each] - ranks[name] <= 3]
        if later and source.random() < 0.3:
            edges.add((name, source.choice(later)))
    return graph([node(name) for name in names], *[f"{one}>{two}" for one, two in sorted(edges)])


@pytest.mark.parametrize(
    ("links", "bands"),
    [
        (1, [0, 0, 0, 1, 1, 1]),
        (6, [0, 0, 0, 1, 1, 1]),
        (7, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_a_band_ends_where_few_links_are(call, links, bands):
    ranks = [{"left": 110 * n, "right": 110 * n + 80, "top": 0, "bottom": 30} for n in range(6)]
    room = {"width": 110 * 3 + 140, "height": 500}
    found = call("lineage/fold.js", "m.bandsOf(a[0], a[1], a[2])", ranks, [links] * 5, room)
    assert [
        number for number, band in enumerate(found) for _ in range(band["first"], band["last"] + 1)
    ] == bands


@pytest.mark.parametrize("size", [{"width": 1000, "height": 300}, {"width": 300, "height": 1000}])
def test_a_view_with_focus_has_legible_labels_at_any_size_of_the_pane(call, size):
    script = """[...Array(60).keys()].map((n) => {
        const room = {width: 200 + 20 * n, height: 200 + 20 * n};
        const surface = {addEventListener() {}, getBoundingClientRect: () => room};
        const layer = {classList: {toggle() {}}, style: {}};
        new m.Viewport(surface, layer).fit(a[0], {x: 150, y: 150});
        return parseFloat(layer.style.transform.split('scale(')[1]);
    })"""
    scales = call("lineage/viewport.js", script, size)
    font = call(
        "lineage/layout.js", "Math.min(...Object.values(m.FONTS).map((each) => parseInt(each.split(' ')[1])))"
    )
    assert min(scales) * font >= 11
    assert max(scales) > 1


def test_lineage_that_fits_or_has_no_pane_is_not_folded(call):
    ranks = [{"left": 110 * n, "right": 110 * n + 80, "top": 0, "bottom": 30} for n in range(6)]
    for room in (None, {"width": 800, "height": 300}):
        found = call("lineage/fold.js", "m.bandsOf(a[0], a[1], a[2])", ranks, [1] * 5, room)
        assert [(band["first"], band["last"], band["dx"], band["dy"]) for band in found] == [(0, 5, 0, 0)]


def test_a_circle_is_not_folded(call):
    """A link backwards would have to run against the direction of reading."""
    names = [f"n{number:02d}" for number in range(12)]
    edges = [f"{one}>{two}" for one, two in itertools.pairwise([*names, names[0]])]
    found = call("lineage/layout.js", FOLDED, graph([node(name) for name in names], *edges), ROOM)
    assert found["bands"] == 1
