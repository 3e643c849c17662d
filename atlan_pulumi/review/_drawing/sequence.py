"""The order of a picture's clusters from left to right, such that few links lead back."""

from __future__ import annotations

from collections import Counter

Home = tuple[str, str]
"""A cluster, or a node in none."""

Flows = Counter[tuple[Home, Home]]
"""How many links lead from one cluster to another."""

_ROUNDS = 8


def sequence(homes: list[Home], flows: Flows) -> list[Home]:
    """The clusters in an order that few links lead back in; none, where there is no circle among them."""
    order = _stripped(homes, flows)
    for _ in range(_ROUNDS):
        before = list(order)
        for home in homes:
            order.remove(home)
            order.insert(_best_place(home, order, flows), home)
        if order == before:
            break
    return order


def _stripped(homes: list[Home], flows: Flows) -> list[Home]:
    """Takes away what reads nothing that is left and what nothing reads, over and over.

    Where neither is left there is a circle: the cluster goes first that gives most beyond what it takes.
    """
    front: list[Home] = []
    back: list[Home] = []
    left = dict.fromkeys(homes)
    while left:
        gives: Counter[Home] = Counter()
        takes: Counter[Home] = Counter()
        for (source, target), links in flows.items():
            if source in left and target in left:
                gives[source] += links
                takes[target] += links
        first = [home for home in left if not takes[home]]
        last = [home for home in left if takes[home] and not gives[home]]
        if not (first or last):
            first = [max(left, key=lambda home: gives[home] - takes[home])]
        front, back = front + first, last + back
        left = {home: None for home in left if home not in {*first, *last}}
    return front + back


def _best_place(home: Home, others: list[Home], flows: Flows) -> int:
    """Where the fewest links between a cluster and the others lead back."""
    best, place, cost = 0, 0, 0
    for index, other in enumerate(others, start=1):
        cost += flows[home, other] - flows[other, home]
        if cost < best:
            best, place = cost, index
    return place
