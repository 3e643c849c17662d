"""The report on an import."""

from __future__ import annotations

import re
from types import SimpleNamespace

from importer.entities import edge, plan_of, process
from support.atlan import WAREHOUSE

from atlan_pulumi.importer import ImportPlan, amounts, report
from atlan_pulumi.importer._kinds import resource_kind
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import LIFECYCLES, NO_ENTITIES


def test_amounts_in_words() -> None:
    assert amounts(plan_of()) == "nothing"
    assert amounts(plan_of(process())) == "1 process"
    many = [process(f"{WAREHOUSE}/{number}") for number in range(1200)]
    assert amounts(plan_of(*many)) == "1,200 processes"


def test_each_kind_has_a_singular_and_a_plural() -> None:
    kinds = {name: resource_kind(name) for name, _ in LIFECYCLES if name not in NO_ENTITIES}
    for name in (*kinds, "LineageMap"):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("OpenLineage", "openlineage ")).lower()
        words = " ".join(words.replace("openlineage", "OpenLineage").split())
        declared = SimpleNamespace(
            component="" if name in kinds else name, kind=kinds.get(name, resource_kind("ProcessSet"))
        )
        one = Resource("x", declared)  # type: ignore[arg-type]
        many = f"{words}es" if words.endswith("process") else f"{words}s"
        assert amounts(ImportPlan([one], [], {})) == f"1 {words}"
        assert amounts(ImportPlan([one] * 1000, [], {})) == f"1,000 {many}"


def test_an_empty_report() -> None:
    assert list(report(plan_of(process()))) == []


def test_unmanaged_values_are_counted() -> None:
    entities = [
        process(f"{WAREHOUSE}/{n}", assetTags=["x"], others={"labels": ["l"]} if n else None)
        for n in range(3)
    ]
    (_, line, _) = report(plan_of(process(assetTags=["x"])))
    assert line == "  attribute assetTags (1 resource)"
    assert list(report(plan_of(*entities))) == [
        "Not managed by the imported resources:",
        "  attribute assetTags (3 resources)",
        "  labels l (2 resources)",
        "",
    ]


def test_unsupported_entities_are_reported_with_reasons() -> None:
    lines = list(report(plan_of(process(inputs=[]))))
    assert lines == [
        "Not imported, and unchanged in Atlan:",
        f"  Process '{WAREHOUSE}/dag': inputs is required",
        "",
    ]


def test_a_long_list_is_truncated() -> None:
    lines = list(report(plan_of(*(process(f"{WAREHOUSE}/{n}", inputs=[]) for n in range(25)))))
    assert len(lines) == 1 + 20 + 1 + 1
    assert lines[-2] == "  … and 5 more: the code lists all of them"


def test_resources_are_grouped_by_owner() -> None:
    marks = ["pulumi:shop/prod#load", "pulumi:shop/test#load", "atlan-crawler", *["pulumi:a/b#x"] * 5, None]
    plan = plan_of(*(process(f"{WAREHOUSE}/{n}", lastSyncWorkflowName=mark) for n, mark in enumerate(marks)))
    assert list(report(plan, "shop/prod")) == [
        "With ownership marks in Atlan; the first preview shows the marks that change to this stack's:",
        "  the stack 'a/b': Process '3', Process '4', Process '5' and 2 more",
        "  the stack 'shop/test': Process '1'",
        "  the workflow 'atlan-crawler': Process '2'",
        "",
    ]
    assert "  the stack 'shop/prod': Process 'load'" in list(report(plan)), "the stack is unknown"


def test_a_stack_with_the_same_name_and_another_origin_is_reported() -> None:
    mark = "pulumi:shop/prod#atlan:Process::load@3f9c2e1a"
    plan = plan_of(process(lastSyncWorkflowName=mark))
    assert list(report(plan, "shop/prod", "3f9c2e1a")) == []
    assert list(report(plan, "shop/prod")) == []
    elsewhere = list(report(plan, "shop/test", "00000000"))
    assert [line for line in elsewhere if line.endswith("if that state is lost:")] == []
    title, line, _ = report(plan, "shop/prod", "00000000")
    assert title.endswith("import these only if that state is lost:")
    assert line == "  Process 'load'"


def test_control_characters_are_escaped() -> None:
    entity = process(f"{WAREHOUSE}/x\x1b[2J", inputs=[], related={"\x1b]0;x\x07": edge("Table", "t")})
    live = process(f"{WAREHOUSE}/y", **{"\x1b[31m\u202e": "x"})
    lines = list(report(plan_of(entity, live)))
    assert all(line.isprintable() for line in lines)
    assert any(r"attribute \x1b[31m\u202e" in line for line in lines)
