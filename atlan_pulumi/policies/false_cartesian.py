"""`false-cartesian`: processes with several inputs and outputs have column lineage."""

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

    min_inputs: Annotated[int, Field(ge=2, description="Check processes with at least this many inputs.")] = 2
    min_outputs: Annotated[
        int, Field(ge=2, description="Check processes with at least this many outputs.")
    ] = 2


class FalseCartesian(StackRule[FalseCartesianSettings]):
    """A process with several inputs and several outputs has column lineage.

    Why: Atlan draws an edge from each input of a process to each of its outputs. A job that copies twenty
    tables, declared as one process, shows 400 edges, of which 380 do not exist: each copy seems to depend on
    all sources. Column lineage shows which edges are real. One process per flow avoids the other edges
    altogether.

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
    description = "Processes with several inputs and several outputs must have column lineage."
    severity = Severity.MEDIUM

    def check(self, stack: Stack, settings: FalseCartesianSettings) -> Iterator[Violation]:
        """Yield each process with that many inputs and outputs and without column lineage."""
        mapped = _mapped_processes(stack)
        for resource, edge in stack.processes():
            is_large = len(edge.inputs) >= settings.min_inputs and len(edge.outputs) >= settings.min_outputs
            if is_large and id(edge) not in mapped:
                yield Violation(f"{edge}: inputs: {_describe(edge)}", resource)


false_cartesian = FalseCartesian()


def _mapped_processes(stack: Stack) -> set[int]:
    """Return the `id()` of each process that has column lineage, or that may have it in a preview."""
    parents = [stack.process(edge.process) for _, edge in stack.columns()]
    for resource in stack.resources:
        if _may_have_columns(resource):
            parents += stack.parents(resource)
    return {id(edge) for edge in parents if edge is not None}


def _may_have_columns(resource: Declared) -> bool:
    """Return whether a resource has column lineage, or may have unknown column lineage."""
    if resource.kind == "ProcessSet":
        return not resource.whole
    columns = resource.props.get("columns")
    return "process" in resource.props or columns is UNKNOWN or bool(columns)


def _describe(edge: Edge) -> str:
    inputs, outputs = len(edge.inputs), len(edge.outputs)
    least = "at least " if {"inputs", "outputs"} & edge.unknown else ""
    product = f"{inputs:,} × {outputs:,} = {inputs * outputs:,} edges"  # noqa: RUF001 - a multiplication sign
    what = f"without column lineage Atlan draws {least}{product}, some of which may not exist"
    return f"{what}: map its columns with a ColumnLineage, or declare one process per flow"
