"""`column-parents`: column lineage belongs to the process between the tables of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pulumi_policy import Severity

from atlan_pulumi.declared import DATASET, Asset, Edge
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Settings
from atlan_pulumi.policies._stack import Stack, Violation, parent_names

_SIDES = ("inputs", "outputs")
_MAX_TABLES = 3


class ColumnParents(StackRule[Settings]):
    """Each column process belongs to the process between the tables of its columns.

    Why: Atlan shows column lineage below its process. A column of a table that this process does not link is
    shown nowhere: the mapping exists, but nobody finds it. The rule checks a parent that the same stack
    declares. It skips unknown values of a preview, and assets that are referenced by GUID.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnLineage("load-orders-columns", process=load, columns={"ORDER_ID": "ID"})
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnLineage(
            "load-orders-columns",
            process=load,
            columns={"ORDER_ID": f"{warehouse}/RAW/PUBLIC/CUSTOMERS/ID"},
        )
        ```

    Configuration:
        ```json
        {
          "column-parents": "mandatory"
        }
        ```
    """

    settings = Settings
    description = "Column lineage must belong to the process between the tables of its columns."
    severity = Severity.MEDIUM

    def check(self, stack: Stack, _settings: Settings) -> Iterator[Violation]:
        """Yield each column process without a valid parent, and each column that its parent does not link."""
        parents = _ParentTables()
        for resource, edge in stack.columns():
            if problem := _parent_problem(edge):
                yield Violation(f"{edge}: process: {problem}", resource)
            if parent := stack.process(edge.process):
                for side in _SIDES:
                    for column in parents.unlinked_columns(edge, parent, side):
                        yield Violation(f"{edge}: {side}: {_describe(column, parent, side)}", resource)


column_parents = ColumnParents()


class _Tables(NamedTuple):
    """The tables at one side of a process."""

    names: frozenset[str]
    paths: frozenset[str]
    """The paths of datasets, whose connection only Atlan knows."""

    @classmethod
    def of(cls, process: Edge, side: str) -> _Tables | None:
        """Return the tables; None unless all names are known."""
        tables: Sequence[Asset] = getattr(process, side)
        if side in process.unknown or not all(table.path for table in tables):
            return None
        datasets = (table.path for table in tables if table.type_name == DATASET)
        return cls(frozenset(table.name for table in tables), frozenset(datasets))

    def contain(self, column: Asset) -> bool:
        """Return whether a column is in one of the tables."""
        by_name = any(name in self.names for name in parent_names(column.name))
        return by_name or any(path in self.paths for path in parent_names(column.path))


class _ParentTables:
    """The tables of each process, cached: one process may have thousands of column processes."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], _Tables | None] = {}

    def unlinked_columns(self, edge: Edge, parent: Edge, side: str) -> Iterator[Asset]:
        """Return the columns at one side of a column process whose tables its parent does not have there."""
        key = (str(parent), side)
        if key not in self._cache:
            self._cache[key] = _Tables.of(parent, side)
        tables, columns = self._cache[key], getattr(edge, side)
        return (column for column in columns if tables and column.is_column and not tables.contain(column))


def _parent_problem(edge: Edge) -> str | None:
    if edge.process is None and "process" not in edge.unknown:
        return "is missing, so that Atlan does not show it: set the process between the tables"
    if edge.process is not None and edge.process.type_name == "ColumnProcess":
        return f"{edge.process} links columns too: set the process between the tables"
    return None


def _describe(column: Asset, parent: Edge, side: str) -> str:
    tables: Sequence[Asset] = getattr(parent, side)
    names = [repr(table.name) for table in tables[:_MAX_TABLES]]
    more = [f"{len(tables) - _MAX_TABLES:,} more"] if len(tables) > _MAX_TABLES else []
    what = f"{column} is in none of the {side} of {parent} ({', '.join([*names, *more])})"
    return f"{what}, so that Atlan does not show it: correct the column, or add its table to these {side}"
