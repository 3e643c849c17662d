"""Transforms and `ignore_changes` under the real engine: the registered inputs are checked."""

from __future__ import annotations

import pytest
from resources.test_seen_at_preview import NAMES
from support.atlan import table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

TRANSFORM = """
def other_table(args):
    inputs = {"corrected": [t("T0")], "broken": [t("T9")]}.get(args.name, args.props.get("inputs"))
    props = {**args.props, "inputs": inputs} if "inputs" in args.props else args.props
    return pulumi.RESULT(props=props, opts=args.opts)

pulumi.runtime.REGISTER(other_table)
corrected = load("corrected", source="T9")
load("another", "T2", "T3")
atlan.ColumnLineage("columns", process=corrected, columns={"A": "A"})
"""
KINDS = [
    ("ResourceTransformResult", "register_resource_transform"),
    pytest.param("ResourceTransformationResult", "register_stack_transformation", marks=pytest.mark.soak),
]


@pytest.mark.parametrize(("result", "register"), KINDS)
def test_transformed_inputs_are_checked(new_stack: NewStack, result: str, register: str) -> None:
    program = NAMES + TRANSFORM.replace("RESULT", result).replace("REGISTER", register)
    stack = new_stack(program)
    assert stack.preview().changes == {"create": 3}
    assert stack.up().changes == {"create": 3}, "without a preview, nothing is held back either"
    stack.write(program + "load('broken')")
    stack.operate("preview").assert_refused("inputs", f"Atlan has no Table '{table_name(9)}'")


IGNORING = """
process = load(source="T9", description="new", opts=pulumi.ResourceOptions(ignore_changes=["inputs"]))
atlan.ColumnLineage("columns", process=process, columns={"A": "A", "B": "B"})
"""


def test_ignored_changes_are_not_refused_and_column_lineage_follows(new_stack: NewStack) -> None:
    """The process keeps its inputs; the declared table does not exist."""
    stack = new_stack()
    stack.up(NAMES + "atlan.ColumnLineage('columns', process=load(), columns={'A': 'A'})")
    run = stack.up(NAMES + IGNORING)
    assert run.changes == {"update": 2}, run.output
    assert run.step("load").diffs == ("description",)
    assert run.step("columns").new["input_tables"] == [table_name(0)]
    assert stack.preview().changes == {"same": 2}
