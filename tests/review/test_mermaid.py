"""The Mermaid diagram: its content, and that no name can add syntax."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from review.warehouse import MINUS, SNOWFLAKE, graph, graphs, link, node, shop, sign_of, state_of, warehouse

from atlan_pulumi.review._graph import fold
from atlan_pulumi.review._looks import LOOKS, cluster_titles, ellipsize, single_line
from atlan_pulumi.review._mermaid import MOST_CHARACTERS, MOST_LINKS, escape, mermaid

LABEL = r'"(?:[^\W_]|[ /_-]|#\d+;)+"'
NODE = rf"n\d+(?:\[{LABEL}\]|\(\[{LABEL}\]\))"
COLOR = "#[0-9a-f]{6}"
DASH = r"(?:,stroke-dasharray:\d+ \d+)?"
LINES = (
    r"flowchart LR",
    r"  accTitle: Lineage that changes",
    r"  accDescr: Links between assets: (?:none|\d+ \w+(?:, \d+ \w+)*)",
    rf"  subgraph c\d+\[{LABEL}\]",
    r'  subgraph legend\["Legend"\]',
    r"    direction LR",
    r"  end",
    rf"    {NODE}",
    rf"  {NODE}",
    rf"    l(?:added|removed|changed|same|loses|created|deleted)\[{LABEL}\]",
    rf"  n\d+ (?:==>|-\.->|-->)(?:\|{LABEL}\|)? n\d+",
    rf"  classDef \w+ fill:{COLOR},stroke:{COLOR},color:{COLOR},stroke-width:[\d.]+px{DASH}",
    rf"  classDef \w+ fill:none,stroke:{COLOR},stroke-width:[\d.]+px{DASH}",
    r"  classDef box fill:none,stroke:#[0-9a-f]{6}",
    r"  class (?:n\d+|l\w+|c\d+|legend)(?:,(?:n\d+|l\w+|c\d+|legend))* (?:added|removed|changed|same|box)",
    r"  class (?:n\d+|lloses|lcreated|ldeleted)(?:,(?:n\d+|l\w+))* (?:asset|loses|created|deleted)",
    rf"  linkStyle \d+(?:,\d+)* stroke:{COLOR},stroke-width:[\d.]+px{DASH}",
)
GRAMMAR = re.compile("|".join(f"(?:{line})" for line in LINES))

HOSTILE = (
    'x"]; n9["pwn',
    "end",
    "subgraph c0",
    "`**bold**`",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "#quot;",
    "#35;",
    "&lt;b&gt;",
    "a;b",
    "%% comment",
    '%%{init: {"theme": "dark"}}%%',
    "---",
    "direction TB",
    "click n0 call f()",
    "style n0 fill:#f00;",
    "classDef default fill:red;",
    "linkStyle 0 stroke:red",
    "accTitle: x",
    "1. one",
    "- item",
    "+ item",
    "__init__",
    "$$x^2$$",
    "[a](javascript:alert(1))",
    "www.example.com",
    "https://example.com",
    "fa:fa-car",
    "A|B",
    "a:::added",
    "one\ntwo",
    "one\r\n%% two",
    "a\\nb",
    "\u202eevil",
    "日本語",
    "😀",
    "ﬂ°°35¶ß",
    "",
    "\x00",
    "a" * 500,
)


def lines(drawn):
    return mermaid(drawn).splitlines()


def read(label):
    """Return a label as Mermaid shows it."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def labels(text):
    """Return the displayed labels of the nodes, by id."""
    found = re.finditer(r'^ +(n\d+)\(?\["(.*)"\]\)?$', text, re.MULTILINE)
    return {each[1]: read(each[2]).replace("\xa0", " ") for each in found}


def test_a_small_graph_is_drawn_completely():
    text = mermaid(shop()[0])
    assert text.splitlines()[:16] == [
        "flowchart LR",
        "  accTitle: Lineage that changes",
        "  accDescr: Links between assets: 1 added, 1 changed",
        '  subgraph c0["ANALYTICS/MARTS"]',
        "    direction LR",
        '    n0["CUSTOMER_VALUE"]',
        "  end",
        '  subgraph c1["RAW/SHOP"]',
        "    direction LR",
        '    n1["ORDERS"]',
        "  end",
        '  subgraph c2["STAGING/SHOP"]',
        "    direction LR",
        '    n2["STG_ORDERS #183; View"]',
        "  end",
        '  n1 -->|"#126;#160;2 columns"| n2',
    ]
    assert '  n2 ==>|"#43;#160;1 column"| n0' in text.splitlines()
    assert text.endswith("\n")


