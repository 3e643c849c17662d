"""What a person is told."""

from __future__ import annotations

from importer.entities import edge, plan_of, process
from support.atlan import WAREHOUSE

from atlan_pulumi.importer import amounts, report


def test_amounts_in_words() -> None:
    assert amounts(plan_of()) == "nothing"
    assert amounts(plan_of(process())) == "1 process"
    many = [process(f"{WAREHOUSE}/{number}") for number in range(1200)]
    assert amounts(plan_of(*many)) == "1,200 processes"


def test_nothing_to_tell() -> None:
    assert list(report(plan_of(process()))) == []


def test_what_is_left_out_is_counted() -> None:
    entities = [
        process(f"{WAREHOUSE}/{n}", assetTags=["x"], beside={"labels": ["l"]} if n else None)
        for n in range(3)
    ]
    assert list(report(plan_of(*entities))) == [
        "Left to others, since the resources do not manage it:",
        "  attribute assetTags (3 resources)",
        "  labels l (2 resources)",
        "",
    ]


def test_what_is_not_imported_is_named_with_its_reason() -> None:
    lines = list(report(plan_of(process(inputs=[]))))
    assert lines == [
        "Not imported, and left as it is in Atlan:",
        f"  Process '{WAREHOUSE}/dag': inputs is required",
        "",
    ]


def test_a_long_list_is_cut() -> None:
    lines = list(report(plan_of(*(process(f"{WAREHOUSE}/{n}", inputs=[]) for n in range(25)))))
    assert len(lines) == 1 + 20 + 1 + 1
    assert lines[-2] == "  … and 5 more: the code lists them all"


def test_marks_by_whose_they_are() -> None:
    marks = ["pulumi:shop/prod#load", "pulumi:shop/test#load", "atlan-crawler", *["pulumi:a/b#x"] * 5, None]
    plan = plan_of(*(process(f"{WAREHOUSE}/{n}", lastSyncWorkflowName=mark) for n, mark in enumerate(marks)))
    assert list(report(plan, "shop/prod")) == [
        "Marked in Atlan; unless the mark is this stack's own, the first preview shows that it becomes so:",
        "  the stack 'a/b': Process '3', Process '4', Process '5' and 2 more",
        "  the stack 'shop/test': Process '1'",
        "  the workflow 'atlan-crawler': Process '2'",
        "",
    ]
    assert "  the stack 'shop/prod': Process 'load'" in list(report(plan)), "whose it is, is not known"


def test_a_stack_of_the_same_name_elsewhere_is_named() -> None:
    mark = "pulumi:shop/prod#atlan:Process::load@3f9c2e1a"
    plan = plan_of(process(lastSyncWorkflowName=mark))
    assert list(report(plan, "shop/prod", "3f9c2e1a")) == []
    assert list(report(plan, "shop/prod")) == []
    title, line, _ = report(plan, "shop/prod", "00000000")
    assert title.endswith("import these only if that state is lost:")
    assert line == "  Process 'load'"


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    entity = process(f"{WAREHOUSE}/x\x1b[2J", inputs=[], related={"\x1b]0;x\x07": edge("Table", "t")})
    live = process(f"{WAREHOUSE}/y", **{"\x1b[31m\u202e": "x"})
    lines = list(report(plan_of(entity, live)))
    assert all(line.isprintable() for line in lines)
    assert any(r"attribute \x1b[31m\u202e" in line for line in lines)
