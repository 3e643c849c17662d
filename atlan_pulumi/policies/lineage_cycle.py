"""`lineage-cycle`: no asset is its own source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._cycles import circles, shortest_circle
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.policies._stack import Stack, Violation

_MOST_STEPS = 8
_MOST_PROCESSES = 5


class LineageCycleSettings(Settings):
    """The settings of `lineage-cycle`."""

    ignore: Annotated[
        list[Glob],
        Field(
            description="Globs of qualifiedNames of assets, or of their columns, that may lie in a circle."
        ),
    ] = Field(default_factory=list)


class LineageCycle(StackRule[LineageCycleSettings]):
    """No asset is its own source, by whatever way through the processes of the stack.

    Why: where data flows in a circle, no one can tell what an asset is made of, and whatever follows lineage
    (an impact analysis, a tag that is handed on) comes back to where it began. A resource's own check refuses
    a process that reads what it writes; this rule sees the circle that several of them close.
    A process that is declared with `reads_own_output` does not close a circle by itself.
    It looks at tables through processes, and at columns through column processes: a circle of columns is told
    where that of their tables is not. A dataset of an `OpenLineageJob` and the table that Atlan takes it for
    are one, where a single asset of the stack has its path. Circles that are meant, as when a warehouse sends
    back to a source, can be passed over.

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
            "mend-orders",
            name="Mend orders",
            connection=warehouse,
            process_id="mend_orders",
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
    description = "No asset is its own source."
    severity = Severity.HIGH

    def check(self, stack: Stack, settings: LineageCycleSettings) -> Iterator[Violation]:
        """Each set of assets that lie in circles with one another, once, with one of the circles."""
        tables = _Lineage(stack, stack.processes(), settings)
        told: dict[str, int] = {}
        for number, found in enumerate(map(_assets, circles(tables.graph))):
            told |= dict.fromkeys(found, number)
            yield tables.violation(found)
        columns = _Lineage(stack, stack.columns(), settings)
        for found in map(_assets, circles(columns.graph)):
            above = {told.get(columns.table_of[key]) for key in found}
            if None in above or len(above) > 1:
                yield columns.violation(found)


lineage_cycle = LineageCycle()


class _Lineage:
    """Assets and edges as a graph: an asset leads to the edges that read it, an edge to what it writes.

    An edge is a node of its own, so that one of many inputs and outputs is as many links as it has ends, not
    as many as it has pairs of them.
    """

    def __init__(
        self, stack: Stack, edges: Iterable[tuple[Declared, Edge]], settings: LineageCycleSettings
    ) -> None:
        self._stack = stack
        self._ignore = settings.ignore
        self._edges = list(edges)
        self._shown: dict[str, str] = {}
        self.table_of: dict[str | int, str] = {}
        self.graph: dict[str | int, list[str | int]] = {}
        for number, (resource, edge) in enumerate(list(self._edges)):
            inputs, outputs = self._keys(edge.inputs), self._keys(edge.outputs)
            own = self._own(inputs, outputs) if edge.reads_own_output else set()
            self.graph[number] = [*outputs]
            for key in inputs.keys() - own:
                self.graph[key].append(number)
            if own:  # as a second edge, which leads only to what is not of the same table
                self.graph[len(self._edges)] = [key for key in outputs if key not in own]
                for key in own & inputs.keys():
                    self.graph[key].append(len(self._edges))
                self._edges.append((resource, edge))

    def _own(self, inputs: Collection[str | int], outputs: Collection[str | int]) -> set[str | int]:
        """The assets at both sides of an edge, and the columns of tables at both sides."""
        tables = {self.table_of[key] for key in inputs} & {self.table_of[key] for key in outputs}
        return {key for key in (*inputs, *outputs) if self.table_of[key] in tables}

    def _keys(self, assets: Sequence[Asset]) -> dict[str | int, None]:
        """The assets that count, by their keys."""
        found: dict[str | int, None] = {}
        for asset in assets:
            if self._ignore and matches((*asset.names, *asset.table.names), self._ignore):
                continue
            key = self._stack.key(asset)
            found[key] = None
            self.graph.setdefault(key, [])
            self.table_of.setdefault(key, self._stack.key(asset.table))
            if key not in self._shown or not asset.namespace:
                self._shown[key] = asset.name
        return found

    def violation(self, assets: set[str]) -> Violation:
        """What is to be told of assets that lie in circles with one another."""
        way = shortest_circle(self.graph, min(assets), self._within(assets))
        numbers = [node for node in way if isinstance(node, int)]
        names = [self._shown[node] for node in way if isinstance(node, str)]
        resource = max((self._edges[number][0] for number in numbers), key=lambda each: each.urn)
        edge = next(
            self._edges[number][1] for number in sorted(numbers) if self._edges[number][0] is resource
        )
        others = len(assets) - len(names)
        more = f" (and {others:,} more in circles with these)" if others else ""
        what = f"an asset is its own source: {_in_short([*names, names[0]])}{more}"
        return Violation(f"{edge}: inputs: {what}: {self._advice(numbers)}", resource)

    def _within(self, assets: set[str]) -> set[str | int]:
        edges = {number for key in assets for number in self.graph[key]}
        return {*assets, *edges}

    def _advice(self, numbers: list[int]) -> str:
        edges = sorted({str(self._edges[number][1]) for number in numbers})
        more = len(edges) - _MOST_PROCESSES
        told = [*edges[:_MOST_PROCESSES], f"{more:,} more"] if more > 0 else edges
        return f"turn around or remove one of {', '.join(told)}"


def _assets(nodes: set[str | int]) -> set[str]:
    return {node for node in nodes if isinstance(node, str)}


def _in_short(names: list[str]) -> str:
    left_out = len(names) - _MOST_STEPS
    if left_out > 1:
        names = [*names[: _MOST_STEPS - 1], f"… {left_out:,} more …", names[-1]]
    return " → ".join(names)