def test_signs_and_lines_distinguish_changes_without_colors():
    ends = [node(f"T{index}") for index in range(5)]
    drawn = graph(*(link(ends[0], ends[i + 1], change) for i, change in enumerate(LOOKS)), nodes=tuple(ends))
    arrows = [read(line) for line in lines(drawn) if re.match(r"  n0 ", line)]
    assert arrows == ['  n0 ==>|"+"| n1', f'  n0 -.->|"{MINUS}"| n2', '  n0 -->|"~"| n3', "  n0 --> n4"]
    assert list(labels(mermaid(drawn)).values()) == ["! T0", "T1", "! T2", "T3", "T4"]


def test_the_legend_has_the_changes_of_the_graph():
    text = mermaid(shop()[0])
    assert 'ladded["#43;#160;added edge"]' in text
    assert 'lchanged["#126;#160;changed edge"]' in text
    assert "lremoved" not in text
    assert "lsame" not in text
    assert "lloses" not in text


def test_links_are_styled_by_their_number():
    drawn = warehouse(30)
    arrows = [line for line in lines(drawn) if re.match(r"  n\d+ [=-]", line)]
    for change, arrow in (("added", "==>"), ("removed", "-.->")):
        style = next(
            line for line in lines(drawn) if line.startswith("  linkStyle") and LOOKS[change].between in line
        )
        numbers = {int(number) for number in style.split()[1].split(",")}
        assert numbers == {index for index, line in enumerate(arrows) if f" {arrow}" in line}


def test_every_node_has_a_neutral_class():
    drawn = warehouse(30)
    classes = {
        member: line.split()[2]
        for line in lines(drawn)
        if line.startswith("  class ")
        for member in line.split()[1].split(",")
    }
    assert {
        f"n{index}": state_of(drawn, each) for index, each in enumerate(drawn.nodes)
    }.items() <= classes.items()
    grays = [line for line in lines(drawn) if line.startswith(("  classDef asset ", "  classDef loses "))]
    assert len(grays) == 2
    for each in grays:
        for color in re.findall(COLOR, each):
            red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
            assert max(red, green, blue) - min(red, green, blue) <= 30, "no color of a change"


def test_clusters_have_unique_titles():
    other = "default/postgres/1700000000/RAW/SHOP"
    text = mermaid(graph(nodes=(node("A"), node("B", other), node("C", f"{SNOWFLAKE}/RAW/WEB"))))
    titles = [read(each) for each in re.findall(r'subgraph c\d+\["(.*)"\]', text)]
    assert titles == ["1700000000/RAW/SHOP", "1657025257/RAW/SHOP", "RAW/WEB"]


def test_a_node_without_a_cluster_has_no_subgraph():
    assert '  n0["LATER"]' in lines(graph(nodes=(node("LATER", ""),)))


def test_a_folded_node_has_its_own_shape():
    text = mermaid(warehouse(300))
    shapes = re.findall(r'n\d+(\(?)\["(.*)"\]', text)
    assert all((bracket == "(") == (" more" in label) for bracket, label in shapes)
    assert any(bracket for bracket, _ in shapes)


@pytest.mark.parametrize("size", [3, 30, 200, 2_000])
def test_the_text_stays_well_below_the_limits_of_github(size):
    text = mermaid(warehouse(size))
    assert len(text) <= MOST_CHARACTERS < 50_000
    assert len(re.findall(r"^  n\d+ [=-]", text, re.MULTILINE)) <= MOST_LINKS < 500
    assert len(labels(text)) <= 40


def test_a_dense_graph_is_folded():
    many = [node(f"T{index:02}") for index in range(40)]
    text = mermaid(graph(*(link(a, b) for a in many for b in many), nodes=tuple(many)))
    assert len(re.findall(r"^  n\d+ [=-]", text, re.MULTILINE)) <= MOST_LINKS
    assert "and 29 more" in labels(text)[max(labels(text), key=lambda each: int(each[1:]))]


def test_names_of_any_length_stay_below_the_limits():
    names = [node("😀" * 400 + str(index), "\U00010000" * 900 + f"/{index}") for index in range(60)]
    assert len(mermaid(graph(nodes=tuple(names)))) <= MOST_CHARACTERS


def test_the_diagram_is_deterministic():
    assert mermaid(warehouse(200)) == mermaid(warehouse(200))


def test_an_empty_graph_is_a_valid_diagram():
    assert lines(graph())[2] == "  accDescr: Links between assets: none"
    assert all(map(GRAMMAR.fullmatch, lines(graph())))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_remains_a_name(name):
    source, target = node(name, f"db/{name}", name), node("T", name)
    drawn = graph(link(source, target, "added", name, process=name), nodes=(source, target))
    broken = [line for line in lines(drawn) if not GRAMMAR.fullmatch(line)]
    assert broken == []
    assert len(labels(mermaid(drawn))) == 2


