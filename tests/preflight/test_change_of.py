"""A change of a value in a few words, which show the difference."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.preflight._change_of import change_of

SELECT = "insert into MART.ORDERS\nselect ID as ORDER_ID, AMOUNT, CURRENCY, COUNTRY, CUSTOMER\nfrom RAW.{}\n"
JOIN = "join RAW.PAYMENTS using (ID) join RAW.CUSTOMERS using (CUSTOMER) where AMOUNT > 0"


@pytest.mark.parametrize(
    ("seen", "wanted", "shown"),
    [
        ("select 1", "select 2", "'select 1' -> 'select 2'"),
        (None, "select 1", "nothing -> 'select 1'"),
        (None, "x" * 99, f"nothing -> '{'x' * 60}…'"),
        (None, f"select 1/{'2' * 50} from T", f"nothing -> 'select 1/{'2' * 50} …'"),
        (
            SELECT.format("ORDERS"),
            SELECT.format("RETURNS"),
            "line 3: '…from RAW.ORDERS\\n' -> '…from RAW.RETURNS\\n'",
        ),
        (
            f"select A {JOIN}",
            f"select B {JOIN}",
            "'select A join RAW.PAYMENTS u…' -> 'select B join RAW.PAYMENTS u…'",
        ),
        (JOIN, f"{JOIN} ", "'…(CUSTOMER) where AMOUNT > 0' -> '…(CUSTOMER) where AMOUNT > 0 '"),
        (
            f"{JOIN}\n",
            f"{JOIN}\r\n",
            "line 1: '…(CUSTOMER) where AMOUNT > 0\\n' -> '…(CUSTOMER) where AMOUNT > 0\\r\\n'",
        ),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "['b'] '2' -> '3'"),
        (None, {"a": "1"}, "['a'] nothing -> '1'"),
        ({"a": "1", "b": "2"}, {"b": "2"}, "['a'] '1' -> nothing"),
        ([{"name": "a", "namespace": "n"}], [{"name": "b", "namespace": "n"}], "-'a' +'b'"),
        ([{"name": "a", "namespace": "n"}], [{"name": "a", "namespace": "m"}], "-n 'a' +m 'a'"),
        (
            [{"type_name": "Table", "qualified_name": "d/T"}],
            [{"type_name": "View", "qualified_name": "d/T"}],
            "-Table 'd/T' +View 'd/T'",
        ),
        ([f"{JOIN} A"], [f"{JOIN} B"], f"-'{JOIN} A' +'{JOIN} B'"),
        (True, False, "True -> False"),
    ],
)
def test_a_change_is_shown_where_it_is(seen: Any, wanted: Any, shown: str) -> None:
    assert change_of(seen, wanted) == shown


def test_long_words_are_shortened_before_the_difference() -> None:
    word = "p" * 30
    near = change_of(f"{'a ' * 40}{word}1{'z' * 9}", f"{'a ' * 40}{word}2{'z' * 9}")
    assert near == f"'…{word}1{'z' * 9}' -> '…{word}2{'z' * 9}'"
    long = change_of(f"{'p' * 200}1", f"{'p' * 200}2")
    assert long == f"'…{'p' * 60}1' -> '…{'p' * 60}2'"


TEXTS = st.text("ab/ \n", max_size=400)  # neither a colon nor an arrow, which stand around the texts


@given(TEXTS, TEXTS, st.text("ab ", max_size=3), st.text("ab ", max_size=3))
def test_two_texts_that_differ_are_never_shown_alike(before: str, after: str, one: str, other: str) -> None:
    shown = change_of(f"{before}{one}{after}", f"{before}{other}{after}")
    assert len(shown) < 500
    left, right = shown.rpartition(": ")[2].split(" -> ")
    assert (left == right) == (one == other)
