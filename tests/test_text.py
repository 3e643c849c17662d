"""printable, counted, nearest, and did_you_mean."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.text import counted, did_you_mean, nearest, printable


@given(text=st.text(max_size=20))
def test_only_unprintable_characters_are_escaped(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert (shown == text) == text.isprintable()
    assert shown == "".join(map(printable, text))


def test_escapes_are_pythons() -> None:
    assert printable("red: \x1b[31m\n\u200bé\U000e0001") == r"red: \x1b[31m\n\u200bé\U000e0001"


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "edge", "0 edges"),
        (1, "edge", "1 edge"),
        (2, "edge", "2 edges"),
        (1, "process", "1 process"),
        (1_000_000, "process", "1,000,000 processes"),
    ],
)
def test_counted(count: int, noun: str, text: str) -> None:
    assert counted(count, noun) == text


# -- typos ---------------------------------------------------------------------------------------------------


def edits(one: str, other: str) -> int:
    """Return the number of wrong, added, missing, or swapped characters, by definition."""

    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (one[i - 1] != other[j - 1])]
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
            ways.append(of(i - 2, j - 2) + 1)
        return min(ways)

    return of(len(one), len(other))


def typos(one: str, other: str) -> int | None:
    """Return the number of typos between two segments without digits; None if they are different names."""
    found, longest = edits(one, other), max(len(one), len(other))
    swapped_only = len(one) != len(other) or sorted(one) == sorted(other)
    if found > (1 if longest <= 5 else 2 if longest <= 12 else 3):
        return None
    return found if longest > 3 or swapped_only else None


@st.composite
def misspelled(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name, and a text that is a few edits away from it."""
    name = draw(st.text("abc", min_size=1, max_size=15))
    other = list(name)
    for _ in range(draw(st.integers(0, 4))):
        place, letter = draw(st.integers(0, len(other))), draw(st.sampled_from("abcd"))
        kind = draw(st.sampled_from(["insert", "delete", "change", "swap"]))
        if kind == "insert":
            other.insert(place, letter)
        elif kind == "delete":
            del other[place : place + 1]
        elif kind == "change":
            other[place : place + 1] = [letter]
        else:
            other[place : place + 2] = other[place : place + 2][::-1]
    return name, "".join(other)


@given(pair=misspelled())
def test_a_limited_number_of_typos_is_the_same_name(pair: tuple[str, str]) -> None:
    name, other = pair
    found = typos(name, other)
    assert nearest(name, [other]) == ([] if found is None else [other])
    assert nearest(other, [name]) == ([] if found is None else [name])


@given(pairs=st.lists(misspelled(), min_size=2, max_size=2), known=st.lists(misspelled(), max_size=3))
def test_the_most_similar_names_come_first(
    pairs: list[tuple[str, str]], known: list[tuple[str, str]]
) -> None:
    name = "/".join(name for name, _ in pairs)
    every = ["/".join(other for _, other in pairs), *(f"{pairs[0][0]}/{other}" for _, other in known), name]

    def distance(other: str) -> int | None:
        segments = zip(name.split("/"), other.split("/"), strict=True)
        each = [typos(*pair) for pair in segments]
        return None if None in each else sum(filter(None, each))

    fitting = sorted((found, each) for each in every if (found := distance(each)) is not None)
    assert nearest(name, every, most=2) == [each for _, each in fitting[:2]]


@pytest.mark.parametrize(
    ("wrong", "right", "found"),
    [
        ("ABCDE", "XBCDE", True),
        ("ABCDE", "XYCDE", False),  # five letters allow one typo
        ("ABCDEF", "XYCDEF", True),
        ("ABCDEFGHIJKL", "XYCDEFGHIJKL", True),
        ("ABCDEFGHIJKL", "XYZDEFGHIJKL", False),  # twelve letters allow two
        ("ABCDEFGHIJKLM", "XYZDEFGHIJKLM", True),
        ("ABCDEFGHIJKLM", "XYZWEFGHIJKLM", False),
        ("ID", "NO", False),
        ("ID", "DI", True),
        ("ABC", "ABD", False),  # three letters allow no other letter
        ("ABC", "ABCC", True),
        ("ABCD", "ABCE", True),
        ("T1", "T2", False),
        ("T1X2", "T1Y2", True),
        ("T12", "T1", False),
        ("orders", "ORDERS", True),
        ("A/B", "A", False),
    ],
)
def test_the_limits_of_typos(wrong: str, right: str, found: bool) -> None:
    assert nearest(wrong, [right]) == ([right] if found else [])


def test_at_most_three_names_are_returned() -> None:
    assert nearest("ORDERS", [f"ORDERS{letter}" for letter in "EDCBA"]) == ["ORDERSA", "ORDERSB", "ORDERSC"]


# -- did you mean --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "known", "text"),
    [
        ("snowflak", ["snowflake", "redshift"], "; did you mean 'snowflake'?"),
        ("SNOWFLAKE", {"Snowflake": 1}, "; did you mean 'Snowflake'?"),
        ("abc", ["abxyz"], ""),  # half of it is equal
        ("abcd", ["abcxy"], "; did you mean 'abcxy'?"),  # two thirds
        ("xyz", ["snowflake"], ""),
        (7, ["70"], "; did you mean '70'?"),
        ("a", [], ""),
    ],
)
def test_did_you_mean(value: object, known: Any, text: str) -> None:
    assert did_you_mean(value, known) == text
