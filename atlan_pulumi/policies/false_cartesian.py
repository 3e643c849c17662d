"""`false-cartesian`: no process draws edges from all inputs to all outputs for want of a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared, Edge
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Settings
from atlan_pulumi.policies._stack import Stack, Violation


class FalseCartesianSettings(Settings):
    """The settings of `false-cartesian`."""

    min_inputs: Annotated[int, Field(ge=2, description="From how many inputs on a process is looked at.")] = 2
    min_outputs: Annotated[
        int, Field(ge=2, description="From how many outputs on a process is looked at.")
    ] = 2


class FalseCartesian(StackRule[FalseCartesianSettings]):
    """A process of several inputs and several outputs tells by its columns what is made of what.

    Why: Atlan draws an edge from each input of a process to each of its outputs. A job that copies twenty
    tables to twenty others, declared as one process, shows 400 edges of which 380 do not exist: each table
    seems to depend on all. Column lineage on the process tells which are real; a process for each flow draws
    no others in the first place.

    Passes:
        ```python
        import atlan_pulumi as atlan

        atlan.ProcessSet(
            "copies",
            connection="default/snowflake/1657025257",
            processes={
                "copy-orders": {"inputs": "RAW/PUBLIC/ORDERS", "outputs": "MART/PUBLIC/ORDERS"},
                "copy-customers": {"inputs": "RAW/PUBLIC/CUSTOMERS", "outputs": "MART/PUBLIC/CUSTOMERS"},
            },
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "copy",
            name="Copy orders and customers",
            connection=warehouse,
            process_id="copy_tables",
            inputs=[
                atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS"),
                atlan.table(f"{warehouse}/RAW/PUBLIC/CUSTOMERS"),
            ],
            outputs=[
                atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS"),
                atlan.table(f"{warehouse}/MART/PUBLIC/CUSTOMERS"),
            ],
        )
        ```

    Configuration:
        ```json
        {
          "false-cartesian": {
            "enforcementLevel": "mandatory",
            "minInputs": 2,
            "minOutputs": 2
          }
        }
        ```
    """

    settings = FalseCartesianSettings
    description = "A process of several inputs and several outputs has column lineage."
    severity = Severity.MEDIUM

    def check(self, stack: Stack, settings: FalseCartesianSettings) -> Iterator[Violation]:
        """Each process of that many inputs and outputs on which no column lineage hangs."""
        mapped = _mapped(stack)
        for resource, edge in stack.processes():
            is_large = len(edge.inputs) >= settings.min_inputs and len(edge.outputs) >= settings.min_outputs
            if is_large and id(edge) not in mapped:
                yield Violation(f"{edge}: inputs: {_told(edge)}", resource)


false_cartesian = FalseCartesian()


def _mapped(stack: Stack) -> set[int]:
    """The processes on which column lineage hangs, or may hang as far as a preview knows; by their ids."""
    above = [stack.process(edge.process) for _, edge in stack.columns()]
    for resource in stack.resources:
        if _has_columns(resource):
            above += stack.parents(resource)
    return {id(edge) for edge in above if edge is not None}


def _has_columns(resource: Declared) -> bool:
    """Whether there is column lineage on the one process of a resource, or may be on any of a set."""
    if resource.kind == "ProcessSet":
        return not resource.whole
    columns = resource.props.get("columns")
    return "process" in resource.props or columns is UNKNOWN or bool(columns)


def _told(edge: Edge) -> str:
    inputs, outputs = len(edge.inputs), len(edge.outputs)
    least = "at least " if {"inputs", "outputs"} & edge.unknown else ""
    drawn = f"{inputs:,} × {outputs:,} = {inputs * outputs:,} edges"  # noqa: RUF001 - it is the sign that is meant
    what = f"without column lineage Atlan draws {least}{drawn}, some of which may not exist"
    return f"{what}: map its columns with a ColumnLineage, or declare a process for each flow"
