"""Names: valid, readable, unique."""

from __future__ import annotations

import keyword
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.importer._names import Unique, constant, identifier, resource_names, slug, variables
from atlan_pulumi.lifecycle import mark

QN = "default/airflow/1"


def declared(name: str = "Load", id_: str = "dag", mark: str | None = None, kind: str = "Process") -> Any:
    inputs = {"name": name, "process_id": id_, "managed_by": mark}
    given = {key: value for key, value in inputs.items() if value is not None}
    kind_ = SimpleNamespace(is_asset=False, name=kind, type_name=kind, is_many=False)
    return SimpleNamespace(
        kind=kind_, inputs=given, qualified_name=f"{QN}/{id_}", mark=mark, mixed=False, component=""
    )


def one(
    kind: str, mark: str | None = None, *, mixed: bool = False, at: str = f"{QN}/x", **inputs: Any
) -> Any:
    """Return a resource of a kind with these inputs."""
    type_name = {"ProcessSet": "Process", "ColumnLineage": "ColumnProcess"}.get(kind, kind)
    kind_ = SimpleNamespace(is_asset=False, name=kind, type_name=type_name, is_many=type_name != kind)
    return SimpleNamespace(kind=kind_, inputs=inputs, qualified_name=at, mark=mark, mixed=mixed, component="")


def below(process: str = "load", type_name: str = "Process") -> dict[str, Any]:
    return {"process": {"type_name": type_name, "qualified_name": f"{QN}/{process}"}}


def writes(*names: str) -> dict[str, Any]:
    return {"outputs": [{"type_name": "Column", "qualified_name": f"a/b/1/{name}"} for name in names]}


def names(*resources: Any) -> list[str]:
    return list(resource_names(resources))


def test_the_name_in_the_mark_comes_first() -> None:
    assert names(declared(mark="pulumi:shop/prod#Läd orders #2")) == ["Läd orders #2"]


def test_the_name_of_a_workflow_is_not_used() -> None:
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
def test_without_a_mark_the_id_or_the_name_is_used(name: str, id_: str, expected: str) -> None:
    assert names(declared(name, id_)) == [expected]


def test_the_name_in_a_mark_is_free_for_its_resource_only() -> None:
    """If an entity of others got the name of the stack's, the program's resource would be theirs."""
    theirs = declared("Theirs", "a")
    ours = declared("Ours", "b", mark("shop/dev", "a", "atlan:Process"))
    assert names(theirs, ours) == ["Theirs", "a"]
    assert names(ours, theirs) == ["a", "Theirs"]


def test_names_are_unique_within_a_kind() -> None:
    hashed = "a0427209221340a5e997701256e982ea"
    given = [
        declared("L", hashed),
        declared("L", hashed),
        declared("L", "L"),
        declared("L", "L", kind="ColumnProcess"),
    ]
    assert names(*given) == ["L", "L-2", "L-3", "L"]


def test_the_first_of_two_resources_with_a_mark_gets_its_name() -> None:
    twins = [declared("A", "a", "pulumi:x/y#load"), declared("B", "b", "pulumi:z/y#load")]
    assert names(*twins) == ["load", "b"]


MADE = mark("shop/prod", "shop", "atlan:Process")
OF_SET = mark("shop/prod", "shop", "atlan:index:LineageMap$atlan:ProcessSet")
HASHED = "a0427209221340a5e997701256e982ea"


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        # The name in a mark is for one resource of a kind, unless it is the mark of a bulk resource.
        ([one("Process", MADE, process_id="a")], ["shop"]),
        (
            [one("Process", MADE, process_id="a"), one("ColumnProcess", MADE, process_id="b")],
            ["shop", "shop"],
        ),
        ([one("Process", MADE, mixed=True, process_id="a")], ["a"]),
        ([one("Process", OF_SET, process_id="a")], ["a"]),
        ([one("ProcessSet", OF_SET, at=QN)], ["shop"]),
        ([one("ProcessSet", OF_SET, mixed=True, at=QN)], ["airflow-lineage"]),
        ([one("ProcessSet", MADE, at=QN), one("Process", MADE, process_id="a")], ["shop", "a"]),
        ([one("ColumnLineage", OF_SET, **below())], ["load-columns"]),
        # A set is named after its connection, and a mapping after its process.
        (
            [one("Connection", process_id="", name="Etl", at=QN), one("ProcessSet", at=QN)],
            ["Etl", "Etl-lineage"],
        ),
        ([one("ProcessSet", at=QN)], ["airflow-lineage"]),
        (
            [one("Process", process_id="x", at=f"{QN}/load"), one("ColumnLineage", **below())],
            ["x", "x-columns"],
        ),
        ([one("ColumnLineage", **below())], ["load-columns"]),
        ([one("ColumnLineage", **below(f"{HASHED}/x"), name="Load it")], ["Load-it-columns"]),
        ([one("ColumnLineage", **below("job/process", "SparkJob"))], ["job-process-columns"]),
        # A custom id, but not the id in a mapping, nor a hash.
        ([one("OpenLineageJob", job_name="nightly job")], ["nightly-job"]),
        ([one("ColumnProcess", process_id="mine", **below(), **writes("T/A"))], ["mine"]),
        ([one("ColumnProcess", process_id="load/column/A", **below(), **writes("T/A"))], ["load-A"]),
        ([one("ColumnProcess", process_id=HASHED, **below(), **writes("T/A"))], ["load-A"]),
        (
            [one("ColumnProcess", process_id=HASHED, **below(), **writes(f"{each}/A")) for each in "STS"],
            ["load-A", "load-T-A", "load-S-A"],
        ),
        ([one("ColumnProcess", process_id="load/column/A", **below())], ["load-column-A"]),
        ([one("ColumnProcess", process_id=HASHED, **below(), **writes("→"), name="A → B")], ["load-1"]),
        ([one("ColumnProcess", process_id=HASHED, name="A to B", **below(HASHED))], ["A-to-B"]),
        # Otherwise the display name, then with the output.
        ([one("Process", process_id=HASHED, name="Load", **writes("T/A")) for _ in "12"], ["Load", "Load-A"]),
        (
            [one("Process", process_id=HASHED, name="→", outputs=[{"guid": "g"}])] * 2,
            ["Process", "Process-2"],
        ),
    ],
)
def test_names_from_mark_id_and_name(resources: list[Any], expected: list[str]) -> None:
    assert names(*resources) == expected


@given(st.lists(st.tuples(st.text(), st.text(min_size=1), st.sampled_from(["Process", "ColumnProcess"]))))
def test_names_are_unique_and_valid_for_random_entities(given_: list[tuple[str, str, str]]) -> None:
    resources = [declared(name, id_, kind=kind) for name, id_, kind in given_]
    found = list(zip((kind for _, _, kind in given_), names(*resources), strict=True))
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[\w.-]+", name, re.ASCII) for _, name in found)


@given(st.text())
def test_identifiers_are_valid(text: str) -> None:
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
def test_identifiers_resemble_the_text(text: str, expected: str) -> None:
    assert identifier(text) == expected
    assert constant(text) == expected.upper()


def test_slugs_are_trimmed() -> None:
    assert slug(" /a // b. ") == "a-b"
    assert slug("→") == ""


def test_candidates_are_tried_in_order() -> None:
    unique = Unique(["a"])
    assert [unique.take(["", "a", "b"], "_") for _ in range(3)] == ["b", "b_2", "b_3"]
    assert unique.take(["", ""], "_") == "unnamed"
