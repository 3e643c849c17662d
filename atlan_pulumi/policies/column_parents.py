"""`column-parents`: column lineage hangs on the process between the tables of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pulumi_policy import Severity

from atlan_pulumi.declared import DATASET, Asset, Edge
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Settings
from atlan_pulumi.policies._stack import Stack, Violation, above

_SIDES = ("inputs", "outputs")
_MOST_TABLES = 3


class ColumnParents(StackRule[Settings]):
    """Each column process hangs on the process between the tables that its columns lie in.

    Why: Atlan shows column lineage where the process above it is opened. A column of a table that this
    process does not link is nowhere to be seen: the mapping is written, and nobody finds it.
    The parent is judged where the stack declares it too; what a preview does not know yet, and assets that
    are referred to by GUID, are passed over.

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
            columns={f"{warehouse}/MART/PUBLIC/ORDERS/COUNTRY": f"{warehouse}/RAW/PUBLIC/CUSTOMERS/COUNTRY"},
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
    description = "Column lineage hangs on the process between the tables of the columns."
    severity = Severity.MEDIUM

    def check(self, stack: Stack, _settings: Settings) -> Iterator[Violation]:
        """Each column process without a parent, and each column that its parent does not link."""
        seen = _Seen()
        for resource, edge in stack.columns():
            if reason := _no_parent(edge):
                yield Violation(f"{edge}: process: {reason}", resource)
            if parent := stack.process(edge.process):
                for side in _SIDES:
                    for column in seen.strays(edge, parent, side):
                        yield Violation(f"{edge}: {side}: {_told(column, parent, side)}", resource)


column_parents = ColumnParents()


class _Tables(NamedTuple):
    """The tables at one side of a process, by what the names of their columns begin with."""

    names: frozenset[str]
    paths: frozenset[str]
    """The paths of datasets: which connection Atlan finds them in, only Atlan knows."""

    @classmethod
    def of(cls, process: Edge, side: str) -> _Tables | None:
        """The tables; None where not all of them are known by name."""
        tables: Sequence[Asset] = getattr(process, side)
        if side in process.unknown or not all(table.path for table in tables):
            return None
        datasets = (table.path for table in tables if table.type_name == DATASET)
        return cls(frozenset(table.name for table in tables), frozenset(datasets))

    def have(self, column: Asset) -> bool:
        """Whether a column is one of theirs."""
        by_name = any(name in self.names for name in above(column.name))
        return by_name or any(path in self.paths for path in above(column.path))


class _Seen:
    """The tables of each process, gathered once: one process may have thousands of column processes."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], _Tables | None] = {}

    def strays(self, edge: Edge, parent: Edge, side: str) -> Iterator[Asset]:
        """The columns at one side of a column process that its parent does not link there."""
        key = (str(parent), side)
        if key not in self._tables:
            self._tables[key] = _Tables.of(parent, side)
        tables, columns = self._tables[key], getattr(edge, side)
        return (column for column in columns if tables and column.is_column and not tables.have(column))


def _no_parent(edge: Edge) -> str | None:
    if edge.process is None and "process" not in edge.unknown:
        return "it hangs on no process, so that Atlan shows it nowhere: name the process between the tables"
    if edge.process is not None and edge.process.type_name == "ColumnProcess":
        return f"{edge.process} links columns too: name the process between the tables"
    return None


def _told(column: Asset, parent: Edge, side: str) -> str:
    tables: Sequence[Asset] = getattr(parent, side)
    names = [repr(table.name) for table in tables[:_MOST_TABLES]]
    more = [f"{len(tables) - _MOST_TABLES:,} more"] if len(tables) > _MOST_TABLES else []
    what = f"{column} lies in none of the {side} of {parent} ({', '.join([*names, *more])})"
    return f"{what}, so that Atlan shows it nowhere: correct the column, or add its table to these {side}"
