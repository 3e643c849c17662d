"""Graphs for the pictures: a warehouse of any size, and random graphs."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import strategies as st

from atlan_pulumi.review._compare import ChangeKind
from atlan_pulumi.review._graph import Graph, Link, Node

SNOWFLAKE = "default/snowflake/1657025257"
CHANGES: tuple[ChangeKind, ...] = ("added", "removed", "changed", "same")
MINUS = "\N{MINUS SIGN}"
SIGNS = {"added": "+ ", "removed": f"{MINUS} ", "changed": "~ ", "same": ""}

_LAYERS = (
    ("RAW", ("SHOP", "CRM", "WEB", "ERP"), 0.32),
    ("STAGING", ("SHOP", "CRM", "WEB"), 0.3),
    ("INTERMEDIATE", ("CORE",), 0.16),
    ("MARTS", ("FINANCE", "MARKETING"), 0.16),
    ("REPORTS", ("PUBLIC",), 0.06),
)
_NOUNS = [
    "ORDERS",
    "CUSTOMERS",
    "PAYMENTS",
    "PRODUCTS",
    "INVENTORY",
    "SHIPMENTS",
    "RETURNS",
    "SESSIONS",
    "EVENTS",
    "CAMPAIGNS",
]


def node(label: str, cluster: str = f"{SNOWFLAKE}/RAW/SHOP", type_name: str = "Table") -> Node:
    return Node(f"{type_name} {cluster}/{label}", label, type_name, cluster)


def link(
    source: Node, target: Node, change: ChangeKind = "added", *columns: str, process: str = "load"
) -> Link:
    return Link(source.id, target.id, change, (process,), columns)


def graph(*links: Link, nodes: tuple[Node, ...] = ()) -> Graph:
    return Graph(tuple(sorted(nodes)), tuple(sorted(links)))


def shop() -> tuple[Graph, tuple[Node, Node, Node]]:
    """Return a chain of orders, staged orders, and a mart: the first link is changed, the second added."""
    orders = node("ORDERS")
    staged = node("STG_ORDERS", f"{SNOWFLAKE}/STAGING/SHOP", "View")
    mart = node("CUSTOMER_VALUE", f"{SNOWFLAKE}/ANALYTICS/MARTS")
    changed = link(
        orders,
        staged,
        "changed",
        "+ AMOUNT, DISCOUNT → NET",
        f"{MINUS} TOTAL → TOTAL",
        process="stage orders",
    )
    added = link(staged, mart, "added", "+ NET → SPEND", process="build value")
    return graph(changed, added, nodes=(orders, staged, mart)), (orders, staged, mart)


def warehouse(size: int, seed: int = 1) -> Graph:
    """Return about that many tables in five layers. Most tables of a layer read the layer before."""
    chance = random.Random(seed)
    layers = [_layer(name, schemas, max(1, round(size * share))) for name, schemas, share in _LAYERS]
    links: dict[tuple[str, str], Link] = {}
    for level, layer in enumerate(layers[1:], start=1):
        for place, target in enumerate(layer):
            for source in _sources(layers, level, place, chance):
                links[source.id, target.id] = _random_link(source, target, chance)
    if size >= 30:
        back = _random_link(layers[4][0], layers[1][-1], chance)
        loop = _random_link(layers[2][0], layers[2][0], chance)
        links |= {(each.source, each.target): each for each in (back, loop)}
    return graph(*links.values(), nodes=tuple(each for layer in layers for each in layer))


def _layer(name: str, schemas: tuple[str, ...], count: int) -> list[Node]:
    return [
        node(
            f"{name[:3]}_{_NOUNS[index % len(_NOUNS)]}_{index:03}",
            f"{SNOWFLAKE}/{name}/{schemas[index * len(schemas) // count]}",
            "View" if name == "STAGING" and index % 3 == 0 else "Table",
        )
        for index in range(count)
    ]


def _sources(layers: list[list[Node]], level: int, place: int, chance: random.Random) -> list[Node]:
    before = layers[level - 1]
    middle = place * len(before) // len(layers[level])
    near = [
        min(max(middle + chance.randint(-1, 1), 0), len(before) - 1)
        for _ in range(chance.choice([1, 1, 2, 3]))
    ]
    found = [before[index] for index in near]
    if chance.random() < 0.15:
        found.append(chance.choice(layers[chance.randrange(level)]))
    return found


def _random_link(source: Node, target: Node, chance: random.Random) -> Link:
    change = chance.choices(CHANGES, [1, 0.7, 0.8, 2])[0]
    columns = [f"{SIGNS[change]}COLUMN_{index} → OUT_{index}" for index in range(chance.choice([0, 1, 3, 9]))]
    return link(source, target, change, *columns, process=f"build {target.label}")


@st.composite
def graphs(draw: st.DrawFn, most: int = 24, names: st.SearchStrategy[str] | None = None) -> Graph:
    """Draw any graph: cycles, loops, nodes without clusters or links, and any names."""
    text = st.text(st.characters(codec="utf-8"), max_size=12) if names is None else names
    clusters = draw(st.lists(text, min_size=1, max_size=5))
    count = draw(st.integers(1, most))
    nodes = [
        Node(
            f"{index}",
            draw(text),
            draw(st.sampled_from(["Table", "View", ""])),
            draw(st.sampled_from(clusters)),
        )
        for index in range(count)
    ]
    ends = st.integers(0, count - 1)
    pairs = draw(st.sets(st.tuples(ends, ends), max_size=3 * count))
    links = [
        Link(
            f"{source}",
            f"{target}",
            draw(st.sampled_from(CHANGES)),
            (f"p{source}",),
            (f"c{target}",) * (target % 3),
        )
        for source, target in sorted(pairs)
    ]
    declared = st.dictionaries(ends, st.sampled_from(["created", "deleted"]), max_size=3)
    assets = {f"{index}": change for index, change in draw(declared).items()}
    return replace(graph(*links, nodes=tuple(nodes)), assets=assets)


def state_of(drawn: Graph, each: Node) -> str:
    """Return the expected state of a node."""
    return drawn.assets.get(each.id) or ("loses" if drawn.loses_edge(each) else "asset")


def sign_of(drawn: Graph, each: Node) -> str:
    """Return the expected sign of a node."""
    return {"created": "+", "deleted": MINUS, "loses": "!", "asset": ""}[state_of(drawn, each)]
