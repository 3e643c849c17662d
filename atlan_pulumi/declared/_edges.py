"""Edge, Asset: the lineage that a resource of any kind declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from atlan_pulumi.declared._known_part import known_part, restore_unknown
from atlan_pulumi.lifecycle import (
    UNKNOWN,
    Children,
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    has_unknown,
    is_known,
)
from atlan_pulumi.naming import asset_path, normalize_path
from atlan_pulumi.openlineage import Side

DATASET = "Dataset"
COLUMN = "Column"
_NAMING = ("namespace", "name", "field", "type_name", "qualified_name", "guid")
_SIDES = ("inputs", "outputs")
_FIELD_KEYS = ("namespace", "name", "field")
_EDGE_TYPES = ("Process", "ColumnProcess")
_READS_OWN_OUTPUT = "reads_own_output"
_REFERENCE_PROPERTIES = ("inputs", "outputs", "process")


class Asset(NamedTuple):
    """An input or output of an edge.

    Attributes:
        type_name: Atlan's typeName, such as `Table`; `Dataset` for an OpenLineage dataset.
        name: The qualifiedName; `<namespace>/<name>` of a dataset; the GUID of a reference by GUID.
        path: The normalized path within its connection. A dataset and the asset that Atlan resolves it to
            have the same path. Empty for a reference by GUID.
        namespace: The namespace of a dataset or of the dataset of a field; else empty.
    """

    type_name: str
    name: str
    path: str
    namespace: str = ""

    @classmethod
    def of(cls, reference: Mapping[str, Any]) -> Asset | None:
        """Return the asset that a reference in props names; None while it is unknown."""
        if any(reference.get(key) is UNKNOWN for key in _NAMING):
            return None
        if "namespace" in reference:
            return cls._of_dataset(
                str(reference["namespace"]), str(reference["name"]), reference.get("field")
            )
        type_name, named = str(reference["type_name"]), reference.get("qualified_name")
        if named:
            return cls(type_name, str(named), normalize_path(asset_path(str(named))))
        return cls(type_name, str(reference["guid"]), "")

    @classmethod
    def _of_dataset(cls, namespace: str, name: str, field: str | None) -> Asset:
        if field is None:
            return cls(DATASET, f"{namespace}/{name}", normalize_path(name), namespace)
        path = f"{normalize_path(name)}/{field.casefold()}"
        return cls(COLUMN, f"{namespace}/{name}/{field}", path, namespace)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a pattern can match: for a dataset, also with its segments joined by slashes."""
        if not self.namespace:
            return (self.name,)
        dataset = self.name.removeprefix(f"{self.namespace}/")
        return (self.name, f"{self.namespace}/{dataset.replace('.', '/')}")

    @property
    def is_column(self) -> bool:
        """Whether it is a column or a field whose name contains its table."""
        return self.type_name == COLUMN and bool(self.path)

    @property
    def is_field(self) -> bool:
        """Whether it is a field of a dataset, rather than a column in Atlan."""
        return self.is_column and bool(self.namespace)

    @property
    def table(self) -> Asset:
        """The table of a column; the asset itself if it is not a column."""
        if not self.is_column:
            return self
        parent = self.name.rpartition("/")[0]
        kind = DATASET if self.is_field else "Table"
        return Asset(kind, parent, self.path.rpartition("/")[0], self.namespace)

    def __str__(self) -> str:
        return f"{self.type_name} {self.name!r}"


def referenced_assets(value: Any) -> tuple[tuple[Asset, ...], bool]:
    """Return the assets that a property refers to, and whether all of them are known."""
    if value is UNKNOWN:
        return (), False
    items = value if isinstance(value, list) else [value] if value else []
    found = [Asset.of(item) if isinstance(item, Mapping) else None for item in items]
    return tuple(each for each in found if each is not None), all(found)


def has_all_columns(job: Props) -> bool:
    """Return whether all column lineage of a job is known."""
    facets = [_facet_fields(dataset) for dataset in _datasets(job, "outputs")]
    return not has_unknown([job.get("columns"), *(_names(job, side) for side in _SIDES), facets])


def job_columns(job: Props) -> Iterator[tuple[Props, Any]]:
    """Yield each output field with its source fields, as references; `UNKNOWN` if the sources are unknown."""
    if has_unknown([_names(job, side) for side in _SIDES]):
        return
    inputs, outputs = (Side(_datasets(job, side)) for side in _SIDES)
    columns = job.get("columns")
    for target, texts in sorted(columns.items()) if isinstance(columns, Mapping) else ():
        known = is_known(texts) and not has_unknown(list(texts))
        yield _field(outputs, target), [_field(inputs, each) for each in texts] if known else UNKNOWN
    for dataset in outputs.datasets:
        yield from _facet_columns(dataset)


def _datasets(job: Props, side: str) -> list[Any]:
    datasets = job.get(side)
    return datasets if isinstance(datasets, list) else [UNKNOWN] if datasets is UNKNOWN else []


