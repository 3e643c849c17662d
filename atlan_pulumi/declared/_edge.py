"""The edges that a resource declares, whatever kind of resource it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.declared._asset import Asset, assets
from atlan_pulumi.lifecycle import ManyLifecycle, Props, ResourceLifecycle
from atlan_pulumi.openlineage import Side
from atlan_pulumi.unknown import UNKNOWN, has_unknown, is_known

_EDGES = ("Process", "ColumnProcess")
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

    def __str__(self) -> str:
        name = self.qualified_name or self.declared.get("name")
        return f"{self.type_name} {name!r}" if isinstance(name, str) else f"a {self.type_name}"


def edges_of(lifecycle: ResourceLifecycle, props: Props) -> tuple[tuple[Edge, ...], bool]:
    """The edges that a resource declares, and whether these are all of them.

    Args:
        lifecycle: That of its kind.
        props: Its inputs, as they were checked.
    """
    if isinstance(lifecycle, ManyLifecycle):
        parts = lifecycle.parts(props).items()
        return tuple(_edge(key.type_name, part.declared) for key, part in parts), not lifecycle.is_open(props)
    if "job_name" in lifecycle.identity:
        columns = props.get("columns")
        whole = not has_unknown([columns, props.get("inputs"), props.get("outputs")])
        return (_edge("Process", props), *_fields(props)), whole
    if lifecycle.type_name in _EDGES:
        return (_edge(lifecycle.type_name, props),), True
    return (), True


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


def _fields(job: Props) -> Iterator[Edge]:
    """The column lineage of a job: Atlan makes a column process of each output field."""
    columns, name = job.get("columns"), job.get("qualified_name")
    if not isinstance(columns, Mapping) or has_unknown([job.get("inputs"), job.get("outputs")]):
        return
    inputs, outputs = Side(job.get("inputs") or ()), Side(job.get("outputs") or ())
    for target in sorted(columns):
        sources = columns[target]
        known = is_known(sources) and not has_unknown(list(sources))
        yield _edge(
            "ColumnProcess",
            {
                "inputs": [_field(inputs, each) for each in sources] if known else UNKNOWN,
                "outputs": [_field(outputs, target)],
                "process": {"type_name": "Process", "qualified_name": name},
            },
        )


def _field(side: Side, text: str) -> Props:
    field = side.field(text)
    name = f"{field.namespace}/{field.name}/{field.field}" if field else text
    return {"type_name": "Column", "qualified_name": name}
