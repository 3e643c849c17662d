"""Names: legal, readable, unique."""

from __future__ import annotations

import keyword
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.importer._names import Unique, constant, identifier, resource_names, slug, variables

QN = "default/airflow/1"


def declared(name: str = "Load", id_: str = "dag", mark: str | None = None, kind: str = "Process") -> Any:
    inputs = {"name": name, "process_id": id_, "managed_by": mark}
    given = {key: value for key, value in inputs.items() if value is not None}
    kind_ = SimpleNamespace(name=kind, type_name=kind, is_many=False)
    return SimpleNamespace(
        kind=kind_, inputs=given, qualified_name=f"{QN}/{id_}", mark=mark, mixed=False, component=""
    )


def names(*resources: Any) -> list[str]:
    return list(resource_names(resources))


def test_the_name_that_a_stack_gave_comes_first() -> None:
    assert names(declared(mark="pulumi:shop/prod#Läd orders #2")) == ["Läd orders #2"]


def test_a_mark_of_a_workflow_is_no_name() -> None:
    assert names(declared(mark="atlan-snowflake-1#x")) == ["dag"]


@pytest.mark.parametrize(
    ("name", "id_", "expected"),
    [
        ("Load", "dag_123", "dag_123"),
        ("Load", "dag 123/process", "dag-123-process"),
        ("Load orders!", "a0427209221340a5e997701256e982ea", "Load-orders"),
        ("→", "a0427209221340a5e997701256e982ea", "Process"),
        ("→", "→", "Process"),
        ("Load", "x" * 200, "x" * 60),
        ("Crème brûlée", "→", "Creme-brulee"),
    ],
)
def test_else_the_id_where_a_person_chose_it_else_the_name(name: str, id_: str, expected: str) -> None:
    assert names(declared(name, id_)) == [expected]


def test_a_name_is_given_once_for_each_kind() -> None:
    hashed = "a0427209221340a5e997701256e982ea"
    given = [
        declared("L", hashed),
        declared("L", hashed),
        declared("L", "L"),
        declared("L", "L", kind="ColumnProcess"),
    ]
    assert names(*given) == ["L", "L-2", "L-3", "L"]


def test_of_two_with_one_mark_the_first_has_its_name() -> None:
    twins = [declared("A", "a", "pulumi:x/y#load"), declared("B", "b", "pulumi:z/y#load")]
    assert names(*twins) == ["load", "b"]


@given(st.lists(st.tuples(st.text(), st.text(min_size=1), st.sampled_from(["Process", "ColumnProcess"]))))
def test_whatever_they_are_called_names_are_unique_and_legal(given_: list[tuple[str, str, str]]) -> None:
    resources = [declared(name, id_, kind=kind) for name, id_, kind in given_]
    found = list(zip((kind for _, _, kind in given_), names(*resources), strict=True))
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[\w.-]+", name, re.ASCII) for _, name in found)


@given(st.text())
def test_identifiers_are_identifiers(text: str) -> None:
    for name in (identifier(text), constant(text)):
        assert not name or (name.isascii() and name.isidentifier())
    taken = variables().take([identifier(text)], "_")
    assert taken.isidentifier()
    assert not keyword.iskeyword(taken)
    assert taken not in ("list", "atlan", "pulumi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("load-orders", "load_orders"),
        ("DAG 1", "dag_1"),
        ("1st", "_1st"),
        ("→", ""),
        ("Füße", "fue"),
        ("class", "class"),
    ],
)
def test_identifiers_read_like_the_text(text: str, expected: str) -> None:
    assert identifier(text) == expected
    assert constant(text) == expected.upper()


def test_slugs_have_no_loose_ends() -> None:
    assert slug(" /a // b. ") == "a-b"
    assert slug("→") == ""


def test_wishes_are_tried_in_order() -> None:
    unique = Unique(["a"])
    assert [unique.take(["", "a", "b"], "_") for _ in range(3)] == ["b", "b_2", "b_3"]
    assert unique.take(["", ""], "_") == "unnamed"
