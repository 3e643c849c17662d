"""Outputs and resources that became text by mistake are refused everywhere, in one line."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from atlan_pulumi.dynamic.program._atlan_resource import without_resources
from atlan_pulumi.lifecycle._registry import LIFECYCLES, lifecycle_of
from atlan_pulumi.not_text import OUTPUT as OUTPUT_AS_TEXT
from atlan_pulumi.not_text import problem_of_text, resource_as_text

KINDS = [kind for kind, _ in LIFECYCLES]
TEXT = f"{OUTPUT_AS_TEXT}.\n\nTo get the value of an Output[T] as an Output[str] consider:\n1. o.apply(…)"
ADVICE = ("pulumi.Output.concat(…)", ".apply(…)")


class Table(pulumi.Resource):
    """A resource of another package, without an engine."""

    def __init__(self) -> None:
        self._type, self._name = "snowflake:index/table:Table", "orders's"

    pulumi_resource_type = property(lambda self: self._type)
    pulumi_resource_name = property(lambda self: self._name)


def properties(kind: str) -> list[str]:
    return sorted(lifecycle_of(kind, 1).model.model_fields.keys() - {"managed_by"})


def problems(kind: str, name: str, value: Any) -> list[str]:
    """Return the reasons of the check for one property, each on one line."""
    problems = lifecycle_of(kind, 1).check({}, {name: value}).problems
    reasons = [problem.reason for problem in problems if problem.property == name]
    assert all(reason.isprintable() for reason in reasons)
    return reasons


SHAPES: dict[str, Any] = {
    "alone": TEXT,
    "within a text": f"default/{TEXT}/T",
    "in a list": ["a", TEXT],
    "in a mapping": {"a": TEXT},
    "deep": {"a": [{"b": {"c": [TEXT]}}]},
    "in a reference": [{"type_name": "Table", "qualified_name": f"default/{TEXT}/T"}],
    "as a list's text": "[<pulumi.output.Output object at 0x7f8c2b1d3e50>]",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_outputs_in_texts_are_refused_in_every_property(kind: str, shape: str) -> None:
    for name in properties(kind):
        (reason,) = problems(kind, name, SHAPES[shape])
        assert "contains an Output as text" in reason
        assert all(advice in reason for advice in ADVICE)


@pytest.mark.parametrize("value", [{TEXT: "a"}, {"a": {f"x-{TEXT}": 1}}, [{TEXT: 1}]])
@pytest.mark.parametrize("kind", KINDS)
def test_outputs_in_texts_are_refused_as_keys(kind: str, value: Any) -> None:
    for name in properties(kind):
        (reason,) = problems(kind, name, value)
        assert "has an Output in a key" in reason
        assert all(advice in reason for advice in ADVICE)


def test_problems_name_the_position() -> None:
    (reason,) = problems("Connection", "admin_roles", ["$admin", TEXT])
    assert reason.startswith("admin_roles[1]: ")
    (reason,) = problems("OpenLineageJob", "run_facets", {"x": {"y": [TEXT]}})
    assert reason.startswith("run_facets['x']['y'][0]: ")


def test_outputs_in_texts_are_refused_in_resource_names() -> None:
    marked = {"managed_by": f"pulumi:shop/prod#load-{TEXT}"}
    (problem, *_) = lifecycle_of("Connection", 1).check({}, marked).problems
    assert problem.property == ""
    assert problem.reason.startswith("the name of the resource contains an Output as text")


def test_the_text_that_pulumi_renders_is_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_ERROR_OUTPUT_STRING", raising=False)
    monkeypatch.setattr("pulumi.log.warn", lambda *_: None)
    output = object.__new__(pulumi.Output)
    assert problem_of_text(f"a-{output}-b") is not None
    assert problem_of_text(str([output])) is not None


@pytest.mark.parametrize(
    "text", ["", "select '<a>' from t", "0x12", "an Output[T]", "object at noon", "<a.B>"]
)
def test_other_texts_are_accepted(text: str) -> None:
    assert problem_of_text(text) is None


def test_a_resource_as_text_is_refused() -> None:
    (reason,) = problems("Process", "description", "of <__main__.Pipeline object at 0x7f8c2b1d3e50>")
    assert "contains a Pipeline object as text: use one of its outputs" in reason


def test_resources_are_refused_where_text_is_expected() -> None:
    given = without_resources({"name": Table(), "owner_users": [Table()], "columns": {Table(): "A"}})
    assert given["name"] == resource_as_text("Table", "orders's")
    (reason,) = problems("Process", "name", given["name"])
    assert reason.startswith("is the resource Table 'orderss', where text is expected")
    (reason,) = problems("Process", "owner_users", given["owner_users"])
    assert reason.startswith("owner_users[0]: is the resource Table")
    (reason,) = problems("ColumnLineage", "columns", given["columns"])
    assert "is the resource Table" in reason


QN = "default/snowflake/1657025257/DB/S/T"
REFERENCES = [
    (
        "Process",
        "inputs",
        [QN],
        f"inputs[0]: {QN!r} is not a reference to an asset in Atlan: use atlan.table({QN!r})",
    ),
    (
        "Process",
        "inputs",
        [resource_as_text("Table", "orders")],
        "the resource Table 'orders' is not a reference",
    ),
    ("Process", "inputs", [resource_as_text("Table", "orders")], "use atlan.table(…)"),
    (
        "Process",
        "outputs",
        QN,
        f"must be a list of references: put it in one, and use atlan.table({QN!r})",
    ),
    (
        "Process",
        "outputs",
        {"type_name": "Table", "qualified_name": QN},
        "must be a list of references: put the reference in one",
    ),
    (
        "Process",
        "inputs",
        resource_as_text("Table", "orders"),
        "must be a list of references: put the reference in one",
    ),
    ("Process", "airflow_tasks", [QN], f"use atlan.asset('AirflowTask', qualified_name={QN!r})"),
    ("Process", "adf_activity", QN, f"use atlan.asset('AdfActivity', qualified_name={QN!r})"),
    ("Process", "inputs", [7], "inputs[0]: 7 is not a reference to an asset in Atlan: use atlan.table(…)"),
    ("ColumnProcess", "inputs", [f"{QN}/A"], f"use atlan.column('{QN}/A')"),
    (
        "ColumnProcess",
        "process",
        resource_as_text("Table", "t"),
        "give the Process itself, or its qualifiedName",
    ),
    (
        "ColumnLineage",
        "process",
        resource_as_text("Table", "t"),
        "give the Process itself, or its qualifiedName",
    ),
    ("OpenLineageJob", "inputs", [resource_as_text("Table", "t")], "with atlan.dataset(NAMESPACE, NAME)"),
]


@pytest.mark.parametrize(("kind", "name", "value", "reason"), REFERENCES)
def test_values_that_are_no_references_are_refused_with_the_function_to_use(
    kind: str, name: str, value: Any, reason: str
) -> None:
    (found, *_) = problems(kind, name, value)
    assert reason in found


def test_processes_are_refused_as_inputs() -> None:
    process = {"type_name": "Process", "qualified_name": "default/snowflake/1657025257/load"}
    declared = {"name": "n", "connection": "default/snowflake/1657025257", "process_id": "p"}
    table = {"type_name": "Table", "qualified_name": QN}
    sides = {"inputs": [process], "outputs": [table]}
    (problem,) = lifecycle_of("Process", 1).check({}, {**declared, **sides}).problems
    assert "a Process is not allowed here, expected a Catalog; use atlan.table(…)" in problem.reason
