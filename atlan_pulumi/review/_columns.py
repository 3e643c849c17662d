"""Column mappings as lines, within the link between two tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._fields import LATER

Tables = tuple[Asset, Asset]


def mapping_lines(edge: EdgeChange) -> dict[Tables, str]:
    """What becomes of a column process, by the tables of its columns, such as `+ AMOUNT, TAX → NET`.

    Between tables whose part in it stays there is no line.
    """
    old, new = _mappings(edge.old), _mappings(edge.new)
    found = {}
    for tables in {*old, *new}:
        was, will = old.get(tables), new.get(tables)
        if was != will or edge.beyond_sides:
            found[tables] = _line(was, will)
    return found


def _line(old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return f"- {old}" if new is None else f"+ {new}"
    return f"~ {new}" if new == old else f"~ {new} (was {old})"


def _mappings(edge: Edge | None) -> dict[Tables, str]:
    """The mapping between each two tables; what is not known yet stands at what is known."""
    if edge is None:
        return {}
    later = [LATER] if "inputs" in edge.unknown else []
    return {
        (source, target): f"{', '.join([*froms, *later])} → {', '.join(tos)}"
        for source, froms in _by_table(edge.inputs).items()
        for target, tos in _by_table(edge.outputs).items()
    }


def _by_table(columns: Iterable[Asset]) -> dict[Asset, list[str]]:
    found = defaultdict(list)
    for column in columns:
        found[column.table].append(column.name.rpartition("/")[2])
    return found
