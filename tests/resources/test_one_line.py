"""Problems are one line under the real engine: without a traceback, and without other values."""

from __future__ import annotations

import pytest
from support.stack import NewStack

pytestmark = pytest.mark.engine

SIDES = "connection=WAREHOUSE, outputs=[atlan.table(f'{WAREHOUSE}/DB/S/T1')]"
TABLE = """
class Table(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("snowflake:index:Table", name)
"""
OF_TEXT = (
    f"atlan.Process('load', name='n', {SIDES}, inputs=[atlan.table(f'{{WAREHOUSE}}/DB/S/T0')], "
    "sql=f'select {pulumi.Output.from_input(1)}')"
)
A_TEXT = (
    "resource 'load' has a problem: property sql: contains an Output as text (for example, from an f-string "
    "or str()): use pulumi.Output.concat(…) or .apply(…)"
)
OF_RESOURCE = f"{TABLE}atlan.Process('load', name='n', {SIDES}, inputs=[Table('orders')])"
A_RESOURCE = (
    "resource 'load' has a problem: property inputs[0]: the resource Table 'orders' is not a reference to an "
    "asset in Atlan: use atlan.table(…), or atlan.asset(TYPE, qualified_name=…) for another type"
)
OF_FILE = "atlan.LineageMap('many', connection=WAREHOUSE, processes='lineage.yaml')"
A_FILE = "cannot read lineage from lineage.yaml: line 3: duplicate key 'a'; remove one"


def test_every_problem_is_one_line(new_stack: NewStack) -> None:
    stack = new_stack()
    (stack.folder / "lineage.yaml").write_text("a: {inputs: A, outputs: B}\n\na: {inputs: A, outputs: C}\n")
    for program, reported in ((OF_TEXT, A_TEXT), (OF_RESOURCE, A_RESOURCE), (OF_FILE, A_FILE)):
        stack.write(program)
        run = stack.operate("preview")
        assert run.code != 0
        assert "Traceback" not in run.output
        lines = [error for error in run.errors if reported in error]
        assert lines, run.output
        assert "\n" not in lines[0]
        assert not [error for error in run.errors if "map[" in error]
