"""Comparison of two versions of a resource's properties."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.engine._property_changes import SecretChange, SetChange, ValueChange, changes, secrets

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
A, B = ({"type_name": "Table", "qualified_name": f"default/snowflake/1/{name}"} for name in "AB")


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("x", "y", ValueChange("p", "x", "y")),
        ("x", None, ValueChange("p", "x", None)),
        (None, "", ValueChange("p", None, "")),
        (True, False, ValueChange("p", True, False)),
        (A, B, ValueChange("p", A, B)),
        (A, None, ValueChange("p", A, None)),
        ([A], [B], SetChange("p", (A,), (B,))),
        (["x"], None, SetChange("p", ("x",), ())),
        (None, ["x"], SetChange("p", (), ("x",))),
        ({"k": "x", "l": "y"}, {"k": "z", "l": "y"}, ValueChange('p["k"]', "x", "z")),
        ({"k": "x"}, None, ValueChange('p["k"]', "x", None)),
        (["ID", "A"], "A", SetChange("p", ("ID",), ())),
        ("ID", ["ID", "A"], SetChange("p", (), ("A",))),
        ({"k": [A, B]}, {"k": [B]}, SetChange('p["k"]', (A,), ())),
    ],
)
def test_each_difference_is_one_change(old: Any, new: Any, change: object) -> None:
    assert list(changes({"p": old, "same": 1}, {"p": new, "same": 1})) == [change]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([A, B], [B, A]),
        (["x", "x"], ["x"]),
        ([], None),
        (3, 3.0),
        ({"k": ["x", "y"]}, {"k": ["y", "x"]}),
        ([dict(reversed(A.items()))], [A]),
    ],
)
def test_values_that_are_equal_in_atlan_are_not_a_change(old: Any, new: Any) -> None:
    assert list(changes({"p": old}, {"p": new})) == []


def test_internal_properties_are_left_out() -> None:
    assert list(changes({"__provider": "old", "p": 1}, {"__provider": "new", "p": 1})) == []


def test_properties_are_sorted() -> None:
    found = changes({"b": 1, "a": 1}, {"c": 1, "b": 2, "a": 2})
    assert [change.property for change in found] == ["a", "b", "c"]


def test_secrets_are_listed_and_not_compared() -> None:
    props = {"whole": SECRET, "within": [{"deep": SECRET}], "plain": {"ciphertext": "[secret]"}}
    assert secrets(props) == ["whole", "within"]
    assert list(changes(props, {"whole": "x", "within": [], "plain": {"ciphertext": "[secret]"}})) == []


def test_kinds_match_the_names_in_the_json_report() -> None:
    assert [kind.kind for kind in (ValueChange, SetChange, SecretChange)] == ["value", "set", "secret"]