def _names(job: Props, side: str) -> list[Any]:
    """Return what must be known of the datasets on one side; their facets may be unknown."""
    return [
        (each["namespace"], each["name"]) if isinstance(each, Mapping) else each
        for each in _datasets(job, side)
    ]


def _field(side: Side, text: str) -> Props:
    field = side.field(text)
    if field is None:
        return {"type_name": "Column", "qualified_name": text}
    return {"namespace": field.namespace, "name": field.name, "field": field.field}


def _facet_columns(dataset: Props) -> Iterator[tuple[Props, Any]]:
    """Yield the fields with sources in an output's `columnLineage` facet; a constant has no sources."""
    fields = _facet_fields(dataset)
    for field, lineage in sorted(fields.items()) if isinstance(fields, Mapping) else ():
        read = lineage.get("inputFields") if isinstance(lineage, Mapping) else lineage
        target = {"namespace": dataset["namespace"], "name": dataset["name"], "field": field}
        if read is UNKNOWN:
            yield target, UNKNOWN
        elif isinstance(read, list) and read:
            yield target, [_source(each) for each in read]


def _source(field: Any) -> Any:
    return {key: field.get(key) for key in _FIELD_KEYS} if isinstance(field, Mapping) else UNKNOWN


def _facet_fields(dataset: Any) -> Any:
    """Return the fields in a dataset's `columnLineage` facet; `UNKNOWN` while they are unknown."""
    found = dataset
    for key in ("facets", "columnLineage", "fields"):
        found = found.get(key) if isinstance(found, Mapping) else found
    return found if isinstance(found, Mapping) or found is UNKNOWN else None


@dataclass(frozen=True)
class Edge:
    """A process or column process.

    Attributes:
        type_name: `Process` or `ColumnProcess`.
        qualified_name: Its qualifiedName; None while it is unknown.
        inputs: The known assets that it reads.
        outputs: The known assets that it writes.
        process: The parent process of a column process.
        unknown: Which of `inputs`, `outputs`, and `process` are not completely known.
        declared: All its properties, as a resource of that type has them, with `UNKNOWN` for unknown values.
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
        """Whether it is declared to read its own output, or this is unknown."""
        return self.declared.get("reads_own_output") not in (None, False)

    def __str__(self) -> str:
        name = self.qualified_name or self.declared.get("name")
        if isinstance(name, str):
            return f"{self.type_name} {name!r}"
        return f"the {self.type_name} of {self.outputs[0]}" if self.outputs else f"a {self.type_name}"


def declared_edges(kind: str, lifecycle: ResourceLifecycle, props: Props) -> tuple[tuple[Edge, ...], bool]:
    """Return the edges that a resource declares, and whether all of them are known.

    Args:
        kind: Its kind, such as `ProcessSet`.
        lifecycle: The lifecycle of its kind.
        props: Its validated inputs.
    """
    if isinstance(lifecycle, ManyLifecycle):
        known, whole = known_part(kind, props)
        is_partial = has_unknown(props)
        parts = list(_typed_children(lifecycle.children(known), props))
        return tuple(
            _edge(name, restore_unknown(each) if is_partial else each) for name, each in parts
        ), whole
    if kind == "OpenLineageJob":
        own = {name: props[name] for name in (_READS_OWN_OUTPUT,) if name in props}
        columns = [_edge("ColumnProcess", {**each, **own}) for each in _column_edges(props)]
        return (_edge("Process", props), *columns), has_all_columns(props)
    if lifecycle.type_name in _EDGE_TYPES:
        return (_edge(lifecycle.type_name, props),), True
    return (), True


def _typed_children(parts: Children, props: Props) -> Iterator[tuple[str, Props]]:
    """Yield type and properties of each child; a column process inherits `reads_own_output`."""
    processes = {key.qualified_name: part.declared for key, part in parts.items()}
    for key, part in parts.items():
        parent = (part.declared.get("process") or {}).get("qualified_name")
        own = (
            processes.get(parent, props).get(_READS_OWN_OUTPUT)
            if parent
            else part.declared.get(_READS_OWN_OUTPUT)
        )
        yield key.type_name, part.declared if own is None else {**part.declared, _READS_OWN_OUTPUT: own}


def _edge(type_name: str, declared: Props) -> Edge:
    found = {property_: referenced_assets(declared.get(property_)) for property_ in _REFERENCE_PROPERTIES}
    name = declared.get("qualified_name")
    parent = found["process"][0]
    return Edge(
        type_name,
        name if isinstance(name, str) else None,
        found["inputs"][0],
        found["outputs"][0],
        parent[0] if parent else None,
        frozenset(property_ for property_, (_, whole) in found.items() if not whole),
        declared,
    )


def _column_edges(job: Props) -> Iterator[Props]:
    """Yield the column lineage of a job: Atlan creates a column process for each output field."""
    process = {"type_name": "Process", "qualified_name": job.get("qualified_name")}
    for target, sources in job_columns(job):
        yield {"inputs": sources, "outputs": [target], "process": process}
