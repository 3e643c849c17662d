"""The edges that a resource declares, whatever kind of resource it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.declared._asset import Asset, assets
from atlan_pulumi.declared._job import columns_are_known, columns_of
from atlan_pulumi.declared._known_part import known_part, put_back
from atlan_pulumi.lifecycle import ManyLifecycle, Parts, Props, ResourceLifecycle
from atlan_pulumi.unknown import has_unknown

_EDGES = ("Process", "ColumnProcess")
_OWN = "reads_own_output"
_PLACES = ("inputs", "outputs", "process")


@dataclass(frozen=True)
class Edge:
    """One process, or one column process.

    Attributes:
        type_name: `Process` or `ColumnProcess`.
        qualified_name: Its name in Atlan; None while it is not known.
        inputs: The assets it reads, as far as they are known.
        outputs: The assets it writes, likewise.
        process: The process that a column process hangs on.
        unknown: Which of `inputs`, `outputs` and `process` are not known as a whole.
        declared: All its properties, as a resource of that type has them; `UNKNOWN` where a value is.
    """

    type_name: str
    qualified_name: str | None
    inputs: tuple[Asset, ...]
    outputs: tuple[Asset, ...]
    process: Asset | None
    unknown: frozenset[str]
    declared: Mapping[str, Any]

    @property
    def is_column_process(self) -> bool:
        """Whether it links columns."""
        return self.type_name == "ColumnProcess"

    @property
    def reads_own_output(self) -> bool:
        """Whether it is declared to read what it writes; also where that is not known."""
        return self.declared.get("reads_own_output") not in (None, False)

    def __str__(self) -> str:
        name = self.qualified_name or self.declared.get("name")
        if isinstance(name, str):
            return f"{self.type_name} {name!r}"
        return f"the {self.type_name} of {self.outputs[0]}" if self.outputs else f"a {self.type_name}"


def edges_of(kind: str, lifecycle: ResourceLifecycle, props: Props) -> tuple[tuple[Edge, ...], bool]:
    """The edges that a resource declares, and whether these are all of them.

    Args:
        kind: Its kind, such as `ProcessSet`.
        lifecycle: That of its kind.
        props: Its inputs, as they were checked.
    """
    if isinstance(lifecycle, ManyLifecycle):
        known, whole = known_part(kind, props)
        has_later = has_unknown(props)
        parts = list(_with_parents_setting(lifecycle.parts(known), props))
        return tuple(_edge(name, put_back(each) if has_later else each) for name, each in parts), whole
    if kind == "OpenLineageJob":
        own = {name: props[name] for name in (_OWN,) if name in props}
        columns = [_edge("ColumnProcess", {**each, **own}) for each in _columns(props)]
        return (_edge("Process", props), *columns), columns_are_known(props)
    if lifecycle.type_name in _EDGES:
        return (_edge(lifecycle.type_name, props),), True
    return (), True


def _with_parents_setting(parts: Parts, props: Props) -> Iterator[tuple[str, Props]]:
    """Type and properties of each part; a column process reads its own output where its process does."""
    processes = {key.qualified_name: part.declared for key, part in parts.items()}
    for key, part in parts.items():
        parent = (part.declared.get("process") or {}).get("qualified_name")
        own = processes.get(parent, props).get(_OWN) if parent else part.declared.get(_OWN)
        yield key.type_name, part.declared if own is None else {**part.declared, _OWN: own}


def _edge(type_name: str, declared: Props) -> Edge:
    found = {place: assets(declared.get(place)) for place in _PLACES}
    name = declared.get("qualified_name")
    parent = found["process"][0]
    return Edge(
        type_name,
        name if isinstance(name, str) else None,
        found["inputs"][0],
        found["outputs"][0],
        parent[0] if parent else None,
        frozenset(place for place, (_, whole) in found.items() if not whole),
        declared,
    )


def _columns(job: Props) -> Iterator[Props]:
    """The column lineage of a job: Atlan makes a column process of each output field."""
    process = {"type_name": "Process", "qualified_name": job.get("qualified_name")}
    for target, sources in columns_of(job):
        yield {"inputs": sources, "outputs": [target], "process": process}
