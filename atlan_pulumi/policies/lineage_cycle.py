"""`lineage-cycle`: no asset is its own source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._cycles import cycles, shortest_cycle
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.policies._stack import Stack, Violation

_MAX_STEPS = 8
_MAX_PROCESSES = 5


class LineageCycleSettings(Settings):
    """The settings of `lineage-cycle`."""

    ignore: Annotated[
        list[Glob],
        Field(description="Globs of qualifiedNames of assets, or of their columns, that may be in a cycle."),
    ] = Field(default_factory=list)


class LineageCycle(StackRule[LineageCycleSettings]):
    """No asset is its own source, through any path of processes in the stack.

    Why: in a cycle, lineage does not show where the data of an asset comes from, and everything that follows
    lineage (impact analysis, tag propagation) returns to where it started. The provider's check refuses a
    process that reads its own output; this rule finds cycles of several processes. A process with
    `reads_own_output` is not a cycle by itself. The rule follows tables through processes, and columns
    through column processes. It reports a cycle of columns only if their tables are not in a reported cycle.
    A dataset of an `OpenLineageJob` and a table with the same path are the same asset, if the stack has only
    one asset with that path. Use `ignore` for intended cycles, such as a warehouse that sends data back to a
    source.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.Process(
            "report-orders",
            name="Report orders",
            connection=warehouse,
            process_id="report_orders",
            inputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/REPORT")],
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.Process(
            "correct-orders",
            name="Correct orders",
            connection=warehouse,
            process_id="correct_orders",
            inputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "lineage-cycle": {
            "enforcementLevel": "mandatory",
            "ignore": ["default/salesforce/*"]
          }
        }
        ```
    """

    settings = LineageCycleSettings
    description = "No asset may be its own source."
    severity = Severity.HIGH

    def check(self, stack: Stack, settings: LineageCycleSettings) -> Iterator[Violation]:
        """Yield one violation, with one cycle, for each set of assets that are in cycles with one another."""
        tables = _Lineage(stack, stack.processes(), settings)
        reported: dict[str, int] = {}
        for number, found in enumerate(map(_assets, cycles(tables.graph))):
            reported |= dict.fromkeys(found, number)
            yield tables.violation(found)
        columns = _Lineage(stack, stack.columns(), settings)
        for found in map(_assets, cycles(columns.graph)):
            table_cycles = {reported.get(columns.table_of[key]) for key in found}
            if None in table_cycles or len(table_cycles) > 1:
                yield columns.violation(found)


lineage_cycle = LineageCycle()


class _Lineage:
    """A graph of assets and edges: an asset leads to the edges that read it, an edge to its outputs.

    Edges are nodes, so that the number of links grows with the number of inputs and outputs, not with their
    product.
    """

    def __init__(
        self, stack: Stack, edges: Iterable[tuple[Declared, Edge]], settings: LineageCycleSettings
    ) -> None:
        self._stack = stack
        self._ignore = settings.ignore
        self._edges = list(edges)
        self._names: dict[str, str] = {}
        self.table_of: dict[str | int, str] = {}
        self.graph: dict[str | int, list[str | int]] = {}
        for number, (resource, edge) in enumerate(list(self._edges)):
            inputs, outputs = self._keys(edge.inputs), self._keys(edge.outputs)
            own = self._own(inputs, outputs) if edge.reads_own_output else set()
            self.graph[number] = [*outputs]
            for key in inputs.keys() - own:
                self.graph[key].append(number)
            if own:  # a second node for the same edge, without a link back to an asset of its own table
                self.graph[len(self._edges)] = [key for key in outputs if key not in own]
                for key in own & inputs.keys():
                    self.graph[key].append(len(self._edges))
                self._edges.append((resource, edge))

    def _own(self, inputs: Collection[str | int], outputs: Collection[str | int]) -> set[str | int]:
        """Return the assets at both sides of an edge, and the columns of tables at both sides."""
        tables = {self.table_of[key] for key in inputs} & {self.table_of[key] for key in outputs}
        return {key for key in (*inputs, *outputs) if self.table_of[key] in tables}

    def _keys(self, assets: Sequence[Asset]) -> dict[str | int, None]:
        """Return the keys of the assets that are not ignored, in order."""
        found: dict[str | int, None] = {}
        for asset in assets:
            if self._ignore and matches((*asset.names, *asset.table.names), self._ignore):
                continue
            key = self._stack.key(asset)
            found[key] = None
            self.graph.setdefault(key, [])
            self.table_of.setdefault(key, self._stack.key(asset.table))
            if key not in self._names or not asset.namespace:
                self._names[key] = asset.name
        return found

    def violation(self, assets: set[str]) -> Violation:
        """Return the violation for assets that are in cycles with one another."""
        cycle = shortest_cycle(self.graph, min(assets), self._within(assets))
        numbers = [node for node in cycle if isinstance(node, int)]
        names = [self._names[node] for node in cycle if isinstance(node, str)]
        resource = max((self._edges[number][0] for number in numbers), key=lambda each: each.urn)
        edge = next(
            self._edges[number][1] for number in sorted(numbers) if self._edges[number][0] is resource
        )
        others = len(assets) - len(names)
        more = f" (and {others:,} more in cycles with these)" if others else ""
        what = f"an asset is its own source: {_format_cycle([*names, names[0]])}{more}"
        return Violation(f"{edge}: inputs: {what}: {self._advice(numbers)}", resource)

    def _within(self, assets: set[str]) -> set[str | int]:
        edges = {number for key in assets for number in self.graph[key]}
        return {*assets, *edges}

    def _advice(self, numbers: list[int]) -> str:
        edges = sorted({str(self._edges[number][1]) for number in numbers})
        more = len(edges) - _MAX_PROCESSES
        listed = [*edges[:_MAX_PROCESSES], f"{more:,} more"] if more > 0 else edges
        return f"reverse or remove one of {', '.join(listed)}"


def _assets(nodes: set[str | int]) -> set[str]:
    return {node for node in nodes if isinstance(node, str)}


def _format_cycle(names: list[str]) -> str:
    omitted = len(names) - _MAX_STEPS
    if omitted > 1:
        names = [*names[: _MAX_STEPS - 1], f"… {omitted:,} more …", names[-1]]
    return " → ".join(names)
