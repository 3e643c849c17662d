"""The edges that a resource declares, whatever kind of resource it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
        if isinstance(name, str):
            return f"{self.type_name} {name!r}"
        return f"the {self.type_name} of {self.outputs[0]}" if self.outputs else f"a {self.type_name}"


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
        whole = not has_unknown([props.get("columns"), _names(props, "inputs"), _names(props, "outputs")])
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
    if has_unknown([_names(job, "inputs"), _names(job, "outputs")]):
        return
    inputs, outputs = Side(job.get("inputs") or ()), Side(job.get("outputs") or ())
    columns, name = job.get("columns"), job.get("qualified_name")
    mapped = columns if isinstance(columns, Mapping) else {}
    told = [(_field(outputs, target), _sources(inputs, mapped[target])) for target in sorted(mapped)]
    for target, sources in [*told, *_in_facets(job.get("outputs") or ())]:
        process = {"type_name": "Process", "qualified_name": name}
        yield _edge("ColumnProcess", {"inputs": sources, "outputs": [target], "process": process})


def _names(job: Props, side: str) -> Any:
    """What has to be known of the datasets at one side; their facets may be unknown."""
    datasets = job.get(side)
    items = datasets if isinstance(datasets, list) else [UNKNOWN] if datasets is UNKNOWN else []
    return [(each["namespace"], each["name"]) if isinstance(each, Mapping) else each for each in items]


def _sources(side: Side, texts: Any) -> Any:
    if not is_known(texts) or has_unknown(list(texts)):
        return UNKNOWN
    return [_field(side, each) for each in texts]


def _field(side: Side, text: str) -> Props:
    field = side.field(text)
    if field is None:
        return {"type_name": "Column", "qualified_name": text}
    return {"namespace": field.namespace, "name": field.name, "field": field.field}


def _in_facets(outputs: Iterable[Props]) -> Iterator[tuple[Props, list[Props]]]:
    """The fields whose sources an output's facet `columnLineage` tells."""
    for dataset in outputs:
        facets = dataset.get("facets")
        facet = facets.get("columnLineage") if isinstance(facets, Mapping) else None
        fields = facet.get("fields") if isinstance(facet, Mapping) else None
        for field, lineage in sorted(fields.items()) if isinstance(fields, Mapping) else ():
            read = lineage.get("inputFields") if isinstance(lineage, Mapping) else None
            sources = [{key: each.get(key) for key in ("namespace", "name", "field")} for each in read or ()]
            yield {"namespace": dataset["namespace"], "name": dataset["name"], "field": field}, sources