@given(graphs())
@example(graph(nodes=tuple(node(name, name, name) for name in HOSTILE[:20])))
@example(graph(nodes=tuple(node(name, name, name) for name in HOSTILE[20:])))
def test_every_line_matches_the_grammar_with_any_names(drawn):
    assert [line for line in lines(drawn) if not GRAMMAR.fullmatch(line)] == []
    assert sum(line == "  end" for line in lines(drawn)) == sum(
        line.startswith("  subgraph") for line in lines(drawn)
    )


@given(st.text())
@example("#126;#quot;")
@example("www.example.com direction LR a__b_")
def test_an_escaped_text_is_read_unchanged(text):
    own_marks = str.maketrans({"ﬂ": "fl", "¶": "�"})
    assert read(escape(text)) == single_line(text).translate(own_marks)


def test_plain_names_are_not_escaped():
    for plain in ("STG_ORDERS", "dim-customer", "RAW/PUBLIC", "and 140 more", "Größe", "顧客"):
        assert escape(plain) == plain


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "x"', "say #34;x#34;"),
        ("a#b;c", "a#35;b#59;c"),
        ("<b>", "#60;b#62;"),
        ("`x`", "#96;x#96;"),
        ("_x_", "#95;x#95;"),
        ("- x", "#45; x"),
        ("1. x", "1#46; x"),
        ("two\nlines", "two lines"),
        ("direction TB", "direction#32;TB"),
        ("100%%", "100#37;#37;"),
    ],
)
def test_syntax_is_written_as_character_numbers(text, written):
    assert escape(text) == written


@settings(max_examples=60)
@given(graphs())
def test_each_link_is_an_arrow_between_its_nodes(drawn):
    text = mermaid(drawn)
    arrows = re.findall(r'^  (n\d+) (==>|-\.->|-->)(?:\|"(.*)"\|)? (n\d+)$', text, re.MULTILINE)
    signs = {change: look.sign for change, look in LOOKS.items()}
    kinds = {"added": "==>", "removed": "-.->", "changed": "-->", "same": "-->"}
    ids = {each.id: f"n{index}" for index, each in enumerate(drawn.nodes)}
    counts = ["", "1 column", "2 columns"]
    assert [(a, kind, read(label).split("\xa0"), b) for a, kind, label, b in arrows] == [
        (
            ids[each.source],
            kinds[each.change],
            [part for part in (signs[each.change], counts[len(each.columns)]) if part] or [""],
            ids[each.target],
        )
        for each in drawn.links
    ]


@settings(max_examples=60)
@given(graphs())
def test_each_node_is_once_in_the_subgraph_of_its_cluster(drawn):
    within, found = "", {}
    boxes = cluster_titles({each.cluster for each in drawn.nodes if each.cluster})
    for line in lines(drawn):
        if box := re.fullmatch(r'  subgraph c(\d+)\[".*"\]', line):
            within = list(boxes)[int(box[1])]
        elif line == "  end":
            within = ""
        elif named := re.match(r' +n(\d+)\["(.*)"\]$', line):
            found[int(named[1])] = within, read(named[2]).replace("\xa0", " ")
    assert [found[index] for index in range(len(drawn.nodes))] == [
        (each.cluster, shown_label(drawn, each)) for each in drawn.nodes
    ]


def shown_label(drawn, each):
    sign = sign_of(drawn, each)
    kind = f" · {each.type_name}" if each.type_name == "View" else ""
    label = ellipsize(each.label, 32).translate(str.maketrans({"ﬂ": "fl", "¶": "�"}))
    return f"{sign} {label}{kind}".lstrip()


def test_the_legend_has_a_fixed_order():
    hub, ends = node("HUB"), [node(f"T{index}") for index in range(4)]
    links = [link(hub, each, change) for each, change in zip(ends, LOOKS, strict=True)]
    text = mermaid(graph(*links, nodes=(hub, *ends)))
    assert re.findall(r"^    l(\w+)\[", text, re.MULTILINE) == [
        *("added", "removed", "changed", "same", "loses")
    ]
    assert "1 added, 1 removed, 1 changed, 1 same" in text


def test_only_boxes_have_the_style_of_boxes():
    loose, boxed, other = node("LOOSE", ""), node("A"), node("B", f"{SNOWFLAKE}/MARTS/CORE")
    drawn = graph(link(loose, boxed), link(boxed, other), nodes=(loose, boxed, other))
    assert "  class c0,c1,legend box" in lines(drawn)
    assert "  class c0 box" in lines(graph(nodes=(boxed,)))
    assert not [line for line in lines(graph(nodes=(loose,))) if line.endswith(" box")]


def test_a_node_folded_from_two_has_the_shape_of_folded_nodes():
    two = fold(graph(nodes=tuple(node(f"T{index}") for index in range(3))), 2)
    assert [each.count for each in two.nodes] == [1, 2]
    assert [line for line in lines(two) if "more" in line] == ['    n1(["and 2 more"])']
