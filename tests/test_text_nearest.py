"""nearest: suggestions for typos, and none for different names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.text import nearest

C = "default/snowflake/1657025257"
KNOWN = [
    f"{C}/{path}"
    for path in (
        "RAW/PUBLIC/ORDERS",
        "RAW/PUBLIC/PAYMENTS",
        "RAW/PUBLIC/STG_ORDER_ITEMS",
        "MART/PUBLIC/ORDERS",
        "MART/PUBLIC/CUSTOMERS",
        "MART/PUBLIC/SALES_2023",
        "RAW/PUBLIC/ORDERS/ID",
        "DB/S/T0",
        "DB/S/T1",
    )
]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("RAW/PUBLIC/ORDRES", "RAW/PUBLIC/ORDERS"),
        ("RAW/PUBLIC/ORDER", "RAW/PUBLIC/ORDERS"),
        ("RAW/PUBLIC/orders", "RAW/PUBLIC/ORDERS"),
        ("RAWW/PUBLIC/ORDERS", "RAW/PUBLIC/ORDERS"),
        ("raw/pubic/ordrs", "RAW/PUBLIC/ORDERS"),
        ("MART/PUBLIC/COSTUMERS", "MART/PUBLIC/CUSTOMERS"),
        ("DB/S/TT0", "DB/S/T0"),
    ],
)
def test_a_typo_finds_the_name(wrong: str, right: str) -> None:
    assert nearest(f"{C}/{wrong}", KNOWN) == [f"{C}/{right}"]


@pytest.mark.parametrize(
    "other",
    [
        "RAW/PUBLIC/SHIPMENTS",
        "RAW/PUBLIC/CUSTOMERS",
        "MART/PUBLIC/PAYMENTS",
        "RAW/PUBLIC/STG_ORDERS",
        "MART/PUBLIC/SALES_2024",
        "RAW/PUBLIC/ORDERS/NO",
        "RAW/PUBLIC",
        "DB/S/T9",
        "DB/S/T10",
        "DB/S/X0",
    ],
)
def test_a_different_name_is_not_a_typo(other: str) -> None:
    assert nearest(f"{C}/{other}", KNOWN) == []


@given(st.text("AB/", min_size=1), st.lists(st.text("AB/"), max_size=4))
def test_suggestions_are_known_names_with_as_many_segments(name: str, known: list[str]) -> None:
    found = nearest(name, known)
    assert set(found) <= set(known)
    assert {each.count("/") for each in found} <= {name.count("/")}
    if name in known:
        assert found[0] == name
